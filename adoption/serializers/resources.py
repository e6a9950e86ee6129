"""Resources and what needs them, as the API reads and takes them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from adoption.models import Assignment, Resource, WorkPackage
from engagements.models import Engagement, Stakeholder, TeamMember
from engagements.serializers.fields import RowField


class ResourceSerializer(serializers.ModelSerializer[Resource]):
    engagement = RowField(Engagement, required=False, allow_null=True)
    team_member = RowField(TeamMember, required=False, allow_null=True)
    stakeholder = RowField(Stakeholder, required=False, allow_null=True)
    terms = serializers.JSONField(
        read_only=True,
        help_text=_("Its own working time; empty for whenever the plan works."),
    )

    class Meta:
        model = Resource
        fields = [
            "id",
            "engagement",
            "customer",
            "name",
            "kind",
            "capacity",
            "team_member",
            "stakeholder",
            "terms",
            "archived_at",
            "created_at",
        ]
        read_only_fields = ["id", "customer", "archived_at", "created_at"]


class AssignmentSerializer(serializers.ModelSerializer[Assignment]):
    package = RowField(WorkPackage)
    resource = RowField(Resource)

    class Meta:
        model = Assignment
        fields = ["id", "customer", "package", "resource", "units"]
        read_only_fields = ["id", "customer"]
