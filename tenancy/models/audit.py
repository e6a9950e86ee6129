"""The audit log: what was done in a workspace, by whom, in a chain nobody can mend unseen."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import TenantModel


class ActorKind(models.TextChoices):
    PERSON = "person", _("Person")
    KEY = "key", _("API key")
    SOURCE = "source", _("Usage source")
    OPERATOR = "operator", _("Operator")
    SYSTEM = "system", _("AdoptIQ")


class AuditEntry(TenantModel):
    """One thing that was done. Written through `tenancy.audit.record` and never changed.

    Number, moment and hashes are the database's: a trigger chains each entry to the one before it,
    and the app's role can neither update nor delete. Names are kept as they were at that time.
    """

    append_only = True

    seq = models.BigIntegerField(editable=False, default=0)
    recorded_at = models.DateTimeField(editable=False, null=True)
    actor_kind = models.CharField(max_length=8, choices=ActorKind)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_name = models.CharField(max_length=300, blank=True)
    about_customer_id = models.UUIDField(null=True)
    # What changed: {"field": [before, after]}, or plain facts.
    facts = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    prev_hash = models.BinaryField(max_length=32, default=bytes)
    row_hash = models.BinaryField(max_length=32, default=bytes)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "seq"], name="audit_numbers_without_gaps")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "action", "seq"], name="audit_by_action"),
            models.Index(fields=["tenant", "actor_id", "seq"], name="audit_by_actor"),
            models.Index(fields=["tenant", "subject_id", "seq"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditHead(TenantModel):
    """Number and hash of a workspace's last audit entry. Kept by the trigger; the app only reads."""

    append_only = True

    seq = models.BigIntegerField()
    row_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant"], name="one_audit_head_a_workspace")
        ]

    def __str__(self) -> str:
        return f"{self.seq} {bytes(self.row_hash).hex()}"
