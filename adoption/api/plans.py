"""Plans over the API."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from adoption import imports, queries
from adoption.adapters import UnreadablePlan
from adoption.serializers.plans import PlanSerializer, PlanUploadSerializer
from engagements.queries import get_engagements
from people.queries import person_of
from tenancy.rest.permissions import allows


class PlanView(APIView):
    """The plan of an engagement: read it, or replace it with a file."""

    permission_classes = [allows(area="plan", read="see_plan", write="edit_plan")]
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="plan_retrieve", responses=PlanSerializer)
    def get(self, request: Request, engagement_id: UUID) -> Response:
        plan = queries.get_plan(engagement_id=engagement_id)
        if plan is None:
            raise Http404
        return Response(PlanSerializer(plan).data)

    @extend_schema(
        operation_id="plan_replace", request=PlanUploadSerializer, responses=PlanSerializer
    )
    def put(self, request: Request, engagement_id: UUID) -> Response:
        engagement = get_object_or_404(get_engagements(), pk=engagement_id)
        form = PlanUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        upload = form.validated_data["file"]
        try:
            imports.import_plan(
                engagement=engagement,
                source=upload,
                file_name=upload.name,
                imported_by=person_of(request.user),
                now=timezone.now(),
                follows_today=form.validated_data["follows_today"],
            )
        except UnreadablePlan as error:
            raise ValidationError({"file": [str(error)]}) from error
        plan = queries.get_plan(engagement_id=engagement_id)
        return Response(PlanSerializer(plan).data, status=status.HTTP_200_OK)


routes = [path("engagements/<uuid:engagement_id>/plan/", PlanView.as_view(), name="plan")]
