"""Who may do what to a package, beside what their role opens at all."""

from __future__ import annotations

from enum import StrEnum


class Wish(StrEnum):
    """`change` is everything but the other three: the outline, fields, links, the plan itself."""

    CHANGE = "change"
    PROGRESS = "progress"
    TICK = "tick"
    COMMENT = "comment"


class Answer(StrEnum):
    YES = "yes"
    NOT_YOURS = "not yours"
    NOT_STRUCTURE = "not structure"
    READING_ONLY = "reading only"


def may_do(wish: Wish, *, edits: bool, reports: bool, comments: bool, is_own: bool) -> Answer:
    """Whoever edits plans may do all of it. Others report, complete and tick what is theirs, and
    comment on anything they see."""
    if edits:
        return Answer.YES
    if wish is Wish.COMMENT:
        return Answer.YES if comments else Answer.READING_ONLY
    if wish is Wish.CHANGE:
        return Answer.NOT_STRUCTURE
    if not reports:
        return Answer.READING_ONLY
    return Answer.YES if is_own else Answer.NOT_YOURS
