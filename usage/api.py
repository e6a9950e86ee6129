"""Usage over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.models import Customer, Engagement
from tenancy.rest.permissions import allows
from usage import queries
from usage.forms import AskedForm
from usage.models import Source, UsageImport
from usage.queries import Asked, Subject, UnknownCount
from usage.serializers import (
    AskedSerializer,
    FiguresSerializer,
    ImportSerializer,
    PersonSerializer,
    RangeSerializer,
    ReportRowSerializer,
    SeriesSerializer,
    SourceSerializer,
    UsersAskedSerializer,
    UserSerializer,
)

Said = dict[str, Any]


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


class Narrowed(Reading):
    """What the query asks for, of a customer with a closed day; None before its first night."""

    def find(self, request: Request, customer_id: UUID) -> tuple[Subject, Asked | None, Said]:
        customer = get_object_or_404(Customer, pk=customer_id)
        asked = self.asking(data=request.query_params)
        asked.is_valid(raise_exception=True)
        said: Said = dict(asked.validated_data)
        engagement = None
        if "engagement" in said:
            rows = Engagement.objects.filter(customer=customer)
            engagement = get_object_or_404(rows, pk=said["engagement"])
        subject = queries.get_subject(customer=customer, engagement=engagement)
        return subject, self._asked(subject, request), said

    asking: type[AskedSerializer] = AskedSerializer

    def _asked(self, subject: Subject, request: Request) -> Asked | None:
        closed = queries.get_closed_days(customer_id=subject.customer.pk)
        if closed is None:
            return None
        groups = {group.id for group in subject.groups}
        weekends = queries.get_rules().with_weekends
        form = AskedForm(request.query_params)
        return form.asked(closed=closed, groups=groups, with_weekends=weekends)


class CustomerFigures(Narrowed):
    """One customer's figures of adoption on a closed day, each with whom it counted."""

    @extend_schema(parameters=[AskedSerializer], responses=FiguresSerializer)
    def get(self, request: Request, customer_id: UUID, **kwargs: Any) -> Response:
        subject, asked, _said = self.find(request, customer_id)
        if asked is None:
            raise NotFound(_("No day of this customer is closed yet."))
        since = asked.last - queries.HALF_YEAR
        adoption = queries.get_adoption(subject=subject, asked=asked, since=since)
        return Response(FiguresSerializer(queries.get_figures(adoption=adoption)).data)


class CustomerUsers(Narrowed):
    """The people of a customer, or those a figure counted."""

    asking = UsersAskedSerializer

    @extend_schema(parameters=[UsersAskedSerializer], responses=UserSerializer(many=True))
    def get(self, request: Request, customer_id: UUID, **kwargs: Any) -> Response:
        subject, asked, said = self.find(request, customer_id)
        if asked is None:
            return Response([])
        try:
            listed = queries.get_people_list(
                subject=subject,
                asked=asked,
                key=said.get("counted", ""),
                standing=said.get("standing", ""),
            )
        except UnknownCount:
            raise ValidationError({"counted": [_("No figure has this key.")]}) from None
        return Response(UserSerializer(listed.rows, many=True).data)


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
    path(
        "customers/<uuid:customer_id>/figures/", CustomerFigures.as_view(), name="customer-figures"
    ),
    path("customers/<uuid:customer_id>/users/", CustomerUsers.as_view(), name="customer-users"),
    path("customers/<uuid:customer_id>/people/", CustomerPeople.as_view(), name="customer-people"),
]
