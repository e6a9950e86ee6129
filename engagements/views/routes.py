"""The routes by which requests are made, and what was counted on them."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from engagements.exports.routes import routes_csv
from engagements.forms.routes import RegisterFileForm, RouteForm, ShutForm, VolumesForm
from engagements.imports.registers import VOLUME_COLUMNS, Brought, import_volumes
from engagements.models import RouteVolume, WorkRoute
from engagements.operations import routes as operations
from engagements.operations.routes import Counted
from engagements.periods import last_day
from engagements.queries import routes as queries
from engagements.views.finding import Found, back_to, find, record_export, show_form
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.spreadsheets import LARGEST_TABLE_BYTES, UnreadableTable, read_book
from rendering.translation import said_by
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest

FAULTS_SHOWN, PERIODS_SHOWN = 100, 12


@require_GET
def routes(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The register: every route with its plan, its owner and its latest volumes."""
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    register = queries.get_route_register(engagement_id=engagement_id, today=found.today)
    periods = register.periods
    context = {
        "header": found.header,
        "register": register,
        "periods": periods[:PERIODS_SHOWN],
        "more_periods": max(0, len(periods) - PERIODS_SHOWN),
        "may_edit": may(request.membership, "edit_engagement"),
        "today": found.today,
    }
    return page(request, "engagements/routes.html", context)


