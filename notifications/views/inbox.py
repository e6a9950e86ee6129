"""The inbox: what somebody was told, what they have read of it, put off, and done with."""

import re
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

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
from notifications.queries import OPEN, TABS, Inbox, Looked
from notifications.snoozing import NotAhead, Until, chosen, comes_back
from people.models import User
from people.queries import person_of
from rendering.formats import current
from rendering.web import csv_file, page, tell, wants_fragment
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

OTHER_KINDS = "other"


def looked_at(request: WorkspaceRequest) -> Looked:
    """At what of the inbox somebody looks, as the address says it; what makes no sense is left."""
    tab, kind = request.GET.get("tab", ""), request.GET.get("kind", "")
    try:
        before = UUID(request.GET.get("before", ""))
    except ValueError:
        before = None
    return Looked(
        tab=tab if tab in TABS else OPEN,
        unread_only=request.GET.get("show") == "unread",
        kind=kind if kind in (*queries.KINDS, OTHER_KINDS) else "",
        by_customer=request.GET.get("by") == "customer",
        before=before,
    )


def as_query(looked: Looked, **words: object) -> str:
    """The same in an address, without the place in the list."""
    said = {
        "tab": "" if looked.tab == OPEN else looked.tab,
        "show": "unread" if looked.unread_only and looked.tab == OPEN else "",
        "kind": looked.kind,
        "by": "customer" if looked.by_customer else "",
        **words,
    }
    return urlencode({name: word for name, word in said.items() if word})


def person_at(request: WorkspaceRequest) -> User:
    person = person_of(request.user)
    assert person is not None  # noqa: S101 (a workspace's pages are for people signed in)
    return person


