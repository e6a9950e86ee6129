"""The first weeks after go-live in words: who has come, and how many are still missing."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.templatetags.formats import number, said_short
from usage import charts
from usage.activity import date_of
from usage.numbers.early import EarlyDay, EarlyUse
from usage.views.saying.told import Linked, Told, say_people


def tell_early_use(value: EarlyUse) -> Told:
    """The days since go-live, as far as they are closed."""
    return Told(
        finding=_find_early_use(value),
        words=_("How many of the people with access had come by each day after go-live."),
        figure=charts.early_curve(value, words=say_words(value)),
        columns=(
            _("Day"),
            _("After go-live"),
            _("Active"),
            _("First seen"),
            _("Have come"),
            _("With access"),
            _("Events"),
        ),
        rows=tuple(_row(day) for day in reversed(value.days)),
    )


def say_words(value: EarlyUse) -> charts.EarlyWords:
    last = value.days[-1] if value.days else None
    expected, reached = (last.reached.size, last.reached.count) if last else (0, 0)
    active = len(last.active) if last else 0
    return charts.EarlyWords(
        days=_("days after go-live"),
        people=_("people"),
        expected=_("%(n)s with access") % {"n": number(expected)},
        reached=ngettext("%(n)s has come", "%(n)s have come", reached) % {"n": number(reached)},
        active=_("%(n)s that day") % {"n": number(active)},
        hover=_say_day,
    )


def _find_early_use(value: EarlyUse) -> str:
    if not value.days:
        day = said_short(date_of(value.go_live))
        return _("No day since go-live on %(day)s is over yet.") % {"day": day}
    last = value.days[-1]
    finding = ngettext(
        "%(share)s had come one day after go-live.",
        "%(share)s had come %(n)s days after go-live.",
        last.number,
    ) % {"share": say_people(last.reached.count, last.reached.size), "n": number(last.number)}
    if not value.missing:
        return finding
    missing = ngettext(
        "One person with access is still to be seen.",
        "%(n)s people with access are still to be seen.",
        len(value.missing),
    ) % {"n": number(len(value.missing))}
    return f"{finding} {missing}"


def _say_day(day: EarlyDay) -> str:
    said = {
        "day": said_short(date_of(day.day)),
        "n": number(len(day.active)),
        "new": number(len(day.newcomers)),
    }
    return _("%(day)s: %(n)s active, %(new)s for the first time") % said


def _row(day: EarlyDay) -> tuple[str, ...]:
    on = date_of(day.day)
    return (
        said_short(on),
        number(day.number),
        Linked.to(number(len(day.active)), "dau", last=str(on)),
        Linked.to(number(len(day.newcomers)), f"newcomers:{day.number}"),
        Linked.to(number(day.reached.count), f"reached:{day.number}"),
        Linked.to(number(day.reached.size), f"expected-since:{day.number}"),
        number(day.uses),
    )
