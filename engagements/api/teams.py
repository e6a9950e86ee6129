"""Who works on engagements, and what customers were offered, over the API."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations, queries
from engagements.api.gate import passed, today_at
from engagements.forms import OfferingForm, TeamMemberForm
from engagements.models import Engagement, Offering, TeamMember
from engagements.queries.staffing import get_departures
from engagements.serializers.people import (
    DeparturesSerializer,
    OfferingSerializer,
    TeamMemberSerializer,
)
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Resource

PEOPLE = allows(area="people", read="see_engagement", write="edit_engagement")


class TeamViewSet(Listed, Made, Changed):
    """Those who work on engagements, on our side and the customer's. Who leaves gets a last day."""

    one, many = _("a team member"), _("team members")
    permission_classes = [PEOPLE]
    serializer_class = TeamMemberSerializer
    lookup_url_kwarg = "member_id"
    filterset_fields = ["engagement", "customer", "profile", "side", "role"]
    fixed = frozenset({"engagement"})
    queryset = TeamMember.objects.none()

    def get_queryset(self) -> QuerySet[TeamMember]:
        return TeamMember.objects.select_related("user")

    def make(self, fields: dict[str, Any]) -> TeamMember:
        engagement = fields.pop("engagement")
        fields = passed(TeamMemberForm, fields)
        return operations.add_team_member(engagement=engagement, fields=fields)

    def change(self, row: TeamMember, fields: dict[str, Any]) -> None:
        operations.change_team_member(member=row, fields=passed(TeamMemberForm, fields, row))


class DeparturesView(Resource):
    """Where the teams of an engagement depart from their templates today."""

    one, many = _("departures from the team template"), _("departures")
    permission_classes = [PEOPLE]
    serializer_class = DeparturesSerializer
    lookup_url_kwarg = "engagement_id"
    queryset = Engagement.objects.none()

    def get_queryset(self) -> QuerySet[Engagement]:
        return queries.get_engagements()

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        today = today_at(row.customer)
        found = get_departures(engagement_id=row.pk, today=today)
        said = {"engagement": row.pk, "day": today, "departures": found}
        return Response(self.get_serializer(said).data)


class OfferingViewSet(Listed, Made):
    """Training, resources and support that customers were offered, and how many took it."""

    one, many = _("an offering"), _("offerings")
    permission_classes = [PEOPLE]
    serializer_class = OfferingSerializer
    lookup_url_kwarg = "offering_id"
    filterset_fields = ["engagement", "customer", "kind", "impact_group"]
    queryset = Offering.objects.none()

    def get_queryset(self) -> QuerySet[Offering]:
        return Offering.objects.all()

    def make(self, fields: dict[str, Any]) -> Offering:
        engagement = fields.pop("engagement")
        fields = passed(OfferingForm, fields, engagement=engagement)
        return operations.record_offering(engagement=engagement, fields=fields)


router_entries = [
    ("team", TeamViewSet, "team-member"),
    ("offerings", OfferingViewSet, "offering"),
]
routes = [
    path(
        "engagements/<uuid:engagement_id>/team-departures/",
        DeparturesView.as_view({"get": "retrieve"}),
        name="team-departures",
    )
]