@require_GET
def inbox(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_inbox")
    return _show(request)


def _show(request: WorkspaceRequest) -> HttpResponse:
    person, looked, now = person_at(request), looked_at(request), timezone.now()
    zone = _zone(request, person)
    found = queries.get_inbox(user_id=person.pk, looked=looked, now=now)
    context = {
        "inbox": found,
        "looked": looked,
        "query": as_query(looked),
        "tabs": _tabs(found, looked),
        "chips": _chips(found, looked),
        "other_order": as_query(_other_order(looked)),
        "older": as_query(looked, before=found.older) if found.older else "",
        "offers": _offers(now, zone),
        "soonest": now.astimezone(zone),
        # The bell stands outside the fragment, so it travels along.
        "with_bell": wants_fragment(request),
    }
    with timezone.override(zone):
        return page(
            request, "notifications/inbox.html", context, fragment="notifications/_inbox.html"
        )


def _zone(request: WorkspaceRequest, person: User) -> ZoneInfo:
    """The person's own clock, or the workspace's."""
    choice = queries.get_choice(user_id=person.pk)
    return ZoneInfo(choice.time_zone or request.workspace.time_zone)


def _tabs(found: Inbox, looked: Looked) -> list[dict[str, object]]:
    labels = (_("Open"), _("Put off"), _("Done"))
    return [
        {
            "key": tab,
            "label": label,
            "count": found.counts[tab],
            "query": as_query(Looked(tab=tab, by_customer=looked.by_customer)),
            "current": looked.tab == tab,
        }
        for tab, label in zip(TABS, labels, strict=True)
    ]


def _chips(found: Inbox, looked: Looked) -> list[dict[str, object]]:
    tab, by = looked.tab, looked.by_customer
    wholes = [("all", _("All"), found.counts[tab], False)]
    if tab == OPEN:
        wholes.append(("unread", _("Unread"), found.unread, True))
    whole = [
        {
            "key": key,
            "label": label,
            "count": count,
            "query": as_query(Looked(tab=tab, unread_only=unread, by_customer=by)),
            "current": looked.unread_only is unread and not looked.kind,
        }
        for key, label, count, unread in wholes
    ]
    return whole + [
        {
            "key": kind.key.replace(".", "-"),
            "label": kind.label,
            "count": kind.count,
            "query": as_query(Looked(tab, looked.unread_only, kind.key, by)),
            "current": looked.kind == kind.key,
        }
        for kind in found.kinds
    ]


def _other_order(looked: Looked) -> Looked:
    return Looked(looked.tab, looked.unread_only, looked.kind, not looked.by_customer)


def _offers(now: datetime, zone: ZoneInfo) -> list[dict[str, object]]:
    labels = (_("Tomorrow morning"), _("Next Monday"), _("In a week"))
    moments = (Until.TOMORROW, Until.MONDAY, Until.WEEK)
    found: dict[datetime, dict[str, object]] = {}
    for until, label in zip(moments, labels, strict=True):
        at = comes_back(until, now, zone)
        # On a Sunday tomorrow is next Monday, and on a Monday that is in a week.
        found.setdefault(at, {"value": until.value, "label": label, "at": at})
    return list(found.values())


def _own(request: WorkspaceRequest, notification_id: UUID) -> Notification:
    rows = Notification.objects.filter(user=person_at(request))
    return get_object_or_404(rows, pk=notification_id)


@require_GET
def export_inbox(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_inbox")
    rows = queries.get_everything_told(
        user_id=person_at(request).pk, looked=looked_at(request), now=timezone.now()
    )
    record(action="inbox.exported", facts={"rows": len(rows)})
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
        tell(request, _("Read."), undo=_way_back(request, "mark_unread", row))
    return _answer(request)


@require_POST
def mark_unread(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    require(request.membership, "see_inbox")
    operations.mark_unread(notification=_own(request, notification_id))
    return _answer(request)


@require_POST
def mark_done(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    require(request.membership, "see_inbox")
    row = _own(request, notification_id)
    if operations.mark_done(notification=row, now=timezone.now()):
        tell(request, _("Done."), undo=_way_back(request, "put_back", row))
    return _answer(request)


@require_POST
def put_back(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    require(request.membership, "see_inbox")
    operations.put_back(notification=_own(request, notification_id))
    return _answer(request)


@require_POST
def snooze(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    """Put one off until one of the moments offered, or a chosen one."""
    require(request.membership, "see_inbox")
    row, zone = _own(request, notification_id), _zone(request, person_at(request))
    try:
        until = _until(request, zone)
    except (NotAhead, ValueError):
        tell(request, _("Choose a moment ahead, within a year."))
        return _answer(request)
    operations.snooze(notification=row, until=until)
    local = until.astimezone(zone)
    words = {"day": current().long_day(local.date(), with_year=False), "at": current().time(local)}
    undo = _way_back(request, "unsnooze", row, read=row.read_at, until=row.snoozed_until)
    tell(request, _("Put off until %(day)s, %(at)s.") % words, undo=undo)
    return _answer(request)


def _until(request: WorkspaceRequest, zone: ZoneInfo) -> datetime:
    """Raises ValueError for a choice that there is not, NotAhead for a moment that is none."""
    until, now = Until(request.POST.get("until", "")), timezone.now()
    if until is Until.CHOSEN:
        return chosen(request.POST.get("at", ""), now, zone)
    return comes_back(until, now, zone)


@require_POST
def unsnooze(request: WorkspaceRequest, notification_id: UUID) -> HttpResponse:
    """Back into the list now; or, as the way back of a snooze, as it had been before."""
    require(request.membership, "see_inbox")
    operations.unsnooze(
        notification=_own(request, notification_id),
        read_at=_moment(request.GET.get("read", "")),
        snoozed_until=_moment(request.GET.get("until", "")),
    )
    return _answer(request)


@require_POST
def mark_all_read(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_inbox")
    now = timezone.now()
    count = operations.mark_all_read(user=person_at(request), now=now)
    if count:
        words = ngettext("One is read.", "%(n)s are read.", count) % {"n": count}
        tell(request, words, undo=_way_back(request, "mark_all_unread", at=now))
    return _answer(request)


@require_POST
def mark_all_unread(request: WorkspaceRequest) -> HttpResponse:
    """Takes back the marking of one moment, which the address names."""
    require(request.membership, "see_inbox")
    if moment := _moment(request.GET.get("at", "")):
        operations.mark_all_unread(user=person_at(request), read_at=moment)
    return _answer(request)


@require_POST
def mark_all_done(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_inbox")
    now = timezone.now()
    count = operations.mark_all_done(user=person_at(request), now=now)
    if count:
        words = ngettext("One is done.", "%(n)s are done.", count) % {"n": count}
        tell(request, words, undo=_way_back(request, "put_all_back", at=now))
    return _answer(request)


@require_POST
def put_all_back(request: WorkspaceRequest) -> HttpResponse:
    """Takes back the marking of one moment, which the address names."""
    require(request.membership, "see_inbox")
    if moment := _moment(request.GET.get("at", "")):
        operations.put_all_back(user=person_at(request), done_at=moment)
    return _answer(request)


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


def _way_back(
    request: WorkspaceRequest,
    name: str,
    row: Notification | None = None,
    **moments: datetime | None,
) -> str:
    """The address that takes an act back, and then shows the inbox as it was being looked at."""
    parts = [request.workspace.slug, *([row.pk] if row else [])]
    words = {key: moment.isoformat() for key, moment in moments.items() if moment}
    query = as_query(looked_at(request), **words)
    path = reverse(f"notifications:{name}", args=parts)
    return f"{path}?{query}" if query else path


def _answer(request: WorkspaceRequest) -> HttpResponse:
    """The list as it was being looked at: as a fragment, or the page again."""
    if wants_fragment(request):
        return _show(request)
    path = reverse("notifications:inbox", args=[request.workspace.slug])
    query = as_query(looked_at(request))
    return redirect(f"{path}?{query}" if query else path)
