"""What comes in from files: a file on its way, and how somebody's columns are called."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class ImportKind(models.TextChoices):
    CUSTOMERS = "customers", _("Customers")
    ROSTER = "roster", _("Roster")


class ColumnMapping(TenantModel):
    """How a file calls our columns, kept under a name for the next file like it."""

    kind = models.CharField(max_length=9, choices=ImportKind)
    name = models.CharField(_("name"), max_length=80)
    # The file's column -> ours; empty for one that is left out.
    columns = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    forgotten_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                "kind",
                Lower("name"),
                name="one_column_mapping_a_name",
                condition=models.Q(forgotten_at=None),
                violation_error_message=_("Columns are kept under this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class StagedImport(TenantModel):
    """A file that was read and waits for somebody to say what its columns are, then to bring it in.

    Gone when that is done, or after a day.
    """

    kind = models.CharField(max_length=9, choices=ImportKind)
    # For a roster, whose.
    engagement = TenantForeignKey(
        "engagements.Engagement", null=True, on_delete=models.CASCADE, related_name="+"
    )
    file_name = models.CharField(max_length=255)
    sheets: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=255), default=list
    )
    sheet = models.PositiveSmallIntegerField(default=0)
    # The file as it came, only while another of its sheets may be chosen.
    content = models.BinaryField(null=True)
    # The table as `rendering.spreadsheets.packed` writes it.
    table = models.BinaryField()
    row_count = models.PositiveIntegerField()
    # The file's columns and how it writes them, in its order.
    columns: "ArrayField[list[str], list[str]]" = ArrayField(models.TextField(), default=list)
    headings: "ArrayField[list[str], list[str]]" = ArrayField(models.TextField(), default=list)
    # The file's column -> ours, once somebody said so.
    mapping: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_mapped(self) -> bool:
        return bool(self.mapping)
