"""The people of a customer: who came when, one of them day by day, and the very events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from engagements.models import EndUser
from usage.activity import date_of
from usage.models import Event, Exclusion, FeatureUserDay, PastClock, Source, UserDay
from usage.numbers.people import PersonUse, Standing, people_use
from usage.numbers.roster import FAR, Roster
from usage.numbers.rules import Rules
from usage.numbers.use import Use
from usage.queries.adoption import Adoption, get_adoption
from usage.queries.counted import Counted, get_counted
from usage.queries.exclusions import get_excluded
from usage.queries.ground import Asked, Ground, Subject

ONE_DAY = timedelta(days=1)
SORTS = ("last", "name", "group", "active", "weeks", "uses", "first", "value")
MOST_EVENTS = 500


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody's use up to the day asked for; days and uses are of the window that ends on it."""

    end_user_id: UUID
    label: str
    external_id: str
    group: str
    access_since: date | None
    first_day: date | None
    last_day: date | None
    active_days: int
    expected_days: int
    weeks: int
    uses: int
    first_value: date | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class PeopleList:
    """Everybody asked for, sorted; `key` names the number they stand for, empty for everybody."""

    key: str
    day: date
    window: int
    rows: tuple[PersonRow, ...]

    def standing(self, standing: Standing) -> int:
        return sum(row.standing is standing for row in self.rows)


@dataclass(frozen=True, slots=True)
class PersonDay:
    """One day of somebody: how many events, and what was used how often."""

    day: date
    events: int
    features: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody's use, and their days, the newest first."""

    row: PersonRow
    as_of: date
    window: int
    days: tuple[PersonDay, ...]


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as it was counted."""

    id: UUID
    occurred_at: datetime
    end_user_id: UUID
    person: str
    name: str
    feature: str
    source: str


@dataclass(frozen=True, slots=True)
class DayEvents:
    """The events of one day, up to 500 of them; `count` is how many there are."""

    day: date
    count: int
    rows: tuple[EventRow, ...]


def get_people_list(
    *,
    subject: Subject,
    asked: Asked,
    key: str = "",
    words: str = "",
    standing: str = "",
    sort: str = "-last",
    rules: Rules | None = None,
) -> PeopleList:
    """Everybody, or those a number counted. Raises UnknownCount."""
    if key:
        found = get_counted(subject=subject, asked=asked, key=key, rules=rules)
    else:
        adoption = get_adoption(subject=subject, asked=asked, rules=rules)
        found = Counted("", _everybody(adoption.ground), adoption)
    rows = [
        row
        for row in _rows(found.adoption, found.people)
        if _fits(row, words) and standing in ("", row.standing.value)
    ]
    return PeopleList(key, asked.last, found.adoption.window, tuple(_sorted(rows, sort)))


def get_person(*, subject: Subject, asked: Asked, end_user_id: UUID) -> PersonView:
    """Raises EndUser.DoesNotExist."""
    person = EndUser.objects.get(pk=end_user_id, customer_id=subject.customer.pk)
    adoption = get_adoption(subject=subject, asked=asked)
    (row,) = _rows(adoption, (adoption.ground.numbers[person.pk],))
    days = UserDay.objects.filter(
        customer_id=person.customer_id, end_user=person, day__range=(asked.first, asked.last)
    )
    return PersonView(row, asked.last, adoption.window, _days_of(person, days, asked))


def get_events(
    *, subject: Subject, day: date, is_closed: bool, end_user_id: UUID | None = None
) -> DayEvents:
    """What was received of a day in the customer's own time, of one person or of all."""
    begin, end = _ends_of(subject, day)
    rows = Event.objects.filter(
        customer_id=subject.customer.pk, occurred_at__gte=begin, occurred_at__lt=end
    )
    rows = rows.exclude(end_user_id__in=_left_out(subject))
    if is_closed:
        # Whoever was counted that day, which holds for those too who may not see who is left out.
        counted = UserDay.objects.filter(customer_id=subject.customer.pk, day=day)
        rows = rows.filter(end_user_id__in=counted.values("end_user_id"))
    if end_user_id is not None:
        rows = rows.filter(end_user_id=end_user_id)
    shown = list(rows.order_by("-occurred_at", "id").select_related("end_user")[:MOST_EVENTS])
    # Sources are the vendor's own matter: to others they have no name.
    named = Source.objects.filter(pk__in={row.source_id for row in shown})
    sources = dict(named.values_list("pk", "name"))
    return DayEvents(day, rows.count(), tuple(_event(row, sources) for row in shown))


def _left_out(subject: Subject) -> list[UUID]:
    """Who counts nowhere, so that a list of events is as long as the number it explains."""
    found = get_excluded(exclusions=Exclusion.objects.all())
    return [key for customer_id, key in found if customer_id == subject.customer.pk]


