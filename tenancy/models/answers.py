"""What the API answered to calls that may be repeated."""

from typing import ClassVar

from django.db import models

from tenancy.models.base import TenantModel


class StoredAnswer(TenantModel):
    """The answer to one call with an Idempotency-Key, for whoever sends it again."""

    # On whose customer's side the caller is; no key, since whatever was asked stays asked.
    customer_id = models.UUIDField(null=True, editable=False)
    caller = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    # SHA-256 of the method, the address and what was sent.
    fingerprint = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "caller", "key"], name="one_answer_a_caller_and_key"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "created_at"], name="answers_by_age")]

    def __str__(self) -> str:
        return f"{self.status} {self.key}"
