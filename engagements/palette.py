"""What engagements offer the command palette: customers, engagements and what is done with them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F, FloatField, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Customer, CustomerReference, Engagement
from rendering.palette import Asked, Entry, Group
from tenancy.search import fitting

MOST = 6
# Rows that are there because they were looked at, not because they fit.
NOT_ASKED = Value(0.0, output_field=FloatField())
AS_GOOD_AS_INSIDE = Value(1.0, output_field=FloatField())
# Fewer letters begin too many ids.
SHORTEST_ID = 3
# kind, id, name, key, customer's id, customer's name, fit
Found = tuple[str, UUID, str, str, UUID, str, float]


def entries(asked: Asked) -> list[Entry]:
    """One question for all rows, those looked at last included."""
    rows = _rows(asked)
    fitting_ones = [_entry(row, asked) for row in rows if row[6]]
    return [*fitting_ones, *_recent(rows, asked), *_actions(rows, asked)]


def _rows(asked: Asked) -> list[Found]:
    parts: list[QuerySet[Any]] = []
    if asked.text:
        customers = fitting(Customer.objects.current(), asked.text, "name", "external_id")
        current = Engagement.objects.filter(archived_at=None, customer__archived_at=None)
        engagements = fitting(current, asked.text, "name", "key", "customer__name")
        parts = [
            _customers(customers, F("fit"))[:MOST],
            _customers(_known_elsewhere(asked.text), AS_GOOD_AS_INSIDE)[:MOST],
            _engagements(engagements, F("fit"))[:MOST],
        ]
    if ids := _looked_at(asked, "customer"):
        parts.append(_customers(Customer.objects.filter(pk__in=ids).order_by(), NOT_ASKED))
    if ids := _looked_at(asked, "engagement"):
        parts.append(_engagements(Engagement.objects.filter(pk__in=ids).order_by(), NOT_ASKED))
    rows = list(parts[0].union(*parts[1:], all=True)) if parts else []
    # A customer may fit by its name and by an id of another system.
    return list({(row[0], row[1], bool(row[6])): row for row in reversed(rows)}.values())[::-1]


def _known_elsewhere(text: str) -> QuerySet[Customer]:
    """Current customers whose id in another system begins with the text."""
    rows = CustomerReference.objects.order_by()
    found = rows.filter(value__istartswith=text) if len(text) >= SHORTEST_ID else rows.none()
    return Customer.objects.current().filter(pk__in=found.values("customer_id")).order_by()


def _looked_at(asked: Asked, kind: str) -> list[UUID]:
    return [row_id for name, row_id in asked.recent if name == kind]


def _customers(rows: QuerySet[Customer], fit: Any) -> QuerySet[Any]:
    return rows.values_list(Value("customer"), "pk", "name", "external_id", F("pk"), F("name"), fit)


def _engagements(rows: QuerySet[Engagement], fit: Any) -> QuerySet[Any]:
    return rows.values_list(
        Value("engagement"), "pk", "name", "key", "customer_id", "customer__name", fit
    )


def _entry(row: Found, asked: Asked, group: Group | None = None) -> Entry:
    kind, row_id, name, key, _customer_id, customer, fit = row
    if kind == "customer":
        url = reverse("engagements:customer", args=[asked.workspace, row_id])
        return Entry(group or Group.CUSTOMER, name, url, key if key != name else "", fit)
    url = reverse("reviews:engagement", args=[asked.workspace, row_id])
    return Entry(group or Group.ENGAGEMENT, name, url, f"{key} · {customer}", fit)


def _recent(rows: list[Found], asked: Asked) -> list[Entry]:
    """What was looked at last, while nothing is typed."""
    if asked.text:
        return []
    by_id = {(row[0], row[1]): row for row in rows}
    return [_entry(by_id[key], asked, Group.RECENT) for key in asked.recent if key in by_id]


def _actions(rows: list[Found], asked: Asked) -> list[Entry]:
    found: list[Entry] = []
    if asked.may("edit_customers"):
        found += asked.offered(
            _action(_("New customer"), "create_customer", asked),
            _action(_("Import customers"), "import_customers", asked),
            also=_("Add a customer"),
        )
    if asked.may("see_customers"):
        found += asked.offered(
            _action(_("Export customers as CSV"), "export_customers", asked),
            _action(_("Export customers as XLSX"), "export_customers_xlsx", asked),
            also=_("Download customers"),
        )
    if asked.may("do_tasks"):
        found += asked.offered(_action(_("New task"), "add_task", asked), also=_("Add a task"))
    if asked.may("write_log"):
        found += asked.offered(*_logs(rows, asked), also=_("Write down a call"))
    if asked.text and asked.may("edit_engagement"):
        found += asked.offered(*_new_engagements(rows, asked))
    return found


def _new_engagements(rows: list[Found], asked: Asked) -> Iterable[Entry]:
    """For the customers looked at last, and those of the engagements looked at last."""
    customers = {row[4]: row[5] for row in rows if row[6] == 0}
    for customer_id, name in list(customers.items())[:3]:
        label = _("New engagement for %(customer)s") % {"customer": name}
        yield _action(label, "create_engagement", asked, customer_id)


def _logs(rows: list[Found], asked: Asked) -> Iterable[Entry]:
    """For the engagements looked at last, where a talk is most likely to be about."""
    looked_at = [row for row in rows if row[0] == "engagement" and row[6] == 0]
    for _kind, row_id, _name, key, *_rest in looked_at[:2]:
        label = _("Log an interaction: %(engagement)s") % {"engagement": key}
        yield _action(label, "record_interaction", asked, row_id)


def _action(label: str, name: str, asked: Asked, *ids: UUID) -> Entry:
    return Entry(Group.ACTION, label, reverse(f"engagements:{name}", args=[asked.workspace, *ids]))
