"""Working time and overloads in words."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption.forms.fields import weekdays
from adoption.queries.absences import AbsencePreview
from adoption.queries.loading import LevellingView, OverloadRow
from adoption.scheduling.terms import WHOLE_DAY, DayRule, Terms, write_hours
from engagements.calendars import name_of
from rendering.templatetags.formats import number, said_short, signed_days

NAMED = 3


def say_span(first: date, last: date) -> str:
    if first == last:
        return said_short(first)
    return _("%(first)s to %(last)s") % {"first": said_short(first), "last": said_short(last)}


def say_terms(terms: Terms | None) -> str:
    """A usual week: “Monday to Friday, 08:00–12:00, 13:00–17:00, holidays of Germany”."""
    if terms is None or terms.says_nothing:
        return _("whenever the plan works")
    parts = []
    if not terms.works_when_asked:
        parts.append(_say_week(terms))
    if terms.region:
        parts.append(_("without public holidays of %(region)s") % {"region": name_of(terms.region)})
    return ", ".join(parts) or _("whenever the plan works, days away apart")


def _say_week(terms: Terms) -> str:
    days = [day for day, shifts in enumerate(terms.week, start=1) if shifts]
    hours = {shifts for shifts in terms.week if shifts}
    said = _say_days(days)
    if hours == {WHOLE_DAY}:
        return said
    if len(hours) == 1:
        return f"{said}, {write_hours(hours.pop())}"
    return _("%(days)s, hours differ by day") % {"days": said}


def _say_days(days: list[int]) -> str:
    """Monday to Friday, or the days one by one where they are not in a row."""
    names = [name for day, name in weekdays() if day in days]
    if len(names) > 2 and max(days) - min(days) == len(names) - 1:
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names)


def say_overload(one: OverloadRow) -> str:
    """“Ana is asked for 2 where there is 1, 3 Aug to 7 Aug.”"""
    return _("%(name)s is asked for %(peak)s where there is %(capacity)s, %(span)s.") % {
        "name": one.resource,
        "peak": number(one.peak),
        "capacity": number(one.capacity),
        "span": say_span(one.start.date(), one.finish.date()),
    }


def say_absence(name: str, rule: DayRule, preview: AbsencePreview) -> list[str]:
    """What a change of somebody's days would do, a sentence each."""
    words = _("%(name)s is away %(span)s") if rule.is_off else _("%(name)s is there %(span)s")
    told = [words % {"name": name, "span": say_span(rule.first, rule.last)}]
    told += [
        _("%(package)s would start on %(day)s")
        % {"package": f"{row.outline} {row.name}", "day": said_short(row.start_after)}
        for row in preview.moved
        if row.needs_it and row.start_after != row.start_before
    ][:NAMED]
    return ["; ".join(told) + ".", say_finish(preview)]


def say_finish(moves: Any) -> str:
    """What becomes of the plan's finish; of whatever has finish_before, _after and _days."""
    if moves.finish_before == moves.finish_after:
        return _("The plan still finishes on %(day)s.") % {"day": said_short(moves.finish_after)}
    later = moves.finish_after > moves.finish_before
    words = (
        _("The plan would finish on %(after)s instead of %(before)s, %(days)s later.")
        if later
        else _("The plan would finish on %(after)s instead of %(before)s, %(days)s earlier.")
    )
    return words % {
        "after": said_short(moves.finish_after),
        "before": said_short(moves.finish_before),
        "days": signed_days(abs(moves.finish_days)),
    }


def say_levelling(shown: LevellingView) -> str:
    """What levelling would do, in a sentence or two."""
    waiting = [row for row in shown.moved if row.waits]
    if not waiting:
        if shown.remaining:
            return _("Waiting would not help: what asks for too much cannot be moved.")
        return _("Nobody is asked for more than there is.")
    said = ngettext(
        "%(n)s work package would wait until what it needs is free.",
        "%(n)s work packages would wait until what they need is free.",
        len(waiting),
    ) % {"n": number(len(waiting))}
    if shown.finish == shown.finish_after:
        finish = _("The plan still finishes on %(day)s.") % {"day": said_short(shown.finish)}
    else:
        finish = _("It would finish on %(after)s instead of %(before)s.") % {
            "after": said_short(shown.finish_after),
            "before": said_short(shown.finish),
        }
    return f"{said} {finish}"
