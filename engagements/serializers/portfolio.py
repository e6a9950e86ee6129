"""Fields of a workspace's own, covers, hand-overs and merges as the API writes and reads them."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import Cover, Customer, CustomerMerge, CustomField, HandOver
from engagements.models.custom_fields import FIELD_KEY
from engagements.serializers.fields import RowField, StaffField


class CustomFieldSerializer(serializers.ModelSerializer[CustomField]):
    key = serializers.CharField(
        max_length=40,
        required=False,
        validators=[FIELD_KEY],
        help_text=_("Names the field under `custom`. Left out, it is made of the label."),
    )
    choices = serializers.ListField(
        child=serializers.CharField(max_length=80),
        required=False,
        max_length=100,
        help_text=_("Of a choice only, at least two."),
    )
    archived = serializers.SerializerMethodField(
        help_text=_("Put away: shown and written nowhere, its values kept.")
    )

    class Meta:
        model = CustomField
        fields = ["id", "kind", "key", "label", "type", "choices", "required", "archived"]

    def get_archived(self, row: CustomField) -> bool:
        return row.archived_at is not None


class CoverSerializer(serializers.ModelSerializer[Cover]):
    person = StaffField(help_text=_("Who is away, by e-mail."))
    stand_in = StaffField(help_text=_("Who looks after their customers, by e-mail."))

    class Meta:
        model = Cover
        fields = [
            "id",
            "person",
            "stand_in",
            "from_date",
            "to_date",
            "note",
            "created_at",
            "cancelled_at",
        ]
        read_only_fields = ["created_at", "cancelled_at"]


class MergeSerializer(serializers.ModelSerializer[CustomerMerge]):
    kept = RowField(Customer)
    gone = RowField(Customer)
    merged_by = StaffField(read_only=True)

    class Meta:
        model = CustomerMerge
        fields = ["id", "kept", "gone", "merged_at", "merged_by", "undone_at"]
        read_only_fields = ["merged_at", "undone_at"]


class HandOverSerializer(serializers.ModelSerializer[HandOver]):
    from_user = StaffField(help_text=_("Whose customers they were, by e-mail."))
    to_user = StaffField(help_text=_("Whose they are now, by e-mail."))
    handed_over_by = StaffField(read_only=True)
    customers = RowField(
        Customer, many=True, write_only=True, help_text=_("Which of their customers, by id.")
    )
    moved_customers = serializers.SerializerMethodField(help_text=_("Those that went, by id."))
    with_work = serializers.BooleanField(
        write_only=True,
        required=False,
        help_text=_("Their open risks, concerns and tasks as well."),
    )

    class Meta:
        model = HandOver
        fields = [
            "id",
            "from_user",
            "to_user",
            "customers",
            "with_work",
            "moved_customers",
            "note",
            "handed_over_at",
            "handed_over_by",
            "undone_at",
        ]
        read_only_fields = ["handed_over_at", "undone_at"]

    def get_moved_customers(self, row: HandOver) -> list[UUID]:
        return [UUID(one) for one in row.moved.get("customer", [])]
