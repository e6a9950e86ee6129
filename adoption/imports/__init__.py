"""Files on their way in: plans, and scores of tests."""

from adoption.imports.plans import (
    LARGEST_PLAN_BYTES,
    REFUSALS,
    FileColumn,
    PlanPreview,
    columns_of,
    content_of,
    guess_names,
    import_plan,
    preview_plan,
    read_for,
    read_staged,
    refusal_of,
)
from adoption.imports.scores import SCORE_COLUMNS, ScoresPreview, read_scores, sealed, unsealed

__all__ = [
    "LARGEST_PLAN_BYTES",
    "REFUSALS",
    "SCORE_COLUMNS",
    "FileColumn",
    "PlanPreview",
    "ScoresPreview",
    "columns_of",
    "content_of",
    "guess_names",
    "import_plan",
    "preview_plan",
    "read_for",
    "read_scores",
    "read_staged",
    "refusal_of",
    "sealed",
    "unsealed",
]
