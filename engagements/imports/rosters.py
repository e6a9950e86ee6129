"""The roster of an engagement from a spreadsheet, one end user a row."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements import operations
from engagements.imports.reading import (
    DryRun,
    ImportResult,
    RowError,
    check_columns,
    errors_of,
    missing_column,
    read_day,
    refuse_sheet_error,
)
from engagements.models import Engagement, ImpactGroup
from engagements.operations import Place, Placed
from engagements.queries import ROSTER_COLUMNS
from rendering.spreadsheets import Row, Table

DAYS = ("access_since", "proficient_since")


def import_roster(
    *, engagement: Engagement, table: Table, keep: bool = True, good_rows_only: bool = False
) -> ImportResult:
    """Put everybody of a table on the roster: all or nobody, or with `good_rows_only` those whose
    rows are good.

    A cell left empty leaves what is known. With `keep=False` nothing is saved. Raises
    UnreadableTable when a column is unknown or `external_id` is missing.
    """
    check_columns(table, known=ROSTER_COLUMNS)
    if "external_id" not in table.columns:
        raise missing_column("external_id")
    reading = _Reading(engagement)
    places = [place for place in map(reading.place, table.rows) if place is not None]
    try:
        with transaction.atomic():
            placed = operations.put_all_on_roster(engagement=engagement, places=places)
            errors = reading.with_refusals(placed.refused)
            if not keep or (errors and not good_rows_only):
                raise DryRun
    except DryRun:
        return _result(placed, errors, saved=False)
    return _result(placed, errors, saved=True)


def _result(placed: Placed, errors: list[RowError], *, saved: bool) -> ImportResult:
    return ImportResult(
        created=placed.added,
        changed=placed.changed,
        unchanged=placed.unchanged,
        errors=tuple(errors),
        saved=saved,
    )


class _Reading:
    """Rows as places on the roster; what cannot be read is noted."""

    def __init__(self, engagement: Engagement) -> None:
        self.errors: list[RowError] = []
        groups = ImpactGroup.objects.filter(engagement=engagement)
        self.groups = {group.name.lower(): group for group in groups}

    def place(self, row: Row) -> Place | None:
        before = len(self.errors)
        cells = {column: text.strip() for column, text in row.cells.items()}
        values = {column: self._value(row.number, column, text) for column, text in cells.items()}
        external_id = cells.get("external_id", "")
        if not external_id:
            self._note(row.number, "external_id", _("Every row needs an external id."))
        if len(self.errors) > before:
            return None
        fields = {
            name: values[name]
            for name in (*DAYS, "impact_group", "proficient_by")
            if values.get(name)
        }
        return Place(
            row=row.number,
            external_id=external_id,
            name=cells.get("name", ""),
            email=cells.get("email", ""),
            fields=fields,
        )

    def _value(self, row: int, column: str, text: str) -> Any:
        try:
            refuse_sheet_error(text)
            if column in DAYS:
                return read_day(text)
            return self._group(text) if column == "impact_group" and text else text
        except ValueError as error:
            self._note(row, column, str(error))
            return None

    def _group(self, text: str) -> ImpactGroup:
        group = self.groups.get(text.lower())
        if group is None:
            names = ", ".join(group.name for group in self.groups.values()) or "–"
            raise ValueError(
                _("There is no impact group “%(text)s” here. Use one of: %(names)s.")
                % {"text": text, "names": names}
            )
        return group

    def _note(self, row: int, column: str, message: str) -> None:
        self.errors.append(RowError(row, column, message))

    def with_refusals(self, refused: Mapping[int, ValidationError]) -> list[RowError]:
        found = [error for row, fault in refused.items() for error in errors_of(row, fault, {})]
        return sorted([*self.errors, *found], key=lambda error: error.row)
