"""The settings of the fields a workspace keeps of its own."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import CustomFieldForm
from engagements.models import CustomField
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def custom_fields(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_workspace")
    found = queries.get_field_rows()
    groups = [(kind.value, kind.label, found[kind.value]) for kind in CustomField.Kind]
    return page(request, "engagements/custom_fields.html", {"groups": groups})


@require_GET
def export_custom_fields(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_workspace")
    record(action="fields.exported")
    name = f"{request.workspace.slug}-fields-{timezone.localdate()}.csv"
    return csv_file(exports.custom_fields_csv(queries.get_field_rows()), name)


@form_view
def add_custom_field(request: WorkspaceRequest, kind: str) -> HttpResponse:
    require(request.membership, "manage_workspace")
    form = CustomFieldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.add_custom_field(kind=kind, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("“%(name)s” is in the forms from now on.") % {"name": row.label})
            return redirect("engagements:custom_fields", request.workspace.slug)
    context = {"form": form, "kind": CustomField.Kind(kind), "row": None}
    return page(request, "engagements/custom_field_form.html", context)


@form_view
def edit_custom_field(request: WorkspaceRequest, field_id: UUID) -> HttpResponse:
    require(request.membership, "manage_workspace")
    row = get_object_or_404(CustomField.objects.select_for_update(), pk=field_id)
    form = CustomFieldForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_custom_field(field=row, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, taken_over_words(form) or _("Saved."))
            return redirect("engagements:custom_fields", request.workspace.slug)
    context = {"form": form, "kind": CustomField.Kind(row.kind), "row": row}
    return page(request, "engagements/custom_field_form.html", context)


@require_POST
def archive_custom_field(request: WorkspaceRequest, field_id: UUID) -> HttpResponse:
    """Puts a field away; asked to undo, it brings the field back."""
    require(request.membership, "manage_workspace")
    row = get_object_or_404(CustomField.objects.select_for_update(), pk=field_id)
    if is_undo(request):
        operations.restore_custom_field(field=row)
        tell(request, _("“%(name)s” is back, with its values.") % {"name": row.label})
    else:
        operations.archive_custom_field(field=row, now=timezone.now())
        words = _("“%(name)s” is put away; its values are kept.") % {"name": row.label}
        tell(request, words, undo=undo_of(request))
    return redirect("engagements:custom_fields", request.workspace.slug)


@require_POST
def move_custom_field(request: WorkspaceRequest, field_id: UUID) -> HttpResponse:
    require(request.membership, "manage_workspace")
    row = get_object_or_404(CustomField, pk=field_id)
    operations.move_custom_field(field=row, up=request.POST.get("to") != "down")
    return redirect("engagements:custom_fields", request.workspace.slug)
