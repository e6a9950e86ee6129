"""Tying files to what they belong to."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements import operations, queries
from engagements.forms import FilesForm
from engagements.imports.stored_files import Taken
from engagements.models import Attachment, StoredFile
from engagements.queries.attachments import Target
from engagements.views.finding import Found, find
from engagements.views.stored_files import is_staff, receive
from people.queries import person_of
from rendering.web import form_view, is_undo, page, tell, undo_of
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

MOST_OFFERED = 100
# The page of an engagement a kind of row stands on, and the part of it.
PAGES = {
    Attachment.To.RISK: ("risks", ""),
    Attachment.To.CRITERION: ("promise", "criteria"),
    Attachment.To.QUICK_WIN: ("promise", "scope"),
    Attachment.To.NOTE: ("timeline", ""),
    Attachment.To.INTERACTION: ("timeline", ""),
    Attachment.To.QUESTION: ("timeline", ""),
    Attachment.To.CONCERN: ("feedback", ""),
}


@form_view
def attach_files(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Choose what goes with a row: `?to=risk:<id>`."""
    require(request.membership, "add_files")
    found = find(engagement_id)
    if "to" not in request.GET:
        return redirect("engagements:files", request.workspace.slug, engagement_id)
    target = queries.get_target(key=request.GET["to"])
    if target is None or target.customer_id != found.row.customer_id:
        raise Http404
    form, taken = FilesForm(may_choose=is_staff(request)), None
    if request.method == "POST":
        count = _attach_chosen(request, found, target)
        form, taken = _attach_sent(request, found, target)
        if (count or taken) and not (taken and taken.refused):
            tell(request, _("Attached to “%(label)s”.") % {"label": target.label})
            return redirect(_page_of(request, target, found))
    return page(request, "engagements/attach.html", _context(request, found, target, form, taken))


def _context(
    request: WorkspaceRequest, found: Found, target: Target, form: FilesForm, taken: Taken | None
) -> dict[str, Any]:
    attached = queries.get_attachments(kind=target.kind, row_ids=[target.row_id])
    here = attached.get(target.row_id, ())
    offered = queries.get_files(customer_id=target.customer_id).exclude(
        pk__in=[one.file_id for one in here]
    )
    return {
        "header": found.header,
        "target": target,
        "attached": here,
        "offered": [queries.file_row(row) for row in offered[:MOST_OFFERED]],
        "form": form,
        "taken": taken,
        "back": _page_of(request, target, found),
    }


def _attach_chosen(request: WorkspaceRequest, found: Found, target: Target) -> int:
    """Those that were ticked among the files there are. Others' ids are as if not there."""
    ids = {UUID(text) for text in request.POST.getlist("file") if _is_id(text)}
    rows = StoredFile.objects.filter(pk__in=ids, customer_id=found.row.customer_id, deleted_at=None)
    for row in rows:
        operations.attach_file(file=row, to=target, by=person_of(request.user))
    return len(rows)


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _attach_sent(
    request: WorkspaceRequest, found: Found, target: Target
) -> tuple[FilesForm, Taken | None]:
    if not request.FILES and request.POST.getlist("file"):
        return FilesForm(may_choose=is_staff(request)), None
    form, taken = receive(request, found.row.customer, found.row)
    for row in taken.kept if taken else ():
        operations.attach_file(file=row, to=target, by=person_of(request.user))
    return form, taken


def _page_of(request: WorkspaceRequest, target: Target, found: Found) -> str:
    name, part = PAGES.get(Attachment.To(target.kind), ("files", ""))
    address = reverse(f"engagements:{name}", args=[request.workspace.slug, found.row.pk])
    return f"{address}#{part}" if part else address


@require_POST
def detach_file(request: WorkspaceRequest, attachment_id: UUID) -> HttpResponse:
    """Take a file off what it goes with; asked to undo, put it back."""
    require(request.membership, "add_files")
    rows = Attachment.objects.select_related("file").select_for_update(of=("self",))
    row = get_object_or_404(rows, pk=attachment_id)
    own = row.attached_by_id == request.membership.user_id
    if not (own or may(request.membership, "edit_engagement")):
        raise PermissionDenied(_("Only whoever attached a file, and our side, may take it off."))
    if is_undo(request):
        operations.attach_again(attachment=row)
        tell(request, _("“%(name)s” is attached again.") % {"name": row.file.name})
    else:
        operations.detach_file(attachment=row, now=timezone.now())
        words = _("“%(name)s” is taken off.") % {"name": row.file.name}
        tell(request, words, undo=undo_of(request))
    return redirect("engagements:file", request.workspace.slug, row.file_id)
