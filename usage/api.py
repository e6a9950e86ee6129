"""Usage over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.models import Customer
from tenancy.rest.permissions import allows
from usage import queries
from usage.models import Source, UsageImport
from usage.serializers import (
    ImportSerializer,
    PersonSerializer,
    RangeSerializer,
    ReportRowSerializer,
    SeriesSerializer,
    SourceSerializer,
)


class Reading(APIView):
    permission_classes = [allows(area="usage", read="see_usage", write="import_usage")]
    http_method_names = ["get", "head", "options"]

    def days(self, request: Request) -> dict[str, Any]:
        asked = RangeSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)


class UsageReport(Reading):
    """Every customer's active users, a row for each customer and calendar day."""

    @extend_schema(parameters=[RangeSerializer], responses=ReportRowSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        rows = queries.get_usage_report(**self.days(request))
        return Response(ReportRowSerializer(rows, many=True).data)


class CustomerUsage(Reading):
    """One customer's active users by calendar day."""

    @extend_schema(parameters=[RangeSerializer], responses=SeriesSerializer)
    def get(self, request: Request, customer_id: UUID, **kwargs: Any) -> Response:
        get_object_or_404(Customer, pk=customer_id)
        series = queries.get_usage_series(customer_id=customer_id, **self.days(request))
        return Response(SeriesSerializer(series).data)


class CustomerPeople(Reading):
    """The people counted in the 28 days that end on the newest closed day."""

    @extend_schema(responses=PersonSerializer(many=True))
    def get(self, request: Request, customer_id: UUID, **kwargs: Any) -> Response:
        get_object_or_404(Customer, pk=customer_id)
        known = queries.get_day_range(customer_id=customer_id)
        people = queries.get_active_people(customer_id=customer_id, day=known[1]) if known else []
        return Response(PersonSerializer(people, many=True).data)


class ImportViewSet(viewsets.ReadOnlyModelViewSet[UsageImport]):
    """Usage logs read from files."""

    permission_classes = [allows(area="usage", read="import_usage", write="import_usage")]
    serializer_class = ImportSerializer
    lookup_url_kwarg = "import_id"
    queryset = UsageImport.objects.none()

    def get_queryset(self) -> QuerySet[UsageImport]:
        return UsageImport.objects.all()


class SourceViewSet(
    mixins.CreateModelMixin,
    mixins.RetrieveModelMixin,
    mixins.ListModelMixin,
    viewsets.GenericViewSet[Source],
):
    """Senders of events."""

    permission_classes = [allows(area="usage", read="manage_sources", write="manage_sources")]
    serializer_class = SourceSerializer
    lookup_url_kwarg = "source_id"
    queryset = Source.objects.none()

    def get_queryset(self) -> QuerySet[Source]:
        return Source.objects.all()


router_entries = [
    ("usage/imports", ImportViewSet, "usage-import"),
    ("usage/sources", SourceViewSet, "usage-source"),
]
routes = [
    path("usage/", UsageReport.as_view(), name="usage-report"),
    path("customers/<uuid:customer_id>/usage/", CustomerUsage.as_view(), name="customer-usage"),
    path("customers/<uuid:customer_id>/people/", CustomerPeople.as_view(), name="customer-people"),
]
