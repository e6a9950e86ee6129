"""Versions of plans: baselines, what-ifs, and what is kept each week."""

from adoption.operations.versions.baselines import (
    choose_baseline,
    drop_baseline,
    restore_baseline,
    take_baseline,
)
from adoption.operations.versions.weekly import keep_versions
from adoption.operations.versions.what_ifs import (
    StaleWhatIf,
    drop_what_if,
    make_what_if,
    restore_what_if,
    take_over,
)

__all__ = [
    "StaleWhatIf",
    "choose_baseline",
    "drop_baseline",
    "drop_what_if",
    "keep_versions",
    "make_what_if",
    "restore_baseline",
    "restore_what_if",
    "take_baseline",
    "take_over",
]
