"""What stands around a work package: its checklist, what was said of it, and what was changed."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from adoption.models.plans import Plan, WorkPackage
from engagements.mentions import Piece, pieces
from engagements.models import CustomerModel
from tenancy.fields import TenantForeignKey
from tenancy.models.base import Row, TenantManager


class NotTakenBack(TenantManager[Row]):
    """What is still said; `every` knows what may yet return as well."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(deleted_at=None)


class CheckItem(CustomerModel):
    """One line of a package's checklist, in order of `position`."""

    package = TenantForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="checklist")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("to check"), max_length=300)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[TenantManager[Self]] = NotTakenBack()
    every: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(CustomerModel.Meta):
        base_manager_name = "every"
        default_manager_name = "objects"
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


class PackageComment(CustomerModel):
    """What somebody said of a package; read by both sides. `mentions` as in a note."""

    package = TenantForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="comments")
    text = models.TextField(_("comment"), max_length=4000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField()
    mentions = models.JSONField(default=dict, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[TenantManager[Self]] = NotTakenBack()
    every: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(CustomerModel.Meta):
        base_manager_name = "every"
        default_manager_name = "objects"
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return pieces(self.text, self.mentions)


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
