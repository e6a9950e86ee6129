"""Retention in words: one sentence, cells in full, both curves as a table."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.templatetags.formats import number, said_short
from usage import charts
from usage.activity import date_of
from usage.numbers.periods import Period
from usage.numbers.retention import Cohort, Retention
from usage.numbers.shares import Share
from usage.views.saying.told import Linked, Rows, Told, say_people, say_share

# How far after its start a cohort is asked for in the sentence.
SAID_PERIOD = 4


def tell_retention(value: Retention) -> Told:
    """Cohorts by the period they began in; classic in the figure, both curves in the table."""
    longest = max((len(cohort.classic) for cohort in value.cohorts), default=1)
    steps = [_("Week %(n)s"), _("Month %(n)s")][value.period is Period.MONTH]
    unit = [_("% active, by week"), _("% active, by month")][value.period is Period.MONTH]
    words = charts.CohortWords(
        unit=unit,
        cohort=_say_cohort,
        cell=lambda cohort, at: _say_cohort_cell(value.period, cohort, at),
    )
    return Told(
        finding=_find_retention(value),
        words=_("How many of those who began together were active in each period since."),
        figure=charts.cohort_grid(value, words=words),
        columns=(_("Began"), _("People"), _("Curve"), *(steps % {"n": n} for n in range(longest))),
        rows=tuple(
            row for one in value.cohorts for row in _cohort_rows(one, longest, value.period)
        ),
    )


def _find_retention(value: Retention) -> str:
    points = value.classic[1:]
    if not points:
        return _("Nobody has been here for a whole period after their first yet.")
    point = points[min(SAID_PERIOD, len(points)) - 1]
    said = {"share": say_people(point.users, point.of), "n": point.period}
    if value.period is Period.MONTH:
        return (
            ngettext(
                "%(share)s were active in the month after their first.",
                "%(share)s were active %(n)s months after their first.",
                point.period,
            )
            % said
        )
    return (
        ngettext(
            "%(share)s were active in the week after their first.",
            "%(share)s were active %(n)s weeks after their first.",
            point.period,
        )
        % said
    )


def _say_cohort(cohort: Cohort) -> str:
    """`5 Oct · 12`: the first day and how many."""
    return f"{said_short(date_of(cohort.first))} · {number(len(cohort.users))}"


def _say_cohort_cell(period: Period, cohort: Cohort, at: int) -> str:
    share = cohort.classic[at]
    said = {
        "share": say_share(share.count, share.size),
        "day": said_short(date_of(cohort.first)),
        "n": at,
    }
    if at >= cohort.finished:
        return _("%(share)s so far; this period is not over") % said
    if period is Period.MONTH:
        return _("%(share)s of those who began in the month of %(day)s, month %(n)s") % said
    return _("%(share)s of those who began in the week of %(day)s, week %(n)s") % said


def _cohort_rows(cohort: Cohort, longest: int, period: Period) -> Rows:
    named = (("classic", _("Classic"), cohort.classic), ("rolling", _("Rolling"), cohort.rolling))
    began = f"{period.value}/{date_of(cohort.first)}"
    first = said_short(date_of(cohort.first))
    people = Linked.to(number(len(cohort.users)), f"cohort:{began}/0")
    return tuple(
        (first, people, name, *_cohort_cells(curve, cohort.finished, longest, f"{key}:{began}"))
        for key, name, curve in named
    )


def _cohort_cells(curve: Sequence[Share], finished: int, longest: int, key: str) -> list[str]:
    known: list[str] = []
    for at, share in enumerate(curve):
        said = number(share.count)
        if at >= finished:
            said = _("%(n)s so far") % {"n": said}
        known.append(Linked.to(said, f"{key}/{at}"))
    return known + [""] * (longest - len(curve))
