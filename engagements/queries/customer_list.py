"""The list of customers as an address asks for it: filtered, sorted, in columns, by the page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.fields.json import KT, KeyTransform
from django.http import QueryDict

from engagements.custom_fields import Field, Type
from engagements.models import Customer, Engagement, LicenceSeats, Phase
from engagements.queries.covers import get_covered_by
from engagements.queries.fields import Shown, fitting_values, shown_values

PAGE_SIZE = 50
LONGEST_FILTER = 120
OWN = "own:"
COLUMNS = ("segment", "industry", "csm", "phases", "seats", "arr", "renewal")
USUAL_COLUMNS = ("segment", "csm", "phases", "seats", "arr", "renewal")
WITHIN = (30, 90, 180, 365)
KEPT = ("", "archived", "all")
# What each sorting orders by; the name always comes last.
SORTS: dict[str, tuple[str, ...]] = {
    "name": (),
    "segment": ("segment",),
    "industry": ("industry",),
    "csm": ("csm__name", "csm__email"),
    "seats": ("held",),
    "arr": ("yearly_amount",),
    "renewal": ("renewal_date",),
}
WITHOUT_AMOUNT = ExpressionWrapper(Q(yearly_amount=None), output_field=BooleanField())
PLAIN = ("q", "csm", "segment", "industry", "phase", "renewal", "kept")


@dataclass(frozen=True)
class Shape:
    """What somebody asks of the list; every part of it stands in the address.

    `csm` is the id of a person, "me" or "none".
    """

    q: str = ""
    csm: str = ""
    segment: str = ""
    industry: str = ""
    phase: str = ""
    renewal: str = ""
    kept: str = ""
    own: tuple[tuple[str, str], ...] = ()
    sort: str = "name"
    columns: tuple[str, ...] = USUAL_COLUMNS
    page: int = 1

    @cached_property
    def query(self) -> str:
        """As an address holds it, in one order, what is usual left out and the page too."""
        words = [(name, getattr(self, name)) for name in PLAIN if getattr(self, name)]
        words += [(OWN + key, text) for key, text in self.own]
        if self.sort != "name":
            words.append(("sort", self.sort))
        if self.columns != USUAL_COLUMNS:
            words += [("col", name) for name in self.columns] or [("col", "")]
        return urlencode(words)

    @property
    def is_filtered(self) -> bool:
        return bool(self.own) or any(getattr(self, name) for name in PLAIN)

    def sorted_by(self, key: str) -> "Shape":
        """By that column; asked again, the other way round."""
        return replace(self, sort=f"-{key}" if self.sort == key else key, page=1)

    def at(self, number: int) -> str:
        """The address of another page of the same."""
        query = replace(self, page=1).query
        return "&".join(part for part in (query, f"page={number}" if number > 1 else "") if part)


def shape_of(asked: QueryDict, fields: tuple[Field, ...]) -> Shape:
    """What an address asks for; whatever makes no sense in it is left out."""
    known = {OWN + field.key for field in fields}
    plain = {name: _plain(asked.get(name, "")) for name in PLAIN}
    own = [(name, _plain(asked.get(name, ""))) for name in asked if name in known]
    sort = asked.get("sort", "name")
    return Shape(
        **_sensible(plain),
        own=tuple(sorted((name.removeprefix(OWN), text) for name, text in own if text)),
        sort=sort if sort.removeprefix("-") in {*SORTS, *known} else "name",
        columns=_columns(asked.getlist("col"), known) if "col" in asked else USUAL_COLUMNS,
        page=_number(asked.get("page", "1")),
    )


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()[:LONGEST_FILTER]


def _sensible(plain: dict[str, str]) -> dict[str, Any]:
    kept, within, csm = plain["kept"], plain["renewal"], plain["csm"]
    return plain | {
        "kept": kept if kept in KEPT else "",
        "renewal": within if within in map(str, WITHIN) else "",
        "phase": plain["phase"] if plain["phase"] in Phase.values else "",
        "csm": csm if csm in ("me", "none") or _is_id(csm) else "",
    }


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _columns(names: list[str], known: set[str]) -> tuple[str, ...]:
    """In their usual order, own ones after them."""
    usual = [name for name in COLUMNS if name in names]
    return (*usual, *(name for name in dict.fromkeys(names) if name in known))


def _number(text: str) -> int:
    return min(int(text), 100_000) if text.isascii() and text.isdigit() and text != "0" else 1


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer as the list shows it, with the values of those own fields that are columns."""

    id: UUID
    name: str
    external_id: str
    segment: str
    industry: str
    csm_name: str
    phases: tuple[str, ...]
    seats: int | None
    currency: str
    yearly_amount: Decimal | None
    renewal_date: date | None
    is_archived: bool
    own: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What the customers of one currency come to; amounts never add across currencies."""

    currency: str
    customers: int
    amount: Decimal | None
    seats: int | None


@dataclass(frozen=True, slots=True)
class CustomerList:
    """One page of the list, and what all its pages come to."""

    rows: tuple[CustomerRow, ...]
    totals: tuple[Total, ...]
    page: int
    pages: int

    @property
    def count(self) -> int:
        return sum(total.customers for total in self.totals)

    @property
    def seats(self) -> int:
        return sum(total.seats or 0 for total in self.totals)


def get_customer_list(
    *, shape: Shape, fields: tuple[Field, ...], user_id: UUID | None, today: date
) -> CustomerList:
    """The page an address asks for, or the last one there is. `user_id` is who "me" stands for."""
    found = _found(shape, fields, user_id, today)
    totals = _totals(found)
    pages = max(1, -(-sum(total.customers for total in totals) // PAGE_SIZE))
    number = min(shape.page, pages)
    start = (number - 1) * PAGE_SIZE
    rows = _sorted(found, shape, fields)[start : start + PAGE_SIZE]
    return CustomerList(tuple(_rows(rows, shape, fields)), totals, number, pages)


def get_whole_list(
    *, shape: Shape, fields: tuple[Field, ...], user_id: UUID | None, today: date
) -> list[CustomerRow]:
    """Every row of the same view, for a spreadsheet."""
    found = _found(shape, fields, user_id, today)
    return _rows(_sorted(found, shape, fields), shape, fields)


def get_list_choices() -> dict[str, list[str]]:
    """The segments and industries that current customers have."""
    pairs = set(Customer.objects.order_by().values_list("segment", "industry").distinct())
    return {
        "segments": sorted({segment for segment, _industry in pairs if segment}),
        "industries": sorted({industry for _segment, industry in pairs if industry}),
    }


def _found(
    shape: Shape, fields: tuple[Field, ...], user_id: UUID | None, today: date
) -> QuerySet[Customer]:
    valid = LicenceSeats.objects.filter(customer_id=OuterRef("pk"), from_date__lte=today)
    rows = Customer.objects.annotate(
        held=Subquery(valid.order_by("-from_date").values("seats")[:1])
    ).filter(_is_kept(shape.kept), *_wanted(shape, user_id, today))
    if shape.phase:
        of_phase = Engagement.objects.filter(
            customer_id=OuterRef("pk"), phase=shape.phase, archived_at=None
        )
        rows = rows.filter(Exists(of_phase))
    by_key = {field.key: field for field in fields}
    for key, text in shape.own:
        rows = rows.filter(fitting_values(by_key[key], text))
    return rows


def _is_kept(kept: str) -> Q:
    if kept == "all":
        return Q()
    return Q(archived_at__isnull=kept != "archived")


def _wanted(shape: Shape, user_id: UUID | None, today: date) -> Iterable[Q]:
    if shape.q:
        yield Q(name__icontains=shape.q) | Q(external_id__icontains=shape.q)
    if shape.csm == "none":
        yield Q(csm=None)
    elif shape.csm == "me":
        away = get_covered_by(user_id=user_id, today=today) if user_id else {}
        yield Q(csm_id__in=[user_id, *away])
    elif shape.csm:
        yield Q(csm_id=shape.csm)
    if shape.segment:
        yield Q(segment=shape.segment)
    if shape.industry:
        yield Q(industry=shape.industry)
    if shape.renewal:
        until = today + timedelta(days=int(shape.renewal))
        yield Q(renewal_date__range=(today, until))


def _sorted(
    rows: QuerySet[Customer], shape: Shape, fields: tuple[Field, ...]
) -> QuerySet[Customer]:
    key, down = shape.sort.removeprefix("-"), shape.sort.startswith("-")
    columns: list[Any] = [F(name) for name in SORTS.get(key, ())]
    # Amounts compare within their currency only; customers without one come last.
    within: list[Any] = [WITHOUT_AMOUNT, "currency"] if key == "arr" else []
    if key.startswith(OWN):
        columns = [_own_order(next(f for f in fields if OWN + f.key == key))]
    if key == "name" and down:
        return rows.select_related("csm").order_by("-name", "-pk")
    order = [
        column.desc(nulls_last=True) if down else column.asc(nulls_last=True) for column in columns
    ]
    return rows.select_related("csm").order_by(*within, *order, "name", "pk")


def _own_order(field: Field) -> Any:
    """Numbers by their size, the rest by its text."""
    if field.type is Type.NUMBER:
        return KeyTransform(field.key, "custom")
    return KT(f"custom__{field.key}")


def _totals(rows: QuerySet[Customer]) -> tuple[Total, ...]:
    sums = (
        rows.order_by()
        .values("currency")
        .annotate(customers=Count("pk"), amount=Sum("yearly_amount"), seats=Sum("held"))
        .order_by("-customers", "currency")
    )
    return tuple(
        Total(row["currency"], row["customers"], row["amount"], row["seats"]) for row in sums
    )


def _rows(rows: QuerySet[Customer], shape: Shape, fields: tuple[Field, ...]) -> list[CustomerRow]:
    customers = list(rows)
    phases = _phases([customer.pk for customer in customers])
    shown = tuple(field for name in shape.columns for field in fields if OWN + field.key == name)
    return [_row(customer, phases, shown) for customer in customers]


def _phases(customer_ids: list[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """The phases of each customer's engagements, the earliest first."""
    found: dict[UUID, set[Phase]] = {}
    rows = Engagement.objects.filter(customer_id__in=customer_ids, archived_at=None).order_by()
    for customer_id, phase in rows.values_list("customer_id", "phase"):
        found.setdefault(customer_id, set()).add(Phase(phase))
    return {
        customer_id: tuple(str(phase.label) for phase in Phase if phase in phases)
        for customer_id, phases in found.items()
    }


def _row(
    customer: Any, phases: Mapping[UUID, tuple[str, ...]], shown: tuple[Field, ...]
) -> CustomerRow:
    return CustomerRow(
        id=customer.pk,
        name=customer.name,
        external_id=customer.external_id,
        segment=customer.segment,
        industry=customer.industry,
        csm_name=str(customer.csm) if customer.csm else "",
        phases=phases.get(customer.pk, ()),
        seats=customer.held,
        currency=customer.currency,
        yearly_amount=customer.yearly_amount,
        renewal_date=customer.renewal_date,
        is_archived=customer.archived_at is not None,
        own=shown_values(shown, customer.custom),
    )
