"""Files on their way in as the API writes and reads them."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from engagements.imports import ImportResult, RowError
from engagements.models import Engagement, ImportKind, StagedImport
from engagements.serializers.fields import RowField, StaffField

MOST_SHEETS = 999


class StagedImportSerializer(serializers.ModelSerializer[StagedImport]):
    mapping = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=200),
        required=False,
        help_text=_("Which column of ours each of the file’s is; empty for one to leave out."),
    )
    sheet = serializers.IntegerField(
        min_value=0,
        max_value=MOST_SHEETS,
        required=False,
        help_text=_("Which sheet of a workbook is read; the first is 0."),
    )
    created_by = StaffField(read_only=True)

    class Meta:
        model = StagedImport
        fields = [
            "id",
            "kind",
            "engagement",
            "file_name",
            "sheets",
            "sheet",
            "row_count",
            "columns",
            "mapping",
            "created_by",
            "created_at",
        ]
        read_only_fields = [name for name in fields if name not in ("mapping", "sheet")]


class ImportUploadSerializer(serializers.Serializer[StagedImport]):
    kind = serializers.ChoiceField(choices=ImportKind.choices)
    file = serializers.FileField(help_text=_("CSV or Excel, as multipart/form-data."))
    engagement = RowField(
        Engagement, required=False, help_text=_("Of a roster only: whose roster it is.")
    )


class BringInSerializer(serializers.Serializer[ImportResult]):
    good_rows_only = serializers.BooleanField(
        default=False, help_text=_("Leave out the rows at fault instead of refusing the file.")
    )


class FaultSerializer(serializers.Serializer[RowError]):
    row = serializers.IntegerField(help_text=_("As a spreadsheet counts; the heading is row 1."))
    column = serializers.CharField(allow_blank=True)
    message = serializers.CharField()


class ImportResultSerializer(serializers.Serializer[ImportResult]):
    saved = serializers.BooleanField()
    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    engagements = serializers.IntegerField()
    # `errors` is a word of the serializer itself.
    faults = serializers.SerializerMethodField()

    @extend_schema_field(FaultSerializer(many=True))
    def get_faults(self, result: ImportResult) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in result.errors]
