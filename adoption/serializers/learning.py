"""Tests, their results and barriers as the API reads and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import serializers

from adoption.models import Assessment, AssessmentResult, Barrier, Stage
from adoption.queries.barriers import state_of
from engagements.models import EndUser, Engagement, ImpactGroup, Stakeholder
from engagements.serializers.fields import RowField, StaffField


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    engagement = RowField(Engagement)
    impact_group = RowField(
        ImpactGroup,
        required=False,
        allow_null=True,
        help_text=_lazy("The only group that takes it; null for every group."),
    )

    class Meta:
        model = Assessment
        fields = [
            "id",
            "engagement",
            "customer",
            "name",
            "kind",
            "impact_group",
            "highest",
            "minimum",
            "package_uid",
            "created_at",
        ]
        read_only_fields = ["customer", "created_at"]
        # Its names are unique within an engagement, which the operation sees to in its own words.
        validators: list[Any] = []


class ResultSerializer(serializers.ModelSerializer[AssessmentResult]):
    """Of a person by their id on the roster; or of a group, with how many people it is the mean
    of. One that is sent again for the same stage replaces the one before."""

    assessment = RowField(Assessment)
    external_id = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        write_only=True,
        help_text=_lazy("Of somebody on the roster, instead of `end_user`."),
    )
    end_user = RowField(EndUser, required=False, allow_null=True)
    impact_group = RowField(
        ImpactGroup,
        required=False,
        allow_null=True,
        help_text=_lazy("Of a person it is the one on the roster where none is sent."),
    )
    people = serializers.IntegerField(
        min_value=1, max_value=1_000_000, required=False, allow_null=True
    )
    stage = serializers.ChoiceField(choices=Stage.choices)
    recorded_by = StaffField(read_only=True)

    class Meta:
        model = AssessmentResult
        fields = [
            "id",
            "assessment",
            "customer",
            "external_id",
            "end_user",
            "impact_group",
            "people",
            "stage",
            "score",
            "day",
            "way",
            "recorded_by",
            "recorded_at",
        ]
        read_only_fields = ["customer", "way", "recorded_at"]
        validators: list[Any] = []

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not (attrs.get("external_id") or attrs.get("end_user") or attrs.get("impact_group")):
            words = _("Name a person, or a group.")
            raise serializers.ValidationError({"external_id": words})
        return attrs


class BarrierSerializer(serializers.ModelSerializer[Barrier]):
    """`state` is open, worked_on or removed; a removed one has the day and what removed it."""

    engagement = RowField(Engagement)
    groups = serializers.ListField(
        child=RowField(ImpactGroup),
        allow_empty=False,
        help_text=_lazy("The impact groups it stops."),
    )
    owner = StaffField(required=False, allow_null=True, help_text=_lazy("One of us, by e-mail."))
    owner_at_customer = RowField(
        Stakeholder,
        required=False,
        allow_null=True,
        help_text=_lazy("One of the customer’s people, outside the groups it stops."),
    )
    state = serializers.ChoiceField(choices=["open", "worked_on", "removed"], required=False)

    class Meta:
        model = Barrier
        fields = [
            "id",
            "engagement",
            "customer",
            "kind",
            "effect",
            "groups",
            "since_date",
            "severity",
            "owner",
            "owner_at_customer",
            "package_uid",
            "due_date",
            "state",
            "removed_date",
            "removed_how",
            "created_at",
        ]
        read_only_fields = ["customer", "created_at"]

    def to_representation(self, instance: Barrier) -> dict[str, Any]:
        shown: Any = _Shown(instance)
        return dict(super().to_representation(shown))


class _Shown:
    """A barrier with its groups and its state as they are told."""

    def __init__(self, row: Barrier) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        if name == "groups":
            return [one.impact_group for one in self._row.stops.all()]
        return state_of(self._row) if name == "state" else getattr(self._row, name)
