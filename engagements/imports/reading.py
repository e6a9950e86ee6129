"""What every import shares: faults by row, and how a cell is read."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from rendering.spreadsheets import Table, UnreadableTable


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with one row."""

    row: int
    column: str
    message: str


class DryRun(Exception):
    """Leaves the transaction without keeping anything."""


def check_columns(table: Table, *, known: tuple[str, ...], needed: str) -> None:
    """Raises UnreadableTable when a column is unknown, or the needed one is not there."""
    unknown = [name for name in table.columns if name and name not in known]
    if unknown:
        raise UnreadableTable(
            _("There is no column “%(name)s” here. Use: %(known)s.")
            % {"name": unknown[0], "known": ", ".join(known)}
        )
    if needed not in table.columns:
        raise UnreadableTable(
            _("The column “%(name)s” is missing; it tells rows apart.") % {"name": needed}
        )


def read_day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
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
