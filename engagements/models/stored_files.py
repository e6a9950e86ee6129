"""Files people keep with a customer, and what each of them is evidence for."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class StoredFile(CustomerModel):
    """One version of a file. Its bytes lie in the storage of files, under an id.

    The versions of a file share a `series`; the newest is the one that nothing has followed. The
    customer's side is shown those that are `shared`.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", _("PDF")
        DOCUMENT = "document", _("Document")
        SPREADSHEET = "spreadsheet", _("Spreadsheet")
        SLIDES = "slides", _("Slides")
        PICTURE = "picture", _("Picture")
        TABLE = "table", _("Table")
        TEXT = "text", _("Text")

    class Scan(models.TextChoices):
        WAITING = "waiting", _("Being checked for viruses")
        CLEAN = "clean", _("Checked for viruses")
        REFUSED = "refused", _("Kept away: a virus was found")
        UNSCANNED = "unscanned", _("Not checked for viruses")

    engagement = TenantForeignKey(
        "engagements.Engagement",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="files",
    )
    name = models.CharField(_("name"), max_length=150)
    # Found out from the bytes, whatever the browser said.
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    content_type = models.CharField(max_length=100)
    size_bytes = models.BigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=255)
    has_thumbnail = models.BooleanField(default=False)
    shared = models.BooleanField(_("visible to the customer"), default=False)
    series = models.UUIDField()
    version = models.PositiveSmallIntegerField(default=1)
    followed_at = models.DateTimeField(null=True)
    scan = models.CharField(max_length=9, choices=Scan)
    # What the scanner called it.
    finding = models.CharField(max_length=200, blank=True)
    scanned_at = models.DateTimeField(null=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta(CustomerModel.Meta):
        verbose_name = _("file")
        ordering = ["-uploaded_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "series", "version"], name="file_versions_in_order"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "customer", "-uploaded_at", "-id"], name="files_of_customer"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Whether everybody who sees it may have it."""
        return self.scan in (StoredFile.Scan.CLEAN, StoredFile.Scan.UNSCANNED)


class Attachment(CustomerModel):
    """That a file belongs to something: a note it came with, a result it is evidence for."""

    class To(models.TextChoices):
        NOTE = "note", _("Note")
        INTERACTION = "interaction", _("Interaction")
        QUESTION = "question", _("Question")
        RISK = "risk", _("Risk")
        CRITERION = "criterion", _("Criterion of success")
        QUICK_WIN = "quick_win", _("Quick win")
        CONCERN = "concern", _("Concern")

    file = TenantForeignKey(StoredFile, on_delete=models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=11, choices=To)
    row_id = models.UUIDField()
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    attached_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta(CustomerModel.Meta):
        ordering = ["attached_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "row_id", "file"], name="a_file_is_attached_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.row_id}"


class FileSpace(TenantModel):
    """How much a workspace keeps, counted by whoever brings or purges a file; one row each.

    A sum over the files would be a smaller one for the customer's side, which sees few of them.
    """

    used_bytes = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant"], name="one_space_a_workspace")
        ]

    def __str__(self) -> str:
        return str(self.used_bytes)
