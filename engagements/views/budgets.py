"""The money of an engagement."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import BudgetLineForm, CostForm
from engagements.models import BudgetLine, CostEntry
from engagements.views.finding import back_to, find, record_export, show_form
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest


@require_GET
def budget(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_budget")
    found = find(engagement_id)
    context = {
        "header": found.header,
        "budget": queries.get_budget(engagement=found.row, today=found.today),
        "may_edit": may(request.membership, "edit_engagement"),
        "today": found.today,
    }
    return page(request, "engagements/budget.html", context)


@require_GET
def export_budget(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_budget")
    found = find(engagement_id)
    record_export("budget.exported", found)
    text = exports.budget_csv(queries.get_budget(engagement=found.row, today=found.today))
    name = f"{found.row.key}-budget-{found.today}.csv"
    return csv_file(text, name)


@form_view
def add_line(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = BudgetLineForm(request.POST or None, engagement=found.row)
    if request.method == "POST" and form.is_valid():
        operations.add_budget_line(engagement=found.row, fields=form.model_fields)
        tell(request, _("The line is in the budget."))
        return back_to(request, "budget", engagement_id)
    return show_form(request, found, form, back="budget", heading=_("A budget line"))


@form_view
def edit_line(request: WorkspaceRequest, line_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(BudgetLine.objects.select_for_update(), pk=line_id)
    found = find(row.engagement_id)
    form = BudgetLineForm(request.POST or None, instance=row, engagement=found.row)
    if request.method == "POST" and form.is_valid():
        operations.change_budget_line(line=row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "budget", row.engagement_id)
    return show_form(
        request,
        found,
        form,
        back="budget",
        template="engagements/budget_form.html",
        heading=row.name,
        line=row,
        costs=row.costs.select_related("recorded_by"),
        cost_form=CostForm(
            today=found.today, currency=found.row.currency, initial={"day": found.today}
        ),
        currency=found.row.currency,
    )


@form_view
def enter_cost(request: WorkspaceRequest, line_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(BudgetLine, pk=line_id)
    found = find(row.engagement_id)
    form = CostForm(
        request.POST or None,
        today=found.today,
        currency=found.row.currency,
        initial={"day": found.today},
    )
    if request.method == "POST" and form.is_valid():
        by = person_of(request.user)
        cost = operations.enter_cost(line=row, fields=form.model_fields, by=by)
        tell(request, _("The cost is entered."), undo=_undo(request, cost))
        return redirect("engagements:edit_budget_line", request.workspace.slug, row.pk)
    heading = _("A cost on %(name)s") % {"name": row.name}
    return show_form(request, found, form, back="budget", heading=heading)


def _undo(request: WorkspaceRequest, cost: CostEntry) -> str:
    return reverse("engagements:take_back_cost", args=[request.workspace.slug, cost.pk])


@require_POST
def take_back_cost(request: WorkspaceRequest, cost_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    cost = get_object_or_404(CostEntry.objects.select_related("line"), pk=cost_id)
    operations.take_back_cost(cost=cost)
    tell(request, _("The cost is taken back."))
    return redirect("engagements:edit_budget_line", request.workspace.slug, cost.line_id)
