"""What was promised: the problem, the scope, the criteria of success and what came of it."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import (
    AgreeForm,
    CriterionForm,
    OutcomeForm,
    ProblemForm,
    QuickWinForm,
    ServiceForm,
    WithdrawForm,
)
from engagements.models import CriterionVersion, Engagement, ScopeService, SuccessCriterion
from engagements.views.finding import Found, back_to, find, record_export, show_form
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest


@require_GET
def promise(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    shown = queries.get_promise(engagement=found.row)
    criteria = [view.id for view in (*shown.criteria, *shown.withdrawn)]
    wins = [win.pk for win in shown.quick_wins]
    context = {
        "header": found.header,
        "promise": shown,
        "of_criteria": queries.get_attachments(kind="criterion", row_ids=criteria),
        "of_wins": queries.get_attachments(kind="quick_win", row_ids=wins),
        "may_attach": may(request.membership, "add_files"),
        "may_edit": may(request.membership, "edit_engagement"),
        "today": found.today,
    }
    return page(request, "engagements/promise.html", context)


@require_GET
def export_criteria(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("criteria.exported", found)
    text = exports.criteria_csv(queries.get_promise(engagement=found.row))
    name = f"{found.row.key}-criteria-{found.today}.csv"
    return csv_file(text, name)


def _show(request: WorkspaceRequest, found: Found, form: Any, **more: Any) -> HttpResponse:
    return show_form(
        request, found, form, back="promise", template="engagements/promise_form.html", **more
    )


@form_view
def edit_problem(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id, held=True)
    form = ProblemForm(request.POST or None, instance=found.row)
    if request.method == "POST" and form.is_valid():
        operations.change_engagement(engagement=found.row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "promise", engagement_id)
    return _show(request, found, form, heading=_("The problem to be solved"))


@form_view
def add_service(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = ServiceForm(request.POST or None, instance=_fresh(ScopeService, found.row))
    if request.method == "POST" and form.is_valid():
        made = operations.add_service(engagement=found.row, fields=form.model_fields)
        tell(request, _("“%(name)s” is in the scope.") % {"name": made.name})
        return back_to(request, "promise", engagement_id, "scope")
    return _show(request, found, form, heading=_("A service in scope"))


def _fresh(model: Any, engagement: Engagement) -> Any:
    """An unsaved row that belongs to the engagement already, so that its form checks names."""
    return model(engagement=engagement, customer_id=engagement.customer_id)


def _service(service_id: UUID) -> ScopeService:
    return get_object_or_404(ScopeService.objects.select_for_update(), pk=service_id)


@form_view
def edit_service(request: WorkspaceRequest, service_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _service(service_id)
    found = find(row.engagement_id)
    form = ServiceForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        operations.change_service(service=row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "promise", row.engagement_id, "scope")
    return _show(request, found, form, heading=row.name, service=row)


@require_POST
def remove_service(request: WorkspaceRequest, service_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _service(service_id)
    operations.remove_service(service=row)
    tell(request, _("“%(name)s” left the scope.") % {"name": row.name})
    return back_to(request, "promise", row.engagement_id, "scope")


@form_view
def record_quick_win(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = QuickWinForm(request.POST or None, today=found.today)
    if request.method == "POST" and form.is_valid():
        by = person_of(request.user)
        operations.record_quick_win(engagement=found.row, fields=form.model_fields, by=by)
        tell(request, _("The quick win is on record."))
        return back_to(request, "promise", engagement_id, "scope")
    return _show(request, found, form, heading=_("A quick win of phase 1"))


@form_view
def write_criterion(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = CriterionForm(request.POST or None, engagement=found.row)
    if request.method == "POST" and form.is_valid():
        by = person_of(request.user)
        operations.write_criterion(engagement=found.row, fields=form.model_fields, by=by)
        tell(request, _("The criterion is written. Next: agree it with the customer."))
        return back_to(request, "promise", engagement_id, "criteria")
    return _show(request, found, form, heading=_("A criterion of success"))


def _criterion(criterion_id: UUID) -> SuccessCriterion:
    return get_object_or_404(SuccessCriterion.objects.select_for_update(), pk=criterion_id)


@form_view
def reword_criterion(request: WorkspaceRequest, criterion_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _criterion(criterion_id)
    found = find(row.engagement_id)
    newest = CriterionVersion.objects.filter(criterion=row)[:1].get()
    form = CriterionForm(request.POST or None, instance=newest, engagement=found.row)
    if request.method == "POST" and form.is_valid() and _reworded(request, form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "promise", row.engagement_id, "criteria")
    return _show(request, found, form, heading=_("A criterion of success"), criterion=row)


def _reworded(request: WorkspaceRequest, form: CriterionForm, row: SuccessCriterion) -> bool:
    try:
        operations.reword_criterion(
            criterion=row,
            fields=form.model_fields,
            reason=form.cleaned_data.get("change_reason", ""),
            by=person_of(request.user),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@form_view
def agree_criterion(request: WorkspaceRequest, criterion_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _criterion(criterion_id)
    found = find(row.engagement_id)
    initial = {"agreed_date": found.today, "for_customer": found.row.lead or ""}
    form = AgreeForm(request.POST or None, initial=initial, today=found.today)
    if request.method == "POST" and form.is_valid() and _agreed(request, form, row):
        tell(request, _("The agreement is on record."))
        return back_to(request, "promise", row.engagement_id, "criteria")
    newest = CriterionVersion.objects.filter(criterion=row)[:1].get()
    return _show(request, found, form, heading=_("Agree a criterion"), agreeing=newest)


def _agreed(request: WorkspaceRequest, form: AgreeForm, row: SuccessCriterion) -> bool:
    try:
        operations.agree_criterion(
            criterion=row,
            agreed_date=form.cleaned_data["agreed_date"],
            for_customer=form.cleaned_data["for_customer"],
            by=person_of(request.user),
        )
    except operations.IncompleteCriterion as refusal:
        parts = ", ".join(queries.names_of(refusal.parts))
        form.add_error(
            None, _("It cannot be agreed yet. Still missing: %(parts)s.") % {"parts": parts}
        )
        return False
    except operations.AlreadyAgreed:
        form.add_error(None, _("These words are agreed already."))
        return False
    return True


@form_view
def withdraw_criterion(request: WorkspaceRequest, criterion_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _criterion(criterion_id)
    if is_undo(request) and request.method == "POST":
        operations.restore_criterion(criterion=row)
        tell(request, _("The criterion counts again."))
        return back_to(request, "promise", row.engagement_id, "criteria")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        operations.withdraw_criterion(criterion=row, because=because, now=timezone.now())
        tell(request, _("The criterion no longer counts."), undo=undo_of(request))
        return back_to(request, "promise", row.engagement_id, "criteria")
    return _show(request, find(row.engagement_id), form, heading=_("Withdraw a criterion"))


@form_view
def record_outcome(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    initial = {"decided_date": found.today, "currency": found.row.currency}
    form = OutcomeForm(request.POST or None, initial=initial, today=found.today)
    if request.method == "POST" and form.is_valid():
        fields = form.model_fields | {"engagement": found.row}
        by = person_of(request.user)
        operations.record_outcome(customer=found.row.customer, fields=fields, by=by)
        tell(request, _("The outcome is on record."))
        return back_to(request, "promise", engagement_id, "outcome")
    return _show(request, found, form, heading=_("What the customer decided"))
