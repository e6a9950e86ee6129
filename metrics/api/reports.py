"""What an engagement's pages of progress, resources and health show, over the API."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.models import Engagement
from engagements.queries import get_engagements
from metrics import queries
from metrics.serializers.reports import (
    HealthSerializer,
    PlanProgressSerializer,
    ResourcesSerializer,
)
from tenancy.rest.permissions import allows


def _engagement(engagement_id: UUID) -> Engagement:
    return get_object_or_404(get_engagements(), pk=engagement_id)


class PlanProgressView(APIView):
    """Planned against done of an engagement's plan, and when it is likely to be finished."""

    permission_classes = [allows(area="plan", read="see_plan", write="edit_plan")]

    @extend_schema(operation_id="plan_progress_retrieve", responses=PlanProgressSerializer)
    def get(self, request: Request, engagement_id: UUID) -> Response:
        row = _engagement(engagement_id)
        now = timezone.localtime(timezone=row.customer.zone).replace(tzinfo=None)
        view = queries.get_progress(engagement=row, now=now)
        if view is None:
            raise Http404
        return Response(PlanProgressSerializer(view).data)


class ResourcesByGroupView(APIView):
    """Budgets and costs of the plan's work packages by impact group, as parts of the whole."""

    permission_classes = [allows(area="money", read="see_budget", write="edit_plan")]

    @extend_schema(operation_id="group_resources_retrieve", responses=ResourcesSerializer)
    def get(self, request: Request, engagement_id: UUID) -> Response:
        view = queries.get_resources(engagement=_engagement(engagement_id))
        return Response(ResourcesSerializer(view).data)


class EngagementHealthView(APIView):
    """The health of an engagement, what each measure brings to it, and its change in 28 days."""

    permission_classes = [allows(area="measures", read="see_customers", write="manage_measures")]

    @extend_schema(operation_id="engagement_health_retrieve", responses=HealthSerializer)
    def get(self, request: Request, engagement_id: UUID) -> Response:
        row = _engagement(engagement_id)
        today = timezone.localdate(timezone=row.customer.zone)
        view = queries.get_health(engagement_id=row.pk, today=today)
        return Response(HealthSerializer(view).data)


routes = [
    path(
        "engagements/<uuid:engagement_id>/plan/progress/",
        PlanProgressView.as_view(),
        name="plan_progress",
    ),
    path(
        "engagements/<uuid:engagement_id>/measures/resources/",
        ResourcesByGroupView.as_view(),
        name="group_resources",
    ),
    path(
        "engagements/<uuid:engagement_id>/health/",
        EngagementHealthView.as_view(),
        name="engagement_health",
    ),
]
