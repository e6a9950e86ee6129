"""Usage logs read from files: how each is read, how far it is, and which rows were left out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel
from usage.adapters.files.layouts import DAILY, EVENTS, Layout, layout_from
from usage.models.sources import Source


class FileKind(models.TextChoices):
    """What a row of a file is."""

    EVENTS = EVENTS, _("One thing one person did")
    DAILY = DAILY, _("Counts of a customer's day")


class UsageImport(TenantModel):
    """One file on its way in."""

    class State(models.TextChoices):
        NEW = "new", _("Columns not confirmed yet")
        WAITING = "waiting", _("Waiting")
        CHECKING = "checking", _("Checking the file")
        READING = "reading", _("Reading rows")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        CANCELLED = "cancelled", _("Stopped")

    class Origin(models.TextChoices):
        UPLOAD = "upload", _("Uploaded")
        API = "api", _("Over the API")
        COMMAND = "command", _("By command")
        FOLDER = "folder", _("From the drop folder")

    file_name = models.CharField(max_length=255)
    # Where the upload lies until it is read, below the files folder.
    stored_as = models.CharField(max_length=255, blank=True)
    origin = models.CharField(max_length=7, choices=Origin, default=Origin.UPLOAD)
    # Whose events these are, so that what it sent itself is recognised; None: those of files.
    source = TenantForeignKey(
        Source, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=6, choices=FileKind, default=FileKind.EVENTS)
    # The file's column -> our field; what else `Layout` says stands in `options`.
    mapping: models.JSONField[Any, Any] = models.JSONField(default=dict)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    # The columns and first rows, only until the file is read.
    looked: models.JSONField[Any, Any] = models.JSONField(default=dict)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    # Whether every row has a message id of its own.
    is_exact = models.BooleanField(default=True)
    percent = models.PositiveSmallIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)
    rows_changed = models.BigIntegerField(default=0)
    rows_repeated = models.BigIntegerField(default=0)
    rows_wrong = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=1000, blank=True)
    # Whether it was refused for what was said of its columns, which can be said otherwise.
    is_mendable = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    # Of the latest attempt, and the rows read by those before it.
    begun_at = models.DateTimeField(null=True)
    rows_before = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        """Whether it is read, or will be without anybody doing anything."""
        return self.state in (self.State.WAITING, self.State.CHECKING, self.State.READING)

    @property
    def is_new(self) -> bool:
        return self.state == self.State.NEW

    @property
    def is_worth_keeping(self) -> bool:
        """Whether reading the file another way may bring in what is missing now."""
        stored = self.rows_new + self.rows_changed + self.rows_repeated
        is_all_wrong = self.state == self.State.DONE and self.rows_wrong > 0 and not stored
        return self.is_mendable or is_all_wrong or self.state == self.State.CANCELLED

    @property
    def layout(self) -> Layout:
        return layout_from(self.kind, self.mapping, self.options)


class RowFault(TenantModel):
    """Why one row of a file was left out. The header is row 1."""

    usage_import = TenantForeignKey(
        UsageImport, on_delete=models.CASCADE, related_name="faults", db_index=False
    )
    row = models.BigIntegerField()
    # Our field, and how the file calls it.
    field = models.CharField(max_length=20, blank=True)
    column = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["tenant", "usage_import", "row"], name="faults_of_import")]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"


class FileLayout(TenantModel):
    """How files with certain columns are read, kept under a name for the next one of them."""

    for_staff = True

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(max_length=6, choices=FileKind, default=FileKind.EVENTS)
    # The header it was made for; a file with the same one is read the same way.
    header: ArrayField[list[str], list[str]] = ArrayField(models.TextField(), default=list)
    mapping: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                Lower("name"),
                name="one_file_layout_a_name",
                condition=models.Q(forgotten_at=None),
                violation_error_message=_("Columns are kept under this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def layout(self) -> Layout:
        return layout_from(self.kind, self.mapping, self.options)


class DailyCount(CustomerModel):
    """How much a customer used the product on a day of its own calendar, as a file counted it.

    Nobody is named, so these are never added to user-days. An empty feature stands for the product
    as a whole. Days, and people of several features, cannot be added up to active users.
    """

    is_aggregated = True

    day = models.DateField()
    feature = models.CharField(max_length=200, blank=True)
    active_users = models.BigIntegerField(null=True)
    events = models.BigIntegerField()
    usage_import = TenantForeignKey(
        UsageImport, on_delete=models.CASCADE, related_name="counts", db_index=False
    )
    read_at = models.DateTimeField()

    class Meta(CustomerModel.Meta):
        ordering = ["day", "feature"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "day", "feature"], name="one_count_a_day_and_feature"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.feature}".strip()
