"""Measures over the API: the figures of their pages, agreements and readings."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from metrics import operations, queries
from metrics.models import Measure
from metrics.models.readings import Way
from metrics.serializers.measures import (
    AgreementSerializer,
    NewMeasureSerializer,
    ReadingSerializer,
    agreement_of,
    measure_of,
    readings_of,
)
from people.queries import person_of
from rendering.translation import said_by, translated
from tenancy.rest.permissions import allows

CREATED = 201


class MeasureViewSet(viewsets.GenericViewSet[Measure]):
    """Measures of engagements, as of the last closed day."""

    permission_classes = [allows(area="measures", read="see_measures", write="edit_measures")]
    serializer_class = NewMeasureSerializer
    queryset = Measure.objects.none()
    filterset_fields = ["engagement", "customer", "definition_key"]
    lookup_url_kwarg = "measure_id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Measure]:
        return queries.get_measures()

    def list(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        details = queries.get_details(rows=rows, today=timezone.localdate())
        return self.get_paginated_response([measure_of(detail) for detail in details])

    def retrieve(self, request: Request, measure_id: UUID) -> Response:
        return Response(measure_of(self._detail(measure_id)))

    def create(self, request: Request) -> Response:
        asked = NewMeasureSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            made = operations.define_measure(**asked.validated_data, now=timezone.now())
        except operations.AlreadyMeasured as refusal:
            raise serializers.ValidationError({"definition": said_by(refusal)}) from refusal
        except ValidationError as refusal:
            raise serializers.ValidationError({"about": refusal.messages}) from refusal
        return Response(measure_of(self._detail(made.pk)), status=CREATED)

    @extend_schema(request=AgreementSerializer)
    @action(detail=True, methods=["get", "post"])
    def agreements(self, request: Request, measure_id: UUID) -> Response:
        """Everything agreed about the measure, newest first; the newest is in force."""
        row = self._row(measure_id)
        if request.method == "POST":
            return self._agree(request, row)
        rows = queries.get_agreements(measure_id=row.pk)
        return Response([agreement_of(agreement) for agreement in rows])

    def _agree(self, request: Request, row: Measure) -> Response:
        asked = AgreementSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            made = operations.agree_target(
                measure=row, terms=asked.terms, agreed_by=person_of(request.user)
            )
        except operations.IllFormedTarget as refusal:
            faults = [translated(fault) for fault in refusal.faults]
            raise serializers.ValidationError({"target": faults}) from refusal
        return Response(agreement_of(made), status=CREATED)

    @extend_schema(request=ReadingSerializer)
    @action(detail=True, methods=["get", "post"])
    def readings(self, request: Request, measure_id: UUID) -> Response:
        """The readings the chart draws; measures that are not computed take further ones."""
        row = self._row(measure_id)
        if request.method == "POST":
            return self._record(request, row)
        return Response(readings_of(self._detail(measure_id)))

    def _record(self, request: Request, row: Measure) -> Response:
        asked = ReadingSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        today = timezone.localdate(timezone=row.customer.zone)
        try:
            operations.record_reading(
                measure=row,
                **asked.validated_data,
                now=timezone.now(),
                today=today,
                recorded_by=person_of(request.user),
                way=Way.API,
            )
        except operations.ReadingRefused as refusal:
            raise serializers.ValidationError({"reading": said_by(refusal)}) from refusal
        said = {name: asked.validated_data[name] for name in ("day", "amount")}
        return Response(said, status=CREATED)

    def _row(self, measure_id: UUID) -> Measure:
        return get_object_or_404(self.get_queryset(), pk=measure_id)

    def _detail(self, measure_id: UUID) -> Any:
        row = self._row(measure_id)
        today = timezone.localdate(timezone=row.customer.zone)
        return queries.get_details(rows=[row], today=today)[0]


router_entries = [("measures", MeasureViewSet, "measure")]
