"""What stands around a work package: its checklist, and what is said of it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from adoption import operations
from adoption.models import CheckItem, PackageComment, WorkPackage
from adoption.views.packages import back_to, find_package, refuse, require_wish
from people.queries import person_of
from rendering.web import is_undo, tell, undo_of
from tenancy.access import require
from tenancy.http import WorkspaceRequest


@require_POST
def add_check_item(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    require(request.membership, "edit_plan")
    row = _talked_of(request, package_id)
    try:
        operations.add_check_item(package=row, text=request.POST.get("text", ""), **_by(request))
    except ValidationError as error:
        return refuse(request, row, error, None)
    return back_to(request, row, "checklist")


@require_POST
def tick_item(request: WorkspaceRequest, item_id: UUID) -> HttpResponse:
    """Done or not done after all; off the list, and back on it."""
    require(request.membership, "report_progress")
    items = CheckItem.every if is_undo(request) else CheckItem.objects
    item = get_object_or_404(items.select_for_update(), pk=item_id)
    row = _talked_of(request, item.package_id)
    taking = request.POST.get("act") == "remove"
    require_wish(request, row, "change" if taking or is_undo(request) else "tick")
    if is_undo(request):
        operations.restore_check_item(item=item, **_by(request))
    elif taking:
        operations.remove_check_item(item=item, **_by(request))
        tell(request, _("Taken off the checklist."), undo=undo_of(request))
    else:
        act = operations.untick_item if item.done_at else operations.tick_item
        act(item=item, **_by(request))
    return back_to(request, row, "checklist")


@require_POST
def comment(request: WorkspaceRequest, package_id: UUID) -> HttpResponse:
    """A word about the package, read by both sides."""
    require(request.membership, "comment_plan")
    row = _talked_of(request, package_id)
    require_wish(request, row, "comment")
    try:
        operations.comment_on_package(
            package=row, text=request.POST.get("text", ""), **_by(request)
        )
    except ValidationError as error:
        return refuse(request, row, error, None)
    tell(request, _("Your comment stands with the package."))
    return back_to(request, row, "comments")


@require_POST
def remove_comment(request: WorkspaceRequest, comment_id: UUID) -> HttpResponse:
    """Only one's own words can be taken back, and said again."""
    require(request.membership, "comment_plan")
    comments = PackageComment.every if is_undo(request) else PackageComment.objects
    said = get_object_or_404(comments.select_for_update(), pk=comment_id)
    row = find_package(request, said.package_id)
    if said.by_id != request.user.pk:
        raise PermissionDenied(_("Only the person who wrote a comment takes it back."))
    if is_undo(request):
        operations.restore_comment(comment=said, **_by(request))
    else:
        operations.remove_comment(comment=said, **_by(request))
        tell(request, _("Your comment is gone."), undo=undo_of(request))
    return back_to(request, row, "comments")


def _talked_of(request: WorkspaceRequest, package_id: UUID) -> WorkPackage:
    """A package of the plan itself. What is ticked and said on a copy would be lost with it."""
    row = find_package(request, package_id)
    if row.plan.is_what_if:
        raise PermissionDenied(
            _(
                "This is a copy to try things on. Checklists and comments stand with the plan itself."
            )
        )
    return row


def _by(request: WorkspaceRequest) -> dict[str, Any]:
    return {"by": person_of(request.user), "now": timezone.now()}
