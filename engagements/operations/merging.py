"""Two customers that are one: everything of the one goes to the other, and can come back.

Rows change their customer by statements over whole tables, found from the models. Keys between
customers' tables carry the customer, so rows and what points at them change within one
transaction, which checks them at its end. What both customers have (the seats of one day, the
same end user) stays with the one that goes, and what pointed at it points at the kept one's.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from psycopg2 import sql

from engagements.models import Customer, CustomerMerge, MergedRows
from engagements.models.merges import UNDO_FOR
from engagements.queries.customer_tables import (
    Model,
    customer_tables,
    has_id,
    is_counted,
    keys_between,
)
from engagements.queries.merging import MergePreview, get_merge_preview
from people.models import User
from tenancy.audit import record
from tenancy.scope import current_tenant_id

ROWS_AT_ONCE = 5000
# What the kept customer takes from the other where it says nothing itself.
FILLED = ("segment", "industry", "renewal_date", "csm_id")
MONEY = ("currency", "yearly_amount")

KEEP_RECORD = """
INSERT INTO engagements_mergedrows
    (id, tenant_id, merge_id, "table", "column", before, after, rows)
SELECT uuidv7(), {tenant}, {merge}, {name}, {column_name}, before, after, array_agg(id)
FROM (
    SELECT id, before, after, (row_number() OVER (PARTITION BY before) - 1) / {portion} AS portion
    FROM moved
) AS found
GROUP BY before, after, portion
"""
MOVE = """
WITH moved AS (
    UPDATE {table} SET customer_id = {kept}
    WHERE tenant_id = {tenant} AND customer_id = {gone} AND id <> ALL({staying}::uuid[])
    RETURNING id, {gone}::uuid AS before, {kept}::uuid AS after
)
"""
POINT_ELSEWHERE = """
WITH moved AS (
    UPDATE {table} AS row SET {column} = pair.kept
    FROM unnest({theirs}::uuid[], {ours}::uuid[]) AS pair(gone, kept)
    WHERE row.tenant_id = {tenant} AND row.customer_id = {gone} AND row.{column} = pair.gone
        AND row.id <> ALL({staying}::uuid[])
    RETURNING row.id, pair.gone AS before, pair.kept AS after
)
"""
# Rows go where the row they point at went.
FOLLOW = """
UPDATE {table} SET customer_id = {to}
WHERE tenant_id = {tenant} AND customer_id = {from_} AND {column} IN (
    SELECT id FROM {target} WHERE tenant_id = {tenant} AND customer_id = {to}
)
"""
PUT_BACK = """
UPDATE {table} AS row SET {column} = was.before
FROM (
    SELECT before, after, unnest(rows) AS id FROM engagements_mergedrows
    WHERE tenant_id = {tenant} AND merge_id = {merge} AND "table" = {name}
        AND "column" = {column_name}
) AS was
WHERE row.tenant_id = {tenant} AND row.id = was.id AND row.{column} = was.after
"""


class CannotMerge(ValidationError):
    """These two cannot be merged, or not be taken apart again; the message says why."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What an app above computes from customers' rows and has to compute again.

    `ask` marks the history of some customers and returns marks; `withdraw` takes the marks back
    where nothing was computed meanwhile, and asks again otherwise.
    """

    name: str
    ask: Callable[[Iterable[UUID]], list[str]]
    withdraw: Callable[[list[str], Iterable[UUID]], None]


# Filled by the project with those of the apps above.
COUNTED: list[Counting] = []


@transaction.atomic
def merge_customers(
    *, kept: Customer, gone: Customer, by: User | None, now: datetime
) -> CustomerMerge:
    """Everything of `gone` belongs to `kept`; `gone` is archived and stands for it from now on.

    Raises CannotMerge.
    """
    kept, gone = _held(kept, gone)
    _check_pair(kept, gone)
    filled = _fill(kept, gone)
    merge = CustomerMerge.objects.create(
        kept=kept,
        gone=gone,
        merged_at=now,
        merged_by=by,
        filled=filled,
        gone_archived_at=gone.archived_at,
    )
    move = _Move(merge.pk, kept.pk, gone.pk)
    _check_keys_after(move.everything)
    gone.archived_at, gone.merged_into = gone.archived_at or now, kept
    gone.save(update_fields=["archived_at", "merged_into"])
    merge.asked_again = {each.name: each.ask([kept.pk, gone.pk]) for each in COUNTED}
    merge.save(update_fields=["asked_again"])
    facts = {"merged": gone.name, "external_id": gone.external_id, "filled": sorted(filled)}
    record(action="customer.merged", subject=kept, facts=facts, about_customer_id=kept.pk)
    return merge


def _held(kept: Customer, gone: Customer) -> tuple[Customer, Customer]:
    """Both as they are stored, kept from others until the transaction ends."""
    rows = Customer.objects.select_for_update().order_by("pk")
    by_id = {row.pk: row for row in rows.filter(pk__in=[kept.pk, gone.pk])}
    return by_id[kept.pk], by_id[gone.pk]


def _check_pair(kept: Customer, gone: Customer) -> None:
    if kept.pk == gone.pk:
        raise CannotMerge(_("Choose two different customers."))
    for row in (kept, gone):
        if row.merged_into_id:
            words = _("%(name)s was merged into another customer already.")
            raise CannotMerge(words % {"name": row.name})
    if kept.archived_at:
        raise CannotMerge(_("%(name)s is archived. Bring it back first.") % {"name": kept.name})


def get_filled(kept: Customer, gone: Customer) -> dict[str, list[Any]]:
    """{field: [before, after]} of what the kept customer would take from the other."""
    names = [name for name in FILLED if not getattr(kept, name) and getattr(gone, name)]
    ours, theirs = (getattr(row, "yearly_amount") for row in (kept, gone))  # noqa: B009
    if ours is None and theirs is not None:
        names += [name for name in MONEY if getattr(kept, name) != getattr(gone, name)]
    filled: dict[str, list[Any]] = {n: [getattr(kept, n), getattr(gone, n)] for n in names}
    custom = {**gone.custom, **kept.custom}
    if custom != kept.custom:
        filled["custom"] = [kept.custom, custom]
    return filled


def preview_merge(*, kept: Customer, gone: Customer) -> MergePreview:
    """Both side by side, and what the merge would make of them."""
    return get_merge_preview(kept=kept, gone=gone, filled=set(get_filled(kept, gone)))


def _fill(kept: Customer, gone: Customer) -> dict[str, list[Any]]:
    filled = get_filled(kept, gone)
    for name, (_before, after) in filled.items():
        setattr(kept, name, after)
    if filled:
        kept.save(update_fields=list(filled))
    return filled


@dataclass(frozen=True, slots=True)
class _Move:
    """One merge at work: which rows go from one customer to the other."""

    merge_id: UUID
    kept: UUID
    gone: UUID

    def everything(self) -> None:
        twins: dict[Model, dict[UUID, UUID]] = {}
        for model in customer_tables():
            if has_id(model) and not is_counted(model):
                twins[model] = self.twins_of(model)
                self._point_elsewhere(model, twins)
                self._run(MOVE, model, "customer_id", staying=list(twins[model]))
            else:
                follow(model, to=self.kept, from_=self.gone)
        self._lead_on()

    def twins_of(self, model: Model) -> dict[UUID, UUID]:
        """{row of the one that goes: row of the kept one} for what both have."""
        rows: Any = model._base_manager
        found: dict[UUID, UUID] = {}
        for same, condition in samenesses(model):
            ours = rows.filter(condition, customer_id=self.kept, **same).order_by("pk")
            theirs = rows.filter(condition, customer_id=self.gone).order_by()
            twinned = theirs.annotate(twin=Subquery(ours.values("pk")[:1])).exclude(twin=None)
            found |= dict(twinned.values_list("pk", "twin"))
        return found

    def _point_elsewhere(self, model: Model, twins: dict[Model, dict[UUID, UUID]]) -> None:
        for column, target in keys_between(model, twins):
            if pairs := twins[target]:
                self._run(
                    POINT_ELSEWHERE,
                    model,
                    column,
                    staying=list(twins[model]),
                    theirs=list(pairs),
                    ours=list(pairs.values()),
                )

    def _lead_on(self) -> None:
        """Who had been merged into the one that goes stands for the kept one as well."""
        earlier = Customer.objects.filter(merged_into_id=self.gone)
        if ids := list(earlier.values_list("pk", flat=True)):
            MergedRows.objects.create(
                merge_id=self.merge_id,
                table=Customer._meta.db_table,
                column="merged_into_id",
                before=self.gone,
                after=self.kept,
                rows=ids,
            )
            earlier.update(merged_into_id=self.kept)

    def _run(self, statement: str, model: Model, column: str, **ids: list[UUID]) -> None:
        _execute(
            statement,
            KEEP_RECORD,
            table=sql.Identifier(model._meta.db_table),
            column=sql.Identifier(column),
            name=sql.Literal(model._meta.db_table),
            column_name=sql.Literal(column),
            merge=_literal(self.merge_id),
            kept=_literal(self.kept),
            gone=_literal(self.gone),
            portion=sql.Literal(ROWS_AT_ONCE),
            **{name: sql.Literal([str(one) for one in values]) for name, values in ids.items()},
        )


def samenesses(model: Model) -> Iterable[tuple[dict[str, Any], Q]]:
    """When two rows of different customers are one: as lookups of the other row, and a condition.

    From the table's rules that allow a customer one row of a kind, and from `alike_by`.
    """
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and "customer" in rule.fields:
            others = [name for name in rule.fields if name not in ("tenant", "customer")]
            yield {name: OuterRef(name) for name in others}, rule.condition or Q()
    if name := getattr(model, "alike_by", ""):
        yield {f"{name}__iexact": OuterRef(name)}, ~Q(**{name: ""})


def follow(model: Model, *, to: UUID, from_: UUID) -> None:
    """Rows that hang on rows of one customer and still belong to the other go there too."""
    for column, target in keys_between(model, customer_tables(), required=True):
        if model is not target:
            _execute(
                FOLLOW,
                table=sql.Identifier(model._meta.db_table),
                column=sql.Identifier(column),
                target=sql.Identifier(target._meta.db_table),
                to=_literal(to),
                from_=_literal(from_),
            )


def _literal(value: UUID) -> sql.Composable:
    return sql.SQL("{}::uuid").format(sql.Literal(str(value)))


def _execute(*statement: str, **parts: sql.Composable) -> None:
    tenant = _literal(current_tenant_id())
    query = sql.Composed([sql.SQL(part).format(tenant=tenant, **parts) for part in statement])
    with connection.cursor() as cursor:
        cursor.execute(query)


def _check_keys_after(act: Callable[[], None]) -> None:
    """Do it and have the database check every key now, where a refusal can still be told."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            act()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        raise CannotMerge(
            _("Something belongs to both customers by now, so they cannot be moved.")
        ) from error


