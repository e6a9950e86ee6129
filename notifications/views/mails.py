"""Mail as it was sent: one's own, and for administrators all mail of the workspace."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from notifications import exports, operations, queries
from notifications.models import Delivery
from notifications.views.inbox import person_at
from rendering.web import csv_file, page, tell
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

# What people wrote stands in it, so it may load nothing, run nothing and send nothing.
NOTHING = "default-src 'none'; sandbox"


@require_GET
def mails(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_mail")
    state = _state(request)
    found = queries.get_mails(state=state, page=_number(request.GET.get("page", "")))
    context = {"mails": found, "state": state, "chips": _chips(found, state)}
    return page(request, "notifications/mails.html", context, fragment="notifications/_mails.html")


def _state(request: WorkspaceRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in Delivery.State.values else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _chips(found: queries.Mails, state: str) -> list[dict[str, object]]:
    labels = [("", _("All"), sum(found.counts.values()))]
    labels += [(one.value, str(one.label), found.counts.get(one, 0)) for one in Delivery.State]
    return [
        {
            "key": key or "all",
            "label": label,
            "count": count,
            "query": urlencode({"state": key} if key else {}),
            "current": key == state,
        }
        for key, label, count in labels
        if count or key in ("", state)
    ]


@require_GET
def export_mails(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_mail")
    rows = queries.get_every_mail(state=_state(request))
    record(action="mails.exported", facts={"rows": len(rows)})
    name = f"{request.workspace.slug}-mail-{timezone.localdate()}.csv"
    return csv_file(exports.mails_csv(rows), name)


@require_POST
def send_mail_again(request: WorkspaceRequest, delivery_id: UUID) -> HttpResponse:
    require(request.membership, "see_mail")
    row = get_object_or_404(Delivery, pk=delivery_id)
    if operations.try_again(delivery=row, now=timezone.now()):
        tell(request, _("The mail is on its way again."))
    return redirect("notifications:mails", request.workspace.slug)


@require_GET
def mail(request: WorkspaceRequest, delivery_id: UUID) -> HttpResponse:
    """One mail as it was sent, to whom it went or to administrators."""
    require(request.membership, "see_inbox")
    row = _readable(request, delivery_id)
    context = {
        "mail": queries.get_mail(delivery=row),
        "is_own": row.user_id == request.user.pk,
        "may_see_mail": may(request.membership, "see_mail"),
    }
    return page(request, "notifications/mail.html", context)


@require_GET
def mail_as_html(request: WorkspaceRequest, delivery_id: UUID) -> HttpResponse:
    """The other form of the mail, as a mail program would draw it."""
    require(request.membership, "see_inbox")
    row = _readable(request, delivery_id)
    if not row.html:
        raise Http404
    return HttpResponse(row.html, headers={"Content-Security-Policy": NOTHING})


def _readable(request: WorkspaceRequest, delivery_id: UUID) -> Delivery:
    rows = Delivery.objects.select_related("user").exclude(text="")
    if not may(request.membership, "see_mail"):
        rows = rows.filter(user=person_at(request))
    return get_object_or_404(rows, pk=delivery_id)
