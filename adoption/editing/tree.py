"""The outline while it is being changed: rows by uid, and who stands below whom in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from adoption.editing.sheet import Refused, Row

Top = None


class Tree:
    """Each change keeps it a tree; `rows` gives it back in outline order."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.by_uid = {row.uid: row for row in rows}
        self.below: dict[str | None, list[str]] = {}
        for row in self.by_uid.values():
            self.below.setdefault(row.parent, []).append(row.uid)

    def __contains__(self, uid: str) -> bool:
        return uid in self.by_uid

    def rows(self) -> Iterator[Row]:
        waiting = list(reversed(self.below.get(Top, [])))
        while waiting:
            uid = waiting.pop()
            yield self.by_uid[uid]
            waiting += reversed(self.below.get(uid, []))

    def row(self, uid: str) -> Row:
        """Raises Refused when there is no such row (any more)."""
        try:
            return self.by_uid[uid]
        except KeyError:
            raise Refused("gone", "__all__") from None

    def siblings(self, uid: str) -> list[str]:
        return self.below[self.row(uid).parent]

    def previous(self, uid: str) -> str | None:
        """The row before it with the same parent."""
        beside = self.siblings(uid)
        place = beside.index(uid)
        return beside[place - 1] if place else None

    def subtree(self, uid: str) -> list[str]:
        """The row and all below it, in outline order."""
        found, waiting = [], [uid]
        while waiting:
            current = waiting.pop()
            found.append(current)
            waiting += reversed(self.below.get(current, []))
        return found

    def above(self, uid: str) -> Iterator[str]:
        """What contains a row, nearest first."""
        parent = self.row(uid).parent
        while parent is not None:
            yield parent
            parent = self.row(parent).parent

    def detach(self, uid: str) -> None:
        """Take a row out of its place; what is below stays below it."""
        self.siblings(uid).remove(uid)

    def attach(self, row: Row, parent: str | None, previous: str | None) -> None:
        """Put a row under a parent, behind a sibling; first without one, last behind one that is
        not there."""
        self.by_uid[row.uid] = row if row.parent == parent else row._replace(parent=parent)
        beside = self.below.setdefault(parent, [])
        if previous is None:
            beside.insert(0, row.uid)
        else:
            place = beside.index(previous) + 1 if previous in beside else len(beside)
            beside.insert(place, row.uid)

    def append(self, row: Row, parent: str | None) -> None:
        """Put a row last under a parent."""
        beside = self.below.get(parent)
        self.attach(row, parent, beside[-1] if beside else None)

    def move(self, uid: str, parent: str | None, previous: str | None) -> None:
        """Raises Refused for a row that would stand inside itself."""
        if parent is not None and (parent == uid or uid in self.above(parent)):
            raise Refused("inside_itself", "parent", name=self.row(uid).name)
        self.detach(uid)
        self.attach(self.by_uid[uid], parent, previous)

    def remove(self, uid: str) -> list[str]:
        """Take out a row with all below it; returns their uids in outline order."""
        gone = self.subtree(uid)
        self.detach(uid)
        for each in gone:
            del self.by_uid[each]
            self.below.pop(each, None)
        return gone
