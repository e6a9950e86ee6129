"""The measures of an engagement, what they leave open, and new ones."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from metrics import exports, operations, queries
from metrics.forms import FiltersForm, MeasureForm
from metrics.models import Measure
from metrics.queries import RANKS, Standing
from metrics.views.finding import FoundEngagement, find_engagement
from rendering.translation import said_by, translated
from rendering.web import csv_file, form_view, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

# Each is drawn from its whole course.
PAGE_SIZE = 25
LONG_WEEKS = (2, 4, 6, 8, 12)


@require_GET
def measures(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The measures tab of an engagement."""
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    every = queries.get_standings(engagement_ids=[found.row.pk], today=found.today)
    form = FiltersForm(request.GET)
    shown = _shown(every, form.chosen, found)
    listed = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "header": found.header,
        "cards": queries.get_cards_of(standings=listed, today=found.today),
        "listed": listed,
        "count": len(shown),
        "all_count": len(every),
        "counts": [(key, sum(line.state == key for line in every)) for key in RANKS],
        "form": form,
        "chosen": form.chosen,
        "query": _query(form.chosen),
        "may_edit": may(request.membership, "edit_measures"),
        "removed": queries.get_removed_measures(engagement_id=found.row.pk),
    }
    return page(request, "metrics/measures.html", context, fragment="metrics/_measures.html")


def _query(chosen: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in chosen.items() if value and name != "q")


def _shown(
    lines: Sequence[Standing], chosen: dict[str, str], found: FoundEngagement
) -> list[Standing]:
    text = chosen["q"].casefold()
    kept = [
        line
        for line in lines
        if (not text or text in f"{_name(line)} {line.place.name}".casefold())
        and (not chosen["about"] or (line.place.about or "engagement") == chosen["about"])
        and (not chosen["state"] or line.state == chosen["state"])
    ]
    if chosen["order"] == "deadline":
        deadlines = queries.get_deadlines(engagement_id=found.row.pk)
        return sorted(kept, key=lambda line: deadlines.get(line.id) or date.max)
    return sorted(kept, key=lambda line: _place_in(chosen["order"], line))


def _name(line: Standing) -> str:
    return translated(line.definition.label)


def _place_in(order: str, line: Standing) -> tuple[object, ...]:
    if order == "name":
        return (_name(line).casefold(), line.place.name.casefold())
    if order == "state":
        return (RANKS[line.state],)
    if order == "progress":
        return (line.progress is None, line.progress or 0.0)
    return ()


@require_GET
def export_measures(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    every = queries.get_standings(engagement_ids=[found.row.pk], today=found.today)
    shown = _shown(every, FiltersForm(request.GET).chosen, found)
    cards = queries.get_cards_of(standings=shown, today=found.today)
    _note("measures.exported", found)
    return csv_file(exports.measures_csv(cards), f"{found.row.key}-measures-{found.today}.csv")


def _note(action: str, found: FoundEngagement) -> None:
    record(action=action, subject=found.row, about_customer_id=found.row.customer_id)


@form_view
def define_measure(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Choose what to measure; the agreement is the next page."""
    require(request.membership, "edit_measures")
    found = find_engagement(engagement_id)
    form = MeasureForm(
        request.POST or None,
        offered=queries.get_definitions(),
        places=queries.get_places(engagement_id=found.row.pk),
        initial={"place": request.GET.get("place", "")},
    )
    if request.method == "POST" and form.is_valid():
        made = _define(form, found)
        if made is not None:
            return redirect("metrics:agree_target", request.workspace.slug, made.pk)
    return page(request, "metrics/measure_form.html", {"form": form, "header": found.header})


def _define(form: MeasureForm, found: FoundEngagement) -> Measure | None:
    try:
        return operations.define_measure(
            engagement=found.row,
            definition=form.chosen,
            now=timezone.now(),
            place=form.chosen_place,
        )
    except operations.AlreadyMeasured as refusal:
        form.add_error("definition", said_by(refusal))
    except ValidationError as refusal:
        form.add_error(None, refusal)
    return None


@require_GET
def measure_gaps(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """What lacks a target, a milestone, a report or the customer's own word."""
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    weeks = _weeks(request)
    context = {
        "header": found.header,
        "gaps": queries.get_gaps(engagement_id=found.row.pk, weeks=weeks),
        "weeks": weeks,
        "long_weeks": LONG_WEEKS,
        "may_edit": may(request.membership, "edit_measures"),
    }
    return page(request, "metrics/measure_gaps.html", context)


@require_GET
def export_gaps(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    gaps = queries.get_gaps(engagement_id=found.row.pk, weeks=_weeks(request))
    _note("measure_gaps.exported", found)
    return csv_file(exports.gaps_csv(gaps), f"{found.row.key}-gaps-{found.today}.csv")


def _weeks(request: WorkspaceRequest) -> int:
    asked = request.GET.get("weeks", "")
    weeks = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 0
    return weeks if weeks in LONG_WEEKS else queries.LONG_WEEKS
