"""PURE a year of use, drawn from a company's course with a fixed seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import numpy as np

from adoptiq.demo.story import Company, Group

NAMESPACE = UUID("5f0b7f3e-6a53-4c0b-9f5c-0c7d6f1f2a11")
LONGEST_HISTORY_DAYS = 365
# How a working week's use spreads over its days, Monday first.
WEEKDAYS = (0.74, 0.78, 0.76, 0.72, 0.60, 0.06, 0.04)
BUSIEST_HOUR, HOURS_AROUND = 10.5, 2.6
EVENTS_A_DAY = 2.4


@dataclass(frozen=True, slots=True)
class DemoEvent:
    message_id: str
    occurred_at: datetime
    user: str
    name: str
    feature: str


def user_id(company: Company, group: Group, number: int) -> str:
    return f"{company.external_id}.{group.name.lower().replace(' ', '-')}.{number:03d}"


def events_of(company: Company, today: date) -> Iterator[DemoEvent]:
    """Every event of a company up to today, oldest first within a day."""
    if not company.course:
        return
    dice = np.random.default_rng(list(company.external_id.encode()))
    zone = ZoneInfo(company.time_zone)
    eager = {group.name: dice.beta(2.2, 1.6, group.people) for group in company.groups}
    for ago in range(min(company.course[0][0], LONGEST_HISTORY_DAYS), -1, -1):
        day = today - timedelta(days=ago)
        for group in company.groups:
            if not _has_stopped(company, group, ago):
                share = _share(company, ago)
                yield from _day(group, company, day, zone, share, eager[group.name], dice)


def _has_stopped(company: Company, group: Group, ago: int) -> bool:
    return any(name == group.name and ago <= since for name, since in company.stops)


def _share(company: Company, ago: int) -> float:
    """The share of people active in a usual week, between the points of the course."""
    days = [-point for point, _share in company.course]
    return float(np.interp(-ago, days, [share for _point, share in company.course]))


def _day(
    group: Group,
    company: Company,
    day: date,
    zone: ZoneInfo,
    share: float,
    eager: np.ndarray,
    dice: np.random.Generator,
) -> Iterator[DemoEvent]:
    # Whoever ranks within the active share works with it; eagerness says how often.
    rank = np.argsort(np.argsort(-eager)) / max(len(eager), 1)
    chance = (0.05 + 0.85 * eager**2) * WEEKDAYS[day.weekday()] / max(WEEKDAYS)
    active = (rank < share) & (dice.random(len(eager)) < chance)
    midnight = datetime.combine(day, time(), zone)
    for number in np.flatnonzero(active):
        for turn in range(1 + dice.poisson(EVENTS_A_DAY * eager[number])):
            hour = float(np.clip(dice.normal(BUSIEST_HOUR, HOURS_AROUND), 0.1, 23.8))
            feature = group.features[min(int(dice.exponential(0.8)), len(group.features) - 1)]
            user = user_id(company, group, int(number))
            yield DemoEvent(
                message_id=str(uuid5(NAMESPACE, f"{user} {day} {turn}")),
                occurred_at=(midnight + timedelta(hours=hour)).astimezone(UTC),
                user=user,
                name="Feature Used",
                feature=feature,
            )