@require_GET
def export_routes(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("routes.exported", found)
    register = queries.get_route_register(engagement_id=engagement_id, today=found.today)
    return csv_file(routes_csv(register), f"{found.row.key}-routes-{found.today}.csv")


@form_view
def add_route(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    form = RouteForm(request.POST or None, engagement=found.row, today=found.today)
    if request.method == "POST" and form.is_valid():
        by = person_of(request.user)
        operations.add_route(engagement=found.row, fields=form.model_fields, by=by)
        tell(request, _("The route is in the register."))
        return back_to(request, "routes", engagement_id)
    return show_form(request, found, form, back="routes", heading=_("A route"))


def _route(route_id: UUID, *, deleted: bool = False) -> WorkRoute:
    rows = WorkRoute.objects.select_for_update(of=("self",))
    return get_object_or_404(rows, pk=route_id, deleted_at__isnull=not deleted)


@form_view
def edit_route(request: WorkspaceRequest, work_route_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _route(work_route_id)
    found = find(row.engagement_id)
    form = RouteForm(request.POST or None, instance=row, engagement=found.row, today=found.today)
    if request.method == "POST" and form.is_valid():
        by = person_of(request.user)
        operations.change_route(route=row, fields=form.model_fields, by=by)
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "routes", row.engagement_id)
    return show_form(
        request,
        found,
        form,
        back="routes",
        template="engagements/route_form.html",
        heading=row.name,
        route=row,
    )


@require_POST
def shut_route(request: WorkspaceRequest, work_route_id: UUID) -> HttpResponse:
    """It takes no more requests since the day that is sent, else since today."""
    require(request.membership, "edit_engagement")
    row = _route(work_route_id)
    found = find(row.engagement_id)
    form = ShutForm(request.POST)
    day = form.cleaned_data["day"] if form.is_valid() else found.today
    try:
        operations.shut_route(route=row, day=min(day, found.today), by=person_of(request.user))
    except ValidationError as error:
        tell(request, error.messages[0])
    else:
        undo = reverse("engagements:reopen_route", args=[request.workspace.slug, row.pk])
        tell(request, _("%(name)s is shut off.") % {"name": row.name}, undo=undo)
    return back_to(request, "routes", row.engagement_id)


@require_POST
def reopen_route(request: WorkspaceRequest, work_route_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _route(work_route_id)
    operations.reopen_route(route=row, by=person_of(request.user))
    tell(request, _("%(name)s is open again.") % {"name": row.name})
    return back_to(request, "routes", row.engagement_id)


@require_POST
def delete_route(request: WorkspaceRequest, work_route_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _route(work_route_id)
    operations.delete_route(route=row, now=timezone.now())
    undo = reverse("engagements:restore_route", args=[request.workspace.slug, row.pk])
    tell(request, _("%(name)s left the register.") % {"name": row.name}, undo=undo)
    return back_to(request, "routes", row.engagement_id)


@require_POST
def restore_route(request: WorkspaceRequest, work_route_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _route(work_route_id, deleted=True)
    try:
        operations.restore_route(route=row)
    except ValidationError as error:
        tell(request, error.messages[0])
    else:
        tell(request, _("%(name)s is in the register again.") % {"name": row.name})
    return back_to(request, "routes", row.engagement_id)


@form_view
def enter_volumes(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """What was counted in one period on every route; `day` in the address names the period."""
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    rows = list(queries.get_routes(engagement_id=engagement_id).order_by("created_at", "id"))
    period = queries.get_route_period(engagement_id=engagement_id)
    asked = _asked_day(request)
    shown = last_day(period, asked) if period and asked else None
    form = VolumesForm(
        request.POST or None,
        routes=rows,
        period=period,
        today=found.today,
        shown=shown,
        known=_known(rows, shown),
    )
    if request.method == "POST" and form.is_valid() and _entered(request, found, form):
        return back_to(request, "routes", engagement_id, "volumes")
    heading = _("Volumes of a period")
    return show_form(request, found, form, back="routes", heading=heading)


def _asked_day(request: WorkspaceRequest) -> date | None:
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        return None
    return day if day and operations.EARLIEST <= day < date(2200, 1, 1) else None


def _known(rows: list[WorkRoute], day: date | None) -> dict[UUID, int]:
    """What is on record for the period that ends on a day."""
    if day is None:
        return {}
    found = RouteVolume.objects.filter(route__in=rows, day=day)
    return dict(found.values_list("route_id", "amount"))


def _entered(request: WorkspaceRequest, found: Found, form: VolumesForm) -> bool:
    try:
        counted = operations.record_volumes(
            engagement=found.row,
            items=form.items,
            period=form.chosen,
            today=found.today,
            by=person_of(request.user),
        )
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    tell(request, say_counted(counted))
    return True


def say_counted(counted: Counted) -> str:
    """What became of what was sent."""
    if not counted.something:
        return _("Nothing was new.")
    count = counted.new + counted.corrected
    if not count:
        return _("What was emptied is taken out.")
    return ngettext("One figure is in.", "%(n)s figures are in.", count) % {"n": count}


@form_view
def import_volumes_file(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    return take_file(
        request,
        found,
        bring=import_volumes,
        back="routes",
        heading=_("Volumes from a file"),
        columns=VOLUME_COLUMNS,
        example=["Mailbox orders@", found.today.isoformat(), "120", "week"],
    )


def take_file(
    request: WorkspaceRequest,
    found: Found,
    *,
    bring: Callable[..., Brought],
    back: str,
    heading: str,
    **more: Any,
) -> HttpResponse:
    """A file of a register: all of it comes in, or its faults are shown by row."""
    sent = request.method == "POST"
    form = RegisterFileForm(request.POST if sent else None, request.FILES or None)
    brought = _brought(request, found, form, bring) if sent and form.is_valid() else None
    if brought is not None and not brought.errors:
        tell(request, say_counted(brought.counted))
        return back_to(request, back, found.row.pk)
    errors = brought.errors if brought else ()
    context = {
        "faults": errors[:FAULTS_SHOWN],
        "fault_count": len({error.row for error in errors}),
        "more_faults": max(0, len(errors) - FAULTS_SHOWN),
        **more,
    }
    template = "engagements/register_file.html"
    return show_form(request, found, form, back=back, heading=heading, template=template, **context)


def _brought(
    request: WorkspaceRequest, found: Found, form: RegisterFileForm, bring: Callable[..., Brought]
) -> Brought | None:
    content = form.cleaned_data["file"].read(LARGEST_TABLE_BYTES + 1)
    try:
        return bring(
            engagement=found.row,
            table=read_book(content).table,
            today=found.today,
            by=person_of(request.user),
        )
    except UnreadableTable as error:
        form.add_error("file", said_by(error))
        return None
