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
from metrics.queries import RANKS, MeasureCard
from metrics.views.finding import FoundEngagement, find_engagement
from rendering.translation import said_by, translated
from rendering.web import csv_file, form_view, page
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 50
LONG_WEEKS = (2, 4, 6, 8, 12)


@require_GET
def measures(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The measures tab of an engagement."""
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    every = queries.get_measure_cards(engagement_id=found.row.pk, today=found.today)
    form = FiltersForm(request.GET)
    cards = _shown(every, form.chosen)
    listed = Paginator(cards, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "header": found.header,
        "cards": listed,
        "count": len(cards),
        "all_count": len(every),
        "counts": [(key, sum(card.state == key for card in every)) for key in RANKS],
        "form": form,
        "chosen": form.chosen,
        "query": _query(form.chosen),
        "may_edit": may(request.membership, "edit_measures"),
        "removed": queries.get_removed_measures(engagement_id=found.row.pk),
    }
    return page(request, "metrics/measures.html", context, fragment="metrics/_measures.html")


def _query(chosen: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in chosen.items() if value and name != "q")


def _shown(cards: Sequence[MeasureCard], chosen: dict[str, str]) -> list[MeasureCard]:
    text = chosen["q"].casefold()
    found = [
        card
        for card in cards
        if (not text or text in f"{translated(card.name)} {card.place.name}".casefold())
        and (not chosen["about"] or (card.place.about or "engagement") == chosen["about"])
        and (not chosen["state"] or card.state == chosen["state"])
    ]
    return sorted(found, key=lambda card: _place_in(chosen["order"], card))


def _place_in(order: str, card: MeasureCard) -> tuple[object, ...]:
    if order == "name":
        return (translated(card.name).casefold(), card.place.name.casefold())
    if order == "state":
        return (RANKS[card.state],)
    if order == "progress":
        return (card.progress is None, card.progress or 0.0)
    if order == "deadline":
        return (card.deadline is None, card.deadline or date.max)
    return ()


@require_GET
def export_measures(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_measures")
    found = find_engagement(engagement_id)
    cards = queries.get_measure_cards(engagement_id=found.row.pk, today=found.today)
    shown = _shown(cards, FiltersForm(request.GET).chosen)
    _note("measures.exported", found)
    return csv_file(exports.measures_csv(shown), f"{found.row.key}-measures-{found.today}.csv")


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
