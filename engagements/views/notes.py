"""Notes on an engagement: changed, pinned, deleted and brought back."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from engagements import operations
from engagements.forms import NoteForm
from engagements.models import Note
from engagements.models.log import Written
from engagements.views.finding import back_to, find, show_form
from engagements.views.timeline import add_errors
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import form_view, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.models import Role


def is_own(request: WorkspaceRequest, row: Written) -> bool:
    """What must not stand there, an administrator can take out, whoever wrote it."""
    return row.by_id == request.user.pk or request.membership.role == Role.ADMIN


def require_own(request: WorkspaceRequest, row: Written) -> None:
    """Raise PermissionDenied for what somebody else wrote."""
    if not is_own(request, row):
        raise PermissionDenied(_("Only whoever wrote this can change it."))


def _own(request: WorkspaceRequest, note_id: UUID, *, deleted: bool = False) -> Note:
    rows = Note.objects.select_for_update(of=("self",)).select_related("by")
    row = get_object_or_404(rows, pk=note_id, deleted_at__isnull=not deleted)
    require_own(request, row)
    return row


@form_view
def edit_note(request: WorkspaceRequest, note_id: UUID) -> HttpResponse:
    require(request.membership, "write_log")
    row = _own(request, note_id)
    form = NoteForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and _changed(request, form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "timeline", row.engagement_id)
    return show_form(
        request,
        find(row.engagement_id),
        form,
        back="timeline",
        template="engagements/written_form.html",
        heading=_("Note"),
        delete_url=reverse("engagements:delete_note", args=[request.workspace.slug, row.pk]),
    )


def _changed(request: WorkspaceRequest, form: NoteForm, row: Note) -> bool:
    try:
        operations.change_note(note=row, fields=form.model_fields, by=person_of(request.user))
    except ValidationError as error:
        add_errors(form, error, {})
        return False
    return True


@require_POST
def pin_note(request: WorkspaceRequest, note_id: UUID) -> HttpResponse:
    """Pins it with `pinned=yes`, takes the pin off with anything else; whoever writes here may."""
    require(request.membership, "write_log")
    rows = Note.objects.select_for_update(of=("self",)).select_related("by")
    row = get_object_or_404(rows, pk=note_id, deleted_at=None)
    before, asked = row.pinned, request.POST.get("pinned", request.GET.get("pinned", ""))
    by = person_of(request.user)
    operations.change_note(note=row, fields={"pinned": asked == "yes"}, by=by)
    words = _("Pinned on top.") if row.pinned else _("No longer pinned.")
    tell(request, words, undo=f"{request.path}?pinned={'yes' if before else 'no'}")
    return back_to(request, "timeline", row.engagement_id)


@require_POST
def delete_note(request: WorkspaceRequest, note_id: UUID) -> HttpResponse:
    require(request.membership, "write_log")
    row = _own(request, note_id)
    operations.delete_note(note=row, now=timezone.now())
    undo = reverse("engagements:restore_note", args=[request.workspace.slug, row.pk])
    tell(request, _("The note is gone."), undo=undo)
    return back_to(request, "timeline", row.engagement_id)


@require_POST
def restore_note(request: WorkspaceRequest, note_id: UUID) -> HttpResponse:
    require(request.membership, "write_log")
    row = _own(request, note_id, deleted=True)
    operations.restore_note(note=row)
    tell(request, _("The note is back."))
    return back_to(request, "timeline", row.engagement_id)
