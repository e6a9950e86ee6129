"""The pages of one customer's adoption, each a finding, its figures, a chart and a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from rendering.web import page
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from usage import charts, queries
from usage.numbers.periods import Period
from usage.queries import Adoption, CountSeries
from usage.views import saying
from usage.views.asking import Found, find_subject

FOUR_WEEKS = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a page; `table` is what its CSV is asked with."""

    key: str
    heading: str
    told: saying.Told
    tiles: tuple[saying.Tile, ...] = ()
    table: str = ""
    note: str = ""


Parts = list[Part]
Tell = Callable[[Found, Adoption], Parts]


@require_GET
def usage(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """Active users: over time, in windows, against their own peak."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)
    context = found.context("usage")
    if found.asked is not None:
        adoption = found.adoption(reach_of(found, "usage"))
        series = queries.get_course(adoption=adoption)
        context |= {
            "series": series,
            "story": queries.story_of(series),
            "figure": charts.trend(
                series, today=found.today, words=saying.say_trend(adoption.window)
            ),
            "so_far_url": found.url("so_far"),
            "tiles": saying.tell_active(adoption, series),
            "moves": saying.tell_moves(adoption),
            "is_alarming": adoption.sustained.is_alarming,
            "rules": adoption.rules,
        }
    return page(request, "usage/usage.html", context, fragment="usage/_usage.html")


@require_GET
def so_far(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """The open day, and what senders counted themselves: beside the figures, in none of them."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)
    context = found.context("usage") | {
        "so_far": queries.get_today_so_far(customer_id=found.customer.pk, now=timezone.now()),
        "counts": sent_counts(found),
    }
    return page(request, "usage/so_far.html", context, fragment="usage/_so_far.html")


def sent_counts(found: Found) -> CountSeries:
    """Of the days asked for, up to now."""
    first = found.asked.first if found.asked else found.today - FOUR_WEEKS
    return queries.get_daily_counts(customer_id=found.customer.pk, first=first, last=found.today)


@require_GET
def licences(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """Seats held, given out and used."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)

    def tell(found: Found, adoption: Adoption) -> Parts:
        told = saying.tell_licences(adoption.licences, today=found.today)
        heading = _("Seats, given out and used")
        return [Part("licences", heading, told, saying.tell_seats(adoption), "licences")]

    return _show(request, found, "licences", tell)


@require_GET
def first_value(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """Who reached first value, and how long it took."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)

    def tell(found: Found, adoption: Adoption) -> Parts:
        told = saying.tell_first_value(adoption.time_to_value)
        heading = _("Time to first value")
        note = saying.say_agreed(adoption.agreed)
        tiles = saying.tell_first_steps(adoption)
        return [Part("first-value", heading, told, tiles, "first-value", note)]

    return _show(request, found, "first_value", tell)


@require_GET
def habit(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """Depth, frequency, habit and streaks, and on how many days people came."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)

    def tell(found: Found, adoption: Adoption) -> Parts:
        told = saying.tell_active_days(adoption.active_days)
        heading = _("On how many days people came")
        return [Part("active-days", heading, told, saying.tell_habits(adoption), "active-days")]

    return _show(request, found, "habit", tell)


@require_GET
def features(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """What each group is meant to use, and whether it does."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)

    def tell(found: Found, adoption: Adoption) -> Parts:
        own = adoption.ground
        told = saying.tell_features(
            adoption.matrix,
            features=adoption.features.name_of,
            groups=own.group_names,
            ids={number: group.id for number, group in enumerate(own.groups)},
        )
        heading = _("Features by impact group")
        return [Part("features", heading, told, saying.tell_breadth(adoption), "features")]

    return _show(request, found, "features", tell)


@require_GET
def cohorts(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """Who comes back, of those who began together; by month where the address says so."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)
    period = Period.MONTH if request.GET.get("by") == Period.MONTH.value else Period.WEEK

    def tell(found: Found, adoption: Adoption) -> Parts:
        value = adoption.retained(period)
        told = saying.tell_retention(value)
        heading = _("Who came back")
        return [Part("cohorts", heading, told, saying.tell_returns(value), "cohorts")]

    return _show(request, found, "cohorts", tell, by=period.value)


@require_GET
def first_weeks(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """The six weeks after go-live, day by day."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)

    def tell(found: Found, adoption: Adoption) -> Parts:
        if adoption.early is None:
            return []
        told = saying.tell_early_use(adoption.early)
        heading = _("The first weeks")
        return [Part("first-weeks", heading, told, saying.tell_arrivals(adoption), "first-weeks")]

    go_live = queries.early_start_of(found.subject)
    return _show(request, found, "first_weeks", tell, go_live=go_live)


def reach_of(found: Found, section: str) -> date | None:
    """From which day on a page needs rows; None for the window alone. Courses need a window before
    their first day, so that the first count is whole."""
    if found.asked is None:
        return None
    before = found.asked.first - timedelta(days=found.rules.reach)
    if section == "usage":
        return min(before, found.asked.last - queries.HALF_YEAR)
    if section == "habit":
        return found.asked.last - timedelta(weeks=queries.STREAK_WEEKS)
    reaches = {"licences": before, "first_weeks": queries.early_start_of(found.subject)}
    return reaches.get(section)


def _show(
    request: WorkspaceRequest,
    found: Found,
    section: str,
    tell: Tell,
    **more: Any,
) -> HttpResponse:
    context = found.context(section) | more
    if found.asked is not None:
        adoption = found.adoption(reach_of(found, section))
        context |= {
            "parts": tell(found, adoption),
            "has_roster": adoption.ground.has_roster,
            "rules": adoption.rules,
        }
    return page(request, "usage/section.html", context, fragment="usage/_section.html")
