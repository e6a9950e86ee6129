"""What lies between two sheets, as JSON holds it, and the way from one to the other.

    changes = difference(before, after)     # {uid: {field: [before, after]}}
    applied(before, changes) == after
    applied(after, reverse(changes)) == before

A row that moved among the others has `place`: parent, the sibling before it, and its line, all
before and after. Of many ways to say a move it is the one that moves the fewest rows. A row made
or removed has `made` and every field. The plan's own fields stand at the key "".
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from adoption.editing.sheet import FIELDS, Head, Refused, Row, Sheet, Wait
from adoption.editing.tree import Tree

Changes = dict[str, dict[str, list[Any]]]
PLAN = ""
MADE, PLACE = "made", "place"
# What is written down with a row but is none of its fields.
BESIDE = frozenset({MADE, PLACE, "id", "kept"})

_DATES = frozenset({"constraint_at", "deadline_at", "actual_start", "actual_finish", "start_at"})
_MONEY = frozenset({"budget", "cost"})
_IDS = frozenset({"id", "owner_member", "owner_stakeholder", "impact_group"})


def difference(before: Sheet, after: Sheet) -> Changes:
    old = {row.uid: row for row in before.rows}
    new = {row.uid: row for row in after.rows}
    changes: Changes = {}
    for uid in old.keys() | new.keys():
        fields = _fields(old.get(uid), new.get(uid))
        if fields:
            changes[uid] = fields
    for uid, place in _places(before, after).items():
        changes.setdefault(uid, {})[PLACE] = place
    head = _head(before.head, after.head)
    return changes | {PLAN: head} if head else changes


def reverse(changes: Mapping[str, Mapping[str, Sequence[Any]]]) -> Changes:
    return {
        uid: {field: [values[1], values[0]] for field, values in fields.items()}
        for uid, fields in changes.items()
    }


def clash(
    one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """A row that both change in the same field, or that one makes or removes; None when none."""
    for uid in one.keys() & other.keys():
        mine, theirs = one[uid].keys(), other[uid].keys()
        if mine & theirs or MADE in mine or MADE in theirs:
            return uid
    return None


def applied(sheet: Sheet, changes: Mapping[str, Mapping[str, Sequence[Any]]]) -> Sheet:
    """The sheet with every field set to its value after. Raises Refused where rows are missing."""
    tree = Tree(sheet.rows)
    coming = _take_out(tree, changes)
    for _line, uid, parent, previous in sorted(coming):
        _put_in(tree, uid, changes[uid], parent, previous)
    for uid, fields in changes.items():
        stated = {name: _read(name, value[1]) for name, value in fields.items() if name in FIELDS}
        if uid != PLAN and uid in tree and stated:
            tree.by_uid[uid] = tree.by_uid[uid]._replace(**stated)
    rows = tuple(tree.rows())
    _refuse_loose_ends(rows, len(tree.by_uid))
    return Sheet(_applied_head(sheet.head, changes.get(PLAN, {})), rows)


def _take_out(
    tree: Tree, changes: Mapping[str, Mapping[str, Sequence[Any]]]
) -> list[tuple[int, str, str, str]]:
    """Detach what goes or moves; returns where what comes or moves is to stand, with its line."""
    coming: list[tuple[int, str, str, str]] = []
    gone: list[str] = []
    for uid, fields in changes.items():
        if PLACE not in fields:
            continue
        before, after = fields[PLACE]
        if before is not None:
            tree.detach(tree.row(uid).uid)
        if after is None:
            gone.append(uid)
        else:
            coming.append((after[2], uid, after[0], after[1]))
    for uid in gone:
        del tree.by_uid[uid]
    for uid in gone:
        if tree.below.pop(uid, None):
            raise Refused("still_used", "__all__", uid=uid)
    return coming


def _put_in(
    tree: Tree,
    uid: str,
    fields: Mapping[str, Sequence[Any]],
    parent: str,
    previous: str,
) -> None:
    if parent and parent not in tree:
        raise Refused("parent_gone", "__all__", uid=uid)
    if fields.get(MADE, (None, False))[1]:
        row = Row(uid, UUID(fields["id"][1]), parent or None, "")
    else:
        row = tree.by_uid[uid]
    tree.attach(row, parent or None, previous or None)


def _refuse_loose_ends(rows: Sequence[Row], known: int) -> None:
    """Rows that contain themselves are not reached from the top; links must lead somewhere."""
    if len(rows) < known:
        raise Refused("still_used", "__all__")
    there = {row.uid for row in rows}
    for row in rows:
        for wait in row.links:
            if wait.uid not in there:
                raise Refused("still_linked", "__all__", uid=row.uid, name=row.name)


def _fields(old: Row | None, new: Row | None) -> dict[str, list[Any]]:
    if old is new:
        return {}
    if old is not None and new is not None:
        return {
            name: [_plain(getattr(old, name)), _plain(getattr(new, name))]
            for name in FIELDS
            if getattr(old, name) != getattr(new, name)
        }
    whole: dict[str, list[Any]] = {MADE: [old is not None, new is not None]}
    for name in ("id", *FIELDS):
        whole[name] = [None if row is None else _plain(getattr(row, name)) for row in (old, new)]
    return whole


def _head(old: Head, new: Head) -> dict[str, list[Any]]:
    return {
        name: [_plain(before), _plain(after)]
        for name, before, after in zip(Head._fields, old, new, strict=True)
        if before != after
    }


def _applied_head(head: Head, fields: Mapping[str, Sequence[Any]]) -> Head:
    return head._replace(**{name: _read(name, values[1]) for name, values in fields.items()})


def _places(before: Sheet, after: Sheet) -> dict[str, list[Any]]:
    """Where rows stood and stand, of those that came, went or changed their order."""
    if [(row.uid, row.parent) for row in before.rows] == [
        (row.uid, row.parent) for row in after.rows
    ]:
        return {}
    old, new = _standing(before.rows), _standing(after.rows)
    found = (old.keys() ^ new.keys()) | {
        uid for uid in old.keys() & new.keys() if old[uid][0] != new[uid][0]
    }
    found |= _reordered(before.rows, after.rows, found)
    return {uid: [old.get(uid), new.get(uid)] for uid in found}


def _standing(rows: Sequence[Row]) -> dict[str, list[Any]]:
    """Of each row its parent, the sibling before it ("" for none) and its line."""
    last: dict[str | None, str] = {}
    standing: dict[str, list[Any]] = {}
    for line, row in enumerate(rows):
        standing[row.uid] = [row.parent or "", last.get(row.parent, ""), line]
        last[row.parent] = row.uid
    return standing


def _reordered(before: Sequence[Row], after: Sequence[Row], elsewhere: set[str]) -> set[str]:
    """The fewest rows whose moving among their siblings makes the new order of the old one."""
    lines = {row.uid: line for line, row in enumerate(before)}
    beside: dict[str | None, list[str]] = {}
    for row in after:
        if row.uid not in elsewhere:
            beside.setdefault(row.parent, []).append(row.uid)
    moved: set[str] = set()
    for uids in beside.values():
        kept = _longest_rise([lines[uid] for uid in uids])
        moved |= {uid for uid in uids if lines[uid] not in kept}
    return moved


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The members of a longest rising subsequence (patience sorting)."""
    if all(one < other for one, other in itertools.pairwise(numbers)):
        return set(numbers)
    ends: list[int] = []
    back: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(ends, number)
        back[number] = ends[pile - 1] if pile else None
        ends[pile : pile + 1] = [number]
    kept: set[int] = set()
    current: int | None = ends[-1]
    while current is not None:
        kept.add(current)
        current = back[current]
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, tuple):
        return [list(wait) for wait in value]
    return value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _DATES:
        return datetime.fromisoformat(value)
    if name in _MONEY:
        return Decimal(value)
    if name in _IDS:
        return UUID(value)
    if name == "links":
        return _waits(value)
    return value


def _waits(stored: Iterable[Sequence[Any]]) -> tuple[Wait, ...]:
    return tuple(Wait(*wait) for wait in stored)
