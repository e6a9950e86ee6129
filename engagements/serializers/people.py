"""The customer's people and those who work with them, as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import (
    Customer,
    Engagement,
    ImpactGroup,
    Offering,
    RosterEntry,
    Stakeholder,
    TeamMember,
)
from engagements.serializers.fields import RowField, StaffField


class StakeholderSerializer(serializers.ModelSerializer[Stakeholder]):
    customer = RowField(Customer)

    class Meta:
        model = Stakeholder
        fields = [
            "id",
            "customer",
            "name",
            "email",
            "title",
            "influence",
            "attitude",
            "is_sponsor",
            "in_committee",
        ]


class ImpactGroupSerializer(serializers.ModelSerializer[ImpactGroup]):
    engagement = RowField(Engagement)

    class Meta:
        model = ImpactGroup
        fields = [
            "id",
            "engagement",
            "customer",
            "name",
            "size",
            "features",
            "working_pattern",
            "what_changes",
        ]
        read_only_fields = ["customer"]
        extra_kwargs = {"features": {"help_text": _("What this group is meant to use.")}}


class RosterSerializer(serializers.ModelSerializer[RosterEntry]):
    engagement = RowField(Engagement)
    external_id = serializers.CharField(
        source="end_user.external_id",
        max_length=200,
        help_text=_("The id this person has in your usage events."),
    )
    name = serializers.CharField(
        source="end_user.name", max_length=200, required=False, allow_blank=True
    )
    email = serializers.EmailField(
        source="end_user.email", max_length=254, required=False, allow_blank=True
    )
    impact_group = RowField(ImpactGroup, required=False, allow_null=True)

    class Meta:
        model = RosterEntry
        fields = [
            "id",
            "engagement",
            "customer",
            "external_id",
            "name",
            "email",
            "impact_group",
            "access_since",
            "proficient_since",
            "proficient_by",
        ]
        read_only_fields = ["customer"]


class TeamMemberSerializer(serializers.ModelSerializer[TeamMember]):
    engagement = RowField(Engagement)
    user = StaffField(
        required=False, allow_null=True, help_text=_("Their sign-in here, by e-mail, if any.")
    )

    class Meta:
        model = TeamMember
        fields = [
            "id",
            "engagement",
            "customer",
            "profile",
            "side",
            "role",
            "name",
            "user",
            "time",
            "start_date",
            "end_date",
        ]
        read_only_fields = ["customer"]


class DepartureSerializer(serializers.Serializer[Any]):
    """A place of a team's template that the real team does not fill as it asks."""

    profile = serializers.CharField(help_text=_("Which team."))
    role = serializers.CharField()
    fault = serializers.CharField(help_text=_("missing, too_many or too_little_time."))
    wanted = serializers.IntegerField(help_text=_("How many the template asks for."))
    found = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())


class DeparturesSerializer(serializers.Serializer[Any]):
    engagement = serializers.UUIDField()
    day = serializers.DateField(help_text=_("Today at the customer’s."))
    departures = DepartureSerializer(many=True)


class OfferingSerializer(serializers.ModelSerializer[Offering]):
    engagement = RowField(Engagement)
    impact_group = RowField(ImpactGroup, required=False, allow_null=True)

    class Meta:
        model = Offering
        fields = [
            "id",
            "engagement",
            "customer",
            "kind",
            "name",
            "impact_group",
            "offered_date",
            "offered_to",
            "taken_by",
        ]
        read_only_fields = ["customer"]
