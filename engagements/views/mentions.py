"""Who is offered while somebody writes an at sign."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from engagements import queries
from engagements.views.finding import find
from rendering.web import page
from tenancy.access import require
from tenancy.http import WorkspaceRequest


@require_GET
def mentions(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """Options for a list below the box; `q` is what stands after the at sign."""
    require(request.membership, "ask_experts")
    text = request.GET.get("q", "").replace("\0", "")[:60]
    found = find(engagement_id)
    people = queries.get_mentionable(customer_id=found.row.customer_id, text=text)
    return page(request, "engagements/_mentions.html", {"people": people})
