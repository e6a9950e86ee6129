"""The tree of a plan: who contains whom, checked once, as lists of activity numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adoption.scheduling.plan import Activity, InvalidPlan
from rendering.sentences import sentence


@dataclass(frozen=True, slots=True)
class Outline:
    """By activity number, in input order; `parent` and `children` hold only what has them."""

    activities: Sequence[Activity]
    index: dict[str, int]
    parent: dict[int, int]
    children: dict[int, list[int]]

    @property
    def summaries(self) -> list[int]:
        return sorted(self.children)

    def is_leaf(self, i: int) -> bool:
        return i not in self.children

    def leaves(self) -> list[int]:
        return [i for i in range(len(self.activities)) if i not in self.children]

    def leaves_below(self, i: int) -> list[int]:
        """All leaves anywhere under a summary, in input order."""
        found: list[int] = []
        waiting = list(self.children[i])
        while waiting:
            child = waiting.pop()
            if self.is_leaf(child):
                found.append(child)
            else:
                waiting += self.children[child]
        return sorted(found)

    def above(self, i: int) -> Iterator[int]:
        """The summaries that contain an activity, nearest first."""
        while i in self.parent:
            i = self.parent[i]
            yield i


def build_outline(activities: Sequence[Activity]) -> Outline:
    """Raises InvalidPlan on a repeated key, an unknown parent or a row inside itself."""
    index = {activity.key: i for i, activity in enumerate(activities)}
    if len(index) < len(activities):
        raise InvalidPlan(
            sentence("Two steps have the same number: %(key)s.", key=_first_repeated(activities))
        )
    parent = {
        i: _find_parent(activity, activity.parent, index)
        for i, activity in enumerate(activities)
        if activity.parent is not None
    }
    children: dict[int, list[int]] = {}
    for i, above in parent.items():
        children.setdefault(above, []).append(i)
    outline = Outline(activities, index, parent, children)
    _refuse_knots(outline)
    return outline


def _find_parent(activity: Activity, key: str, index: dict[str, int]) -> int:
    try:
        return index[key]
    except KeyError:
        raise InvalidPlan(
            sentence(
                "“%(label)s” is filed under %(key)s, which is not in the plan.",
                label=activity.label,
                key=key,
            )
        ) from None


def _first_repeated(activities: Sequence[Activity]) -> str:
    seen: set[str] = set()
    for activity in activities:
        if activity.key in seen:
            return activity.key
        seen.add(activity.key)
    return ""


def _refuse_knots(outline: Outline) -> None:
    """Every row with a parent must be reachable from the top; else it lies inside itself."""
    waiting = [i for i in outline.children if i not in outline.parent]
    reached: set[int] = set()
    while waiting:
        below = outline.children.get(waiting.pop(), ())
        reached.update(below)
        waiting += below
    for i in outline.parent:
        if i not in reached:
            raise InvalidPlan(
                sentence(
                    "“%(label)s” contains itself in the outline.", label=outline.activities[i].label
                )
            )
