"""How a customer's use stood on each closed day, in shares whose both sides are told."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Min

from engagements.models import LicenceSeats, RosterEntry
from tenancy.scope import current_tenant_id
from usage.activity import ordinal
from usage.models import DailyUse, UsageState
from usage.numbers.breadth import breadth_days
from usage.numbers.sustain import TRAILING_DAYS
from usage.queries.arrays import read_features
from usage.queries.ground import Subject, people_and_places, roster_of
from usage.queries.rules import get_rules


@dataclass(frozen=True, slots=True)
class AdoptionDay:
    """A closed day: users of the window, and of them those whose use was deep, a habit, or had
    adopted a feature; features tried and adopted by somebody; the seats of that very day and the
    people who had access on it, None without a roster; the most users of any day in the trailing 26
    weeks; and by which rules and definitions all that was counted. What was not asked for is None.
    """

    day: date
    users: int
    deep: int
    habitual: int
    adopters: int
    features_tried: int
    features_adopted: int
    seats: int | None
    assigned: int | None
    peak: int | None
    rules_version: int
    definition_version: int
    # Where breadth was asked for: intended features half of their people had adopted, and all of
    # them.
    broad: int | None = None
    intended: int | None = None

    @property
    def breadth(self) -> float | None:
        """Adopted ÷ intended features. None where it was not asked for or nothing is intended."""
        return None if self.broad is None else _share(self.broad, self.intended)

    @property
    def depth(self) -> float | None:
        """Deep users ÷ users; None where there were none, as with all shares here."""
        return _share(self.deep, self.users)

    @property
    def habit(self) -> float | None:
        return _share(self.habitual, self.users)

    @property
    def adoption(self) -> float | None:
        """Users who adopted a feature ÷ users."""
        return _share(self.adopters, self.users)

    @property
    def utilisation(self) -> float | None:
        """Users ÷ seats. None without seats."""
        return _share(self.users, self.seats)

    @property
    def deployed(self) -> float | None:
        """People with access ÷ seats. None without seats or without a roster."""
        return None if self.assigned is None else _share(self.assigned, self.seats)

    @property
    def sustain(self) -> float | None:
        """Users ÷ the most there were in the trailing 26 weeks."""
        return _share(self.users, self.peak)


def get_adoption_days(
    *, customer_id: UUID, first: date, last: date, breadth_of: Subject | None = None
) -> list[AdoptionDay]:
    """The closed days of a customer with use from `first` to `last`, in order.

    With `breadth_of` (the customer, or one engagement of it) the days say breadth too, by what its
    impact groups are meant to use: the roster as of each day, the intended features as of now.
    """
    begin = first - timedelta(days=TRAILING_DAYS - 1)
    rows = DailyUse.objects.filter(customer_id=customer_id, day__range=(begin, last))
    known = list(rows.order_by("day"))
    steps = list(
        LicenceSeats.objects.filter(customer_id=customer_id)
        .order_by("from_date")
        .values_list("from_date", "seats")
    )
    given = _given(customer_id)
    found = [
        _day(row, _seats(steps, row.day), _assigned(given, row.day), _peak(known, place))
        for place, row in enumerate(known)
        if row.day >= first
    ]
    return found if breadth_of is None else _with_breadth(found, breadth_of)


def _with_breadth(days: list[AdoptionDay], subject: Subject) -> list[AdoptionDay]:
    names = tuple(sorted({name for group in subject.groups for name in group.features}))
    if not days or not names:
        return days
    known, places = people_and_places(subject)
    people = tuple(key for key, _name, _external in known)
    numbers = {key: number for number, key in enumerate(people)}
    rules, order = get_rules(), {name: number for number, name in enumerate(names)}
    first, last = days[0].day, days[-1].day
    rows = read_features(
        customer_id=subject.customer.pk,
        people=people,
        first=first - timedelta(days=rules.reach - 1),
        last=last,
        features=names,
    )
    found = breadth_days(
        rows.use.renamed([order[name] for name in rows.names]),
        roster_of(places, numbers, subject.groups),
        {at: [order[name] for name in group.features] for at, group in enumerate(subject.groups)},
        rules,
        first=ordinal(first),
        last=ordinal(last),
    )
    return [
        replace(one, broad=int(found.adopted[at]), intended=int(found.intended[at]))
        for one in days
        for at in ((one.day - first).days,)
    ]


def get_adoption_on(*, days: Collection[tuple[UUID, date]]) -> dict[tuple[UUID, date], AdoptionDay]:
    """Single closed days of several customers, without access and peak; days that are not closed
    are left out. Costs the same number of queries for one and for many.
    """
    customers = {customer_id for customer_id, _day in days}
    states = {
        state.customer_id: state
        for state in UsageState.objects.filter(customer_id__in=customers).exclude(closed_day=None)
    }
    wanted = {(key, day) for key, day in days if key in states and day <= _closed(states[key])}
    tenant_id = current_tenant_id()
    rows = DailyUse.objects.filter(pk__in=[(tenant_id, key, day) for key, day in wanted])
    known = {(row.customer_id, row.day): row for row in rows}
    steps: dict[UUID, list[tuple[date, int]]] = defaultdict(list)
    seats = LicenceSeats.objects.filter(customer_id__in=customers).order_by("from_date")
    for key, begin, count in seats.values_list("customer_id", "from_date", "seats"):
        steps[key].append((begin, count))
    return {
        (key, day): _day(
            known.get((key, day)) or _without_use(states[key], day), _seats(steps[key], day)
        )
        for key, day in wanted
    }


def _closed(state: UsageState) -> date:
    return state.closed_day or date.min


def _without_use(state: UsageState, day: date) -> DailyUse:
    """A closed day of which nothing is stored holds nobody."""
    return DailyUse(
        customer_id=state.customer_id,
        day=day,
        dau=0,
        wau=0,
        mau=0,
        events=0,
        rules_version=state.rules_version,
        definition_version=state.definition_version,
    )


def _given(customer_id: UUID) -> list[date | None]:
    """The first day of access of everybody on a current roster, the earliest first; None is not
    yet."""
    rows = RosterEntry.objects.filter(customer_id=customer_id, engagement__archived_at=None)
    people = rows.order_by().values("end_user_id").annotate(since=Min("access_since"))
    return sorted((one["since"] for one in people), key=lambda day: day or date.max)


def _assigned(given: Sequence[date | None], day: date) -> int | None:
    return bisect_right(given, day, key=lambda one: one or date.max) if given else None


def _day(
    row: DailyUse, seats: int | None, assigned: int | None = None, peak: int | None = None
) -> AdoptionDay:
    return AdoptionDay(
        day=row.day,
        users=row.mau,
        deep=row.deep,
        habitual=row.habitual,
        adopters=row.adopters,
        features_tried=row.features_tried,
        features_adopted=row.features_adopted,
        seats=seats,
        assigned=assigned,
        peak=peak,
        rules_version=row.rules_version,
        definition_version=row.definition_version,
    )


def _seats(steps: list[tuple[date, int]], day: date) -> int | None:
    """The seats valid on a day, never today's on history."""
    return next((seats for begin, seats in reversed(steps) if begin <= day), None)


def _peak(rows: list[DailyUse], place: int) -> int:
    begin = rows[place].day - timedelta(days=TRAILING_DAYS - 1)
    return max(
        row.mau for row in rows[max(0, place - TRAILING_DAYS + 1) : place + 1] if row.day >= begin
    )


def _share(upper: int, lower: int | None) -> float | None:
    return upper / lower if lower else None
