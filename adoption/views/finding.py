"""The engagement whose plan an address names, and the copy of the plan where it names one."""

from uuid import UUID

from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404

from adoption.models import Plan
from engagements.models import Engagement
from engagements.queries import get_engagements


def find_engagement(engagement_id: UUID) -> Engagement:
    return get_object_or_404(get_engagements(), pk=engagement_id)


def find_what_if(engagement_id: UUID, query: QueryDict) -> Plan | None:
    """The copy that a query string names; None for the plan itself. Dropped ones are not found."""
    named = query.get("what_if", "")
    if not named:
        return None
    try:
        what_if_id = UUID(named)
    except ValueError as error:
        raise Http404 from error
    rows = Plan.every.filter(engagement=engagement_id, dropped_at=None).exclude(what_if_of=None)
    return get_object_or_404(rows.select_related("engagement__customer"), pk=what_if_id)
