"""Whose data a piece of work may touch: set in one place, followed by the ORM and PostgreSQL.

`tenant_scope` is the only door to a workspace's rows. It opens a transaction, tells PostgreSQL
(whose row security does the guarding) and the ORM (whose filter keeps plans short), and closes
both again. Outside of it the ORM raises `NoTenant` and PostgreSQL shows no row. `ask_once` is the
same door for one statement of SQL.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, models, transaction


class Realm(StrEnum):
    """On which side of the table somebody sits."""

    STAFF = "staff"
    CUSTOMER = "customer"


class NoTenant(RuntimeError):
    """Workspace data was asked for outside any scope."""


class TenantMismatch(RuntimeError):
    """A scope was opened inside the scope of somebody else."""


@dataclass(frozen=True, slots=True)
class Scope:
    tenant_id: UUID
    realm: Realm = Realm.STAFF
    customer_id: UUID | None = None


Settings = tuple[str, str, str]
NO_SETTINGS: Settings = ("", "", "")

_TELL = (
    "SELECT set_config('app.tenant_id', %(app_tenant)s, true),"
    " set_config('app.realm', %(app_realm)s, true),"
    " set_config('app.customer_id', %(app_customer)s, true)"
)

# A connection that answered so lately is taken to be alive. Each thread has its own.
LIVELY_SECONDS = 1.0
_lively = threading.local()

# With the thread it was opened in: another one has a database connection that knows nothing of it.
_active: ContextVar[tuple[Scope, int] | None] = ContextVar("tenant_scope", default=None)


def _in_force() -> Scope | None:
    held = _active.get()
    return held[0] if held is not None and held[1] == threading.get_ident() else None


def current_scope() -> Scope:
    """The scope in force. Raises NoTenant when there is none."""
    scope = _in_force()
    if scope is None:
        raise NoTenant("Workspace data is only reachable inside tenant_scope().")
    return scope


def current_tenant_id() -> UUID:
    return current_scope().tenant_id


def in_scope() -> bool:
    return _in_force() is not None


@contextmanager
def tenant_scope(
    tenant_id: UUID, *, realm: Realm = Realm.STAFF, customer_id: UUID | None = None
) -> Iterator[Scope]:
    """Open one workspace for the length of a block, inside a transaction.

    A member on the customer's side passes `realm=Realm.CUSTOMER` and the one customer to be seen.
    Entering the scope in force again is allowed; entering another raises TenantMismatch.
    """
    wanted = Scope(tenant_id, realm, customer_id)
    outer = _in_force()
    if outer not in (None, wanted):
        raise TenantMismatch(f"{wanted} was opened inside {outer}.")
    # Only inside somebody else's transaction is there anything to come back to.
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = NO_SETTINGS if is_outermost else _settings_in_force()
        tell_database(wanted)
        token = _active.set((wanted, threading.get_ident()))
        try:
            with structlog.contextvars.bound_contextvars(workspace=str(tenant_id)):
                yield wanted
        finally:
            # Before the commit, so that on_commit callbacks meet NoTenant, not silent emptiness.
            _active.reset(token)
    _restore(before)


def tell_database(scope: Scope) -> None:
    _apply(str(scope.tenant_id), scope.realm.value, str(scope.customer_id or ""))


def ask_once(tenant_id: UUID, sql: str, values: Mapping[str, Any]) -> Any:
    """The first row of one statement that is a scope and a transaction by itself.

    Whose data it may touch is told in the same message, so a statement that changes rows costs one
    way to the database in place of five. Not to be called inside a transaction.
    """
    if connection.in_atomic_block:
        raise RuntimeError("What is told here would stay told to the end of the transaction.")
    told = {"app_tenant": str(tenant_id), "app_realm": Realm.STAFF.value, "app_customer": ""}
    now = monotonic()
    if now < getattr(_lively, "until", 0.0):
        # Django asks a connection once a request whether it lives; this one has just shown it.
        connection.health_check_done = True  # type: ignore[attr-defined]
    _lively.until = 0.0
    with connection.cursor() as cursor:
        cursor.execute(f"{_TELL};{sql}", {**values, **told})
        row = cursor.fetchone()
    _lively.until = now + LIVELY_SECONDS
    return row


def _apply(tenant_id: str, realm: str, customer_id: str) -> None:
    told = {"app_tenant": tenant_id, "app_realm": realm, "app_customer": customer_id}
    with connection.cursor() as cursor:
        cursor.execute(_TELL, told)


def _settings_in_force() -> Settings:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('app.tenant_id', true), ''),"
            " coalesce(current_setting('app.realm', true), ''),"
            " coalesce(current_setting('app.customer_id', true), '')"
        )
        row: Settings = cursor.fetchone()
    return row


def _restore(before: tuple[str, str, str]) -> None:
    # A released savepoint keeps what was set inside it; only the outermost end forgets by itself.
    if connection.in_atomic_block and not connection.needs_rollback:
        _apply(*before)


class CurrentTenant(models.Expression):
    """The workspace in force when the query runs, as a parameter of that query."""

    output_field = models.UUIDField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (current_tenant_id(),)


class StaffInForce(models.Expression):
    """Whether the vendor's side is in force when the query runs, and not a customer's."""

    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return ("TRUE" if current_scope().realm is Realm.STAFF else "FALSE"), ()


class CustomerInForce(models.Func):
    """Whether a row of that customer is for the side in force when the query runs: staff sees
    every customer's rows, a member on a customer's side those of the one customer."""

    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, *_form: Any, **_context: Any) -> Any:
        scope = current_scope()
        if scope.realm is Realm.STAFF:
            return "TRUE", ()
        column, _nothing = compiler.compile(self.source_expressions[0])
        return f"{column} = %s", (scope.customer_id,)
