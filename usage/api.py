"""Usage over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.models import Customer, Engagement
from rendering.translation import said_by
from rendering.web import csv_file
from tenancy.audit import record
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Listed
from usage import exports, operations, queries
from usage.adapters.files import UnreadableFile
from usage.adapters.files.headers import UnknownColumns
from usage.forms import AskedForm, UploadForm
from usage.imports import bring_upload, layout_said
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
    UploadLogSerializer,
    UsersAskedSerializer,
    UserSerializer,
)
from usage.tasks import have_read

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


class CsvRenderer(BaseRenderer):
    """Lets a caller ask for CSV, which the call answers by itself."""

    media_type, format = "text/csv", "csv"


class ImportViewSet(Listed):
    """Usage logs read from files. A new one is posted with how it is to be read; it is then read in
    the background, and its address says how far that is.
    """

    one, many = _lazy("a usage log"), _lazy("usage logs")
    permission_classes = [allows(area="usage", read="import_usage", write="import_usage")]
    parser_classes = [MultiPartParser]
    serializer_class = ImportSerializer
    lookup_url_kwarg = "import_id"
    filterset_fields = ["state", "kind", "source"]
    queryset = UsageImport.objects.none()

    def get_queryset(self) -> QuerySet[UsageImport]:
        return UsageImport.objects.all()

    @extend_schema(
        request={"multipart/form-data": UploadLogSerializer},
        responses={202: ImportSerializer},
        summary=_lazy("Upload a usage log"),
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Answered at once with the address of the import. Rows known before are recognised, so a
        file may be sent again."""
        row = self._bring(self.checked(UploadLogSerializer))
        have_read(row=row, layout=row.layout, today=timezone.localdate(), now=timezone.now())
        place = {"Location": request.build_absolute_uri(f"{request.path}{row.pk}/")}
        return Response(self.shown(row.pk), status=status.HTTP_202_ACCEPTED, headers=place)

    def _bring(self, said: Said) -> UsageImport:
        form = UploadForm(files={"file": said["file"]}, data={})
        if "file" in form.errors:
            raise ValidationError({"file": [str(words) for words in form.errors["file"]]})
        try:
            return bring_upload(
                file=said["file"],
                layout_of=lambda looked: layout_said(looked, said),
                source=said.get("source"),
                created_by=self.by,
                origin=UsageImport.Origin.API,
                sheet=said.get("sheet", 0),
            )
        except operations.NoSuchLayout:
            words = _("No columns are remembered under this name.")
            raise ValidationError({"read_as": [words]}) from None
        except UnreadableFile as problem:
            field = "mapping" if isinstance(problem, UnknownColumns) else "file"
            raise ValidationError({field: [said_by(problem)]}) from None

    @extend_schema(
        responses={(200, "text/csv"): OpenApiTypes.STR}, summary=_lazy("Which rows were left out")
    )
    @action(
        detail=True,
        methods=["get"],
        url_path="rows-left-out",
        renderer_classes=[JSONRenderer, CsvRenderer],
    )
    def rows_left_out(self, request: Request, **_ids: Any) -> HttpResponse:
        """Row by row, with the column and what is wrong there."""
        row = self.get_object()
        record(action="usage_import.faults_exported", subject=row)
        content = exports.faults_csv(queries.get_row_faults(import_id=row.pk).iterator())
        return csv_file(content, f"rows-left-out-{row.pk}.csv")


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
