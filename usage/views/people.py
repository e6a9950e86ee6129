"""The people behind the numbers: the list, one of them day by day, and the very events."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from engagements.models import EndUser
from rendering.web import page
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from usage import queries
from usage.forms import STANDINGS, PeopleForm
from usage.queries import DayEvents, PeopleList, UnknownCount
from usage.views import saying
from usage.views.asking import Found, find_subject

PAGE_SIZE = 50
SORTED = {
    "name": _("Person"),
    "group": _("Impact group"),
    "last": _("Last seen"),
    "active": _("Active days"),
    "weeks": _("Weeks"),
    "uses": _("Events"),
    "first": _("First seen"),
    "value": _("First value"),
}
NUMBERS = ("active", "weeks", "uses")


@require_GET
def people(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """Everybody, or those a number counted; filter, sort and page stand in the address."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)
    form = PeopleForm(request.GET)
    context: dict[str, Any] = found.context("people") | {"form": form}
    if found.asked is not None:
        listed = get_listed(found, form)
        context |= {
            "listed": listed,
            "rows": Paginator(listed.rows, PAGE_SIZE).get_page(request.GET.get("page")),
            "count": saying.say_count(len(listed.rows)),
            "counted": _say(listed) if listed.key else "",
            "sorts": _sorts(found, form),
            "narrowed": _asked_with(found, form),
            "wishes": {name: form.said(name) for name in ("q", "standing")},
            "standings": (("", _("Everybody")), *STANDINGS),
            "kept_wishes": _kept(found, form, "counted", "sort"),
            "own_wishes": _wishes(form),
        }
    return page(request, "usage/people.html", context, fragment="usage/_people.html")


def get_listed(found: Found, form: PeopleForm) -> PeopleList:
    """What the address asks for. Raises Http404 for a number that does not exist."""
    assert found.asked is not None  # noqa: S101 (asked by pages with a closed day only)
    try:
        return queries.get_people_list(
            subject=found.subject,
            asked=found.asked,
            key=form.said("counted"),
            words=form.said("q"),
            standing=form.said("standing"),
            sort=form.said("sort") or "-last",
            rules=found.rules,
        )
    except UnknownCount as problem:
        raise Http404 from problem


@require_GET
def person(request: WorkspaceRequest, end_user_id: UUID, **named: UUID) -> HttpResponse:
    """One person: when they came, and what they used on each day."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)
    context = found.context("people") | {"person_id": end_user_id}
    if found.asked is None:
        raise Http404
    try:
        context["person"] = queries.get_person(
            subject=found.subject, asked=found.asked, end_user_id=end_user_id
        )
    except EndUser.DoesNotExist as problem:
        raise Http404 from problem
    context["events_url"] = found.url("events")
    return page(request, "usage/person.html", context)


@require_GET
def events(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """The events of one day in the customer's time, of one person where the address names them."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)
    day = day_asked(found)
    who = person_asked(request)
    context = found.context("people") | {
        "events": get_happened(found),
        "is_open": not is_closed(found, day),
        "who": who,
    }
    return page(request, "usage/events.html", context)


def get_happened(found: Found) -> DayEvents:
    """The events the address asks for."""
    day = day_asked(found)
    return queries.get_events(
        subject=found.subject,
        day=day,
        is_closed=is_closed(found, day),
        end_user_id=person_asked(found.request),
    )


def is_closed(found: Found, day: date) -> bool:
    return found.closed is not None and day <= found.closed.last


def day_asked(found: Found) -> date:
    """The day in the address; the newest closed one, or today, where there is none."""
    try:
        day = parse_date(found.request.GET.get("day", ""))
    except ValueError:
        day = None
    usual = found.asked.last if found.asked else found.today
    return min(max(day or usual, queries.FIRST_DAY), queries.LAST_DAY)


def person_asked(request: WorkspaceRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("who", ""))
    except ValueError:
        return None


def _say(listed: PeopleList) -> str:
    return saying.say_counted(listed.key, day=listed.day, window=listed.window)


def _asked_with(found: Found, form: PeopleForm, **other: str) -> str:
    """The address of the same list, with other wishes."""
    said = {name: form.said(name) for name in ("counted", "q", "standing", "sort")} | other
    parts = [urlencode({name: word for name, word in said.items() if word}), found.kept]
    return "&".join(part for part in parts if part)


def _sorts(found: Found, form: PeopleForm) -> list[dict[str, Any]]:
    """For each column: where a click leads, and how it is sorted now."""
    now = form.said("sort") or "-last"
    sorts = []
    for name, label in SORTED.items():
        rising = name in ("name", "group")
        usual, other = (name, f"-{name}") if rising else (f"-{name}", name)
        sorts.append(
            {
                "name": name,
                "label": label,
                "query": _asked_with(found, form, sort=other if now == usual else usual),
                "state": {name: "ascending", f"-{name}": "descending"}.get(now, ""),
                "is_number": name in NUMBERS,
            }
        )
    return sorts


def _wishes(form: PeopleForm) -> list[tuple[str, str]]:
    """What the list is asked for, for a form that changes something else."""
    said = [(name, form.said(name)) for name in ("counted", "q", "standing", "sort")]
    return [(name, word) for name, word in said if word]


def _kept(found: Found, form: PeopleForm, *names: str) -> list[tuple[str, str]]:
    """What a search keeps: the number asked for, the sorting, and what narrows every page."""
    own = [(name, form.said(name)) for name in names if form.said(name)]
    return own + parse_qsl(found.kept)
