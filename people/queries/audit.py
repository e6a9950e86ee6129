"""Reads of the audit log: filtered, a page at a time, or all of it in portions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from people.queries.customers import get_customer_names
from tenancy.audit import get_head
from tenancy.models import AuditEntry, JobRun

PAGE_SIZE = 50
PORTION = 1000
LONGEST_VALUE = 300
PUBLISHING = "tenancy.publish_audit_head"


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """What of the log is wanted; texts are looked for anywhere in a name, days are included."""

    who: str = ""
    action: str = ""
    subject: str = ""
    customer: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing an entry says: a value, or what it was before and after."""

    name: str
    before: str | None
    after: str


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as people and spreadsheets read it. Hashes are hexadecimal."""

    seq: int
    recorded_at: datetime | None
    actor_kind: str
    actor_kind_label: str
    actor_name: str
    action: str
    action_words: str
    subject_kind: str
    subject_id: str
    subject_name: str
    customer_id: UUID | None
    customer_name: str
    facts: tuple[Fact, ...]
    plain_facts: Mapping[str, Any]
    address: str
    request_id: str
    prev_hash: str
    row_hash: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Entries, newest first, with what the whole log can be filtered by.

    `entries` counts the whole log; `published_at` is when its end was last published.
    """

    lines: tuple[AuditLine, ...]
    older: int | None
    actions: tuple[tuple[str, str], ...]
    entries: int
    published_at: datetime | None


def get_audit_page(
    *, filters: AuditFilters, zone: ZoneInfo, tenant_id: UUID, before: int | None = None
) -> AuditPage:
    """One page of the log; `before` continues below the entry of that number."""
    names = get_customer_names()
    rows = _filtered(filters, zone, names)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: PAGE_SIZE + 1])
    return AuditPage(
        lines=tuple(_line(row, names) for row in found[:PAGE_SIZE]),
        older=found[PAGE_SIZE - 1].seq if len(found) > PAGE_SIZE else None,
        actions=_actions(),
        entries=get_head().seq,
        published_at=_published_at(tenant_id),
    )


def get_audit_portion(
    *, filters: AuditFilters, zone: ZoneInfo, before: int | None
) -> list[AuditLine]:
    """Up to a thousand entries below the one of that number, newest first; none at the end."""
    names = get_customer_names()
    rows = _filtered(filters, zone, names)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    return [_line(row, names) for row in rows.order_by("-seq")[:PORTION]]


def _filtered(
    filters: AuditFilters, zone: ZoneInfo, names: Mapping[UUID, str]
) -> QuerySet[AuditEntry]:
    rows = AuditEntry.objects.all()
    if filters.who:
        rows = rows.filter(actor_name__icontains=filters.who)
    if filters.action:
        rows = rows.filter(action=filters.action)
    if filters.subject:
        rows = rows.filter(subject_name__icontains=filters.subject)
    if filters.customer:
        wanted = filters.customer.casefold()
        rows = rows.filter(
            about_customer_id__in=[key for key, name in names.items() if wanted in name.casefold()]
        )
    if filters.first:
        rows = rows.filter(recorded_at__gte=_midnight(filters.first, zone))
    if filters.last:
        rows = rows.filter(recorded_at__lt=_midnight(filters.last + timedelta(days=1), zone))
    return rows


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)


def _actions() -> tuple[tuple[str, str], ...]:
    found = AuditEntry.objects.order_by("action").values_list("action", flat=True).distinct()
    return tuple((action, action_words(action)) for action in found)


def _published_at(tenant_id: UUID) -> datetime | None:
    runs = JobRun.objects.filter(tenant_id=tenant_id, job=PUBLISHING, state=JobRun.State.DONE)
    return runs.order_by("-business_date").values_list("finished_at", flat=True).first()


def action_words(action: str) -> str:
    """`member.role_changed` as people read it."""
    return action.replace(".", " ").replace("_", " ").capitalize()


def _line(row: AuditEntry, names: Mapping[UUID, str]) -> AuditLine:
    return AuditLine(
        seq=row.seq,
        recorded_at=row.recorded_at,
        actor_kind=row.actor_kind,
        actor_kind_label=row.get_actor_kind_display(),
        actor_name=row.actor_name,
        action=row.action,
        action_words=action_words(row.action),
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        subject_name=row.subject_name,
        customer_id=row.about_customer_id,
        customer_name=names.get(row.about_customer_id, "") if row.about_customer_id else "",
        facts=tuple(_fact(name, value) for name, value in row.facts.items()),
        plain_facts=row.facts,
        address=row.address or "",
        request_id=row.request_id,
        prev_hash=bytes(row.prev_hash).hex(),
        row_hash=bytes(row.row_hash).hex(),
    )


def _fact(name: str, value: Any) -> Fact:
    words = name.replace("_", " ")
    # Two values are what `tenancy.audit.changes` writes: before and after.
    if isinstance(value, list) and len(value) == 2:
        return Fact(words, said(value[0]), said(value[1]))
    return Fact(words, None, said(value))


def said(value: Any) -> str:
    """A value of an entry in one line."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {said(inner)}" for name, inner in value.items())[:LONGEST_VALUE]
    if isinstance(value, list):
        return ", ".join(map(said, value))[:LONGEST_VALUE]
    return str(value)[:LONGEST_VALUE]
