"""The inbox: what somebody was told, and what they have read of it."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from notifications import exports, operations, queries
from notifications.models import Notification
from people.models import User
from people.queries import person_of
from rendering.web import csv_file, page, tell, wants_fragment
from tenancy.access import require
from tenancy.http import WorkspaceRequest


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the inbox is shown, as the address says it."""

    unread_only: bool
    kind: str
    before: UUID | None = None

    @property
    def query(self) -> str:
        words = {"show": "" if self.unread_only else "all", "kind": self.kind}
        return urlencode({name: word for name, word in words.items() if word})


def _shown(request: WorkspaceRequest) -> Shown:
    try:
        before = UUID(request.GET.get("before", ""))
    except ValueError:
        before = None
    return Shown(request.GET.get("show") != "all", request.GET.get("kind", "")[:40], before)


@require_GET
def inbox(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_inbox")
    return _show(request)


def _show(request: WorkspaceRequest) -> HttpResponse:
    shown = _shown(request)
    found = queries.get_inbox(
        user_id=_person(request).pk,
        unread_only=shown.unread_only,
        kind=shown.kind,
        before=shown.before,
    )
    context = {
        "inbox": found,
        "shown": shown,
        "chips": _chips(found, shown),
        "older": _with(shown.query, before=found.older) if found.older else "",
        # The bell stands outside the fragment, so it travels along.
        "with_bell": wants_fragment(request),
    }
    return page(request, "notifications/inbox.html", context, fragment="notifications/_inbox.html")


def _chips(found: queries.Inbox, shown: Shown) -> list[dict[str, object]]:
    chips: list[dict[str, object]] = [
        {
            "key": key,
            "label": label,
            "count": count,
            "query": Shown(unread_only, "").query,
            "current": shown.unread_only is unread_only and not shown.kind,
        }
        for key, label, count, unread_only in (
            ("unread", _("Unread"), found.unread, True),
            ("all", _("All"), found.everything, False),
        )
    ]
    chips += [
        {
            "key": kind.key.replace(".", "-"),
            "label": kind.label,
            "count": kind.count,
            "query": Shown(shown.unread_only, kind.key).query,
            "current": shown.kind == kind.key,
        }
        for kind in found.kinds
    ]
    return chips


def _with(query: str, **words: object) -> str:
    return "&".join(part for part in (query, urlencode(words)) if part)


def _person(request: WorkspaceRequest) -> User:
    person = person_of(request.user)
    assert person is not None  # noqa: S101 (a workspace's pages are for people signed in)
    return person


def _own(request: WorkspaceRequest, notification_id: UUID) -> Notification:
    rows = Notification.objects.filter(user=_person(request))
    return get_object_or_404(rows, pk=notification_id)


@require_GET
def export_inbox(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_inbox")
    shown = _shown(request)
    rows = queries.get_everything_told(
        user_id=_person(request).pk, unread_only=shown.unread_only, kind=shown.kind
    )
    name = f"{request.workspace.slug}-inbox-{timezone.localdate()}.csv"
    return csv_file(exports.inbox_csv(rows), name)


@require_GET
def open_notification(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    """To the page it is about. Following the link is reading it, in a new tab too, so a GET."""
    require(request.membership, "see_inbox")
    row = _own(request, notification_id)
    operations.mark_read(notification=row, now=timezone.now())
    # The workspace may have another short name by now.
    return redirect(re.sub(r"^/w/[^/]+/", f"/w/{request.workspace.slug}/", row.url))


@require_POST
def mark_read(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    require(request.membership, "see_inbox")
    row = _own(request, notification_id)
    if operations.mark_read(notification=row, now=timezone.now()):
        back = reverse("notifications:mark_unread", args=[request.workspace.slug, row.pk])
        tell(request, _("Read."), undo=_with_shown(request, back))
    return _answer(request)


@require_POST
def mark_unread(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    require(request.membership, "see_inbox")
    operations.mark_unread(notification=_own(request, notification_id))
    return _answer(request)


@require_POST
def mark_all_read(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_inbox")
    now = timezone.now()
    count = operations.mark_all_read(user=_person(request), now=now)
    if count:
        words = ngettext("One is read.", "%(n)s are read.", count) % {"n": count}
        back = reverse("notifications:mark_all_unread", args=[request.workspace.slug])
        tell(request, words, undo=_with_shown(request, back, at=now.isoformat()))
    return _answer(request)


@require_POST
def mark_all_unread(request: WorkspaceRequest) -> HttpResponse:
    """Takes back the marking of one moment, which the address names."""
    require(request.membership, "see_inbox")
    if moment := _moment(request.GET.get("at", "")):
        operations.mark_all_unread(user=_person(request), read_at=moment)
    return _answer(request)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def _with_shown(request: WorkspaceRequest, path: str, **words: str) -> str:
    query = _with(_shown(request).query, **words) if words else _shown(request).query
    return f"{path}?{query}" if query else path


def _answer(request: WorkspaceRequest) -> HttpResponse:
    """The list as it was being looked at: as a fragment, or the page again."""
    if wants_fragment(request):
        return _show(request)
    inbox_url = reverse("notifications:inbox", args=[request.workspace.slug])
    return redirect(_with_shown(request, inbox_url))
