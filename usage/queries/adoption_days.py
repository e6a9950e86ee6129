"""How a customer's use stood on each closed day, in shares whose both sides are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from engagements.models import LicenceSeats
from usage.models import DailyUse
from usage.numbers.sustain import TRAILING_DAYS


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


def get_adoption_days(*, customer_id: UUID, first: date, last: date) -> list[AdoptionDay]:
    """The closed days of a customer with use from `first` to `last`, in order."""
    begin = first - timedelta(days=TRAILING_DAYS - 1)
    rows = DailyUse.objects.filter(customer_id=customer_id, day__range=(begin, last))
    known = list(rows.order_by("day"))
    steps = list(
        LicenceSeats.objects.filter(customer_id=customer_id)
        .order_by("from_date")
        .values_list("from_date", "seats")
    )
    return [
        _day(row, _seats(steps, row.day), _peak(known, place))
        for place, row in enumerate(known)
        if row.day >= first
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
