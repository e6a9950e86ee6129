"""Active users day by day of whoever is asked about: a customer, or one group of its people."""

from __future__ import annotations

from datetime import date

import numpy as np

from usage.activity import DAU_DAYS, WAU_DAYS, Ints, date_of, ordinal, rolling_users, stickiness
from usage.models import DailyUse
from usage.numbers.use import Use
from usage.queries.adoption import Adoption
from usage.queries.ground import Ground
from usage.queries.series import UsagePoint, UsageSeries

Points = tuple[UsagePoint, ...]
Ratios = tuple[float | None, ...]


def get_course(*, adoption: Adoption) -> UsageSeries:
    """The days asked for, all of them closed. A customer's own are those the night stored; a
    group's are counted from its people's days, so `adoption` must reach back a window before the
    first of them."""
    own = adoption.ground
    customer = own.subject.customer
    if own.group is None:
        points, ratios = _stored(own, adoption.window)
    else:
        points, ratios = _counted(own.use, own.first, own.day, adoption.window)
    return UsageSeries(
        customer_id=customer.pk,
        customer_key=customer.external_id,
        customer_name=customer.name,
        time_zone=customer.time_zone,
        closed_day=own.asked.last,
        last_active_day=_last(own.whole),
        points=points,
        ratios=ratios,
    )


def _last(use: Use) -> date | None:
    return date_of(int(use.days.max())) if len(use.days) else None


def _stored(ground: Ground, window: int) -> tuple[Points, Ratios]:
    begin = ground.first - window + 1
    rows = DailyUse.objects.filter(
        customer_id=ground.subject.customer.pk, day__range=(date_of(begin), ground.asked.last)
    )
    found = {ordinal(row.day): (row.dau, row.wau, row.mau, row.events) for row in rows}
    # A closed day without a row had nobody within reach.
    counts = [found.get(day, (0, 0, 0, 0)) for day in range(begin, ground.day + 1)]
    points = tuple(
        UsagePoint(date_of(begin + at), *own) for at, own in enumerate(counts) if at >= window - 1
    )
    table = np.array(counts, dtype=np.int64)
    return points, _ratios(table[:, 0], table[window - 1 :, 2], window)


def _counted(use: Use, first: int, last: int, window: int) -> tuple[Points, Ratios]:
    span = {"group_count": 1, "last": last}
    dau = rolling_users(use.user_days(), DAU_DAYS, first=first - window + 1, **span)[0]
    wau = rolling_users(use.user_days(), WAU_DAYS, first=first, **span)[0]
    mau = rolling_users(use.user_days(), window, first=first, **span)[0]
    rows = use.between(first, last)
    events = np.bincount(rows.days - first, weights=rows.counts, minlength=len(mau))
    points = tuple(
        UsagePoint(date_of(first + at), *map(int, counts))
        for at, counts in enumerate(zip(dau[window - 1 :], wau, mau, events, strict=True))
    )
    return points, _ratios(dau, mau, window)


def _ratios(dau: Ints, mau: Ints, window: int) -> Ratios:
    found = stickiness(dau, mau, window)
    return tuple(None if np.isnan(ratio) else float(ratio) for ratio in found)
