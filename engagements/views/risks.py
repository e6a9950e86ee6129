"""The risk register of an engagement."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements import exports, operations, queries
from engagements.forms import RiskForm
from engagements.models import Risk
from engagements.views.finding import back_to, find, record_export, show_form
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest


@require_GET
def risks(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    register = queries.get_register(engagement_id=engagement_id, today=found.today)
    listed = [row.id for row in (*register.rows, *register.closed)]
    context = {
        "header": found.header,
        "register": register,
        "attachments": queries.get_attachments(kind="risk", row_ids=listed),
        "may_attach": may(request.membership, "add_files"),
        "may_edit": may(request.membership, "edit_engagement"),
        "today": found.today,
    }
    return page(request, "engagements/risks.html", context)


@require_GET
def export_risks(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("risks.exported", found)
    register = queries.get_register(engagement_id=engagement_id, today=found.today)
    name = f"{found.row.key}-risks-{found.today}.csv"
    return csv_file(exports.risks_csv(register), name)


@form_view
def raise_risk(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = RiskForm(request.POST or None, engagement=found.row)
    if request.method == "POST" and form.is_valid():
        by = person_of(request.user)
        operations.raise_risk(engagement=found.row, fields=form.model_fields, by=by)
        tell(request, _("The risk is in the register."))
        return back_to(request, "risks", engagement_id)
    return show_form(request, found, form, back="risks", heading=_("Write down a risk"))


@form_view
def edit_risk(request: WorkspaceRequest, risk_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(Risk.objects.select_for_update(), pk=risk_id)
    found = find(row.engagement_id)
    form = RiskForm(request.POST or None, instance=row, engagement=found.row)
    if request.method == "POST" and form.is_valid() and _changed(request, form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "risks", row.engagement_id)
    return show_form(
        request,
        found,
        form,
        back="risks",
        template="engagements/risk_form.html",
        heading=row.title,
        changes=row.changes.select_related("changed_by"),
    )


def _changed(request: WorkspaceRequest, form: RiskForm, row: Risk) -> bool:
    try:
        operations.change_risk(
            risk=row,
            fields=form.model_fields,
            by=person_of(request.user),
            note=form.cleaned_data["note"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
