"""Usage as the API writes and reads it."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from usage import operations
from usage.adapters.files.layouts import CONSTANTS_OF, TIME_FORMATS
from usage.models import FileKind, Source, UsageImport
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


class NamesField(serializers.JSONField):
    """Names with what each stands for; sent with a file, as JSON."""

    def to_internal_value(self, data: Any) -> dict[str, str]:
        said = super().to_internal_value(data)
        if not isinstance(said, dict) or not all(isinstance(text, str) for text in said.values()):
            raise serializers.ValidationError(_("Send names with a text each, as a JSON object."))
        if "\0" in "".join([*said, *said.values()]):
            raise serializers.ValidationError(_("Null characters are not allowed."))
        return said


class UploadLogSerializer(serializers.Serializer[Any]):
    """A usage log and how it is to be read. Said nothing, it is read as the last file with its
    header was, else by our own names of columns."""

    file = serializers.FileField(
        help_text=_("CSV, XLSX, Parquet or JSON lines; CSV and JSON lines also as .gz.")
    )
    source = serializers.PrimaryKeyRelatedField(  # type: ignore[assignment]
        queryset=Source.objects.filter(kind=Source.Kind.HTTP),
        required=False,
        help_text=_("Whose events these are; message ids it sent before are recognised."),
    )
    read_as = serializers.CharField(
        required=False, max_length=80, help_text=_("The name columns are remembered under.")
    )
    kind = serializers.ChoiceField(required=False, choices=FileKind.choices)
    mapping = NamesField(
        required=False, help_text=_("The file's column -> our field, or “-” to leave it out.")
    )
    constants = NamesField(
        required=False, help_text=_("Our field -> what stands in it for every row.")
    )
    time_format = serializers.ChoiceField(required=False, choices=TIME_FORMATS)
    time_zone = serializers.CharField(
        required=False,
        max_length=64,
        help_text=_("Of times that do not say theirs, such as Europe/Oslo."),
    )
    sheet = serializers.IntegerField(
        required=False, min_value=0, max_value=999, help_text=_("Of a workbook, from 0.")
    )

    def validate_time_zone(self, name: str) -> str:
        if name not in available_timezones():
            raise serializers.ValidationError(_("There is no time zone of this name."))
        return name

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind = attrs.get("kind", FileKind.EVENTS)
        unfit = sorted(set(attrs.get("constants", {})) - set(CONSTANTS_OF[kind]))
        if unfit:
            words = _("“%(name)s” cannot be said for a whole file.") % {"name": unfit[0]}
            raise serializers.ValidationError({"constants": [words]})
        if attrs.get("read_as") and (attrs.get("mapping") or attrs.get("constants")):
            both = _("Name columns that are remembered, or say what they are; not both.")
            raise serializers.ValidationError({"read_as": [both]})
        return attrs


class ImportSerializer(serializers.ModelSerializer[UsageImport]):
    """How far a file is, and what became of its rows. Why rows were left out is at
    `rows_left_out`, as CSV."""

    rows_left_out = serializers.SerializerMethodField()

    class Meta:
        model = UsageImport
        fields = [
            "id",
            "file_name",
            "kind",
            "origin",
            "source",
            "state",
            "is_exact",
            "percent",
            "rows_read",
            "rows_new",
            "rows_changed",
            "rows_repeated",
            "rows_wrong",
            "rows_left_out",
            "problem",
            "created_at",
            "finished_at",
        ]
        read_only_fields = fields

    def get_rows_left_out(self, row: UsageImport) -> str:
        """The address beside the import's own, whichever way it was reached."""
        asked = self.context["request"]
        before, _found, _after = asked.path.partition("usage/imports/")
        return str(asked.build_absolute_uri(f"{before}usage/imports/{row.pk}/rows-left-out/"))


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
