"""The catalogue: everything that can be measured, and how it is counted."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from metrics import exports, operations, queries
from metrics.forms import DefinitionForm
from metrics.models import OwnDefinition
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

HOME = "metrics:definitions"


@require_GET
def definitions(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_measures")
    return page(request, "metrics/definitions.html", {"lines": queries.get_catalogue()})


@require_GET
def export_definitions(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_measures")
    record(action="definitions.exported")
    name = f"{request.workspace.slug}-measures-{timezone.localdate()}.csv"
    return csv_file(exports.catalogue_csv(queries.get_catalogue()), name)


@form_view
def write_definition(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "manage_measures")
    form = DefinitionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.write_definition(fields=form.model_fields, by=person_of(request.user))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("“%(name)s” can be measured from now on.")
            tell(request, words % {"name": row.label})
            return redirect(HOME, request.workspace.slug)
    return page(request, "metrics/definition_form.html", {"form": form})


@form_view
def edit_definition(request: WorkspaceRequest, own_definition_id: UUID) -> HttpResponse:
    """Every version has an address; what is changed is always the newest."""
    require(request.membership, "manage_measures")
    asked = get_object_or_404(OwnDefinition, pk=own_definition_id)
    versions = OwnDefinition.objects.select_for_update().filter(key=asked.key)
    row = versions.latest("version")
    form = DefinitionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            changed = operations.change_definition(
                definition=row, fields=form.model_fields, by=person_of(request.user)
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("Version %(n)s holds from now on.") % {"n": changed.version}
            said = words if changed.pk != row.pk else _("Nothing was changed.")
            tell(request, taken_over_words(form) or said)
            return redirect(HOME, request.workspace.slug)
    past = queries.get_own_versions(key=row.key)
    return page(request, "metrics/definition_form.html", {"form": form, "row": row, "past": past})


@require_POST
def withdraw_definition(request: WorkspaceRequest, own_definition_id: UUID) -> HttpResponse:
    require(request.membership, "manage_measures")
    row = get_object_or_404(OwnDefinition, pk=own_definition_id)
    if is_undo(request):
        operations.restore_definition(definition=row)
        tell(request, _("“%(name)s” is offered again.") % {"name": row.label})
    else:
        operations.withdraw_definition(definition=row, now=timezone.now())
        words = _("“%(name)s” is offered no more. What it measures goes on.")
        tell(request, words % {"name": row.label}, undo=undo_of(request))
    return redirect(HOME, request.workspace.slug)
