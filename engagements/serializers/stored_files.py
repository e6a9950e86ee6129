"""Files and what they are attached to as the API writes and reads them."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from engagements.models import Attachment, Customer, Engagement, StoredFile
from engagements.serializers.fields import RowField, StaffField


class FileSerializer(serializers.ModelSerializer[StoredFile]):
    uploaded_by = StaffField(read_only=True)
    is_newest = serializers.SerializerMethodField(
        help_text=_("Whether no newer version of the file followed this one.")
    )

    class Meta:
        model = StoredFile
        fields = [
            "id",
            "customer",
            "engagement",
            "name",
            "kind",
            "content_type",
            "size_bytes",
            "sha256",
            "shared",
            "series",
            "version",
            "is_newest",
            "scan",
            "finding",
            "uploaded_by",
            "uploaded_at",
        ]
        read_only_fields = [name for name in fields if name != "shared"]

    def get_is_newest(self, row: StoredFile) -> bool:
        return row.followed_at is None


class UploadSerializer(serializers.Serializer[StoredFile]):
    file = serializers.FileField(help_text=_("The file, as multipart/form-data."))
    engagement = RowField(
        Engagement, required=False, help_text=_("Where it belongs; or else `customer`.")
    )
    customer = RowField(Customer, required=False, help_text=_("For a file of no engagement."))
    follows = RowField(
        StoredFile, required=False, help_text=_("The file whose next version it is.")
    )
    shared = serializers.BooleanField(
        default=False, help_text=_("Whether the customer’s side sees it.")
    )


class AttachmentSerializer(serializers.ModelSerializer[Attachment]):
    file = RowField(StoredFile)
    attached_by = StaffField(read_only=True)

    class Meta:
        model = Attachment
        fields = ["id", "customer", "file", "kind", "row_id", "attached_by", "attached_at"]
        read_only_fields = ["customer", "attached_at"]
