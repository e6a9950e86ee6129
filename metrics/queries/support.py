"""Whether people still have to ask: contacts with the help desk against those who could ask."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from engagements.queries.support import (
    ContactDay,
    TopicCount,
    get_contact_days,
    get_contact_topics,
)
from metrics.deflection import Contacts
from usage.queries import get_usage_series

# One point looks back on so many days, as active users do.
WINDOW = 28
ONE_DAY, ONE_WEEK = timedelta(days=1), timedelta(days=7)
TOPICS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class SupportView:
    """A point a week, each over 28 days, the last one on the day of the newest contact."""

    first_day: date | None
    points: tuple[Contacts, ...]
    topics: tuple[TopicCount, ...]

    @property
    def last(self) -> Contacts | None:
        return self.points[-1] if self.points else None


def get_support_view(*, engagement_id: UUID, customer_id: UUID, today: date) -> SupportView:
    found = get_contact_days(engagement_id=engagement_id)
    days = [one for one in found if one.day < today]
    span = _span(days, None)
    if span is None:
        return SupportView(days[0].day if days else None, (), ())
    first, last = span
    wanted = [last - week * ONE_WEEK for week in range((last - first).days // 7 + 1)]
    topics = get_contact_topics(
        engagement_id=engagement_id, first=last - (WINDOW - 1) * ONE_DAY, last=last
    )
    return SupportView(
        first_day=days[0].day,
        points=_contacts(days, wanted[::-1], customer_id),
        topics=tuple(topics[:TOPICS_SHOWN]),
    )


def get_contacts_by_day(
    *, engagement_id: UUID, customer_id: UUID, last: date | None, group_id: UUID | None = None
) -> tuple[Contacts, ...]:
    """A point for every closed day, as `get_support_view` counts it; of a group without its active
    users, whom nobody counts by group."""
    days = get_contact_days(engagement_id=engagement_id, group_id=group_id)
    span = _span(days, last)
    if span is None:
        return ()
    first, end = span
    wanted = [first + at * ONE_DAY for at in range((end - first).days + 1)]
    return _contacts(days, wanted, None if group_id else customer_id)


def _span(days: Sequence[ContactDay], last: date | None) -> tuple[date, date] | None:
    """From the first whole window to the newest contact: days after it may only not be sent yet."""
    known = [one.day for one in days if last is None or one.day <= last]
    if not known:
        return None
    first = known[0] + (WINDOW - 1) * ONE_DAY
    return (first, known[-1]) if first <= known[-1] else None


def _contacts(
    days: Sequence[ContactDay], wanted: Sequence[date], customer_id: UUID | None
) -> tuple[Contacts, ...]:
    active = _active(customer_id, wanted[0], wanted[-1])
    return tuple(_window(days, day, active.get(day)) for day in wanted)


def _active(customer_id: UUID | None, first: date, last: date) -> dict[date, int | None]:
    if customer_id is None:
        return {}
    series = get_usage_series(customer_id=customer_id, first=first, last=last)
    return {point.day: point.mau for point in series.points}


def _window(days: Sequence[ContactDay], day: date, active: int | None) -> Contacts:
    begin = bisect_left(days, day - (WINDOW - 1) * ONE_DAY, key=_day)
    held = days[begin : bisect_right(days, day, key=_day)]
    coached, did_for = sum(one.coached for one in held), sum(one.did_for for one in held)
    return Contacts(
        day=day,
        coached=coached,
        did_for=did_for,
        unclassed=sum(one.other for one in held),
        how_to=coached + did_for,
        active_users=active,
    )


def _day(one: ContactDay) -> date:
    return one.day


def percent_of(share: float) -> float:
    """A share of one as percent, without what binary fractions add: 0.29 is 29."""
    return round(share * 100, 6)


def coached_percent(contacts: Contacts) -> float | None:
    """The coached share as it is shown and read: None where too few contacts say something."""
    share = contacts.coached_share
    return None if share is None or contacts.is_small else percent_of(share)
