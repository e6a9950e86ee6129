"""One measure: its course, what was agreed about it, and how it is read."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from metrics import charts, exports, operations, queries
from metrics.forms import AgreementForm, MeasurePlanForm, MilestoneFormSet, agreement_of, goals_of
from metrics.models import Agreement, Measure
from metrics.narrative.tables import milestone_lines, table_rows, tiles
from metrics.queries import MeasureDetail
from metrics.views.finding import Found, find
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.translation import translated
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

NOTHING_NEW = 204


@require_GET
def measure(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """One measure. A refresh that names the state it has seen gets nothing when that still holds."""
    require(request.membership, "see_measures")
    found = find(measure_id)
    detail = found.detail
    seen = f"{detail.changed_at:%Y%m%d%H%M%S%f}-{detail.told.measure.as_of}"
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=NOTHING_NEW)
    waits = detail.told.measure.agreement is not None and not detail.is_confirmed
    context = {
        **shown(detail),
        "header": found.header,
        "seen": seen,
        "corrections": queries.get_corrections(measure_id=found.row.pk),
        "may_edit": may(request.membership, "edit_measures"),
        "may_confirm": waits and may(request.membership, "agree_measures"),
        "today": found.today,
    }
    return page(request, "metrics/measure.html", context, fragment="metrics/_measure_chart.html")


def shown(detail: MeasureDetail) -> dict[str, Any]:
    """One value in every form the page needs it."""
    told = detail.told
    return {
        "detail": detail,
        "told": told,
        "measure": told.measure,
        "tiles": tiles(told),
        "rows": table_rows(told),
        "milestones": milestone_lines(told),
        "figure": charts.measure_line(told, say=translated),
    }


@require_GET
def measure_csv(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """The readings that the chart draws."""
    require(request.membership, "see_measures")
    found = find(measure_id)
    detail = found.detail
    _note("readings.exported", found)
    measured = detail.told.measure
    name = f"{detail.engagement_key}-{measured.definition.key}-{measured.as_of}.csv"
    return csv_file(exports.readings_csv(detail.told), name)


@require_GET
def corrections_csv(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """Every correction of a reading."""
    require(request.membership, "see_measures")
    found = find(measure_id)
    corrections = queries.get_corrections(measure_id=found.row.pk, most=None)
    _note("corrections.exported", found)
    row = found.row
    name = f"{row.engagement.key}-{row.definition_key}-corrections-{found.today}.csv"
    return csv_file(exports.corrections_csv(corrections), name)


def _note(action: str, found: Found) -> None:
    record(action=action, subject=found.row, about_customer_id=found.row.customer_id)


@form_view
def edit_measure(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """Who reads it, how often, and where it is reported."""
    require(request.membership, "edit_measures")
    found = find(measure_id, held=True)
    form = MeasurePlanForm(request.POST or None, instance=found.row)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_measure(measure=found.row, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, taken_over_words(form) or _("Saved."))
            return redirect("metrics:measure", request.workspace.slug, measure_id)
    context = {"form": form, "detail": found.detail, "header": found.header}
    return page(request, "metrics/measure_edit.html", context)


@form_view
def agree_target(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """Baseline, target and milestones as both sides agreed them."""
    require(request.membership, "edit_measures")
    found = find(measure_id)
    proposal = queries.get_proposal(measure=found.row, today=found.today)
    form = AgreementForm(request.POST or None, initial=agreement_of(proposal), today=found.today)
    formset = MilestoneFormSet(
        request.POST or None, initial=goals_of(proposal), prefix="milestones"
    )
    if request.method == "POST" and _agree(request, found.row, form, formset):
        tell(request, _("Agreed and recorded. The customer's lead is asked to confirm it."))
        return redirect("metrics:measure", request.workspace.slug, found.row.pk)
    context = {"form": form, "formset": formset, "detail": found.detail, "header": found.header}
    return page(request, "metrics/agreement_form.html", context)


def _agree(request: WorkspaceRequest, row: Measure, form: AgreementForm, formset: Any) -> bool:
    complete = form.is_valid()
    if not (formset.is_valid() and complete):
        return False
    try:
        operations.agree_target(
            measure=row,
            terms=form.terms(formset.milestones),
            agreed_by=person_of(request.user),
        )
    except operations.IllFormedTarget as refusal:
        for fault in refusal.faults:
            form.add_error(None, translated(fault))
        return False
    return True


@form_view
def remove_measure(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """What hangs on it is named first; undone, it is measured again with all of that."""
    require(request.membership, "edit_measures")
    if request.method == "POST" and is_undo(request):
        found = find(measure_id, held=True, removed=True)
        operations.restore_measure(measure=found.row, now=timezone.now())
        tell(request, _("It is measured again, with everything agreed and read before."))
        return redirect("metrics:measure", request.workspace.slug, measure_id)
    found = find(measure_id, held=True)
    if request.method == "POST":
        operations.remove_measure(measure=found.row, now=timezone.now())
        tell(request, _("It is measured no longer."), undo=undo_of(request))
        return redirect("metrics:measures", request.workspace.slug, found.row.engagement_id)
    removal = queries.get_removal(measure=found.row)
    context = {"removal": removal, "detail": found.detail, "header": found.header}
    return page(request, "metrics/measure_remove.html", context)


@require_POST
def confirm_agreement(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """The customer's lead says that the agreement on the page is what was agreed."""
    require(request.membership, "agree_measures")
    found = find(measure_id)
    agreed = Agreement.objects.filter(measure=found.row)
    row = get_object_or_404(agreed, pk=_agreement_id(request))
    by = person_of(request.user)
    if by is not None:
        try:
            operations.confirm_agreement(agreement=row, by=by, now=timezone.now())
        except ValidationError as refusal:
            tell(request, " ".join(refusal.messages))
        else:
            tell(request, _("Thank you. It is confirmed in your name."))
    return redirect("metrics:measure", request.workspace.slug, measure_id)


def _agreement_id(request: WorkspaceRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("agreed", ""))
    except ValueError:
        return None
