"""What came in hour by hour, how long events stay, and who had theirs erased."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel
from usage.models.sources import Source


class IntakeHour(TenantModel):
    """What one source sent in one hour, as counted since the counter last began at nothing.

    `epoch` names that beginning, so that rows hold totals: storing them twice changes nothing.
    An hour's figures are the sum over its epochs.
    """

    for_staff = True

    source = TenantForeignKey(Source, on_delete=models.CASCADE, related_name="hours")
    starts_at = models.DateTimeField()
    epoch = models.CharField(max_length=32)
    requests = models.BigIntegerField(default=0)
    accepted = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    put_aside = models.BigIntegerField(default=0)
    left_out = models.BigIntegerField(default=0)
    told = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    # Of the refused ones those with a key that opens nothing any more.
    wrong_key = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "source", "starts_at", "epoch"], name="one_count_an_epoch"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H}"


class Retention(TenantModel):
    """For how many months the workspace keeps events. Without a row it keeps all of them."""

    for_staff = True

    months = models.PositiveSmallIntegerField(_("months"))
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_retention_a_workspace")]

    def __str__(self) -> str:
        return f"{self.months}"


class SpentReceipts(TenantModel):
    """Receipts of events that were too old to keep: they stay a while, so that nothing sent again
    in the meantime comes back."""

    for_staff = True

    ids = ArrayField(models.UUIDField())
    spent_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["spent_at"]

    def __str__(self) -> str:
        return f"{len(self.ids)}"


class Erasure(TenantModel):
    """That what somebody did until a moment was erased: events from before it are not taken again.

    `digest` is the SHA-256 of the workspace's id and the person's; see `usage.operations.erasing`.
    """

    for_staff = True

    digest = models.BinaryField(max_length=32)
    erased_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        ordering = ["erased_at"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "digest"], name="one_erasure_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.erased_at:%Y-%m-%d}"
