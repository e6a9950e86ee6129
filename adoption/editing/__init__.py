"""Editing a plan, as pure functions from one sheet to the next.

after = move_rows(before, ["7"], "indent")
changes = difference(before, after)
applied(after, reverse(changes)) == before
"""

from adoption.editing.differences import (
    BESIDE,
    MADE,
    PLACE,
    PLAN,
    Changes,
    applied,
    clash,
    difference,
    reverse,
)
from adoption.editing.moves import (
    BrokenDeadline,
    MadePackage,
    MovedPackage,
    Moves,
    Stand,
    moves_between,
)
from adoption.editing.outline import WAYS, add_rows, move_rows, place_rows, remove_rows, tops
from adoption.editing.positions import STRIDE, positions
from adoption.editing.reading import (
    Step,
    day_of,
    duration_of,
    end_of,
    lag_of,
    links_of,
    start_of,
    steps_of,
)
from adoption.editing.sheet import FIELDS, STATED, Head, Numbered, Refused, Row, Sheet, Wait
from adoption.editing.tree import Tree

__all__ = [
    "BESIDE",
    "FIELDS",
    "MADE",
    "PLACE",
    "PLAN",
    "STATED",
    "STRIDE",
    "WAYS",
    "BrokenDeadline",
    "Changes",
    "Head",
    "MadePackage",
    "MovedPackage",
    "Moves",
    "Numbered",
    "Refused",
    "Row",
    "Sheet",
    "Stand",
    "Step",
    "Tree",
    "Wait",
    "add_rows",
    "applied",
    "clash",
    "day_of",
    "difference",
    "duration_of",
    "end_of",
    "lag_of",
    "links_of",
    "move_rows",
    "moves_between",
    "place_rows",
    "positions",
    "remove_rows",
    "reverse",
    "start_of",
    "steps_of",
    "tops",
]
