"""The page of hypercare: its window, its team, its money."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from engagements import queries
from engagements.views.finding import find
from rendering.web import page
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest


@require_GET
def hypercare(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    context = {
        "header": found.header,
        "hypercare": queries.get_hypercare(
            engagement=found.row,
            today=found.today,
            with_money=may(request.membership, "see_budget"),
        ),
        "may_edit": may(request.membership, "edit_engagement"),
    }
    return page(request, "engagements/hypercare.html", context)
