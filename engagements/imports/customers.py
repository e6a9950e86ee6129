"""Customers and engagements from a spreadsheet, all of it or nothing.

A row states a customer and, when it has an `engagement_key`, one engagement of it. Rows update
what is there by external id and key, so a file can be exported, edited and read again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements import operations
from engagements.imports.reading import DryRun, RowError, check_columns, read_day, read_whole_number
from engagements.models import Customer, Engagement, Phase
from engagements.queries import CUSTOMER_COLUMNS
from people.queries import get_staff
from rendering.spreadsheets import Row, Table
from tenancy.audit import record, summed_up
from tenancy.scope import current_tenant_id

ENGAGEMENT_COLUMNS = (
    "engagement_key",
    "engagement_name",
    "phase",
    "spl",
    "spl_email",
    "start_date",
    "go_live_date",
    "hypercare_end_date",
    "sign_off_date",
)
COLUMNS = CUSTOMER_COLUMNS + ENGAGEMENT_COLUMNS


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, or would do; with errors it did nothing."""

    created: int
    updated: int
    engagements: int
    errors: tuple[RowError, ...]
    saved: bool


def import_customers(*, table: Table, today: date, keep: bool = True) -> ImportResult:
    """Read customers from a table. With `keep=False` or any error nothing is saved.

    Raises UnreadableTable when a column is unknown or `external_id` is missing.
    """
    check_columns(table, known=COLUMNS, needed="external_id")
    work = _Import(today)
    try:
        with transaction.atomic():
            with summed_up():
                for row in table.rows:
                    work.read(row)
            if work.errors or not keep:
                raise DryRun
            record(action="customers.imported", facts=work.counts)
    except DryRun:
        return work.result(saved=False)
    return work.result(saved=True)


class _Import:
    def __init__(self, today: date) -> None:
        self.today = today
        self.created = self.updated = self.engagements = 0
        self.errors: list[RowError] = []
        staff = get_staff(tenant_id=current_tenant_id())
        self.staff = {person.email.lower(): person for person in staff}

    def result(self, *, saved: bool) -> ImportResult:
        return ImportResult(self.created, self.updated, self.engagements, tuple(self.errors), saved)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "customers_created": self.created,
            "customers_changed": self.updated,
            "engagements": self.engagements,
        }

    def read(self, row: Row) -> None:
        fields = self._parse(row)
        if fields is None:
            return
        try:
            with transaction.atomic():
                customer = self._write_customer(row, fields)
                if fields.get("engagement_key"):
                    self._write_engagement(customer, fields)
        except ValidationError as error:
            self._note(row, error)

    def _parse(self, row: Row) -> dict[str, Any] | None:
        fields: dict[str, Any] = {}
        before = len(self.errors)
        for column, text in row.cells.items():
            try:
                fields[column] = self._value(column, text)
            except ValueError as error:
                self.errors.append(RowError(row.number, column, str(error)))
        if not row.cells.get("external_id"):
            message = _("Every row needs an external id.")
            self.errors.append(RowError(row.number, "external_id", message))
        return fields if len(self.errors) == before else None

    def _value(self, column: str, text: str) -> Any:
        parse = PARSERS.get(column)
        if column == "csm":
            return self._csm(text)
        return parse(text) if parse else text

    def _csm(self, text: str) -> Any:
        if text and text.lower() not in self.staff:
            raise ValueError(_("Nobody here has the address “%(text)s”.") % {"text": text})
        return self.staff.get(text.lower())

    def _write_customer(self, row: Row, fields: dict[str, Any]) -> Customer:
        values = {
            column: fields[column]
            for column in CUSTOMER_COLUMNS
            if column in fields and column != "seats" and fields[column] not in ("", None)
        }
        known = Customer.objects.filter(external_id=fields["external_id"]).first()
        if known is None:
            self.created += 1
            values.setdefault("name", fields["external_id"])
            return operations.create_customer(
                fields=values, seats=fields.get("seats"), today=self.today
            )
        self.updated += 1
        return operations.change_customer(
            customer=known, fields=values, seats=fields.get("seats"), today=self.today
        )

    def _write_engagement(self, customer: Customer, fields: dict[str, Any]) -> None:
        values = {
            column: fields[column]
            for column in ENGAGEMENT_COLUMNS
            if column.endswith("_date") or column == "phase"
            if fields.get(column)
        }
        values |= {"name": fields.get("engagement_name") or fields["engagement_key"]}
        if fields.get("spl"):
            with _columns(name="spl", email="spl_email"):
                values["lead"] = operations.name_stakeholder(
                    customer=customer, name=fields["spl"], email=fields.get("spl_email") or ""
                )
        self.engagements += 1
        with _columns(key="engagement_key", name="engagement_name"):
            self._save_engagement(customer, fields["engagement_key"].upper(), values)

    def _save_engagement(self, customer: Customer, key: str, values: dict[str, Any]) -> None:
        known = Engagement.objects.filter(key=key).first()
        if known is None:
            operations.create_engagement(customer=customer, fields=values | {"key": key})
            return
        if known.customer_id != customer.pk:
            message = _("This engagement belongs to another customer.")
            raise ValidationError({"engagement_key": message})
        operations.change_engagement(engagement=known, fields=values)

    def _note(self, row: Row, error: ValidationError) -> None:
        for column, messages in error.message_dict.items():
            named = "" if column == "__all__" else column
            self.errors += [RowError(row.number, named, text) for text in messages]


@contextmanager
def _columns(**columns: str) -> Iterator[None]:
    """Faults of fields, said of the columns that brought them."""
    try:
        yield
    except ValidationError as error:
        named = {columns.get(name, name): found for name, found in error.error_dict.items()}
        raise ValidationError(named) from error


def _phase(text: str) -> str:
    wanted = text.strip().lower().replace(" ", "_").replace("-", "_")
    if wanted and wanted not in Phase.values:
        known = ", ".join(Phase.values)
        raise ValueError(
            _("“%(text)s” is no phase. Use: %(known)s.") % {"text": text, "known": known}
        )
    return wanted


PARSERS: dict[str, Callable[[str], Any]] = {
    "seats": read_whole_number,
    "renewal_date": read_day,
    "start_date": read_day,
    "go_live_date": read_day,
    "hypercare_end_date": read_day,
    "sign_off_date": read_day,
    "phase": _phase,
}
