"""How a customer's use stood on each closed day, in shares whose both sides are told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from engagements.models import LicenceSeats
from usage.activity import ordinal
from usage.models import DailyUse
from usage.numbers.breadth import breadth_days
from usage.numbers.sustain import TRAILING_DAYS
from usage.queries.arrays import read_features
from usage.queries.ground import Subject, people_and_places, roster_of
from usage.queries.rules import get_rules


@dataclass(frozen=True, slots=True)
class AdoptionDay:
    """A closed day: users of the window, and of them those whose use was deep, a habit, or had
    adopted a feature; features tried and adopted by somebody; the seats of that very day, and the
    most users of any day in the trailing 26 weeks.
    """

    day: date
    users: int
    deep: int
    habitual: int
    adopters: int
    features_tried: int
    features_adopted: int
    seats: int | None
    peak: int
    rules_version: int
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
    found = [
        _day(row, _seats(steps, row.day), _peak(known, place))
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


def _day(row: DailyUse, seats: int | None, peak: int) -> AdoptionDay:
    return AdoptionDay(
        day=row.day,
        users=row.mau,
        deep=row.deep,
        habitual=row.habitual,
        adopters=row.adopters,
        features_tried=row.features_tried,
        features_adopted=row.features_adopted,
        seats=seats,
        peak=peak,
        rules_version=row.rules_version,
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
