"""Two customers that turned out to be one: what was moved, so that it can be moved back."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel

# How long a merge can be taken back.
UNDO_FOR = timedelta(days=7)


class CustomerMerge(TenantModel):
    """One customer went into another. The one that went is archived and points at the kept one."""

    kept = TenantForeignKey("engagements.Customer", on_delete=models.CASCADE, related_name="+")
    gone = TenantForeignKey("engagements.Customer", on_delete=models.CASCADE, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of the kept customer: {field: [before, after]} for what the other one filled in.
    filled = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # When the other customer had been archived before, if it had.
    gone_archived_at = models.DateTimeField(null=True)
    # What was asked to be computed again, by the apps that compute.
    asked_again = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-merged_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "gone"],
                name="a_customer_goes_once",
                condition=models.Q(undone_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


class MergedRows(TenantModel):
    """Rows of one table in which a merge changed one column from one value to another.

    A row of this table for at most some thousand rows of that one.
    """

    merge = TenantForeignKey(CustomerMerge, on_delete=models.CASCADE, related_name="moved")
    table = models.CharField(max_length=63)
    column = models.CharField(max_length=63)
    before = models.UUIDField()
    after = models.UUIDField()
    rows = ArrayField(models.UUIDField())

    class Meta(TenantModel.Meta):
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.table}.{self.column}"
