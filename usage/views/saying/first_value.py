"""Time to first value in words: the median with its range, or that half have not come yet."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.templatetags.formats import days as say_days
from rendering.templatetags.formats import number, percent
from usage import charts
from usage.numbers.activation import Start, TimeToValue
from usage.numbers.rules import AgreedFirstValue
from usage.views.saying.told import Rows, Told


def tell_first_value(value: TimeToValue) -> Told:
    """How long people took to first value, with those who still wait."""
    return Told(
        finding=_find_first_value(value),
        words=_("The share of people who had reached first value by each day."),
        figure=charts.first_value_curve(value, words=say_words(value)),
        columns=(
            _("Day"),
            _("Still waiting"),
            _("Reached it then"),
            _("Reached so far"),
            _("95 % range"),
        ),
        rows=_first_value_rows(value),
    )


def say_words(value: TimeToValue) -> charts.FirstValueWords:
    curve = value.curve
    now = 1 - (float(curve.surviving[-1]) if len(curve.surviving) else 1.0)
    counts = {"n": number(curve.seen), "all": number(curve.size)}
    return charts.FirstValueWords(
        days=_("days since %(start)s") % {"start": _say_start(value.start)},
        percent=_("% of people who reached it"),
        half=_half_words(value),
        now=(percent(now), _("%(n)s of %(all)s so far") % counts),
        hover=_say_point,
    )


def _say_point(day: int, share: float) -> str:
    return _("%(share)s by day %(day)s") % {"share": percent(share / 100), "day": number(day)}


def _find_first_value(value: TimeToValue) -> str:
    said = {
        "all": number(len(value.users)),
        "start": _say_start(value.start),
        "reached": number(value.curve.seen),
        "waiting": number(len(value.waiting)),
    }
    if not value.users:
        return _("Nobody has been counted yet: there is no %(start)s on record.") % said
    if value.median is None:
        sentence = _(
            "Fewer than half of %(all)s people have reached first value since %(start)s: "
            "%(reached)s so far, %(waiting)s still waiting."
        )
        return sentence % said
    return _("Half of %(all)s people reached first value within %(days)s of %(start)s.") % {
        **said,
        "days": say_days(value.median),
    }


def _half_words(value: TimeToValue) -> str:
    if value.median is None:
        return _("half: not reached")
    low, high = value.curve.range_of(0.5)
    ends = {"day": value.median, "low": number(low), "high": number(high)}
    if low is None or high is None:
        return _("half by day %(day)s") % ends
    return _("half by day %(day)s (%(low)s to %(high)s)") % ends


def _say_start(start: Start) -> str:
    return {
        Start.CONTRACT: _("the contract"),
        Start.KICKOFF: _("kickoff"),
        Start.ACCESS: _("access"),
    }[start]


def _first_value_rows(value: TimeToValue) -> Rows:
    curve = value.curve
    columns = (curve.times, curve.at_risk, curve.happened, curve.surviving, curve.low, curve.high)
    return tuple(
        (
            number(day),
            number(at_risk),
            number(happened),
            percent(1 - left),
            f"{percent(1 - high)} – {percent(1 - low)}",
        )
        for day, at_risk, happened, left, low, high in zip(
            *(column.tolist() for column in columns), strict=True
        )
    )


def say_agreed(agreed: AgreedFirstValue) -> str:
    """What counts as first value here."""
    said = {"feature": agreed.feature, "n": number(agreed.uses), "days": say_days(agreed.within)}
    if not agreed.feature:
        any_use = ngettext(
            "First value is any use, within %(days)s of access.",
            "First value is %(n)s uses of anything, within %(days)s of access.",
            agreed.uses,
        )
        return any_use % said
    return (
        ngettext(
            "First value is the first use of %(feature)s, within %(days)s of access.",
            "First value is %(feature)s used %(n)s times, within %(days)s of access.",
            agreed.uses,
        )
        % said
    )
