"""The timeline of an engagement, and the box to write on it."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements import exports, operations, queries
from engagements.forms import QuickForm
from engagements.forms.log import NOTE
from engagements.models import Interaction, Note
from engagements.views.finding import Found, back_to, find, record_export
from people.queries import person_of
from rendering.web import csv_file, form_view, page, tell, wants_fragment
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest
from tenancy.models import Role

WRITTEN = ("note", "interaction", "question")
# The field of the quick box in which the words of an operation's field stand.
BOX = {"summary": "text", "notes": "text", "title": "next_step"}


@require_GET
def timeline(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    return _show(request, find(engagement_id), QuickForm())


def _show(request: WorkspaceRequest, found: Found, form: QuickForm) -> HttpResponse:
    shown = _asked(request)
    pinned = queries.get_pinned_notes(engagement_id=found.row.pk)
    feed = queries.get_timeline(engagement=found.row, **shown, before=_text(request, "before"))
    context = {
        "feed": feed,
        "shown": shown,
        "pinned": pinned,
        "pinned_ids": {note.id for note in pinned},
        "continued": bool(request.GET.get("before")),
        "chips": _chips(feed, shown),
        "query": urlencode({name: word for name, word in _named(shown).items() if word}),
        "person": person_of(request.user),
        "attachments": queries.get_attachments(row_ids=_written(feed)),
        "may_attach": may(request.membership, "add_files"),
        "may_write": may(request.membership, "write_log"),
        "may_moderate": request.membership.role == Role.ADMIN,
        "may_ask": may(request.membership, "ask_experts"),
        "header": found.header,
        "today": found.today,
    }
    template = "engagements/timeline.html"
    if not wants_fragment(request):
        context |= _beside(found) | {"form": form}
    return page(request, template, context, fragment="engagements/_timeline.html")


def _written(feed: queries.Timeline) -> set[UUID]:
    """What somebody wrote, of the entries shown: files may go with it."""
    entries = [entry for day in feed.days for entry in day.entries]
    return {entry.row_id for entry in entries if entry.row_id and entry.noun in WRITTEN}


def _beside(found: Found) -> dict[str, Any]:
    return {
        "questions": queries.get_open_questions(engagement_id=found.row.pk, today=found.today),
        "tasks": queries.get_engagement_tasks(engagement_id=found.row.pk, today=found.today),
    }


def _asked(request: WorkspaceRequest) -> dict[str, str]:
    return {"group": _text(request, "show")[:20], "text": _text(request, "q")[:100]}


def _text(request: WorkspaceRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\0", "").strip()


def _named(shown: dict[str, str]) -> dict[str, str]:
    """As the address says it."""
    return {"show": shown["group"], "q": shown["text"]}


def _chips(feed: queries.Timeline, shown: dict[str, str]) -> list[dict[str, Any]]:
    groups = [("", _("All"), feed.everything), *((g.key, g.label, g.count) for g in feed.groups)]
    return [
        {
            "key": key or "all",
            "label": label,
            "count": count,
            "current": shown["group"] == key,
            "query": urlencode(
                {name: word for name, word in (("show", key), ("q", shown["text"])) if word}
            ),
        }
        for key, label, count in groups
    ]


@require_GET
def export_timeline(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("timeline.exported", found)
    entries = queries.get_timeline_entries(engagement=found.row, **_asked(request))
    table = queries.timeline_table(entries, zone=found.row.customer.zone)
    name = f"{found.row.key}-timeline-{found.today}.csv"
    return csv_file(exports.csv_of(table), name)


@form_view
def log_quickly(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """What stands in the box becomes a note or a talk, and its next step a task."""
    require(request.membership, "write_log")
    found = find(engagement_id)
    form = QuickForm(request.POST or None, initial={"kind": request.GET.get("kind", NOTE)})
    if request.method == "POST" and form.is_valid() and _kept(request, found, form):
        return back_to(request, "timeline", engagement_id)
    return _show(request, found, form)


def _kept(request: WorkspaceRequest, found: Found, form: QuickForm) -> bool:
    try:
        row = _write(request, found, form)
        if step := form.cleaned_data["next_step"]:
            operations.add_next_step(
                engagement=found.row,
                title=step,
                due_date=form.cleaned_data["next_due"],
                by=person_of(request.user),
                shared=form.cleaned_data["shared"],
            )
    except ValidationError as error:
        add_errors(form, error, BOX)
        return False
    name = "delete_note" if isinstance(row, Note) else "delete_interaction"
    undo = reverse(f"engagements:{name}", args=[request.workspace.slug, row.pk])
    tell(request, _("It is on the timeline."), undo=undo)
    return True


def _write(request: WorkspaceRequest, found: Found, form: QuickForm) -> Note | Interaction:
    by, cleaned = person_of(request.user), form.cleaned_data
    if form.is_note:
        fields = {"text": cleaned["text"], "shared": cleaned["shared"]}
        return operations.write_note(engagement=found.row, fields=fields, by=by)
    summary, notes = form.parts
    fields = {
        "kind": cleaned["kind"],
        "happened_at": timezone.now(),
        "summary": summary,
        "notes": notes,
        "minutes": cleaned["minutes"],
        "shared": cleaned["shared"],
    }
    return operations.record_interaction(engagement=found.row, fields=fields, by=by)


def add_errors(form: Any, error: ValidationError, places: dict[str, str]) -> None:
    """What an operation refuses, beside the field of the form that stands for its own."""
    for name, faults in error.error_dict.items():
        place = places.get(name, name)
        form.add_error(place if place in form.fields else None, faults)
