"""The inbox of alerts: what the night found, whose it is, and what was done."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from metrics import exports, operations, queries
from metrics.forms import AlertFiltersForm, ResolveForm
from metrics.models import Alert
from metrics.queries import AlertFilters
from people.queries import person_of
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 50
SNOOZE_DAYS = 7


@require_GET
def alerts(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    form, today = AlertFiltersForm(request.GET), timezone.localdate()
    found = queries.get_alerts(filters=_filters(request, form), today=today)
    listed = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "rows": [queries.alert_row(row) for row in listed],
        "listed": listed,
        "counts": queries.get_alert_counts(today=today),
        "chosen": form.chosen,
        "form": form,
        "query": urlencode({name: value for name, value in form.chosen.items() if value}),
        "may_edit": may(request.membership, "edit_measures"),
    }
    return page(request, "metrics/alerts.html", context, fragment="metrics/_alerts.html")


def _filters(request: WorkspaceRequest, form: AlertFiltersForm) -> AlertFilters:
    chosen, person = form.chosen, person_of(request.user)
    return AlertFilters(
        state=chosen["state"] or queries.OPEN,
        kind=chosen["kind"],
        mine=person.pk if person and chosen["mine"] else None,
        engagement_id=UUID(chosen["about"]) if chosen["about"] else None,
    )


@require_GET
def export_alerts(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    form, today = AlertFiltersForm(request.GET), timezone.localdate()
    found = queries.get_alerts(filters=_filters(request, form), today=today)
    record(action="alerts.exported")
    content = exports.alerts_csv(queries.alert_row(row) for row in found)
    return csv_file(content, f"{request.workspace.slug}-alerts-{today}.csv")


def _find(alert_id: UUID) -> Alert:
    return get_object_or_404(Alert.objects.select_for_update(of=("self",)), pk=alert_id)


@require_POST
def take_alert(request: WorkspaceRequest, alert_id: UUID) -> HttpResponse:
    """Make it one's own; undone, it is nobody's."""
    require(request.membership, "edit_measures")
    row = _find(alert_id)
    if is_undo(request):
        operations.assign_alert(alert=row, owner=None)
        tell(request, _("It is nobody's again."))
    else:
        operations.assign_alert(alert=row, owner=person_of(request.user))
        tell(request, _("It is yours."), undo=undo_of(request))
    return redirect("metrics:alerts", request.workspace.slug)


@require_POST
def snooze_alert(request: WorkspaceRequest, alert_id: UUID) -> HttpResponse:
    """Out of sight for a week."""
    require(request.membership, "edit_measures")
    row, today = _find(alert_id), timezone.localdate()
    if is_undo(request):
        operations.snooze_alert(alert=row, until=None, today=today)
        tell(request, _("It is awake again."))
    else:
        operations.snooze_alert(alert=row, until=today + timedelta(days=SNOOZE_DAYS), today=today)
        tell(request, _("It comes back in a week."), undo=undo_of(request))
    return redirect("metrics:alerts", request.workspace.slug)


@form_view
def resolve_alert(request: WorkspaceRequest, alert_id: UUID) -> HttpResponse:
    """With a word on what was done; undone, it is open again."""
    require(request.membership, "edit_measures")
    row = _find(alert_id)
    if request.method == "POST" and is_undo(request):
        operations.reopen_alert(alert=row)
        tell(request, _("It is open again."))
        return redirect("metrics:alerts", request.workspace.slug)
    form = ResolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.resolve_alert(
                alert=row,
                by=person_of(request.user),
                resolution=form.cleaned_data["resolution"],
                now=timezone.now(),
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("Resolved."), undo=undo_of(request))
            return redirect("metrics:alerts", request.workspace.slug)
    context = {"form": form, "alert": queries.alert_row(row)}
    return page(request, "metrics/alert_form.html", context)
