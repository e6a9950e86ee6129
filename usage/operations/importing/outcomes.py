"""What became of the rows of a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """Rows of a file: read in all, kept now, put in the place of others, known before, left out.

    `is_exact` is false when rows had no message id, so that those alike are taken for one.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    repeated: int = 0
    wrong: int = 0
    is_exact: bool = True

    def plus(self, other: ImportOutcome) -> ImportOutcome:
        """Both together."""
        return ImportOutcome(
            self.read + other.read,
            self.new + other.new,
            self.changed + other.changed,
            self.repeated + other.repeated,
            self.wrong + other.wrong,
            self.is_exact and other.is_exact,
        )

    def counts(self) -> dict[str, int | bool]:
        """By the names an import keeps them under."""
        return {
            "rows_read": self.read,
            "rows_new": self.new,
            "rows_changed": self.changed,
            "rows_repeated": self.repeated,
            "rows_wrong": self.wrong,
            "is_exact": self.is_exact,
        }


# Told of the outcome so far and of the percent of the file that is read.
Report = Callable[[ImportOutcome, int], None]
