"""What differs between two versions of a plan, in words."""

from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption.comparison import Cause, Comparison, RowChange
from rendering.templatetags.formats import number, said_short

MOST_CAUSES = 2
MOST_MOVED = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing of the strip: what it is, how it was and is, and a word on it."""

    name: str
    was: str
    now: str
    note: str
    is_late: bool = False


def say_days(amount: float) -> str:
    """A number of working days without its sign: "1 working day", "2.5 working days"."""
    whole = abs(amount)
    words = ngettext("%(n)s working day", "%(n)s working days", ceil(whole))
    return words % {"n": number(whole)}


def say_later(amount: float | None) -> str:
    """ "3 working days later", "2 working days earlier", "unmoved"."""
    if not amount:
        return _("unmoved")
    if amount > 0:
        return _("%(days)s later") % {"days": say_days(amount)}
    return _("%(days)s earlier") % {"days": say_days(amount)}


def say_finish(found: Comparison) -> str:
    """How the finish moved, and why as far as the plans say so."""
    if found.is_same:
        return _("Both are the same.")
    if found.finish_days is None:
        return _("One of them has no work in it.")
    if not found.finish_days:
        return _("The finish did not move.")
    words = {"later": say_later(found.finish_days)}
    causes = [say_cause(cause) for cause in found.causes[:MOST_CAUSES]]
    if not causes:
        return _("The finish moved %(later)s.") % words
    if len(causes) == 1:
        words["cause"] = causes[0]
        return _("The finish moved %(later)s, because %(cause)s.") % words
    words |= {"cause": causes[0], "other": causes[1]}
    return _("The finish moved %(later)s, because %(cause)s and %(other)s.") % words


def say_cause(cause: Cause) -> str:
    """The rest of a sentence that begins with "because"."""
    sentences = {
        ("duration", True): _("%(step)s went on %(days)s longer")
        if cause.done
        else _("%(step)s goes on %(days)s longer"),
        ("duration", False): _("%(step)s takes %(days)s less"),
        ("row", True): _("%(step)s was added (%(days)s)"),
        ("row", False): _("%(step)s was taken out (%(days)s)"),
        ("link", True): _("%(step)s now waits for %(other)s"),
        ("link", False): _("%(step)s no longer waits for %(other)s"),
        ("lag", True): _("%(step)s waits %(days)s longer for %(other)s"),
        ("lag", False): _("%(step)s waits %(days)s less for %(other)s"),
        ("constraint", True): _("a later date was set for %(step)s"),
        ("constraint", False): _("an earlier date was set for %(step)s"),
        ("started", True): _("%(step)s began %(days)s later"),
        ("started", False): _("%(step)s began %(days)s earlier"),
        ("start", True): _("%(step)s begins %(days)s later"),
        ("start", False): _("%(step)s begins %(days)s earlier"),
    }
    return sentences[cause.kind, cause.days >= 0] % {
        "step": cause.name,
        "other": cause.other,
        "days": say_days(cause.days),
    }


def say_counts(found: Comparison) -> str:
    """How much differs, in one sentence; empty where nothing does."""
    moved = len(found.of_kind("moved"))
    counted = (
        (moved, ngettext("%(n)s step moved", "%(n)s steps moved", moved)),
        _counted(found, "added"),
        _counted(found, "removed"),
        _counted(found, "changed"),
        _links(found),
    )
    parts = [words % {"n": number(amount)} for amount, words in counted if amount]
    return f"{', '.join(parts)}." if parts else ""


def _counted(found: Comparison, kind: str) -> tuple[int, str]:
    amount = len(found.of_kind(kind))
    words = {
        "added": ngettext("%(n)s came in", "%(n)s came in", amount),
        "removed": ngettext("%(n)s went out", "%(n)s went out", amount),
        "changed": ngettext("%(n)s changed otherwise", "%(n)s changed otherwise", amount),
    }
    return amount, words[kind]


def _links(found: Comparison) -> tuple[int, str]:
    amount = len(found.links)
    return amount, ngettext("%(n)s link differs", "%(n)s links differ", amount)


def moved_of(found: Comparison) -> tuple[Moved, ...]:
    """What is worth a look first: the finish, then the steps that moved farthest."""
    days = found.finish_days or 0
    before, after = found.before.finish, found.after.finish
    parts = []
    if days and before and after:
        parts.append(
            Moved(_("Finish"), said_short(before), said_short(after), say_later(days), days > 0)
        )
    steps = sorted(found.of_kind("moved"), key=lambda change: -abs(change.finish_days))
    parts += [_step(change) for change in steps if change.finish_days][:MOST_MOVED]
    return tuple(parts)


def _step(change: RowChange) -> Moved:
    before, after = change.before or change.row, change.after or change.row
    note = say_later(change.finish_days)
    if change.is_newly_critical:
        note = _("%(later)s, critical now") % {"later": note}
    return Moved(change.row.name, said_short(before.finish), said_short(after.finish), note)
