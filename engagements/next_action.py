"""PURE what is to be done next on an engagement: one thing, chosen out of all that waits.

What has a day comes first, the earliest day first; what was promised to somebody comes before what
is merely missing. Among things of one day the order of `Kind` decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What waits, in the order in which it goes first on the same day."""

    TASK = "task"
    CONCERN = "concern"
    QUESTION = "question"
    MITIGATION = "mitigation"
    SHUT_OFF = "shut_off"
    BARRIER = "barrier"
    READING = "reading"
    AGREE_CRITERION = "agree_criterion"
    # Nothing was promised yet; this is what an engagement lacks.
    NAME_LEAD = "name_lead"
    WRITE_CRITERION = "write_criterion"
    SET_GO_LIVE = "set_go_live"
    SET_SIGN_OFF = "set_sign_off"


PLACES = {kind: number for number, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: `id` is the row it is about, None when it is the engagement itself.

    `theirs` says that the customer's own people have to do it.
    """

    kind: Kind
    text: str = ""
    due_date: date | None = None
    id: UUID | None = None
    theirs: bool = False

    def is_overdue(self, today: date) -> bool:
        return self.due_date is not None and self.due_date < today


def in_order(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """What is to be done first in front."""
    return tuple(sorted(waiting, key=_place))


def _place(one: Waiting) -> tuple[bool, date, int]:
    return one.due_date is None, one.due_date or date.max, PLACES[one.kind]


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an engagement may be lacking."""

    selling: bool
    signed_off: bool
    has_lead: bool
    has_criteria: bool
    has_go_live: bool
    has_sign_off: bool


def lacking(facts: Facts) -> list[Waiting]:
    """What an engagement should have by its phase and has not, the most important first."""
    if facts.signed_off:
        return []
    wanted = (
        (Kind.NAME_LEAD, facts.has_lead),
        (Kind.WRITE_CRITERION, facts.has_criteria),
        (Kind.SET_GO_LIVE, facts.has_go_live or facts.selling),
        (Kind.SET_SIGN_OFF, facts.has_sign_off or facts.selling),
    )
    return [Waiting(kind) for kind, there in wanted if not there]
