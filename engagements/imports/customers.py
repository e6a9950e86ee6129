"""Customers and engagements from a spreadsheet.

A row states a customer and, when it has an `engagement_key`, one engagement of it. Rows update
what is there by external id, or by an id in another system, and by key; so a file can be exported,
edited and read again. A cell left empty leaves what is known.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements import custom_fields, operations, queries
from engagements.calendars import UnknownWeek, read_week
from engagements.imports.columns import ENGAGEMENT_OWN, REFERENCE, columns_for
from engagements.imports.known import Known, references_of
from engagements.imports.reading import (
    DryRun,
    ImportResult,
    RowError,
    check_columns,
    errors_of,
    missing_column,
    read_amount,
    read_day,
    read_whole_number,
    refuse_sheet_error,
)
from engagements.models import Customer, CustomField, Engagement, ImportKind, Phase
from people.queries import get_staff
from rendering.currencies import currencies
from rendering.spreadsheets import Row, Table
from tenancy.audit import record, summed_up
from tenancy.scope import current_tenant_id

# Column -> field, where the two are not called the same.
FIELDS = {"arr": "yearly_amount"}
CUSTOMER_COLUMNS = (
    *("name", "time_zone", "segment", "industry", "currency", "arr", "renewal_date", "csm"),
    *("working_days", "holiday_region"),
)
ENGAGEMENT_COLUMNS = (
    *("phase", "start_date", "go_live_date", "hypercare_end_date", "sign_off_date"),
)


def import_customers(
    *, table: Table, today: date, keep: bool = True, good_rows_only: bool = False
) -> ImportResult:
    """Read customers from a table: all of it or nothing, or with `good_rows_only` what is good.

    With `keep=False` nothing is saved. Raises UnreadableTable when a column is unknown, or none
    says which customer a row is about.
    """
    check_columns(
        table, known=[column.name for column in columns_for(ImportKind.CUSTOMERS, table.columns)]
    )
    if not any(name == "external_id" or name.startswith(REFERENCE) for name in table.columns):
        raise missing_column("external_id")
    work = _Import(table, today)
    try:
        with transaction.atomic():
            with summed_up():
                for row in table.rows:
                    work.read(row)
            if not keep or (work.errors and not good_rows_only):
                raise DryRun
            record(action="customers.imported", facts=work.facts)
    except DryRun:
        return work.result(saved=False)
    return work.result(saved=True)


class _Import:
    def __init__(self, table: Table, today: date) -> None:
        self.today = today
        self.known = Known(table, today)
        self.created: set[UUID] = set()
        self.changed: set[UUID] = set()
        self.seen: set[UUID] = set()
        self.engagements: set[str] = set()
        self.errors: list[RowError] = []
        staff = get_staff(tenant_id=current_tenant_id())
        self.staff = {person.email.lower(): person for person in staff}
        own = queries.get_custom_fields
        self.own = {field.column: field for field in own(kind=CustomField.Kind.CUSTOMER)}
        self.own |= {
            ENGAGEMENT_OWN + field.column: field for field in own(kind=CustomField.Kind.ENGAGEMENT)
        }

    def result(self, *, saved: bool) -> ImportResult:
        changed = self.changed - self.created
        return ImportResult(
            created=len(self.created),
            changed=len(changed),
            unchanged=len(self.seen - self.created - changed),
            errors=tuple(self.errors),
            saved=saved,
            engagements=len(self.engagements),
        )

    @property
    def facts(self) -> dict[str, int]:
        found = self.result(saved=True)
        facts = {
            "customers_created": found.created,
            "customers_changed": found.changed,
            "engagements": found.engagements,
        }
        return facts | ({"rows_left_out": found.bad_rows} if found.errors else {})

    def read(self, row: Row) -> None:
        fields = self._parse(row)
        if fields is None:
            return
        references = references_of(row)
        customer = self.known.find(fields.get("external_id", ""), references)
        try:
            # A row that is refused leaves nothing behind, also not its first half.
            with transaction.atomic():
                self._write(row, customer, fields, references)
        except ValidationError as error:
            named = {field: column for column, field in FIELDS.items()}
            self.errors += errors_of(row.number, error, named)
            self._forget_changes(customer, fields)

    def _forget_changes(self, customer: Customer | None, fields: dict[str, Any]) -> None:
        engagement = self.known.engagements.get(fields.get("engagement_key", "").upper())
        for changed in (customer, engagement):
            if changed is not None:
                changed.refresh_from_db()

    def _write(
        self,
        row: Row,
        customer: Customer | None,
        fields: dict[str, Any],
        references: dict[str, str],
    ) -> None:
        if customer is None:
            known = self._create(fields, references)
            changed = False
        else:
            known, changed = customer, self._change(customer, fields, references)
        touched = self._write_engagement(known, fields) if fields.get("engagement_key") else None
        self.known.keep(known, references, fields.get("seats"))
        self.seen.add(known.pk)
        if customer is None:
            self.created.add(known.pk)
        if changed:
            self.changed.add(known.pk)
        if touched:
            self.known.engagements[touched.key] = touched
            self.engagements.add(touched.key)

    def _parse(self, row: Row) -> dict[str, Any] | None:
        fields: dict[str, Any] = {}
        before = len(self.errors)
        for column, text in row.cells.items():
            try:
                fields[column] = self._value(column, text)
            except ValueError as error:
                self.errors.append(RowError(row.number, column, str(error)))
        if not row.cells.get("external_id") and not references_of(row):
            message = _("Every row needs an external id.")
            self.errors.append(RowError(row.number, "external_id", message))
        return fields if len(self.errors) == before else None

    def _value(self, column: str, text: str) -> Any:
        refuse_sheet_error(text)
        if column == "csm":
            return self._csm(text)
        if column in self.own:
            return custom_fields.read(self.own[column], text) if text else None
        parse = PARSERS.get(column)
        return parse(text) if parse else text

    def _csm(self, text: str) -> Any:
        if text and text.lower() not in self.staff:
            raise ValueError(_("Nobody here has the address “%(text)s”.") % {"text": text})
        return self.staff.get(text.lower())

    def _values(self, fields: dict[str, Any], columns: tuple[str, ...]) -> dict[str, Any]:
        """What a row says, by field, cells left empty left out."""
        return {
            FIELDS.get(column, column): fields[column]
            for column in columns
            if fields.get(column) not in ("", None)
        }

    def _own_values(self, fields: dict[str, Any], *, of_engagement: bool) -> dict[str, Any]:
        return {
            field.key: fields[column]
            for column, field in self.own.items()
            if column.startswith(ENGAGEMENT_OWN) == of_engagement and fields.get(column) is not None
        }

    def _create(self, fields: dict[str, Any], references: dict[str, str]) -> Customer:
        external_id = fields.get("external_id") or next(iter(references.values()))
        values = {"name": external_id} | self._values(fields, CUSTOMER_COLUMNS)
        if own := self._own_values(fields, of_engagement=False):
            values["custom"] = own
        with _columns(references=_first(references)):
            return operations.create_customer(
                fields=values | {"external_id": external_id},
                seats=fields.get("seats"),
                references=references,
                today=self.today,
            )

    def _change(
        self, customer: Customer, fields: dict[str, Any], references: dict[str, str]
    ) -> bool:
        """Whether there was anything to change."""
        values = _different(customer, self._values(fields, CUSTOMER_COLUMNS))
        own = self._own_values(fields, of_engagement=False)
        if any(customer.custom.get(key) != value for key, value in own.items()):
            values["custom"] = own
        known_as = self.known.references.get(customer.pk, {})
        other_seats = fields.get("seats") not in (None, self.known.seats.get(customer.pk))
        # An id that a customer merged into this one left behind is this one's already.
        other_names = {
            system: value
            for system, value in references.items()
            if self.known.by_reference.get((system, value)) is not customer
        }
        if not (values or other_seats or other_names):
            return False
        with _columns(references=_first(references)):
            operations.change_customer(
                customer=customer,
                fields=values,
                seats=fields["seats"] if other_seats else None,
                references=known_as | other_names if other_names else None,
                today=self.today,
            )
        return True

    def _write_engagement(self, customer: Customer, fields: dict[str, Any]) -> Engagement | None:
        """The engagement where it was made or changed."""
        key = fields["engagement_key"].upper()
        known = self.known.engagements.get(key)
        if known is not None and known.customer_id != customer.pk:
            message = _("This engagement belongs to another customer.")
            raise ValidationError({"engagement_key": message})
        values = self._values(fields, ENGAGEMENT_COLUMNS)
        if name := fields.get("engagement_name"):
            values["name"] = name
        if fields.get("spl") and not _is_led_by(known, fields):
            values["lead"] = self._lead(customer, fields)
        own = self._own_values(fields, of_engagement=True)
        if own and (known is None or any(known.custom.get(k) != v for k, v in own.items())):
            values["custom"] = own
        with _columns(key="engagement_key", name="engagement_name"):
            return _save_engagement(customer, known, key, values)

    def _lead(self, customer: Customer, fields: dict[str, Any]) -> Any:
        with _columns(name="spl", email="spl_email"):
            return operations.name_stakeholder(
                customer=customer, name=fields["spl"], email=fields.get("spl_email") or ""
            )


def _save_engagement(
    customer: Customer, known: Engagement | None, key: str, values: dict[str, Any]
) -> Engagement | None:
    if known is None:
        return operations.create_engagement(
            customer=customer, fields={"name": key} | values | {"key": key}
        )
    changed = _different(known, values)
    if not changed:
        return None
    return operations.change_engagement(engagement=known, fields=changed)


def _is_led_by(engagement: Engagement | None, fields: dict[str, Any]) -> bool:
    lead = engagement.lead if engagement else None
    email = fields.get("spl_email") or ""
    return bool(lead and lead.name == fields["spl"].strip() and email in ("", lead.email))


def _different(row: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def _first(references: dict[str, str]) -> str:
    return next((REFERENCE + system for system in references), "")


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


def _currency(text: str) -> str:
    if text and text.upper() not in dict(currencies()):
        raise ValueError(_("“%(text)s” is no currency. Use a code such as EUR.") % {"text": text})
    return text.upper()


def _week(text: str) -> list[int] | None:
    if not text:
        return None
    try:
        return list(read_week(text))
    except UnknownWeek:
        raise ValueError(
            _("“%(text)s” names no working days. Write them as Mon Tue Wed.") % {"text": text}
        ) from None


PARSERS: dict[str, Callable[[str], Any]] = {
    "seats": read_whole_number,
    "arr": read_amount,
    "currency": _currency,
    "working_days": _week,
    "holiday_region": str.upper,
    "renewal_date": read_day,
    "start_date": read_day,
    "go_live_date": read_day,
    "hypercare_end_date": read_day,
    "sign_off_date": read_day,
    "phase": _phase,
}