@transaction.atomic
def undo_merge(*, merge: CustomerMerge, now: datetime) -> None:
    """Everything goes back to where it was; what came later to a moved row goes with that row.

    Raises CannotMerge when it is too late, when it was undone already, or when the kept customer
    went into another one meanwhile.
    """
    merge = CustomerMerge.objects.select_for_update().get(pk=merge.pk)
    kept, gone = _held(merge.kept, merge.gone)
    _check_undo(merge, kept, now)
    _check_keys_after(lambda: _move_back(merge))
    _empty_what_was_filled(kept, merge.filled)
    gone.archived_at, gone.merged_into = merge.gone_archived_at, None
    gone.save(update_fields=["archived_at", "merged_into"])
    for each in COUNTED:
        each.withdraw(merge.asked_again.get(each.name, []), [kept.pk, gone.pk])
    merge.undone_at = now
    merge.save(update_fields=["undone_at"])
    facts = {"taken_apart": gone.name}
    record(action="customer.unmerged", subject=kept, facts=facts, about_customer_id=kept.pk)


def _check_undo(merge: CustomerMerge, kept: Customer, now: datetime) -> None:
    if merge.undone_at:
        raise CannotMerge(_("This was undone already."))
    if now > merge.merged_at + UNDO_FOR:
        raise CannotMerge(_("A merge can be undone for seven days; these are over."))
    if kept.merged_into_id:
        words = _("%(name)s was merged into another customer since. Undo that first.")
        raise CannotMerge(words % {"name": kept.name})


def _move_back(merge: CustomerMerge) -> None:
    moved = merge.moved.order_by("table", "column").values_list("table", "column").distinct()
    for table, column in moved:
        _execute(
            PUT_BACK,
            table=sql.Identifier(table),
            column=sql.Identifier(column),
            name=sql.Literal(table),
            column_name=sql.Literal(column),
            merge=_literal(merge.pk),
        )
    for model in customer_tables():
        follow(model, to=merge.gone_id, from_=merge.kept_id)


def _empty_what_was_filled(kept: Customer, filled: dict[str, list[Any]]) -> None:
    """What somebody has changed since stays as they changed it."""
    for name, (before, after) in filled.items():
        field = kept._meta.get_field(name.removesuffix("_id"))
        if getattr(kept, name) == _value(field, after):
            setattr(kept, name, _value(field, before))
    if filled:
        kept.save(update_fields=list(filled))


def _value(field: Any, kept_as: Any) -> Any:
    """The value behind its form in JSON."""
    target = field.target_field if field.is_relation else field
    return kept_as if kept_as is None else target.to_python(kept_as)
