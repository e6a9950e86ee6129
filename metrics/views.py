"""Pages of measures: what is agreed, where it stands, where it is going."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements.models import Engagement
from engagements.queries import get_engagement_header
from metrics import charts, exports, operations, queries
from metrics.forms import (
    AgreementForm,
    MeasureForm,
    MilestoneFormSet,
    ReadingForm,
    agreement_of,
    goals_of,
)
from metrics.models import Measure
from metrics.narrative.tables import milestone_lines, table_rows, tiles
from metrics.queries import MeasureDetail
from people.queries import person_of
from rendering.web import csv_file, form_view, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

NOTHING_NEW = 204


@dataclass(frozen=True, slots=True)
class Found:
    """The measure an address names, with the day it is at its customer."""

    row: Measure
    today: date

    @property
    def detail(self) -> MeasureDetail:
        return queries.get_details(rows=[self.row], today=self.today)[0]

    @property
    def header(self) -> Any:
        return get_engagement_header(engagement_id=self.row.engagement_id, today=self.today)


def find(measure_id: UUID) -> Found:
    row = get_object_or_404(queries.get_measures(), pk=measure_id)
    return Found(row, timezone.localdate(timezone=row.customer.zone))


@require_GET
def measures(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The measures tab of an engagement."""
    require(request.membership, "see_measures")
    row = get_object_or_404(Engagement.objects.select_related("customer"), pk=engagement_id)
    today = timezone.localdate(timezone=row.customer.zone)
    cards = queries.get_measure_cards(engagement_id=row.pk, today=today)
    context = {
        "header": get_engagement_header(engagement_id=row.pk, today=today),
        "cards": cards,
        "may_edit": may(request.membership, "edit_measures"),
    }
    return page(request, "metrics/measures.html", context, fragment="metrics/_measures.html")


@require_GET
def measure(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """One measure. A refresh that names the state it has seen gets nothing when that still holds."""
    require(request.membership, "see_measures")
    found = find(measure_id)
    detail = found.detail
    seen = f"{detail.changed_at:%Y%m%d%H%M%S%f}-{detail.told.measure.as_of}"
    if request.htmx and request.GET.get("seen") == seen:
        return HttpResponse(status=NOTHING_NEW)
    context = {
        **shown(detail),
        "header": found.header,
        "seen": seen,
        "may_edit": may(request.membership, "edit_measures"),
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
        "figure": charts.measure_line(told),
    }


@require_GET
def measure_csv(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """The readings that the chart draws."""
    require(request.membership, "see_measures")
    found = find(measure_id)
    detail, row = found.detail, found.row
    record(action="readings.exported", subject=row, about_customer_id=row.customer_id)
    measured = detail.told.measure
    name = f"{detail.engagement_key}-{measured.definition.key}-{measured.as_of}.csv"
    return csv_file(exports.readings_csv(detail.told), name)


@form_view
def define_measure(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Choose what to measure; the agreement is the next page."""
    require(request.membership, "edit_measures")
    row = get_object_or_404(Engagement.objects.select_related("customer"), pk=engagement_id)
    taken = queries.get_measures(engagement_id=row.pk).values_list("definition_key", flat=True)
    form = MeasureForm(request.POST or None, taken=taken)
    if request.method == "POST" and form.is_valid():
        made = _define(form, row)
        if made is not None:
            return redirect("metrics:agree_target", request.workspace.slug, made.pk)
    today = timezone.localdate(timezone=row.customer.zone)
    header = get_engagement_header(engagement_id=row.pk, today=today)
    return page(request, "metrics/measure_form.html", {"form": form, "header": header})


def _define(form: MeasureForm, row: Engagement) -> Measure | None:
    try:
        return operations.define_measure(engagement=row, definition=form.chosen, now=timezone.now())
    except operations.AlreadyMeasured as refusal:
        form.add_error("definition", str(refusal))
        return None


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
        messages.success(request, _("Agreed and recorded. The night keeps it up to date."))
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
            form.add_error(None, fault)
        return False
    return True


@form_view
def record_reading(request: WorkspaceRequest, measure_id: UUID) -> HttpResponse:
    """A reading by hand, for measures that no machine reads."""
    require(request.membership, "edit_measures")
    found = find(measure_id)
    form = ReadingForm(request.POST or None, initial={"day": found.today - timedelta(days=1)})
    if request.method == "POST" and form.is_valid() and _record(request, found, form):
        messages.success(request, _("Recorded."))
        return redirect("metrics:measure", request.workspace.slug, found.row.pk)
    context = {"form": form, "detail": found.detail, "header": found.header}
    return page(request, "metrics/reading_form.html", context)


def _record(request: WorkspaceRequest, found: Found, form: ReadingForm) -> bool:
    try:
        operations.record_reading(
            measure=found.row,
            day=form.cleaned_data["day"],
            amount=form.cleaned_data["amount"],
            now=timezone.now(),
            today=found.today,
            recorded_by=person_of(request.user),
        )
    except operations.ReadingRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
