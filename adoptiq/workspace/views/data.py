"""What becomes of a workspace's data: taken along, tried with a demo, or deleted."""

from pathlib import Path
from typing import cast
from uuid import UUID

from django.conf import settings as place
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoptiq.models import Errand
from adoptiq.workspace import ending, errands, queries, tasks
from adoptiq.workspace.forms import DeletionForm
from people.models import User
from people.proof import sensitive
from rendering.web import form_view, page, tell
from tenancy import operations
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest, open_while_closed
from tenancy.tasks import publish


@require_GET
def data(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_workspace")
    return _data_page(request, DeletionForm(workspace=request.workspace))


def _data_page(request: WorkspaceRequest, form: DeletionForm) -> HttpResponse:
    context = {
        "form": form,
        "exports": queries.get_exports(),
        "demo": queries.get_demo(user=request.user),
        "kept_days": tasks.KEPT.days,
        "take_back_days": ending.TAKE_BACK.days,
    }
    return page(request, "workspace/data.html", context)


@require_POST
@sensitive
def export(request: WorkspaceRequest) -> HttpResponse:
    """Ask for an archive of everything."""
    require(request.membership, "manage_workspace")
    _begin(request, Errand.Kind.EXPORT, tasks.EXPORT_JOB, "workspace.export_asked")
    return redirect("workspace:data", request.workspace.slug)


@require_POST
def load_demo(request: WorkspaceRequest) -> HttpResponse:
    """Ask for a demo workspace of one's own."""
    require(request.membership, "manage_workspace")
    if queries.get_demo(user=request.user).slug:
        messages.info(request, _("You have a demo already."))
    else:
        _begin(request, Errand.Kind.DEMO, tasks.DEMO_JOB, "demo.asked")
    return redirect("workspace:data", request.workspace.slug)


def _begin(request: WorkspaceRequest, kind: Errand.Kind, job: str, action: str) -> None:
    try:
        asked = errands.begin_errand(
            kind=kind,
            job=job,
            asked_by=cast(User, request.user),
            today=timezone.localdate(),
            now=timezone.now(),
        )
    except errands.AlreadyUnderWay:
        messages.info(request, _("It is under way already."))
        return
    record(action=action, subject=request.workspace)
    publish(asked.run)


@require_GET
def errand(request: WorkspaceRequest, errand_id: UUID) -> HttpResponse:
    """How far a long piece of work is; its fragment asks again until it is over."""
    require(request.membership, "manage_workspace")
    row = get_object_or_404(Errand, pk=errand_id)
    return page(
        request, "workspace/errand.html", {"errand": row}, fragment="workspace/_errand.html"
    )


@require_GET
def export_file(request: WorkspaceRequest, errand_id: UUID) -> FileResponse:
    """The archive itself."""
    require(request.membership, "manage_workspace")
    row = get_object_or_404(Errand, pk=errand_id, kind=Errand.Kind.EXPORT)
    path = Path(place.FILES_ROOT) / row.stored_as
    if not row.stored_as or not row.expires_at or row.expires_at <= timezone.now():
        raise Http404
    if not path.is_file():
        raise Http404
    record(action="workspace.export_downloaded", subject=request.workspace)
    name = f"{request.workspace.slug}-{timezone.localdate(row.created_at)}.zip"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name)


@require_POST
@sensitive
def delete(request: WorkspaceRequest) -> HttpResponse:
    """Close the workspace; it is deleted when the days to take that back are over."""
    require(request.membership, "manage_workspace")
    form = DeletionForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _data_page(request, form)
    operations.close_tenant(
        tenant=request.workspace, delete_after=timezone.now() + ending.TAKE_BACK
    )
    return redirect("workspace:closed", request.workspace.slug)


@open_while_closed
@form_view
def closed(request: WorkspaceRequest) -> HttpResponse:
    """What is left of a closed workspace: until when it can be taken back, and how."""
    require(request.membership, "manage_workspace")
    if request.workspace.delete_after is None:
        return redirect("reviews:book", request.workspace.slug)
    if request.method != "POST":
        return page(request, "workspace/closed.html")
    operations.reopen_tenant(tenant=request.workspace)
    tell(request, _("The workspace is open again. Everything is as it was."))
    return redirect("reviews:book", request.workspace.slug)
