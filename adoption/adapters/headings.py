"""What people call the columns of a plan, and which of ours each of a table's columns is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from adoption.adapters.table import COLUMNS
from adoption.adapters.table_fields import COMPUTED

NEEDED = ("id", "name", "duration")
_ALSO = {
    "id": ("no", "number", "nr", "task id", "uid", "unique id", "key", "#"),
    "outline": ("wbs", "outline number", "wbs code", "outline no", "level number"),
    "name": ("task", "task name", "activity", "step", "work package", "title", "summary"),
    "duration": ("length", "effort in days", "days", "working days"),
    "optimistic": ("best case", "optimistic duration", "shortest"),
    "pessimistic": ("worst case", "pessimistic duration", "longest"),
    "predecessors": ("depends on", "dependencies", "waits for", "predecessor", "after"),
    "constraint": ("constraint type",),
    "constraint_date": ("not before", "start no earlier than"),
    "owner": ("resource names", "resources", "assigned to", "assignee", "responsible", "who"),
    "needs": ("needed resources", "what it needs"),
    "deadline": ("due", "due date", "must be done by"),
    "percent_complete": ("complete", "% complete", "progress", "done", "percent"),
    "notes": ("note", "remarks", "description", "comment"),
    "deliverable": ("result", "output"),
    "acceptance_test": ("accepted when", "acceptance", "acceptance criteria", "definition of done"),
    "impact_group": ("group", "audience", "department"),
    "effort": ("work", "planned work"),
}


def plain(text: str) -> str:
    """A name without the case, blanks and signs in which people's files differ."""
    return re.sub(r"[^\w%#]|_", "", text.casefold())


def guess(headings: Iterable[str]) -> dict[str, str]:
    """Heading -> our column, "" for none: by name first, then by what else people call it.

    Each of ours is taken once, by the first column that fits.
    """
    found = {heading: "" for heading in headings if heading}
    others = {plain(other): name for name, also in _ALSO.items() for other in also}
    for names in ({plain(name): name for name in COLUMNS}, others):
        for heading in found:
            ours = names.get(plain(heading), "")
            if ours and not found[heading] and ours not in found.values():
                found[heading] = ours
    return found


def is_computed(heading: str) -> bool:
    """Whether a column is one that we write and never read."""
    return plain(heading) in {plain(name) for name in COMPUTED}
