"""What the numbers of one customer are made of: rows as plain arrays, read once for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import DateField, QuerySet, UUIDField, Value

from engagements.models import Customer, EndUser, Engagement, ImpactGroup, LicenceSeats, RosterEntry
from engagements.queries import get_calendar
from tenancy.models import Tenant
from usage.activity import ordinal
from usage.models import FeatureUserDay, UsageState
from usage.numbers.licences import Seats
from usage.numbers.roster import EVERY_DAY, NO_GROUP, Pattern, Patterns, Roster, everybody
from usage.numbers.sustain import TRAILING_DAYS
from usage.numbers.use import Ints, Use
from usage.queries.arrays import read_days, read_seen

MONDAY = 1
Named = tuple[UUID, str, str]
Place = tuple[UUID, date | None, UUID | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is narrowed to: closed days up to `last`, an impact group, and whether days off
    count. Numbers are of `last`; courses begin at `first`."""

    first: date
    last: date
    group_id: UUID | None = None
    with_weekends: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """An impact group: what it is called and the features its people are meant to use."""

    id: UUID
    name: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose use is asked about: a customer, by itself or as the one of an engagement, with the
    impact groups by name, and the workspace where the caller had read it."""

    customer: Customer
    engagement: Engagement | None
    groups: tuple[Group, ...]
    workspace: Tenant | None = None


@dataclass(frozen=True, eq=False)
class Ground:
    """Rows of one customer up to the day asked for. `people` are all its end users, so that a number
    means the same person whatever was read; `groups` likewise.

    Narrowed to a group, only its people and their use are there. Without a roster everybody seen
    in the last half year stands on it, as if they always had access. `use` begins at `since`.
    """

    subject: Subject
    asked: Asked
    since: int
    people: tuple[UUID, ...]
    # What each is called, and the external id.
    names: tuple[tuple[str, str], ...]
    has_roster: bool
    whole: Use
    places: Roster
    patterns: Patterns

    @property
    def groups(self) -> tuple[Group, ...]:
        return self.subject.groups

    @property
    def day(self) -> int:
        return ordinal(self.asked.last)

    @property
    def first(self) -> int:
        return ordinal(self.asked.first)

    @cached_property
    def group(self) -> int | None:
        """The number of the group asked for."""
        ids = [group.id for group in self.groups]
        return ids.index(self.asked.group_id) if self.asked.group_id in ids else None

    @cached_property
    def roster(self) -> Roster:
        return self.places if self.group is None else self.places.in_group(self.group)

    @cached_property
    def use(self) -> Use:
        return self.whole if self.group is None else self.whole.by(self.roster.users)

    @cached_property
    def pattern(self) -> Pattern:
        """The days on which use is expected of everybody."""
        return self.patterns[NO_GROUP]

    @cached_property
    def numbers(self) -> dict[UUID, int]:
        return {key: number for number, key in enumerate(self.people)}

    @cached_property
    def group_names(self) -> dict[int, str]:
        return dict(enumerate(group.name for group in self.groups))

    def ids_of(self, users: Iterable[int]) -> tuple[UUID, ...]:
        return tuple(self.people[user] for user in users)


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The first day of use of a customer, and the newest closed one."""

    first: date
    last: date


def get_closed_days(*, customer_id: UUID) -> ClosedDays | None:
    """None before the first night of a customer with use."""
    state = UsageState.objects.filter(customer_id=customer_id).first()
    if state is None or state.closed_day is None:
        return None
    return ClosedDays(min(state.first_day, state.closed_day), state.closed_day)


def get_every_closed_days() -> dict[UUID, ClosedDays]:
    """The same of every customer with a closed day."""
    rows = UsageState.objects.exclude(closed_day=None)
    found = rows.values_list("customer_id", "first_day", "closed_day")
    return {key: ClosedDays(min(first, closed), closed) for key, first, closed in found if closed}


def get_ground(*, subject: Subject, asked: Asked, since: date) -> Ground:
    """The rows from `since` to the last day asked for, with everybody on the roster."""
    names, entries = people_and_places(subject)
    people = tuple(key for key, _name, _external in names)
    numbers = {key: number for number, key in enumerate(people)}
    use = read_days(customer_id=subject.customer.pk, people=people, first=since, last=asked.last)
    return Ground(
        subject=subject,
        asked=asked,
        since=ordinal(since),
        people=people,
        names=tuple((name or external, external) for _key, name, external in names),
        has_roster=bool(entries),
        whole=use,
        places=roster_of(entries, numbers, subject.groups)
        if entries
        else everybody(_seen(subject.customer, people, asked.last)),
        patterns=_patterns(subject, since, asked),
    )


