"""Baselines, and two versions of a plan compared, over the API."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from adoption import queries
from adoption.models import Baseline
from adoption.serializers.versions import BaselineSerializer, ComparisonSerializer
from engagements.queries import get_engagements
from tenancy.rest.filters import Filters
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Listed

READING = allows(area="plan", read="see_plan", write="edit_plan")


class BaselineFilters(Filters):
    engagement = filters.UUIDFilter(field_name="plan__engagement_id")

    class Meta:
        model = Baseline
        fields = ["plan", "kind", "chosen"]


class BaselineViewSet(Listed):
    """Plans as they stood: taken by hand, when adoption began, before a plan was replaced, and at
    the end of each week in which something changed."""

    one, many = _("a baseline"), _("baselines")
    permission_classes = [READING]
    serializer_class = BaselineSerializer
    lookup_url_kwarg = "baseline_id"
    filterset_class = BaselineFilters
    queryset = Baseline.objects.none()

    def get_queryset(self) -> QuerySet[Baseline]:
        rows = Baseline.objects.filter(dropped_at=None).select_related("plan")
        return rows.defer("contents")


class ComparisonView(APIView):
    """Two versions of an engagement's plan, compared."""

    permission_classes = [READING]

    @extend_schema(
        operation_id="plan_comparison_retrieve",
        responses=ComparisonSerializer,
        parameters=[
            OpenApiParameter(
                "before",
                str,
                description="`live`, `week` (as it stood a week ago) or a baseline's id.",
            ),
            OpenApiParameter("after", str, description="The same; `live` when left out."),
        ],
    )
    def get(self, request: Request, engagement_id: UUID) -> Response:
        engagement = get_object_or_404(get_engagements(), pk=engagement_id)
        found = queries.get_comparison(
            engagement_id=engagement_id,
            before=request.query_params.get("before", "week"),
            after=request.query_params.get("after", "live"),
            today=timezone.localdate(timezone=engagement.customer.zone),
            what_ifs=False,
        )
        if found is None:
            raise Http404
        return Response(ComparisonSerializer(found).data)


router_entries = [("baselines", BaselineViewSet, "baseline")]
routes = [
    path(
        "engagements/<uuid:engagement_id>/plan/comparison/",
        ComparisonView.as_view(),
        name="plan_comparison",
    )
]
