"""Licences in words: used and given out are two numbers, each with its seats."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.templatetags.formats import number, percent, said_short
from usage import charts
from usage.activity import date_of
from usage.numbers.licences import LicenceUse
from usage.views.saying.told import Rows, Told, say_seats


def tell_licences(value: LicenceUse, *, today: date) -> Told:
    """Seats held, given out and used on each day; the sentence is of the last one."""
    return Told(
        finding=f"{_find_licences(value)} {_say_coverage(value)}".rstrip(),
        words=_("Seats held, given out and used over time."),
        figure=charts.licence_lines(value, words=say_words(value), today=today),
        columns=(
            _("Day"),
            _("Seats"),
            _("Given out"),
            _("Active in %(window)s days") % {"window": value.window},
            _("Deployed"),
            _("Used"),
        ),
        rows=_licence_rows(value),
    )


def say_words(value: LicenceUse) -> charts.LicenceWords:
    seats, assigned, active = (int(own[-1]) for own in (value.seats, value.assigned, value.active))
    held = ngettext("%(n)s seat", "%(n)s seats", seats) % {"n": number(seats)}
    in_use = {"n": number(active), "window": value.window}
    names = {"seats": _("seats"), "assigned": _("given out"), "active": _("active")}
    return charts.LicenceWords(
        people=_("people"),
        seats=held if value.known[-1] else "",
        assigned=_("%(n)s given out") % {"n": number(assigned)},
        active=_("%(n)s active in %(window)s days") % in_use,
        narrow=_("%(n)s active") % in_use,
        hover=lambda name, count: f"{number(count)} {names[name]}",
    )


def _find_licences(value: LicenceUse) -> str:
    seats, assigned, active = (int(own[-1]) for own in (value.seats, value.assigned, value.active))
    day = said_short(date_of(int(value.days[-1])))
    if not seats:
        return ngettext(
            "%(n)s person was active in the %(window)s days to %(day)s; no seats are on record for it.",
            "%(n)s people were active in the %(window)s days to %(day)s; no seats are on record for it.",
            active,
        ) % {"n": number(active), "window": value.window, "day": day}
    sentence = _(
        "%(used)s were used in the %(window)s days to %(day)s, and %(deployed)s were given out."
    )
    return sentence % {
        "window": value.window,
        "used": say_seats(active, seats),
        "deployed": say_seats(assigned, seats),
        "day": day,
    }


def _say_coverage(value: LicenceUse) -> str:
    total = value.total
    missing = total.days - total.days_known
    if not missing or not total.days_known:
        return ""
    return ngettext(
        "One day of %(all)s has no seats on record.",
        "%(n)s of %(all)s days have no seats on record.",
        missing,
    ) % {"n": number(missing), "all": number(total.days)}


def _licence_rows(value: LicenceUse) -> Rows:
    """The newest day first."""
    found = zip(
        value.days.tolist(),
        value.seats.tolist(),
        value.known.tolist(),
        value.assigned.tolist(),
        value.active.tolist(),
        strict=True,
    )
    rows = [
        (
            said_short(date_of(day)),
            number(seats if known else None),
            number(assigned),
            number(active),
            percent(assigned / seats if seats else None),
            percent(active / seats if seats else None),
        )
        for day, seats, known, assigned, active in found
    ]
    return tuple(reversed(rows))
