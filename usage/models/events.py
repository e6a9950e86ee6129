"""What was received: once each, attributed or waiting to be."""

from django.db import models

from engagements.models import CustomerModel, EndUser
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel
from usage.models.sources import Source


class Receipt(TenantModel):
    """That a message was taken in. `id` stands for (source, message id), whatever the event's time.

    The one place that makes an event unique: it knows no months, so a retry is recognised across
    partitions and with another timestamp.
    """

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return str(self.pk)


class Event(CustomerModel):
    """One thing an end user did. Kept in monthly partitions of `occurred_at`.

    The database's key is (tenant, customer, occurred_at, id). Rows are only written by
    `operations.recording`, which resolves customer and end user in the same transaction; there
    are no foreign keys to check row by row.
    """

    source = TenantForeignKey(Source, on_delete=models.DO_NOTHING, db_index=False)
    end_user = TenantForeignKey(EndUser, on_delete=models.DO_NOTHING, db_index=False)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField()
    name = models.TextField()
    feature = models.TextField()
    properties = models.JSONField(null=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-occurred_at", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.feature}".strip()


class Quarantined(TenantModel):
    """An item that was accepted but could not be counted: kept with the reason until it can."""

    source = TenantForeignKey(Source, on_delete=models.CASCADE, related_name="quarantined")
    received_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    group_key = models.CharField(max_length=120, blank=True)
    user_key = models.CharField(max_length=200, blank=True)
    item = models.JSONField()

    class Meta(TenantModel.Meta):
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["tenant", "source", "-received_at"], name="quarantine_of_source"),
            models.Index(fields=["tenant", "group_key"], name="quarantine_of_group"),
        ]

    def __str__(self) -> str:
        return self.reason
