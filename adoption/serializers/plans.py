"""Plans as the API reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers


class PlanRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    uid = serializers.CharField(help_text=_("The row's id in the file it came from."))
    outline = serializers.CharField()
    level = serializers.IntegerField()
    name = serializers.CharField()
    owner = serializers.CharField()
    is_summary = serializers.BooleanField()
    is_milestone = serializers.BooleanField()
    duration_days = serializers.FloatField()
    start = serializers.CharField(help_text=_("Local time at the customer, without a zone."))
    finish = serializers.CharField()
    late_finish = serializers.CharField(allow_null=True)
    total_float_days = serializers.FloatField(help_text=_("Working days."))
    free_float_days = serializers.FloatField(allow_null=True)
    critical = serializers.BooleanField()
    percent = serializers.FloatField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        values = {name: getattr(instance, name) for name in self.get_fields()}
        for name in ("start", "finish", "late_finish"):
            values[name] = values[name].isoformat() if values[name] else None
        values["id"] = str(values["id"])
        return values


class PlanSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    start = serializers.CharField()
    finish = serializers.CharField()
    packages = serializers.IntegerField()
    done = serializers.IntegerField()
    critical = serializers.IntegerField()
    percent = serializers.FloatField()
    follows_today = serializers.BooleanField()
    scheduled_at = serializers.DateTimeField()
    warnings = serializers.ListField(child=serializers.CharField())
    rows = PlanRowSerializer(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        rows = PlanRowSerializer(instance.rows, many=True).data
        values = {name: getattr(instance, name) for name in self.get_fields() if name != "rows"}
        values |= {"start": instance.start.isoformat(), "finish": instance.finish.isoformat()}
        return values | {"rows": rows}


class PlanUploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text=_("Microsoft Project XML, CSV or XLSX."))
    follows_today = serializers.BooleanField(default=False)
