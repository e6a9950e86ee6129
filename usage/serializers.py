"""Usage as the API writes and reads it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from usage import operations
from usage.models import Source, UsageImport
from usage.numbers.people import Standing
from usage.queries import UnusableRange, refuse_unusable


class RangeSerializer(serializers.Serializer[Any]):
    """The calendar days asked for, both included."""

    first = serializers.DateField()
    last = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            refuse_unusable(attrs["first"], attrs["last"])
        except UnusableRange as problem:
            raise serializers.ValidationError({"first": str(problem)}) from None
        return attrs


class ReportRowSerializer(serializers.Serializer[Any]):
    """A customer's calendar day; the counts are null while the day is open."""

    day = serializers.DateField()
    customer = serializers.CharField(help_text=_("The customer's external id."))
    dau = serializers.IntegerField(allow_null=True)
    wau = serializers.IntegerField(allow_null=True)
    mau = serializers.IntegerField(allow_null=True)
    events = serializers.IntegerField(allow_null=True)


class PointSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    dau = serializers.IntegerField(allow_null=True)
    wau = serializers.IntegerField(allow_null=True)
    mau = serializers.IntegerField(allow_null=True)
    events = serializers.IntegerField(allow_null=True)


class SeriesSerializer(serializers.Serializer[Any]):
    """Active users of one customer by calendar day."""

    customer = serializers.CharField(source="customer_key")
    time_zone = serializers.CharField()
    closed_day = serializers.DateField(allow_null=True)
    points = PointSerializer(many=True)
    ratios = serializers.ListField(
        child=serializers.FloatField(allow_null=True),
        help_text=_("DAU/MAU ratio of each point: mean DAU of 28 days ÷ MAU."),
    )


class PersonSerializer(serializers.Serializer[Any]):
    end_user = serializers.UUIDField(source="end_user_id")
    name = serializers.CharField(source="label")
    active_days = serializers.IntegerField()
    events = serializers.IntegerField()
    last_day = serializers.DateField()


class AskedSerializer(serializers.Serializer[Any]):
    """What figures and users are narrowed to; everything may be left out."""

    last = serializers.DateField(
        required=False, help_text=_("As of the end of this day; usually the newest closed one.")
    )
    engagement = serializers.UUIDField(
        required=False, help_text=_("Only its roster and its impact groups.")
    )
    group = serializers.UUIDField(required=False, help_text=_("One impact group."))
    weekends = serializers.ChoiceField(
        required=False,
        choices=["on", "off"],
        help_text=_("Whether use is expected on days off; usually as the workspace's rules say."),
    )


class UsersAskedSerializer(AskedSerializer):
    counted = serializers.CharField(
        required=False,
        max_length=200,
        help_text=_("The key of a figure: the very people it counted."),
    )
    standing = serializers.ChoiceField(required=False, choices=[name.value for name in Standing])


class FigureSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    key = serializers.CharField(help_text=_("What users are asked with for whom it counted."))
    count = serializers.IntegerField(allow_null=True)
    of_key = serializers.CharField(help_text=_("The same for whom it was counted among."))
    of = serializers.IntegerField(allow_null=True)
    value = serializers.FloatField(allow_null=True, help_text=_("A share of 1, or days."))


class FiguresSerializer(serializers.Serializer[Any]):
    """The numbers of one customer's closed day: the same as its pages show."""

    customer = serializers.CharField(source="customer_key")
    day = serializers.DateField()
    window = serializers.IntegerField(help_text=_("Days of a month's count."))
    rules_version = serializers.IntegerField()
    figures = FigureSerializer(many=True)


class UserSerializer(serializers.Serializer[Any]):
    """Somebody's use; days and events are of the window that ends on the day asked for."""

    end_user = serializers.UUIDField(source="end_user_id")
    external_id = serializers.CharField()
    name = serializers.CharField(source="label")
    group = serializers.CharField()
    access_since = serializers.DateField(allow_null=True)
    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)
    active_days = serializers.IntegerField()
    expected_days = serializers.IntegerField()
    weeks = serializers.IntegerField()
    events = serializers.IntegerField(source="uses")
    first_value = serializers.DateField(allow_null=True)
    standing = serializers.ChoiceField(choices=[name.value for name in Standing])


class ImportSerializer(serializers.ModelSerializer[UsageImport]):
    class Meta:
        model = UsageImport
        fields = [
            "id",
            "file_name",
            "state",
            "percent",
            "rows_read",
            "rows_new",
            "rows_repeated",
            "rows_wrong",
            "problem",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields


class SourceSerializer(serializers.ModelSerializer[Source]):
    """A source; its key is in the answer that made it, and nowhere else."""

    write_key = serializers.CharField(read_only=True, required=False)

    class Meta:
        model = Source
        fields = ["id", "name", "kind", "creates_customers", "created_at", "write_key"]
        read_only_fields = ["kind", "created_at"]

    def create(self, validated_data: dict[str, Any]) -> Source:
        source, key = operations.create_source(**validated_data)
        source.write_key = key.text  # type: ignore[attr-defined]
        return source
