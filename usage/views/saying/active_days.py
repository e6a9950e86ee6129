"""The active-days distribution in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rendering.templatetags.formats import days as say_days
from rendering.templatetags.formats import number, said_short
from usage import charts
from usage.activity import date_of
from usage.numbers.active import ActiveDays
from usage.views.saying.told import Linked, Told, say_people


def tell_active_days(value: ActiveDays) -> Told:
    """How many people came on how many days of the window."""
    return Told(
        finding=_find_active_days(value),
        words=_("How many people were active on each number of days."),
        figure=charts.active_days_bars(value, words=say_words(value)),
        columns=(_("Active days"), _("People")),
        rows=tuple(
            (number(at), Linked.to(number(people), f"on-days:{at}"))
            for at, people in enumerate(value.counts)
        ),
    )


def say_words(value: ActiveDays) -> charts.ActiveDaysWords:
    often, counts = charts.often_from(value), value.counts
    frequent = {"count": number(sum(counts[often:])), "n": often}
    return charts.ActiveDaysWords(
        days=_("active days of %(window)s") % {"window": value.window},
        people=_("people"),
        often=_("%(count)s on %(n)s days or more") % frequent,
        never=_("%(n)s never") % {"n": number(counts[0])},
        hover=_say_bar,
    )


def _find_active_days(value: ActiveDays) -> str:
    often, counts = charts.often_from(value), value.counts
    sentence = _("%(share)s came on %(n)s or more of the %(window)s days to %(day)s.")
    finding = sentence % {
        "share": say_people(sum(counts[often:]), len(value.users)),
        "n": often,
        "window": value.window,
        "day": said_short(date_of(value.day)),
    }
    if not counts[0]:
        return finding
    never = ngettext("One did not come.", "%(n)s did not come.", counts[0])
    return f"{finding} {never % {'n': number(counts[0])}}"


def _say_bar(at: int, people: int) -> str:
    said = ngettext("One person", "%(n)s people", people) % {"n": number(people)}
    return _("%(people)s on %(days)s") % {"people": said, "days": say_days(at)}
