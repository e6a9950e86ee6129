"""Talks with customers: recorded with everybody who took part, changed, and counted."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import InteractionForm
from engagements.models import Interaction
from engagements.views.finding import Found, back_to, find, show_form
from engagements.views.notes import require_own
from engagements.views.timeline import BOX, add_errors
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 100
USUAL_RANGE = timedelta(days=90)
PLACES = {**BOX, "summary": "summary", "notes": "notes"}


@form_view
def record_interaction(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "write_log")
    found = find(engagement_id)
    kind = request.GET.get("kind", Interaction.Kind.USAGE)
    form = InteractionForm(request.POST or None, engagement=found.row, initial={"kind": kind})
    if request.method == "POST" and form.is_valid() and _recorded(request, found, form):
        tell(request, _("It is on the timeline."))
        return back_to(request, "timeline", engagement_id)
    return show_form(request, found, form, back="timeline", heading=_("Log an interaction"))


def _recorded(request: WorkspaceRequest, found: Found, form: InteractionForm) -> bool:
    by, cleaned = person_of(request.user), form.cleaned_data
    try:
        row = operations.record_interaction(
            engagement=found.row, fields=form.model_fields, people=cleaned["people"], by=by
        )
        if cleaned["next_step"]:
            operations.add_next_step(
                engagement=found.row,
                title=cleaned["next_step"],
                due_date=cleaned["next_due"],
                by=by,
                shared=row.shared,
            )
    except ValidationError as error:
        add_errors(form, error, PLACES)
        return False
    return True


def _own(request: WorkspaceRequest, row_id: UUID, *, deleted: bool = False) -> Interaction:
    rows = Interaction.objects.select_for_update(of=("self",)).select_related("by")
    row = get_object_or_404(rows, pk=row_id, deleted_at__isnull=not deleted)
    require_own(request, row)
    return row


@form_view
def edit_interaction(request: WorkspaceRequest, interaction_id: UUID) -> HttpResponse:
    require(request.membership, "write_log")
    row = _own(request, interaction_id)
    found = find(row.engagement_id)
    form = InteractionForm(request.POST or None, instance=row, engagement=found.row)
    if request.method == "POST" and form.is_valid() and _changed(request, form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "timeline", row.engagement_id)
    return show_form(
        request,
        found,
        form,
        back="timeline",
        template="engagements/written_form.html",
        heading=row.get_kind_display(),
        delete_url=reverse("engagements:delete_interaction", args=[request.workspace.slug, row.pk]),
    )


def _changed(request: WorkspaceRequest, form: InteractionForm, row: Interaction) -> bool:
    try:
        operations.change_interaction(
            interaction=row,
            fields=form.model_fields,
            people=form.cleaned_data["people"],
            by=person_of(request.user),
        )
    except ValidationError as error:
        add_errors(form, error, PLACES)
        return False
    return True


@require_POST
def delete_interaction(request: WorkspaceRequest, interaction_id: UUID) -> HttpResponse:
    require(request.membership, "write_log")
    row = _own(request, interaction_id)
    operations.delete_interaction(interaction=row, now=timezone.now())
    undo = reverse("engagements:restore_interaction", args=[request.workspace.slug, row.pk])
    tell(request, _("It is gone from the timeline."), undo=undo)
    return back_to(request, "timeline", row.engagement_id)


@require_POST
def restore_interaction(request: WorkspaceRequest, interaction_id: UUID) -> HttpResponse:
    require(request.membership, "write_log")
    row = _own(request, interaction_id, deleted=True)
    operations.restore_interaction(interaction=row)
    tell(request, _("It is back on the timeline."))
    return back_to(request, "timeline", row.engagement_id)


@require_GET
def talks(request: WorkspaceRequest) -> HttpResponse:
    """Who was talked with about what, and who was not for the longest time."""
    require(request.membership, "see_customers")
    first, last = _range(request)
    rows = queries.get_talks(
        first=first, last=last, zone=timezone.get_current_timezone(), now=timezone.now()
    )
    context: dict[str, Any] = {
        "first": first,
        "last": last,
        "kinds": [str(label) for label in Interaction.Kind.labels],
        "rows": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "customers": len(rows),
        "number": sum(row.number for row in rows),
        "untouched": sum(row.last_touch is None for row in rows),
    }
    return page(request, "engagements/talks.html", context)


@require_GET
def export_talks(request: WorkspaceRequest) -> HttpResponse:
    """By customer, month and kind."""
    require(request.membership, "see_customers")
    first, last = _range(request)
    counts = queries.get_talk_counts(first=first, last=last, zone=timezone.get_current_timezone())
    record(action="interactions.exported", facts={"first": first, "last": last})
    table = queries.talk_table(counts, names=queries.get_customer_names())
    return csv_file(exports.csv_of(table), f"{request.workspace.slug}-interactions-{last}.csv")


def _range(request: WorkspaceRequest) -> tuple[date, date]:
    today = timezone.localdate()
    last = _day(request, "last") or today
    first = _day(request, "first") or last - USUAL_RANGE
    return min(first, last), max(first, last)


def _day(request: WorkspaceRequest, name: str) -> date | None:
    try:
        day = parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if day and date(2000, 1, 1) <= day <= date(2199, 12, 31) else None
