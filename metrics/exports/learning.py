"""What tests say, as a table."""

from metrics.exports.tables import plain
from metrics.narrative.learning import group_hints
from metrics.queries import (
    GroupStanding,
    LearningView,
)
from rendering.spreadsheets import write_table
from rendering.translation import translated

LEARNING = (
    *("test", "minimum", "highest", "group", "people", "left_out", "before", "after", "gain"),
    *("normalised_gain", "gap", "met_before", "share_of_resources", "share_with_access"),
    *("barriers", "open_packages", "perhaps_why"),
)


def learning_csv(view: LearningView) -> bytes:
    """A row for each group, with the figures of the page."""
    return write_table(LEARNING, (_standing(one, view) for one in view.standings))


def _standing(one: GroupStanding, view: LearningView) -> list[object]:
    result, group = one.result, one.result.group
    return [
        view.test.name if view.test else "",
        plain(view.found.minimum),
        plain(view.found.highest),
        group.name,
        plain(group.n),
        one.left_out,
        *(_rounded(value) for value in (group.before, group.after, result.gain)),
        _rounded(result.normalised_gain),
        _rounded(result.gap),
        "yes" if result.met_before else "no",
        _rounded(group.effort),
        _rounded(group.access),
        ", ".join(group.barriers),
        one.open_packages,
        " ".join(translated(text) for text in group_hints(result)) if result.is_below else "",
    ]


def _rounded(amount: float | None) -> object:
    return "" if amount is None else plain(round(amount, 4))
