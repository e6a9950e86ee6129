"""What stands around a work package: its checklist, what was said of it, and what was changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from adoption.models.plans import Plan, WorkPackage
from engagements.models import CustomerModel
from tenancy.fields import TenantForeignKey


class CheckItem(CustomerModel):
    """One line of a package's checklist, in order of `position`."""

    package = TenantForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("to check"), max_length=300)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(CustomerModel.Meta):
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class PackageComment(CustomerModel):
    """What somebody said of a package; read by both sides."""

    package = TenantForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()

    class Meta(CustomerModel.Meta):
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]


class PlanChange(CustomerModel):
    """One change of a plan, by one person, that can be undone as long as nothing came after it.

    `rows` says what it did: {uid: {field: [before, after]}}. A row that was made or removed has
    every one of its fields and `made` as [false, true] or [true, false]; `links` of a row are
    those it waits for, as [uid, type, lag, elapsed]; what belongs to the plan itself stands at
    the key "". Dates are ISO texts, `budget` and `cost` texts, all ids texts. `version` is the
    plan's after the change.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="changes", db_index=False)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=30)
    text = models.CharField(max_length=500)
    rows = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(CustomerModel.Meta):
        ordering = ["-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "version"], name="one_change_a_version"
            )
        ]

    def __str__(self) -> str:
        return self.text