def _ends_of(subject: Subject, day: date) -> tuple[datetime, datetime]:
    """When a day began and ended by the clock it was counted by, which may have been moved."""
    clocks = list(PastClock.objects.filter(customer_id=subject.customer.pk))
    before = next((clock for clock in reversed(clocks) if clock.until_day < day), None)
    own = next((clock for clock in clocks if clock.until_day >= day), None)
    zone = ZoneInfo(own.time_zone) if own else subject.customer.zone
    begin, end = _midnight(day, zone), _midnight(day + ONE_DAY, zone)
    if before is not None and before.until_day == day - ONE_DAY:
        begin = before.until_at
    if own is not None and own.until_day == day:
        end = own.until_at
    return begin, end


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _event(row: Event, sources: Mapping[UUID, str]) -> EventRow:
    return EventRow(
        id=row.pk,
        occurred_at=row.occurred_at,
        end_user_id=row.end_user_id,
        person=str(row.end_user),
        name=row.name,
        feature=row.feature,
        source=sources.get(row.source_id, ""),
    )


def _everybody(ground: Ground) -> tuple[int, ...]:
    """Everybody on the roster and everybody who was ever there, or those of the group."""
    if ground.group is not None:
        return tuple(ground.roster.users.tolist())
    return tuple(range(len(ground.people)))


def _rows(adoption: Adoption, users: Sequence[int]) -> list[PersonRow]:
    ground = adoption.ground
    wanted = set(users)
    roster = _with_everybody(ground)
    uses = people_use(
        _whole(adoption),
        roster,
        day=ground.day,
        window=adoption.window,
        patterns=ground.patterns,
    )
    places = zip(roster.users.tolist(), roster.since.tolist(), roster.groups.tolist(), strict=True)
    seats = {user: (since, group) for user, since, group in places}
    return [
        _row(adoption, one, ground.names[one.user], seats[one.user])
        for one in uses
        if one.user in wanted
    ]


def _row(
    adoption: Adoption, one: PersonUse, names: tuple[str, str], place: tuple[int, int]
) -> PersonRow:
    since, group = place
    return PersonRow(
        end_user_id=adoption.ground.people[one.user],
        label=names[0],
        external_id=names[1],
        group=adoption.ground.group_names.get(group, ""),
        access_since=date_of(since) if abs(since) < FAR else None,
        first_day=_date(one.first),
        last_day=_date(one.last),
        active_days=one.active,
        expected_days=one.expected,
        weeks=one.weeks,
        uses=one.uses,
        first_value=_date(adoption.reached.get(one.user)),
        standing=one.standing,
    )


def _date(day: int | None) -> date | None:
    return None if day is None else date_of(day)


def _with_everybody(ground: Ground) -> Roster:
    """The roster, and after it whoever came without a place on it."""
    places = ground.places
    known = set(places.users.tolist())
    rows = zip(
        places.users.tolist(),
        places.since.tolist(),
        places.until.tolist(),
        places.groups.tolist(),
        strict=True,
    )
    others = ((user, None, None, None) for user in range(len(ground.people)) if user not in known)
    return Roster.of([*rows, *others])


def _whole(adoption: Adoption) -> Use:
    """The rows of the window with each person's first and last day: all that a list tells."""
    ground = adoption.ground
    begin = ground.day - adoption.window + 1
    near = ground.whole.between(begin, ground.day)
    ends = {(user, day) for user, span in adoption.spans.items() for day in span if day < begin}
    return Use.of(
        [*near.users.tolist(), *(user for user, _day in ends)],
        [*near.days.tolist(), *(day for _user, day in ends)],
        [*near.counts.tolist(), *(1 for _end in ends)],
    )


def _fits(row: PersonRow, words: str) -> bool:
    wanted = words.strip().casefold()
    return wanted in row.label.casefold() or wanted in row.external_id.casefold()


def _sorted(rows: Iterable[PersonRow], sort: str) -> list[PersonRow]:
    """By name, then as asked; whoever lacks it comes last either way."""
    name, reverse = sort.lstrip("-"), sort.startswith("-")
    ordered = sorted(rows, key=lambda row: (row.label.casefold(), row.external_id))
    have = [row for row in ordered if _worth(row, name) is not None]
    lack = [row for row in ordered if _worth(row, name) is None]
    return sorted(have, key=lambda row: _worth(row, name), reverse=reverse) + lack  # type: ignore[arg-type, return-value]


def _worth(row: PersonRow, name: str) -> object:
    found: dict[str, object] = {
        "last": row.last_day,
        "first": row.first_day,
        "value": row.first_value,
        "active": row.active_days,
        "weeks": row.weeks,
        "uses": row.uses,
        "group": row.group.casefold() or None,
        "name": row.label.casefold(),
    }
    return found.get(name, row.last_day)


def _days_of(person: EndUser, rows: QuerySet[UserDay], asked: Asked) -> tuple[PersonDay, ...]:
    features: dict[date, list[tuple[str, int]]] = {}
    used = FeatureUserDay.objects.filter(
        customer_id=person.customer_id, end_user=person, day__range=(asked.first, asked.last)
    )
    for day, feature, events in used.order_by("-events", "feature").values_list(
        "day", "feature", "events"
    ):
        features.setdefault(day, []).append((feature, events))
    return tuple(
        PersonDay(day, events, tuple(features.get(day, ())))
        for day, events in rows.order_by("-day").values_list("day", "events")
    )
