"""Changes of the outline, from one sheet to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from adoption.editing.sheet import Refused, Row, Sheet
from adoption.editing.tree import Tree

WAYS = ("up", "down", "indent", "outdent")


def add_rows(
    sheet: Sheet, rows: Sequence[Row], *, after: str | None = None, under: str | None = None
) -> Sheet:
    """New rows behind a row and all below it, or last under one, or last of all.

    Among themselves the rows name their parents by uid; those without one go to that place.
    """
    tree = Tree(sheet.rows)
    parent, previous = under, None
    if after is not None:
        parent, previous = tree.row(after).parent, after
    elif under is not None:
        tree.row(under)
    for row in rows:
        if row.parent is not None:
            tree.append(row, row.parent)
        elif previous is None:
            tree.append(row, parent)
        else:
            tree.attach(row, parent, previous)
            previous = row.uid
    return sheet.with_rows(tree.rows())


def remove_rows(sheet: Sheet, uids: Iterable[str]) -> Sheet:
    """Without these rows, all below them, and the links that led from them."""
    tree = Tree(sheet.rows)
    gone: set[str] = set()
    for uid in tops(tree, uids):
        gone.update(tree.remove(uid))
    return sheet.with_rows(_without_links(row, gone) for row in tree.rows())


def _without_links(row: Row, gone: set[str]) -> Row:
    if not any(wait.uid in gone for wait in row.links):
        return row
    return row._replace(links=tuple(wait for wait in row.links if wait.uid not in gone))


def move_rows(sheet: Sheet, uids: Iterable[str], way: str) -> Sheet:
    """One step up or down among siblings, in or out. Raises Refused where there is no such step.

    What went under a row it was linked with loses that link.
    """
    tree = Tree(sheet.rows)
    chosen = tops(tree, uids)
    steps: dict[str, Callable[[Tree, list[str]], None]] = {
        "up": _up,
        "down": _down,
        "indent": _indent,
        "outdent": _outdent,
    }
    if way not in steps:
        raise Refused("no_such_way", "way")
    steps[way](tree, chosen)
    return sheet.with_rows(_without_kin(tree))


def place_rows(sheet: Sheet, uids: Iterable[str], *, under: str | None, after: str | None) -> Sheet:
    """Behind a sibling; without one first under a parent, or first of all."""
    tree = Tree(sheet.rows)
    parent, previous = under, after
    if after is not None:
        parent = tree.row(after).parent
    elif under is not None:
        tree.row(under)
    for uid in tops(tree, uids):
        if uid == previous:
            continue
        tree.move(uid, parent, previous)
        previous = uid
    return sheet.with_rows(_without_kin(tree))


def _without_kin(tree: Tree) -> Iterator[Row]:
    """The rows, without links between one and what contains it by now: those mean nothing."""
    for row in tree.rows():
        kept = tuple(wait for wait in row.links if not _are_kin(tree, row.uid, wait.uid))
        yield row if len(kept) == len(row.links) else row._replace(links=kept)


def _are_kin(tree: Tree, uid: str, other: str) -> bool:
    return other in tree.above(uid) or uid in tree.above(other)


def tops(tree: Tree, uids: Iterable[str]) -> list[str]:
    """Those rows that stand below none of the others, in outline order."""
    chosen = set(uids)
    for uid in chosen:
        tree.row(uid)
    return [
        row.uid
        for row in tree.rows()
        if row.uid in chosen and chosen.isdisjoint(tree.above(row.uid))
    ]


def _up(tree: Tree, chosen: list[str]) -> None:
    moved = False
    for uid in chosen:
        previous = tree.previous(uid)
        if previous is None or previous in chosen:
            continue
        beside = tree.siblings(uid)
        place = beside.index(uid)
        beside[place - 1], beside[place] = uid, previous
        moved = True
    if not moved:
        raise Refused("already_first", "way", name=tree.row(chosen[0]).name)


def _down(tree: Tree, chosen: list[str]) -> None:
    moved = False
    for uid in reversed(chosen):
        beside = tree.siblings(uid)
        place = beside.index(uid)
        if place + 1 == len(beside) or beside[place + 1] in chosen:
            continue
        beside[place], beside[place + 1] = beside[place + 1], uid
        moved = True
    if not moved:
        raise Refused("already_last", "way", name=tree.row(chosen[-1]).name)


def _indent(tree: Tree, chosen: list[str]) -> None:
    for uid in chosen:
        into = tree.previous(uid)
        if into is None:
            raise Refused("nothing_above", "way", name=tree.row(uid).name)
        tree.detach(uid)
        tree.append(tree.row(uid), into)


def _outdent(tree: Tree, chosen: list[str]) -> None:
    for uid in reversed(chosen):
        parent = tree.row(uid).parent
        if parent is None:
            raise Refused("already_out", "way", name=tree.row(uid).name)
        tree.move(uid, tree.row(parent).parent, parent)
