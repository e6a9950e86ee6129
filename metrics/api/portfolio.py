"""What foresaw decisions, and how much adoption grew with whom, over the API."""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from metrics import queries
from metrics.foresight import Signal
from metrics.forms import GrowthForm
from metrics.serializers.portfolio import (
    ForesightAskedSerializer,
    ForesightSerializer,
    GrowthAskedSerializer,
    GrowthLineSerializer,
)
from tenancy.access import may
from tenancy.models import Membership
from tenancy.rest.permissions import allows


class ReadOnly(APIView):
    permission_classes = [allows(area="measures", read="see_customers", write="see_customers")]
    http_method_names = ["get", "head", "options"]


class GrowthReport(ReadOnly):
    """How adoption grew under each CSM. Members who may not compare people get their own line."""

    @extend_schema(parameters=[GrowthAskedSerializer], responses=GrowthLineSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        asked = GrowthAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        since = GrowthForm(asked.validated_data).chosen(today=timezone.localdate())
        view = queries.get_growth(since=since, csm_id=_whose(request.auth))
        return Response(GrowthLineSerializer(view.lines, many=True).data)


def _whose(asker: object) -> UUID | None:
    """None for everybody's: keys are made by administrators."""
    if isinstance(asker, Membership) and not may(asker, "compare_people"):
        own: UUID = asker.user_id
        return own
    return None


class ForesightReport(ReadOnly):
    """What a figure said before customers decided, against what they decided."""

    @extend_schema(parameters=[ForesightAskedSerializer], responses=ForesightSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        asked = ForesightAskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        found = queries.get_foresight(signal=Signal(said["signal"]), days=said["days"])
        return Response(ForesightSerializer(found).data)


routes = [
    path("growth/", GrowthReport.as_view(), name="growth"),
    path("foresight/", ForesightReport.as_view(), name="foresight"),
]
