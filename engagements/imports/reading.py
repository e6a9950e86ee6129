"""What every import shares: faults by row, and how a cell is read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from rendering.spreadsheets import Table, UnreadableTable

SPACES = re.compile(r"[\s\u00a0\u202f'’]")
PLAIN_AMOUNT = re.compile(r"-?\d{1,15}(\.\d+)?")
GROUPED_AMOUNT = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
COMMA_AMOUNT = re.compile(r"-?\d{1,3}(\.?\d{3})*,\d{1,2}")
# What a spreadsheet shows where a formula failed.
SHEET_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do: customers or people, by whether they were known before.

    Not saved, it did nothing. `engagements` counts those made or changed along with customers.
    """

    created: int
    changed: int
    unchanged: int
    errors: tuple[RowError, ...]
    saved: bool
    engagements: int = 0

    @property
    def bad_rows(self) -> int:
        return len({error.row for error in self.errors})

    @property
    def something(self) -> bool:
        """Whether bringing it in would change anything."""
        return bool(self.created or self.changed or self.engagements)


class DryRun(Exception):
    """Leaves the transaction without keeping anything."""


def check_columns(table: Table, *, known: Iterable[str]) -> None:
    """Raises UnreadableTable when a column is unknown."""
    names = tuple(known)
    unknown = [name for name in table.columns if name and name not in names]
    if unknown:
        raise UnreadableTable(
            _("There is no column “%(name)s” here. Use: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(names)}
        )


def missing_column(name: str) -> UnreadableTable:
    return UnreadableTable(
        _("The column “%(name)s” is missing; it tells rows apart.") % {"name": name}
    )


def errors_of(row: int, error: ValidationError, columns: dict[str, str]) -> list[RowError]:
    """A refusal as faults of a row; `columns` says which column brought a field."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [
        RowError(row, columns.get(name, "" if name == "__all__" else name), text)
        for name, texts in found.items()
        for text in texts
    ]


def refuse_sheet_error(text: str) -> None:
    """Raises ValueError for a cell whose formula failed in the spreadsheet."""
    if text in SHEET_ERRORS:
        raise ValueError(_("The sheet shows the error %(text)s here.") % {"text": text})


def read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise ValueError(
            _("“%(text)s” is no date. Write it as 2026-11-30.") % {"text": text}
        ) from None


def read_whole_number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(_("“%(text)s” is no whole number.") % {"text": text})
    return int(text)


def read_amount(text: str) -> Decimal | None:
    """1234.5, 1,234.50 and 1.234,50 alike. Raises ValueError."""
    if not text:
        return None
    bare = SPACES.sub("", text).replace("\N{MINUS SIGN}", "-")
    if PLAIN_AMOUNT.fullmatch(bare):
        return Decimal(bare)
    if GROUPED_AMOUNT.fullmatch(bare):
        return Decimal(bare.replace(",", ""))
    if COMMA_AMOUNT.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    raise ValueError(_("“%(text)s” is no amount. Write it as 1200.50.") % {"text": text})
