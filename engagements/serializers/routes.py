"""Routes, their volumes and contacts with the help desk as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import (
    Engagement,
    ImpactGroup,
    RouteVolume,
    Stakeholder,
    SupportContact,
    WorkRoute,
)
from engagements.models.routes import PERIODS
from engagements.operations.routes import LARGEST
from engagements.serializers.fields import RowField, StaffField

MOST_AT_ONCE = 1000


class RouteSerializer(serializers.ModelSerializer[WorkRoute]):
    engagement = RowField(Engagement)
    owner = StaffField(required=False, allow_null=True, help_text=_("One of us, by e-mail."))
    owner_at_customer = RowField(
        Stakeholder,
        required=False,
        allow_null=True,
        help_text=_("One of the customer’s people; never beside an owner on our side."),
    )

    class Meta:
        model = WorkRoute
        fields = [
            *("id", "engagement", "customer", "name", "kind", "shut_off_date", "shut_date"),
            *("owner", "owner_at_customer", "note", "created_at"),
        ]
        read_only_fields = ["customer", "created_at"]


DAY_WORDS = _("Any day of the period; it is answered with the period’s last day.")
PERIOD_WORDS = _(
    "Week or month, the same for all routes of an engagement. Left out: as they are counted"
    " already, else by week."
)


class VolumeSerializer(serializers.ModelSerializer[RouteVolume]):
    route = RowField(WorkRoute)
    engagement = serializers.UUIDField(source="route.engagement_id", read_only=True)
    day = serializers.DateField(help_text=DAY_WORDS)
    amount = serializers.IntegerField(min_value=0, max_value=LARGEST)
    period = serializers.ChoiceField(choices=PERIODS, required=False, help_text=PERIOD_WORDS)
    recorded_by = StaffField(read_only=True)

    class Meta:
        model = RouteVolume
        fields = [
            *("id", "route", "engagement", "customer", "period", "day", "amount", "way"),
            *("recorded_by", "recorded_at"),
        ]
        read_only_fields = ["customer", "way", "recorded_at"]
        # A second volume of a period replaces the first.
        validators: list[Any] = []


class NewVolumeSerializer(serializers.Serializer[Any]):
    route = RowField(WorkRoute)
    day = serializers.DateField(help_text=DAY_WORDS)
    amount = serializers.IntegerField(min_value=0, max_value=LARGEST)


class VolumesSerializer(serializers.Serializer[Any]):
    """Many volumes of one engagement's routes."""

    engagement = RowField(Engagement)
    period = serializers.ChoiceField(choices=PERIODS, required=False, help_text=PERIOD_WORDS)
    volumes = serializers.ListField(
        child=NewVolumeSerializer(), min_length=1, max_length=MOST_AT_ONCE
    )


class CountedSerializer(serializers.Serializer[Any]):
    """What became of what was sent."""

    new = serializers.IntegerField()
    corrected = serializers.IntegerField()
    same = serializers.IntegerField(help_text=_("Known already, as it was sent."))


class NewContactSerializer(serializers.ModelSerializer[SupportContact]):
    impact_group = RowField(ImpactGroup, required=False, allow_null=True)
    end_user = serializers.CharField(
        source="end_user.external_id",
        max_length=200,
        required=False,
        allow_blank=True,
        allow_null=True,
        help_text=_("Who it was, by external id; left out in sums."),
    )

    class Meta:
        model = SupportContact
        fields = [
            *("day", "outcome", "count", "channel", "topic", "impact_group", "end_user", "ticket"),
        ]


class ContactSerializer(NewContactSerializer):
    engagement = RowField(Engagement)
    recorded_by = StaffField(read_only=True)

    class Meta(NewContactSerializer.Meta):
        fields = [
            *("id", "engagement", "customer", *NewContactSerializer.Meta.fields, "way"),
            *("recorded_by", "recorded_at"),
        ]
        read_only_fields = ["customer", "way", "recorded_at"]
        # A ticket that is sent again is the same contact.
        validators: list[Any] = []


class ContactsSerializer(serializers.Serializer[Any]):
    """Many contacts of one engagement."""

    engagement = RowField(Engagement)
    contacts = serializers.ListField(
        child=NewContactSerializer(), min_length=1, max_length=MOST_AT_ONCE
    )
