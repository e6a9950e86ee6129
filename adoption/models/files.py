"""What waits on its way in, and what goes out by itself: staged plan files and calendar feeds."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement
from tenancy.fields import TenantForeignKey


class StagedPlan(CustomerModel):
    """A plan file that was read and waits for somebody to see what it would change.

    Gone when it is brought in or discarded, or after a day.
    """

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    file_name = models.CharField(max_length=255)
    # The file as it came, packed by zlib.
    content = models.BinaryField()
    # A table's column -> ours, "" for one left out; null for a file without columns.
    names = models.JSONField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta(CustomerModel.Meta):
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.file_name


class PlanFeed(CustomerModel):
    """An address at which a calendar program reads one person's view of a plan, without signing in.

    Only the SHA-256 of its secret is kept; the address is shown once, when it is made.
    """

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    with_own_packages = models.BooleanField(_("my own work packages as well"), default=False)
    secret_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField()

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "user"], name="one_feed_a_person_and_engagement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} reads {self.engagement_id}"
