"""What a number stands for, above the list of the people it counted."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from rendering.templatetags.formats import number, said_short
from usage.numbers.periods import Period

COUNTS = {
    "dau": _lazy("active that day"),
    "wau": _lazy("active in the 7 days to then"),
    "mau": _lazy("active in the %(window)s days to then"),
    "lost": _lazy("active four weeks before and not since"),
    "gained": _lazy("active now and not four weeks before"),
    "sustained": _lazy("active in the 28 days to then"),
    "habitual": _lazy("active and for whom it is a habit, on the roster or not"),
    "with-access": _lazy("with access that day"),
    "idle": _lazy("with access and not active in the %(window)s days"),
    "beyond": _lazy("active in the %(window)s days without access on record"),
    "deep": _lazy("with access and deep use"),
    "expected": _lazy("expected on some day of the %(window)s"),
    "habit": _lazy("for whom it is a habit"),
    "settled": _lazy("with access all through the last four weeks"),
    "too-new": _lazy("with access for less than four weeks"),
    "activated": _lazy("who reached first value in time"),
    "mature": _lazy("given access long enough ago to be counted"),
    "not-yet-due": _lazy("given access too short a time ago to be counted"),
    "late": _lazy("who did not reach first value in time"),
    "waiting": _lazy("still waiting for first value"),
    "started": _lazy("who began to wait for first value"),
    "tried": _lazy("who tried %(rest)s"),
    "adopted": _lazy("who adopted %(rest)s"),
    "meant": _lazy("meant to use %(rest)s"),
    "outsiders": _lazy("who use %(rest)s though nobody meant them to"),
    "reached": _lazy("with access who have come since go-live"),
    "expected-since": _lazy("with access in the first weeks"),
    "missing": _lazy("with access and never seen since go-live"),
    "newcomers": _lazy("seen for the first time since go-live that day"),
}

# Of all cohorts together; by week, by month.
TOGETHER = {
    "began": (
        _lazy("who began long enough ago for week %(n)s to be over"),
        _lazy("who began long enough ago for month %(n)s to be over"),
    ),
    "came-again": (
        _lazy("who came in week %(n)s after their first"),
        _lazy("who came in month %(n)s after their first"),
    ),
    "stayed": (
        _lazy("who came in week %(n)s after their first or later"),
        _lazy("who came in month %(n)s after their first or later"),
    ),
}


def say_count(people: int) -> str:
    return ngettext("One person", "%(n)s people", people) % {"n": number(people)}


def say_counted(key: str, *, day: date, window: int) -> str:
    """What the people of a number have in common: `active in the 28 days to then, 20 Nov`."""
    name, _colon, rest = key.partition(":")
    if name == "on-days":
        words = _say_days(rest)
    elif name in ("cohort", "classic", "rolling"):
        words = _say_cohort(name, rest)
    elif name in TOGETHER:
        words = _say_together(name, rest)
    else:
        words = str(COUNTS[name]) % {"window": window, "rest": rest}
    return _("%(words)s · %(day)s") % {"words": words, "day": said_short(day)}


def _say_days(rest: str) -> str:
    least, dash, most = rest.partition("-")
    said = {"least": least, "most": most}
    if dash:
        return _("active on %(least)s to %(most)s days of the window") % said
    return (
        ngettext(
            "active on %(least)s day of the window",
            "active on %(least)s days of the window",
            int(least),
        )
        % said
    )


def _say_together(name: str, rest: str) -> str:
    period, _slash, number_of = rest.partition("/")
    return str(TOGETHER[name][period == Period.MONTH.value]) % {"n": number_of}


def _say_cohort(name: str, rest: str) -> str:
    period, day, number_of = rest.split("/")
    said = {"day": said_short(date.fromisoformat(day)), "n": number_of}
    if name == "cohort":
        return _("who began in the period of %(day)s") % said
    month = period == Period.MONTH.value
    if name == "classic":
        classic = (
            _("who began in the week of %(day)s and came in week %(n)s"),
            _("who began in the month of %(day)s and came in month %(n)s"),
        )
        return classic[month] % said
    rolling = (
        _("who began in the week of %(day)s and came in week %(n)s or later"),
        _("who began in the month of %(day)s and came in month %(n)s or later"),
    )
    return rolling[month] % said
