"""The success criteria as a table."""

from engagements.queries import CriterionView, Promise
from rendering.spreadsheets import write_table

CRITERION_COLUMNS = (
    "statement",
    "state",
    "owner",
    "measured_by",
    "what_counts",
    "unit",
    "baseline",
    "target",
    "deadline",
    "value",
    "currency",
    "version",
    "agreed_date",
    "agreed_for_customer",
    "agreed_by",
)


def criteria_csv(promise: Promise) -> bytes:
    """The criteria of success in the words in force, withdrawn ones last."""
    views = (*promise.criteria, *promise.withdrawn)
    return write_table(CRITERION_COLUMNS, (_criterion_cells(v, promise.currency) for v in views))


def _criterion_cells(view: CriterionView, currency: str) -> list[object]:
    words = view.wording
    return [
        view.statement,
        view.state,
        words.owner,
        words.measured_by,
        words.quality,
        view.unit,
        words.baseline,
        words.target,
        words.deadline,
        words.value,
        currency if words.value is not None else "",
        view.number,
        view.agreed_date,
        view.agreed_for_customer,
        view.agreed_for_vendor,
    ]
