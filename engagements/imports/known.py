"""What a file speaks of and the workspace knows already, read once for all of its rows."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from engagements import operations, queries
from engagements.imports.columns import REFERENCE
from engagements.models import Customer, Engagement
from rendering.spreadsheets import Row, Table


def references_of(row: Row) -> dict[str, str]:
    """The ids in other systems that a row states, by system."""
    return {
        column.removeprefix(REFERENCE): text
        for column, text in row.cells.items()
        if column.startswith(REFERENCE) and text
    }


class Known:
    """Customers by external id and by reference, with their seats; engagements by key."""

    def __init__(self, table: Table, today: date) -> None:
        ids = operations.customer_ids(_cells(table, "external_id"))
        pairs = {pair for row in table.rows for pair in references_of(row).items()}
        referenced = queries.get_referenced(pairs=pairs)
        wanted = {*ids.values(), *referenced.values()}
        rows = Customer.objects.filter(pk__in=wanted).select_related("csm")
        customers = {customer.pk: customer for customer in rows}
        self.by_external_id = {name: customers[pk] for name, pk in ids.items() if pk in customers}
        self.by_reference = {
            pair: customers[pk] for pair, pk in referenced.items() if pk in customers
        }
        self.references = queries.get_references(customer_ids=wanted)
        self.seats: dict[UUID, int | None] = {**queries.get_seats(on=today)}
        keys = {text.upper() for text in _cells(table, "engagement_key")}
        engagements = Engagement.objects.filter(key__in=keys).select_related("lead", "customer")
        self.engagements = {row.key: row for row in engagements}

    def find(self, external_id: str, references: dict[str, str]) -> Customer | None:
        """By external id where there is one, else by the first id in another system that is known."""
        if external_id:
            return self.by_external_id.get(external_id)
        for pair in references.items():
            if pair in self.by_reference:
                return self.by_reference[pair]
        return None

    def keep(self, customer: Customer, references: dict[str, str], seats: int | None) -> None:
        """Later rows of the file may speak of this customer."""
        self.by_external_id[customer.external_id] = customer
        for pair in references.items():
            self.by_reference[pair] = customer
        self.references[customer.pk] = self.references.get(customer.pk, {}) | references
        if seats is not None:
            self.seats[customer.pk] = seats


def _cells(table: Table, column: str) -> Iterable[str]:
    return {row.cells[column] for row in table.rows if row.cells.get(column)}
