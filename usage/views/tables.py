"""Every table of use as a spreadsheet: the same figures as its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from engagements.models import EndUser
from rendering.web import csv_file
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from usage import exports, queries
from usage.forms import PeopleForm
from usage.numbers.periods import Period
from usage.queries import Adoption
from usage.views.adoption import reach_of, sent_counts
from usage.views.asking import Found, find_subject
from usage.views.people import get_happened, get_listed, person_asked

Write = Callable[[Found], bytes]


@require_GET
def usage_csv(request: WorkspaceRequest, **named: UUID) -> HttpResponse:
    """The table the address asks for with `of`; the days of the usage tab by default."""
    require(request.membership, "see_usage")
    found = find_subject(request, **named)
    of = request.GET.get("of", "usage")
    if of not in TABLES:
        raise Http404
    content = TABLES[of](found) if found.asked or of in OPEN else exports.no_days_csv()
    asked = found.asked
    facts = {"of": of, "first": asked.first, "last": asked.last} if asked else {"of": of}
    record(
        action="usage.exported",
        subject=found.row,
        facts=facts,
        about_customer_id=found.customer.pk,
    )
    name = found.subject.engagement.key if found.subject.engagement else "customer"
    return csv_file(content, f"{name}-{of}-{_until(found)}.csv")


def _until(found: Found) -> date:
    return found.asked.last if found.asked else found.today


def _usage(found: Found) -> bytes:
    return exports.course_csv(queries.get_course(adoption=_adoption(found, "usage")))


def _adoption(found: Found, section: str) -> Adoption:
    return found.adoption(reach_of(found, section))


def _cohorts(found: Found) -> bytes:
    by = found.request.GET.get("by")
    period = Period.MONTH if by == Period.MONTH.value else Period.WEEK
    return exports.cohorts_csv(_adoption(found, "cohorts").retained(period))


def _people(found: Found) -> bytes:
    return exports.people_csv(get_listed(found, PeopleForm(found.request.GET)))


def _person(found: Found) -> bytes:
    who = person_asked(found.request)
    if found.asked is None or who is None:
        raise Http404
    try:
        return exports.person_csv(
            queries.get_person(subject=found.subject, asked=found.asked, end_user_id=who)
        )
    except EndUser.DoesNotExist as problem:
        raise Http404 from problem


def _events(found: Found) -> bytes:
    return exports.events_csv(get_happened(found))


# Tables of what came in, whether a day is closed or not.
OPEN = frozenset({"events", "sent"})
TABLES: dict[str, Write] = {
    "usage": _usage,
    "licences": lambda f: exports.licences_csv(_adoption(f, "licences").licences),
    "first-value": lambda f: exports.first_value_csv(_adoption(f, "first_value").time_to_value),
    "active-days": lambda f: exports.active_days_csv(_adoption(f, "habit").active_days),
    "features": lambda f: exports.features_csv(_adoption(f, "features")),
    "cohorts": _cohorts,
    "first-weeks": lambda f: exports.first_weeks_csv(_adoption(f, "first_weeks").early),
    "people": _people,
    "person": _person,
    "events": _events,
    "sent": lambda f: exports.sent_csv(sent_counts(f)),
}
