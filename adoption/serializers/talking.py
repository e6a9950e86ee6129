"""Checklists and comments of work packages as the API writes and reads them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from adoption.models import CheckItem, PackageComment, WorkPackage
from adoption.serializers.packages import MemberField
from engagements.serializers.fields import RowField


class CheckItemSerializer(serializers.ModelSerializer[CheckItem]):
    package = RowField(WorkPackage)
    done = serializers.BooleanField(
        source="is_done", required=False, help_text=_("Ticked; may be said again and taken back.")
    )
    done_by = MemberField(read_only=True)

    class Meta:
        model = CheckItem
        fields = ["id", "customer", "package", "position", "text", "done", "done_at", "done_by"]
        read_only_fields = ["customer", "position", "done_at"]


class PackageCommentSerializer(serializers.ModelSerializer[PackageComment]):
    package = RowField(WorkPackage)
    by = MemberField(read_only=True)
    mentions: Any = serializers.JSONField(
        read_only=True, help_text=_("Names of those mentioned, by the handle in the text.")
    )

    class Meta:
        model = PackageComment
        fields = ["id", "customer", "package", "text", "by", "at", "mentions"]
        read_only_fields = ["customer", "at"]
