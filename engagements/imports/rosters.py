"""The roster of an engagement from a spreadsheet, one end user a row."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements import operations
from engagements.imports.reading import DryRun, RowError, check_columns, read_day
from engagements.models import Engagement, ImpactGroup, RosterEntry
from engagements.queries import ROSTER_COLUMNS
from rendering.spreadsheets import Row, Table
from tenancy import audit

DAYS = ("access_since", "proficient_since")


@dataclass(frozen=True, slots=True)
class RosterResult:
    """What an import of a roster did, or would do; with errors it did nothing."""

    added: int
    changed: int
    errors: tuple[RowError, ...]
    saved: bool


def import_roster(*, engagement: Engagement, table: Table, keep: bool = True) -> RosterResult:
    """Put everybody of a table on the roster. With `keep=False` or any error nothing is saved.

    A cell left empty leaves what is known. Raises UnreadableTable when a column is unknown or
    `external_id` is missing.
    """
    check_columns(table, known=ROSTER_COLUMNS, needed="external_id")
    work = _Import(engagement)
    try:
        with transaction.atomic():
            for row in table.rows:
                work.read(row)
            if work.errors or not keep:
                raise DryRun
            work.record()
    except DryRun:
        return work.result(saved=False)
    return work.result(saved=True)


class _Import:
    def __init__(self, engagement: Engagement) -> None:
        self.engagement = engagement
        self.added = self.changed = 0
        self.errors: list[RowError] = []
        groups = ImpactGroup.objects.filter(engagement=engagement)
        self.groups = {group.name.lower(): group for group in groups}
        on_it = RosterEntry.objects.filter(engagement=engagement)
        self.known = set(on_it.values_list("end_user__external_id", flat=True))

    def result(self, *, saved: bool) -> RosterResult:
        return RosterResult(self.added, self.changed, tuple(self.errors), saved)

    def record(self) -> None:
        audit.record(
            action="roster.imported",
            subject=self.engagement,
            facts={"added": self.added, "changed": self.changed},
            about_customer_id=self.engagement.customer_id,
        )

    def read(self, row: Row) -> None:
        cells = {column: text.strip() for column, text in row.cells.items()}
        fields = self._fields(row.number, cells)
        external_id = cells.get("external_id", "")
        if not external_id:
            self._note(row.number, "external_id", _("Every row needs an external id."))
        if fields is None or not external_id:
            return
        try:
            with transaction.atomic():
                self._put(external_id, cells, fields)
        except ValidationError as error:
            for column, messages in error.message_dict.items():
                named = "" if column == "__all__" else column
                self._note(row.number, named, " ".join(messages))

    def _put(self, external_id: str, cells: dict[str, str], fields: dict[str, Any]) -> None:
        operations.put_on_roster(
            engagement=self.engagement,
            external_id=external_id,
            name=cells.get("name", ""),
            email=cells.get("email", ""),
            fields=fields,
        )
        if external_id in self.known:
            self.changed += 1
        else:
            self.added += 1
            self.known.add(external_id)

    def _fields(self, row: int, cells: dict[str, str]) -> dict[str, Any] | None:
        before = len(self.errors)
        fields: dict[str, Any] = {}
        for column in (*DAYS, "impact_group", "proficient_by"):
            if text := cells.get(column, ""):
                self._read_into(fields, row, column, text)
        return fields if len(self.errors) == before else None

    def _read_into(self, fields: dict[str, Any], row: int, column: str, text: str) -> None:
        try:
            if column in DAYS:
                fields[column] = read_day(text)
            elif column == "impact_group":
                fields[column] = self._group(text)
            else:
                fields[column] = text
        except ValueError as error:
            self._note(row, column, str(error))

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
