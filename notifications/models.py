"""What happened, as each person concerned is told."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from tenancy.models import TenantModel


class Notification(TenantModel):
    """One thing that happened, for one person.

    What is about a customer names it, so that members on the customer's side are shown what is
    about their own customer and nothing else.
    """

    customer_column = "customer_id"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # The app that owns customers gives this column its foreign key; here it stays opaque.
    customer_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    url = models.CharField(max_length=400)
    # What makes it this one: told again under the same key, it is no second notification.
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "user", "key"], name="told_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "user", "-id"], name="inbox_newest_first"),
            models.Index(
                fields=["tenant", "user"],
                condition=models.Q(read_at=None),
                name="inbox_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.text
