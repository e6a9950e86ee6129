"""Files and attachments over the API."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import operations, queries
from engagements.imports.stored_files import NotTaken, Shelving, take_one
from engagements.models import Attachment, StoredFile
from engagements.serializers.stored_files import (
    AttachmentSerializer,
    FileSerializer,
    UploadSerializer,
)
from engagements.tasks import have_checked
from rendering.downloads import download
from tenancy.audit import record
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Made, Removed
from tenancy.scope import Realm, current_scope


class FileViewSet(Listed, Changed, Removed):
    """Files people keep, each version a row. The bytes are under `content/`."""

    one, many = _("a file"), _("files")
    permission_classes = [allows(area="customers", read="see_files", write="add_files")]
    serializer_class = FileSerializer
    lookup_url_kwarg = "file_id"
    filterset_fields = ["engagement", "customer", "kind", "scan", "series"]
    queryset = StoredFile.objects.none()

    def get_queryset(self) -> QuerySet[StoredFile]:
        rows = StoredFile.objects.filter(deleted_at=None)
        return rows.select_related("uploaded_by", "engagement", "customer")

    def change(self, row: StoredFile, fields: dict[str, Any]) -> None:
        self._insist(self.allows("edit_engagement"))
        operations.share_file(file=row, shared=fields.get("shared", row.shared))

    def remove(self, row: StoredFile) -> None:
        own = self.by is not None and row.uploaded_by_id == self.by.pk
        self._insist(own or self.allows("edit_engagement"))
        operations.delete_file(file=row, now=timezone.now())

    def _insist(self, allowed: bool) -> None:
        if not allowed:
            raise PermissionDenied(
                gettext("Only whoever brought a file, and our side, may do this.")
            )

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: FileSerializer},
        summary=_("Add a file, or a new version of one"),
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        fields = self.checked(UploadSerializer)
        follows = fields.get("follows")
        try:
            row = take_one(file=fields["file"], shelving=self._place(fields), follows=follows)
        except NotTaken as refusal:
            raise ValidationError({"file": str(refusal)}) from refusal
        have_checked(files=[row], today=timezone.localdate(), now=timezone.now())
        return Response(self.shown(row.pk), status=status.HTTP_201_CREATED)

    def _place(self, fields: dict[str, Any]) -> Shelving:
        follows, engagement = fields.get("follows"), fields.get("engagement")
        if follows is not None:
            customer, engagement = follows.customer, follows.engagement
        elif engagement is not None:
            customer = engagement.customer
        elif "customer" in fields:
            customer = fields["customer"]
        else:
            raise ValidationError({"engagement": gettext("Say where the file belongs.")})
        shared = fields["shared"] or current_scope().realm is Realm.CUSTOMER
        return Shelving(customer, engagement, shared, self.by, timezone.now())

    @extend_schema(
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY},
        summary=_("Download a file"),
    )
    @action(detail=True, methods=["get"])
    def content(self, request: Request, file_id: str) -> HttpResponseBase:
        row = self.get_object()
        if not queries.file_row(row).is_open_to(self.by.pk if self.by else None):
            raise PermissionDenied(row.get_scan_display())
        try:
            source = operations.open_bytes(row.stored_as)
        except FileNotFoundError as error:
            raise Http404 from error
        record(action="file.downloaded", subject=row, about_customer_id=row.customer_id)
        return download(
            request._request,
            source,
            name=row.name,
            content_type=row.content_type,
            size=row.size_bytes,
            sha256=row.sha256,
        )


class AttachmentViewSet(Listed, Made, Removed):
    """Which file goes with which risk, criterion, quick win and so on."""

    one, many = _("an attachment"), _("attachments")
    permission_classes = [allows(area="customers", read="see_files", write="add_files")]
    serializer_class = AttachmentSerializer
    lookup_url_kwarg = "attachment_id"
    filterset_fields = ["customer", "file", "kind", "row_id"]
    queryset = Attachment.objects.none()

    def get_queryset(self) -> QuerySet[Attachment]:
        rows = Attachment.objects.filter(removed_at=None, file__deleted_at=None)
        return rows.select_related("file", "attached_by")

    def make(self, fields: dict[str, Any]) -> Attachment:
        target = queries.get_target(key=f"{fields['kind']}:{fields['row_id']}")
        if target is None:
            raise ValidationError({"row_id": gettext("There is no such row.")})
        try:
            return operations.attach_file(file=fields["file"], to=target, by=self.by)
        except operations.OtherCustomer as error:
            words = gettext("The file belongs to another customer.")
            raise ValidationError({"file": words}) from error

    def remove(self, row: Attachment) -> None:
        own = self.by is not None and row.attached_by_id == self.by.pk
        if not (own or self.allows("edit_engagement")):
            raise PermissionDenied(
                gettext("Only whoever attached a file, and our side, may take it off.")
            )
        operations.detach_file(attachment=row, now=timezone.now())


router_entries = [
    ("files", FileViewSet, "file"),
    ("attachments", AttachmentViewSet, "attachment"),
]
