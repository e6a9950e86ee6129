"""The inbox of alerts: what the night found, whose it is, and what was done."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from metrics import exports, operations, queries
from metrics.forms import AlertFiltersForm, AssignForm, ResolveForm
from metrics.models import Alert
from metrics.queries import WHOSE, AlertFilters
from people.models import User
from people.queries import person_of
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of, wants_fragment
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 50
SNOOZE_DAYS = 7


@require_GET
def alerts(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "see_customers")
    return _show(request)


def _show(request: WorkspaceRequest) -> HttpResponse:
    form, today = AlertFiltersForm(request.GET), timezone.localdate()
    filters, person = _filters(request, form), person_of(request.user)
    found = queries.get_alerts(filters=filters, today=today)
    listed = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    chosen = form.chosen
    context: dict[str, Any] = {
        "rows": [queries.alert_row(row) for row in listed],
        "listed": listed,
        "states": _states(chosen, queries.get_alert_counts(filters=filters, today=today)),
        "chosen": chosen,
        "form": form,
        "query": _query(chosen),
        "me": person.pk if person else None,
        "may_edit": may(request.membership, "edit_measures"),
    }
    return page(request, "metrics/alerts.html", context, fragment="metrics/_alerts.html")


def _states(chosen: dict[str, Any], counts: Any) -> list[list[dict[str, Any]]]:
    """The chips: in which state the alerts are, and whose they are, each with its count."""
    states = (("open", _("Open")), ("snoozed", _("Asleep")), ("resolved", _("Over")))
    whose = (("", _("Everybody’s")), ("mine", _("Mine")), ("nobody", _("Nobody’s")))
    by_state = [
        {
            "label": label,
            "count": counts[key],
            "query": _query(chosen, state="" if key == queries.OPEN else key),
            "current": (chosen["state"] or queries.OPEN) == key,
        }
        for key, label in states
    ]
    by_owner = [
        {
            "label": label,
            "count": counts[key or "all"],
            "query": _query(chosen, whose=key),
            "current": chosen["whose"] == key,
        }
        for key, label in whose
    ]
    return [by_state, by_owner]


def _query(chosen: dict[str, Any], **other: str) -> str:
    """What is looked at, as the address says it."""
    return urlencode({name: value for name, value in {**chosen, **other}.items() if value})


def _filters(request: WorkspaceRequest, form: AlertFiltersForm) -> AlertFilters:
    chosen, person = form.chosen, person_of(request.user)
    return AlertFilters(
        state=chosen["state"] or queries.OPEN,
        kind=chosen["kind"],
        whose=chosen["whose"] if chosen["whose"] in WHOSE else "",
        asked_by=person.pk if person else None,
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
    rows = Alert.objects.select_related("customer").select_for_update(of=("self",))
    return get_object_or_404(rows, pk=alert_id)


def _answer(request: WorkspaceRequest) -> HttpResponse:
    """The list as it was being looked at: as a fragment, or the page again."""
    return _show(request) if wants_fragment(request) else redirect(_list(request))


def _list(request: WorkspaceRequest) -> str:
    path, query = reverse("metrics:alerts", args=[request.workspace.slug]), _looked(request)
    return f"{path}?{query}" if query else path


def _looked(request: WorkspaceRequest) -> str:
    return _query(AlertFiltersForm(request.GET).chosen)


def _way_back(request: WorkspaceRequest, **facts: object) -> str:
    """The address that takes an act back, and then shows the list as it was being looked at."""
    query = _query(AlertFiltersForm(request.GET).chosen, **{k: str(v) for k, v in facts.items()})
    return f"{undo_of(request)}&{query}" if query else undo_of(request)


@require_POST
def take_alert(request: WorkspaceRequest, alert_id: UUID) -> HttpResponse:
    """Make it one's own; undone, it is whose it was."""
    require(request.membership, "edit_measures")
    row = _find(alert_id)
    if is_undo(request):
        return _give_back(request, row)
    _assign(request, row, person_of(request.user), _("It is yours."))
    return _answer(request)


@form_view
def assign_alert(request: WorkspaceRequest, alert_id: UUID) -> HttpResponse:
    """Give it to somebody, who is told; undone, it is whose it was."""
    require(request.membership, "edit_measures")
    row = _find(alert_id)
    if request.method == "POST" and is_undo(request):
        return _give_back(request, row)
    form = AssignForm(request.POST or None, initial={"owner": row.owner_id})
    if request.method == "POST" and form.is_valid():
        owner = form.cleaned_data["owner"]
        words = _("It is nobody’s now.")
        if owner is not None:
            words = _("%(who)s looks after it now.") % {"who": owner}
        _assign(request, row, owner, words)
        return redirect(_list(request))
    return _form(request, row, form, heading=_("Whose is it?"), action=_("Give it"))


def _assign(request: WorkspaceRequest, row: Alert, owner: User | None, words: str) -> None:
    before = row.owner_id or "nobody"
    operations.assign_alert(alert=row, owner=owner, by=person_of(request.user), now=timezone.now())
    tell(request, words, undo=_way_back(request, owner=before))


def _give_back(request: WorkspaceRequest, row: Alert) -> HttpResponse:
    form = AssignForm({"owner": request.GET.get("owner", "").removeprefix("nobody")})
    owner = form.cleaned_data["owner"] if form.is_valid() else None
    operations.assign_alert(alert=row, owner=owner, by=person_of(request.user), now=timezone.now())
    words = _("It is nobody’s again.")
    if owner is not None:
        words = _("%(who)s looks after it again.") % {"who": owner}
    tell(request, words)
    return _answer(request)


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
        tell(request, _("It comes back in a week."), undo=_way_back(request))
    return _answer(request)


@form_view
def resolve_alert(request: WorkspaceRequest, alert_id: UUID) -> HttpResponse:
    """With a word on what was done; undone, it is open again."""
    require(request.membership, "edit_measures")
    row = _find(alert_id)
    if request.method == "POST" and is_undo(request):
        operations.reopen_alert(alert=row)
        tell(request, _("It is open again."))
        return _answer(request)
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
            tell(request, _("Resolved."), undo=_way_back(request))
            return redirect(_list(request))
    return _form(request, row, form, heading=_("What was done?"), action=_("Resolve"))


def _form(
    request: WorkspaceRequest, row: Alert, form: Any, *, heading: str, action: str
) -> HttpResponse:
    context = {
        "form": form,
        "alert": queries.alert_row(row),
        "heading": heading,
        "action": action,
        "back": _list(request),
    }
    return page(request, "metrics/alert_form.html", context)
