"""The audit log: who did what in the workspace, and whether the record is whole."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from people import exports
from people.queries.audit import AuditFilters, AuditLine, get_audit_page, get_audit_portion
from rendering.web import page, wants_fragment
from tenancy import audit, heads
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.scope import tenant_scope

LONGEST = 100
# Where a subject of that kind can be looked at: the address, and whether its id is part of it.
PAGES = {
    "Customer": ("engagements:customer", True),
    "Engagement": ("reviews:engagement", True),
    "Measure": ("metrics:measure", True),
    "Usage import": ("usage:import", True),
    "Source": ("usage:sources", False),
    "Membership": ("people:members", False),
    "Invitation": ("people:members", False),
    "Api key": ("people:keys", False),
}


@require_GET
def audit_log(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_audit")
    filters, faults = _filters(request)
    shown = get_audit_page(
        filters=filters,
        zone=_zone(request),
        tenant_id=request.workspace.pk,
        before=_number(request.GET.get("before", "")),
    )
    query = _query(filters)
    context = {
        "log": shown,
        "lines": [(line, _page_of(request, line)) for line in shown.lines],
        "filters": filters,
        "faults": faults,
        "query": query,
        "is_filtered": bool(query),
        "older": _with(query, before=shown.older) if shown.older else "",
        "is_newest": "before" not in request.GET,
    }
    return page(request, "people/audit_log.html", context, fragment="people/_audit_log.html")


@require_GET
def export_audit_log(request: WorkspaceRequest) -> StreamingHttpResponse:
    require(request.membership, "see_audit")
    filters, _faults = _filters(request)
    audit.record(action="audit_log.exported", facts={"filters": _query(filters) or None})
    portions = _portions(request.workspace.pk, filters, _zone(request))
    response = StreamingHttpResponse(exports.audit_csv(portions), content_type="text/csv")
    name = f"{request.workspace.slug}-audit-log-{timezone.localdate()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _portions(tenant_id: UUID, filters: AuditFilters, zone: ZoneInfo) -> Iterator[list[AuditLine]]:
    """Written while it is read, after the request's own scope has ended: each opens its own."""
    before: int | None = None
    while True:
        with tenant_scope(tenant_id):
            portion = get_audit_portion(filters=filters, zone=zone, before=before)
        if not portion:
            return
        yield portion
        before = portion[-1].seq


@require_POST
def verify_audit_log(request: WorkspaceRequest) -> HttpResponse:
    """Recompute the chain and hold it against the heads published outside the database."""
    require(request.membership, "see_audit")
    published = heads.published_heads(settings.AUDIT_HEADS_FILE).get(request.workspace.pk, ())
    verdict = audit.verify(published=published)
    context = {"verdict": verdict, "published": published, "now": timezone.now()}
    if wants_fragment(request):
        return page(request, "people/_chain.html", context, fragment="people/_chain.html")
    if verdict.holds:
        words = _("The log is whole: %(n)s entries, none missing or altered.")
        messages.success(request, words % {"n": verdict.entries})
    else:
        words = _("The log does not hold: %(fault)s.")
        messages.error(request, words % {"fault": verdict.fault})
    return redirect("people:audit_log", request.workspace.slug)


def _filters(request: WorkspaceRequest) -> tuple[AuditFilters, list[str]]:
    """What the address asks for, and what of it cannot be understood, in words."""
    texts = {name: request.GET.get(name, "").strip()[:LONGEST] for name in asdict(AuditFilters())}
    days: dict[str, date | None] = {}
    faults = []
    for name in ("first", "last"):
        text = texts.pop(name)
        try:
            days[name] = date.fromisoformat(text) if text else None
        except ValueError:
            faults.append(_("“%(text)s” is no day. Write it as 2026-11-30.") % {"text": text})
    plain: dict[str, Any] = {name: text.replace("\0", "") for name, text in texts.items()}
    return AuditFilters(**plain | days), faults


def _zone(request: WorkspaceRequest) -> ZoneInfo:
    return ZoneInfo(request.workspace.time_zone)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _query(filters: AuditFilters) -> str:
    return urlencode({name: str(value) for name, value in asdict(filters).items() if value})


def _with(query: str, **words: Any) -> str:
    return "&".join(part for part in (query, urlencode(words)) if part)


def _page_of(request: WorkspaceRequest, line: AuditLine) -> str:
    """Where the subject of an entry can be looked at; empty where it has no page."""
    name, by_id = PAGES.get(line.subject_kind, ("", False))
    if not name:
        return ""
    ids = [UUID(line.subject_id)] if by_id else []
    return reverse(name, args=[request.workspace.slug, *ids])
