"""What happened in an engagement, in the order it happened."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from tenancy.fields import TenantForeignKey


class TimelineEntry(CustomerModel):
    """One thing that happened. Written through `operations.put_on_timeline`.

    The customer's side is shown those that are `shared`. `text` is said when it happens, in words
    that stay true later; what it is about may have changed since.
    """

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="timeline", db_index=False
    )
    # "noun.verb", such as "criterion.agreed"; the noun decides under which filter it is found.
    kind = models.CharField(max_length=60)
    text = models.TextField(max_length=4000)
    # What else a search finds it by, such as the notes of a call.
    details = models.TextField(max_length=12000, blank=True)
    # The names of those mentioned, by the handle that stands in the text.
    mentions = models.JSONField(default=dict)
    # Below the workspace's own address, which may change.
    url = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # Of the person or the API key at that time; empty for what AdoptIQ did by itself.
    by_name = models.CharField(max_length=200, blank=True)
    happened_at = models.DateTimeField(db_default=Now())
    shared = models.BooleanField(_("shown to the customer"), default=False)
    # What makes it this one: put there again under the same key, it is no second entry.
    key = models.CharField(max_length=200, blank=True)

    class Meta(CustomerModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "key"],
                name="on_the_timeline_once",
                condition=~models.Q(key=""),
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "engagement", "-happened_at", "-id"], name="timeline_newest_first"
            )
        ]

    def __str__(self) -> str:
        return self.text
