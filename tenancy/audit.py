"""Who did what: `acting` says who is at work, `record` writes it down, `verify` proves the chain.

The database numbers, dates and chains each entry in an insert trigger: its hash is the SHA-256 of
the hash before it and of its own canonical text. What the chain cannot show by itself, an end that
was cut off, shows against the heads published outside the table. Whoever holds the database server
and every copy of the published heads can still forge a history; nobody else can.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog
from django.db import connection, models

from tenancy.models import ActorKind, AuditEntry
from tenancy.scope import current_tenant_id


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is at work, as the log will name them."""

    kind: ActorKind
    name: str
    id: UUID | None = None
    address: str | None = None


SYSTEM = Actor(ActorKind.SYSTEM, "AdoptIQ")

_acting: ContextVar[Actor] = ContextVar("acting", default=SYSTEM)
_summed_up: ContextVar[bool] = ContextVar("summed_up", default=False)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Everything recorded inside the block is this actor's doing."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def at_work() -> Actor:
    """Who the log would name now."""
    return _acting.get()


@contextmanager
def summed_up() -> Iterator[None]:
    """What is recorded inside is left to one entry that says it all, written after the block."""
    token = _summed_up.set(True)
    try:
        yield
    finally:
        _summed_up.reset(token)


def record(
    *,
    action: str,
    subject: models.Model | None = None,
    subject_name: str = "",
    facts: Mapping[str, Any] | None = None,
    about_customer_id: UUID | None = None,
) -> None:
    """Write down, in the transaction of the act itself, that it was done.

    `action` reads "noun.verb", such as "member.removed". `facts` hold plain values, never secrets;
    `changes` makes them from a row. To be called last in an operation: until the transaction ends,
    others wait to write their own entries. Raises NoTenant outside a scope.
    """
    if _summed_up.get():
        return
    actor = _acting.get()
    AuditEntry.objects.create(
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:200],
        action=action,
        subject_kind=str(subject._meta.verbose_name).capitalize() if subject else "",
        subject_id=str(subject.pk) if subject else "",
        subject_name=(subject_name or (str(subject) if subject else ""))[:300],
        about_customer_id=about_customer_id,
        facts=_plain(facts or {}),
        address=actor.address,
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )


def changes(row: models.Model, fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after]} for those fields whose value would change on that row."""
    return {
        name: [getattr(row, name), value]
        for name, value in fields.items()
        if getattr(row, name) != value
    }


def _plain(value: Any) -> Any:
    """As JSON holds it: whatever is no number or container as its text."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return str(value)


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends: the number of its last entry and that entry's hash."""

    seq: int
    row_hash: bytes


EMPTY = Head(0, b"")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a chain found: how many entries hold, and the first fault, if any."""

    entries: int
    head: Head
    fault: str = ""

    @property
    def holds(self) -> bool:
        return not self.fault


def verify(*, published: tuple[Head, ...] = ()) -> Verdict:
    """Recompute the chain of the workspace in force, against heads published earlier as well.

    Names the first entry that is missing, altered or out of order, or how much of the end is gone.
    Raises NoTenant outside a scope, where nothing to check would pass for nothing wrong.
    """
    current_tenant_id()
    expected = {head.seq: head.row_hash for head in published}
    before = EMPTY
    for seq, text, prev_hash, row_hash in _entries():
        fault = _fault_of(before, seq, text, bytes(prev_hash), bytes(row_hash))
        if not fault and expected.get(seq, bytes(row_hash)) != bytes(row_hash):
            fault = f"entry {seq} is not the one whose hash was published"
        if fault:
            return Verdict(before.seq, before, fault)
        before = Head(seq, bytes(row_hash))
    return Verdict(before.seq, before, _cut_tail(before, get_head(), max(expected, default=0)))


def _fault_of(before: Head, seq: int, text: str, prev_hash: bytes, row_hash: bytes) -> str:
    if seq != before.seq + 1:
        return f"entry {before.seq + 1} is missing"
    if prev_hash != before.row_hash:
        return f"entry {seq} does not follow from entry {before.seq}"
    if hashlib.sha256(prev_hash + text.encode()).digest() != row_hash:
        return f"entry {seq} was altered"
    return ""


def _cut_tail(last: Head, head: Head, published_seq: int) -> str:
    wanted = max(head.seq, published_seq)
    if last.seq < wanted:
        return f"the end is cut off: {_entries_named(last.seq + 1, wanted)} gone"
    if head != last:
        return f"the recorded head is entry {head.seq}, the last entry is {last.seq}"
    return ""


def _entries_named(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"


def _entries() -> Iterator[tuple[int, str, bytes, bytes]]:
    with connection.cursor() as cursor:
        after = 0
        while True:
            cursor.execute(
                "SELECT seq, tenancy_audit_text(entry), prev_hash, row_hash"
                " FROM tenancy_auditentry AS entry WHERE seq > %s ORDER BY seq LIMIT 5000",
                [after],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            yield from rows
            after = rows[-1][0]


def get_head() -> Head:
    """Where the chain of the workspace in force ends, as the database keeps it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq, row_hash FROM tenancy_audithead")
        row = cursor.fetchone()
    return Head(row[0], bytes(row[1])) if row else EMPTY
