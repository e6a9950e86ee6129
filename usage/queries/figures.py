"""The numbers of a customer's day in one value: what the API answers with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engagements.models import Engagement
from usage.numbers.periods import Period
from usage.numbers.shares import Share
from usage.queries.adoption import HALF_YEAR, Adoption, get_adoption
from usage.queries.ground import Asked, get_subject
from usage.queries.rules import get_rules

# The week whose return is told in one number; the curve has them all.
RETAINED_WEEK = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: whom it counted, among how many, and the value where that is a share or days.

    `key` and `of_key` are what the list of people is asked with for the very people; empty where
    the number counts something else.
    """

    name: str
    key: str
    count: int | None
    of_key: str
    of: int | None
    value: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of a customer on a closed day, by which rules."""

    customer_key: str
    day: date
    window: int
    rules_version: int
    figures: tuple[Figure, ...]


def get_figure_days(*, engagement: Engagement, days: Iterable[date]) -> dict[date, Figures]:
    """The figures of an engagement at the end of each of some closed days, as its page gives them.

    `engagement` has its customer loaded.
    """
    subject, rules = get_subject(customer=engagement.customer, engagement=engagement), get_rules()
    found = {}
    for day in days:
        asked = Asked(day, day, with_weekends=rules.with_weekends)
        adoption = get_adoption(subject=subject, asked=asked, since=day - HALF_YEAR, rules=rules)
        found[day] = get_figures(adoption=adoption)
    return found


def get_figures(*, adoption: Adoption) -> Figures:
    """`adoption` must reach back half a year."""
    own = adoption.ground
    return Figures(
        customer_key=own.subject.customer.external_id,
        day=own.asked.last,
        window=adoption.window,
        rules_version=adoption.rules.version,
        figures=(*_of_use(adoption), *_of_seats(adoption), *_of_people(adoption)),
    )


def _of_use(adoption: Adoption) -> tuple[Figure, ...]:
    use, day = adoption.ground.use, adoption.day
    ratio, sustained = adoption.ratio, adoption.sustained
    return (
        _count("active_that_day", "dau", len(use.active(day))),
        _count("active_in_7_days", "wau", len(use.active(day, 7))),
        _count("active_in_window", "mau", len(adoption.active)),
        Figure("dau_mau_ratio", "", ratio.user_days, "mau", len(ratio.users), ratio.value),
        Figure("sustained", "", sustained.now, "", sustained.peak, sustained.ratio),
        _count("stopped_in_4_weeks", "lost", len(sustained.lost)),
        _count("new_or_back_in_4_weeks", "gained", len(sustained.gained)),
    )


def _of_seats(adoption: Adoption) -> tuple[Figure, ...]:
    own = adoption.licences
    seats = int(own.seats[-1]) if own.known[-1] else None
    given, active = len(adoption.with_access), len(adoption.active)
    deployed = given / seats if seats and adoption.ground.has_roster else None
    return (
        Figure("deployed", "with-access", given, "", seats, deployed),
        Figure("used", "mau", active, "", seats, active / seats if seats else None),
        _count("idle", "idle", len(adoption.idle)),
        _count("active_without_access", "beyond", len(adoption.beyond)),
    )


def _of_people(adoption: Adoption) -> tuple[Figure, ...]:
    frequency, wait, breadth = adoption.frequency, adoption.time_to_value, adoption.breadth
    return (
        _share("activated", "activated", "mature", adoption.activation.share),
        Figure("median_days_to_value", "started", len(wait.users), "", None, wait.median),
        Figure("p90_days_to_value", "started", len(wait.users), "", None, wait.p90),
        _count("waiting_for_value", "waiting", len(wait.waiting)),
        _retained(adoption),
        _share("habit", "habit", "settled", adoption.habit.share),
        _share("deep", "deep", "with-access", adoption.depth.share),
        Figure("median_frequency", "expected", len(frequency.users), "", None, frequency.median),
        Figure("breadth", "", len(breadth.adopted), "", len(breadth.intended), breadth.value),
    )


def _retained(adoption: Adoption) -> Figure:
    """Everybody who came back in that week after their first, of all for whom it is over."""
    weeks = adoption.retained(Period.WEEK).classic
    point = weeks[RETAINED_WEEK] if len(weeks) > RETAINED_WEEK else None
    name = f"retained_in_week_{RETAINED_WEEK}"
    if point is None:
        return Figure(name, "", 0, "", 0, None)
    return Figure(name, "", point.users, "", point.of, point.value)


def _count(name: str, key: str, count: int) -> Figure:
    return Figure(name, key, count, "", None, None)


def _share(name: str, key: str, of_key: str, share: Share) -> Figure:
    return Figure(name, key, share.count, of_key, share.size, share.value)
