"""What tests say of the groups of an engagement, over the API."""

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from adoption.models import Assessment
from adoption.queries import get_assessments
from metrics import queries
from metrics.serializers.learning import LearningSerializer, learning_of
from tenancy.access import may, opens
from tenancy.models import Membership
from tenancy.rest.permissions import allows


class LearningViewSet(viewsets.GenericViewSet[Assessment]):
    """What a test of an engagement says of its groups."""

    permission_classes = [allows(area="measures", read="see_learning", write="record_scores")]
    serializer_class = LearningSerializer
    queryset = Assessment.objects.none()
    lookup_url_kwarg = "assessment_id"
    lookup_value_converter = "uuid"

    @extend_schema(responses=LearningSerializer)
    def retrieve(self, request: Request, assessment_id: UUID) -> Response:
        """Scores before and after training against the standard, and what stands beside them."""
        row = get_object_or_404(get_assessments(), pk=assessment_id)
        view = queries.get_learning(
            engagement_id=row.engagement_id,
            today=timezone.localdate(timezone=row.engagement.customer.zone),
            assessment_id=row.pk,
            names_people=_opens(request, "see_scores", "people"),
            tells_money=_opens(request, "see_budget", "money"),
        )
        return Response(LearningSerializer(learning_of(view)).data)


def _opens(request: Request, action: str, area: str) -> bool:
    """Whether a member may do something, or a key opens the area it belongs to."""
    auth: Any = request.auth
    return (
        may(auth, action)
        if isinstance(auth, Membership)
        else opens(auth.scopes, area, to_write=False)
    )


router_entries = [("learning", LearningViewSet, "learning")]
