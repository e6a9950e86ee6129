"""Every number by its name, as the very people it counted: what a link on a number asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from usage.activity import DAU_DAYS, MAU_DAYS, WAU_DAYS, ordinal
from usage.numbers.early import EarlyDay
from usage.numbers.features import FeatureAdoption
from usage.numbers.periods import Period
from usage.numbers.retention import Cohort
from usage.numbers.rules import Rules
from usage.queries.adoption import HALF_YEAR, Adoption, early_start_of, get_adoption
from usage.queries.ground import Asked, Subject

People = tuple[int, ...]
Find = Callable[[Adoption, str], People]


class UnknownCount(LookupError):
    """No number is called so."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The people behind a number, with what they were counted from."""

    key: str
    people: People
    adoption: Adoption


def get_counted(*, subject: Subject, asked: Asked, key: str, rules: Rules | None = None) -> Counted:
    """Raises UnknownCount."""
    name, _colon, rest = key.partition(":")
    if name not in _FINDERS:
        raise UnknownCount(key)
    reach, find = _FINDERS[name]
    since = early_start_of(subject) if reach is None else asked.last - reach
    adoption = get_adoption(subject=subject, asked=asked, since=since, rules=rules)
    try:
        return Counted(key, find(adoption, rest), adoption)
    except (ValueError, IndexError, KeyError) as problem:
        raise UnknownCount(key) from problem


def _active(window: int) -> Find:
    return lambda own, rest: own.ground.use.active(own.day, window)


def _on_days(own: Adoption, rest: str) -> People:
    """`14` for that many days, `14-28` for a range."""
    least, _dash, most = rest.partition("-")
    return own.active_days.users_on(int(least), int(most or least))


def _of_feature(part: Callable[[FeatureAdoption], People]) -> Find:
    """By the feature's name, among the group asked for."""

    def find(own: Adoption, rest: str) -> People:
        feature = own.features.names.index(rest)
        return next((part(one) for one in own.matrix.overall if one.feature == feature), ())

    return find


def _in_cohort(own: Adoption, rest: str) -> tuple[Cohort, int]:
    """`week/2026-08-03/4`: a cohort by its first day, and the period after it."""
    period, day, number = rest.split("/")
    found = own.retained(Period(period)).cohorts
    by_day = {cohort.first: cohort for cohort in found}
    return by_day[_day(day)], int(number)


def _classic(own: Adoption, rest: str) -> People:
    cohort, number = _in_cohort(own, rest)
    return cohort.classic[number].users


def _rolling(own: Adoption, rest: str) -> People:
    cohort, number = _in_cohort(own, rest)
    return cohort.rolling[number].users


def _together(part: Callable[[Cohort, int], People]) -> Find:
    """`week/4`: all cohorts for which that period is over."""

    def find(own: Adoption, rest: str) -> People:
        period, _slash, number = rest.partition("/")
        at = int(number)
        over = [one for one in own.retained(Period(period)).cohorts if one.finished > at >= 0]
        return tuple(sorted(user for one in over for user in part(one, at)))

    return find


def _in_first_weeks(part: Callable[[EarlyDay], People]) -> Find:
    """By the day after go-live; the newest where none is said."""

    def find(own: Adoption, rest: str) -> People:
        days = own.early.days if own.early else ()
        return part(days[int(rest) if rest else -1]) if days else ()

    return find


def _day(text: str) -> int:
    return ordinal(date.fromisoformat(text))


NEAR, HALF = timedelta(days=MAU_DAYS), HALF_YEAR
FROM_GO_LIVE = None
# How far back a number reaches, and whom it counts.
_FINDERS: Mapping[str, tuple[timedelta | None, Find]] = {
    "dau": (NEAR, _active(DAU_DAYS)),
    "wau": (NEAR, _active(WAU_DAYS)),
    "mau": (NEAR, lambda own, rest: own.active),
    "lost": (HALF, lambda own, rest: own.sustained.lost),
    "gained": (HALF, lambda own, rest: own.sustained.gained),
    "on-days": (NEAR, _on_days),
    "with-access": (NEAR, lambda own, rest: own.with_access),
    "idle": (NEAR, lambda own, rest: own.idle),
    "beyond": (NEAR, lambda own, rest: own.beyond),
    "deep": (NEAR, lambda own, rest: own.depth.share.users),
    "expected": (NEAR, lambda own, rest: own.frequency.users),
    "habit": (NEAR, lambda own, rest: own.habit.share.users),
    "settled": (NEAR, lambda own, rest: own.habit.share.among),
    "too-new": (NEAR, lambda own, rest: own.habit.too_new),
    "activated": (NEAR, lambda own, rest: own.activation.share.users),
    "mature": (NEAR, lambda own, rest: own.activation.share.among),
    "not-yet-due": (NEAR, lambda own, rest: own.activation.waiting),
    "late": (NEAR, lambda own, rest: own.activation.share.others),
    "waiting": (NEAR, lambda own, rest: own.time_to_value.waiting),
    "started": (NEAR, lambda own, rest: own.time_to_value.users),
    "tried": (NEAR, _of_feature(lambda one: one.tried.users)),
    "adopted": (NEAR, _of_feature(lambda one: one.adopted.users)),
    "meant": (NEAR, _of_feature(lambda one: one.adopted.among)),
    "outsiders": (NEAR, _of_feature(lambda one: one.outsiders)),
    "sustained": (NEAR, lambda own, rest: own.ground.use.active(own.day, MAU_DAYS)),
    "habitual": (NEAR, lambda own, rest: own.habitual),
    "began": (NEAR, _together(lambda one, at: one.users)),
    "came-again": (NEAR, _together(lambda one, at: one.classic[at].users)),
    "stayed": (NEAR, _together(lambda one, at: one.rolling[at].users)),
    "cohort": (NEAR, lambda own, rest: _in_cohort(own, rest)[0].users),
    "classic": (NEAR, _classic),
    "rolling": (NEAR, _rolling),
    "reached": (FROM_GO_LIVE, _in_first_weeks(lambda day: day.reached.users)),
    "expected-since": (FROM_GO_LIVE, _in_first_weeks(lambda day: day.reached.among)),
    "missing": (FROM_GO_LIVE, _in_first_weeks(lambda day: day.reached.others)),
    "newcomers": (FROM_GO_LIVE, _in_first_weeks(lambda day: day.newcomers)),
}