def get_seat_steps(*, customer_id: UUID) -> Seats:
    """Seats as of each day."""
    rows = LicenceSeats.objects.filter(customer_id=customer_id).values_list("from_date", "seats")
    return Seats.of((ordinal(day), seats) for day, seats in rows)


def get_subject(
    *, customer: Customer, engagement: Engagement | None = None, workspace: Tenant | None = None
) -> Subject:
    """The customer with its impact groups: the engagement's, or those of all that are current."""
    if engagement is None:
        rows = ImpactGroup.objects.filter(customer_id=customer.pk, engagement__archived_at=None)
    else:
        rows = ImpactGroup.objects.filter(engagement_id=engagement.pk)
    groups = (Group(row.pk, row.name, tuple(row.features)) for row in rows.order_by("name", "pk"))
    return Subject(customer, engagement, tuple(groups), workspace)


def _seen(customer: Customer, people: Sequence[UUID], last: date) -> Ints:
    """Whoever came in the half year up to a day: those to count among without a roster."""
    first = last - timedelta(days=TRAILING_DAYS - 1)
    return read_seen(customer_id=customer.pk, people=people, first=first, last=last)


def people_and_places(subject: Subject) -> tuple[list[Named], list[Place]]:
    """Everybody known at the customer, and who of them stands on the roster: of the engagement, or
    of any of the customer's that is not archived.

    One question, since every page asks for both, but no join: a planner that does not know yet how
    many there are walks one of them for each of the other.
    """
    nobody, nowhere = Value(None, DateField()), Value(None, UUIDField())
    known = EndUser.objects.filter(customer_id=subject.customer.pk).order_by()
    people = known.values_list("pk", "name", "external_id", nobody, nowhere, Value(False))
    places = _entries(subject).values_list(
        *("end_user_id", Value(""), Value(""), "access_since", "impact_group_id", Value(True))
    )
    rows = list(people.union(places, all=True))
    named = [(row[0], row[1], row[2]) for row in rows if not row[5]]
    # Ids of fifty thousand are compared as the numbers they are a good deal sooner.
    named.sort(key=lambda person: person[0].int)
    return named, [(row[0], row[3], row[4]) for row in rows if row[5]]


def _entries(subject: Subject) -> QuerySet[RosterEntry]:
    if subject.engagement is not None:
        return RosterEntry.objects.filter(engagement_id=subject.engagement.pk).order_by()
    return RosterEntry.objects.filter(
        customer_id=subject.customer.pk, engagement__archived_at=None
    ).order_by()


def roster_of(
    entries: Iterable[tuple[UUID, date | None, UUID | None]],
    numbers: Mapping[UUID, int],
    groups: Iterable[Group],
) -> Roster:
    """Somebody in several engagements counts once: with their first access, in one group."""
    order = {group.id: number for number, group in enumerate(groups)}
    found: dict[int, tuple[int | None, int | None]] = {}
    for key, since, group_id in entries:
        begun = ordinal(since) if since else None
        group = order.get(group_id) if group_id else None
        earlier, other = found.get(numbers[key], (None, None))
        known = [day for day in (begun, earlier) if day is not None]
        place = group if other is None else other
        found[numbers[key]] = (min(known, default=None), place)
    return Roster.of((user, since, None, group) for user, (since, group) in found.items())


def _patterns(subject: Subject, since: date, asked: Asked) -> Patterns:
    """The customer's working days for every group, or every day where weekends count."""
    pattern = EVERY_DAY if asked.with_weekends else _working_days(subject, since, asked.last)
    return dict.fromkeys((NO_GROUP, *range(len(subject.groups))), pattern)


def _working_days(subject: Subject, first: date, last: date) -> Pattern:
    calendar = get_calendar(customer=subject.customer, workspace=subject.workspace)
    years = range(first.year, last.year + 1)
    free = {ordinal(day) for year in years for day, _name in calendar.holidays(year)}
    return Pattern(frozenset(day - MONDAY for day in calendar.days), frozenset(free))


def get_feature_names(*, customer_id: UUID) -> tuple[str, ...]:
    """Features used at a customer in its last half year, and those its groups are meant to use."""
    meant = ImpactGroup.objects.filter(customer_id=customer_id).values_list("features", flat=True)
    closed = get_closed_days(customer_id=customer_id)
    used: set[str] = set()
    if closed is not None:
        days = (closed.last - timedelta(days=TRAILING_DAYS - 1), closed.last)
        rows = FeatureUserDay.objects.filter(customer_id=customer_id, day__range=days)
        used = set(rows.order_by().values_list("feature", flat=True).distinct())
    return tuple(sorted(used.union(*meant) - {""}))
