"""What a change would move, in words, before it is made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from adoption.editing import Moves
from rendering.templatetags.formats import number, said_short

SAID_ROWS = 3


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that would be different: what it was, what it would be, and by how much."""

    about: str
    was: str
    now: str
    note: str
    is_worse: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """A question before a change: what it would do, and what to send to do it.

    `fields` are those of the form that asks again, `back` is the address of the plan as it is.
    `rows` are rows that were understood, `faults` what keeps the change from being made.
    """

    title: str
    action: str
    fields: Sequence[tuple[str, Any]]
    back: str
    save: str
    facts: Sequence[Fact] = ()
    others: Sequence[str] = ()
    rows: Sequence[Any] = ()
    more: int = 0
    faults: Sequence[str] = ()
    may_save: bool = True
    swaps: bool = True


def unless_asked(
    edit: Callable[[], Moves], *, sure: bool, own: Iterable[Any]
) -> tuple[Moves, bool]:
    """Make a change, and whether it has to be asked about first: then nothing of it stays.

    Computed and stored in one go, since most edits are nothing to ask about.
    """
    with transaction.atomic():
        moves = edit()
        has_to_ask = not sure and asks(moves, own=own)
        transaction.set_rollback(has_to_ask)
    return moves, has_to_ask


def asks(moves: Moves, *, own: Iterable[Any]) -> bool:
    """Whether a change is worth asking about: it moves the finish or steps beside its own."""
    own = set(own)
    return bool(
        moves.finish_days or moves.deadlines_broken or any(row.id not in own for row in moves.moved)
    )


def facts_of(moves: Moves) -> list[Fact]:
    """The finish, broken deadlines, the steps that move most and what is critical from then on."""
    facts = [_finish(moves)]
    for broken in moves.deadlines_broken[:SAID_ROWS]:
        facts.append(
            Fact(
                about=f"{broken.outline} {broken.name}",
                was=said_short(broken.deadline_at),
                now=said_short(broken.finish),
                note=_("misses its deadline"),
                is_worse=True,
            )
        )
    facts += [_move(row) for row in _by_size(moves)[:SAID_ROWS]]
    if moves.newly_critical:
        facts.append(_critical(moves))
    return facts


def others_of(moves: Moves) -> list[str]:
    """The steps that move beside those that stand in `facts_of`, each in a line."""
    return [
        f"{row.outline} {row.name}: {said_short(row.start_after)} – {said_short(row.finish_after)}"
        f", {say_days(row.days)}"
        for row in _by_size(moves)[SAID_ROWS:]
    ]


def title_of(moves: Moves) -> str:
    if moves.finish_days > 0:
        return _("The plan would finish %(days)s.") % {"days": say_days(moves.finish_days)}
    if moves.finish_days < 0:
        return _("The plan would finish %(days)s.") % {"days": say_days(moves.finish_days)}
    return ngettext(
        "One step would move; the finish stays.",
        "%(n)s steps would move; the finish stays.",
        len(moves.moved),
    ) % {"n": number(len(moves.moved))}


def say_days(days: float) -> str:
    if not days:
        return _("on the same day")
    words = (
        ngettext("%(n)s working day later", "%(n)s working days later", round(abs(days)))
        if days > 0
        else ngettext("%(n)s working day earlier", "%(n)s working days earlier", round(abs(days)))
    )
    return words % {"n": number(abs(days))}


def _finish(moves: Moves) -> Fact:
    before, after = said_short(moves.finish_before), said_short(moves.finish_after)
    return Fact(
        about=_("Finish"),
        was=before if before != after else "",
        now=after,
        note=say_days(moves.finish_days) if moves.finish_days else _("stays"),
        is_worse=moves.finish_days > 0,
    )


def _by_size(moves: Moves) -> list[Any]:
    return sorted(moves.moved, key=lambda row: -abs(row.days))


def _move(row: Any) -> Fact:
    before, after = said_short(row.finish_before), said_short(row.finish_after)
    if before == after:
        before, after = said_short(row.start_before), said_short(row.start_after)
    return Fact(
        about=f"{row.outline} {row.name}",
        was=before if before != after else "",
        now=after,
        note=say_days(row.days) if row.days else _("begins on another day"),
    )


def _critical(moves: Moves) -> Fact:
    first, rest = moves.newly_critical[0], len(moves.newly_critical) - 1
    note = (
        ngettext("and one more step becomes critical", "and %(n)s more become critical", rest)
        % {"n": rest}
        if rest
        else _("becomes critical")
    )
    return Fact(about=_("Critical path"), was="", now=f"{first.outline} {first.name}", note=note)
