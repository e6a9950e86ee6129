"""Tasks outside any plan: what somebody has to do, and when to be reminded of it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.log import SHARED_LABEL, person_field
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class Task(TenantModel):
    """Something to do, for somebody, by a day.

    About a customer, about one of the customer's engagements, or about neither: then it is the
    staff's alone. The customer's side is shown what is about them and `shared`.
    """

    customer_column = "customer_id"

    class Priority(models.IntegerChoices):
        HIGH = 1, _("High")
        NORMAL = 2, _("Normal")
        LOW = 3, _("Low")

    title = models.CharField(_("task"), max_length=200)
    notes = models.TextField(_("notes"), max_length=4000, blank=True)
    due_date = models.DateField(_("due"), null=True, blank=True)
    due_time = models.TimeField(_("at"), null=True, blank=True)
    remind_at = models.DateTimeField(_("remind at"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, editable=False)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    # Somebody who signs in, or one of the customer's people; never both.
    owner = person_field(verbose_name=_("who does it"))
    owner_at_customer = TenantForeignKey(
        "engagements.Stakeholder",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    customer = TenantForeignKey(
        "engagements.Customer",
        verbose_name=_("customer"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tasks",
    )
    engagement = TenantForeignKey(
        "engagements.Engagement",
        verbose_name=_("engagement"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="tasks",
    )
    # What it came from: the path of that page below the workspace's address, and its name.
    source_url = models.CharField(max_length=400, blank=True, editable=False)
    source_name = models.CharField(max_length=200, blank=True, editable=False)
    shared = models.BooleanField(SHARED_LABEL, default=False)
    created_by = person_field(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = person_field(editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = [models.F("due_date").asc(nulls_last=True), "priority", "created_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_task_has_one_owner",
                condition=models.Q(owner__isnull=True) | models.Q(owner_at_customer__isnull=True),
            ),
            models.CheckConstraint(
                name="a_task_of_an_engagement_names_the_customer",
                condition=models.Q(customer__isnull=False)
                | models.Q(engagement__isnull=True, owner_at_customer__isnull=True, shared=False),
            ),
            models.CheckConstraint(
                name="a_time_belongs_to_a_day",
                condition=models.Q(due_time__isnull=True) | models.Q(due_date__isnull=False),
                violation_error_message=_("Give the day as well as the time."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "owner", "due_date"],
                condition=models.Q(done_at=None, deleted_at=None),
                name="tasks_of_somebody",
            ),
            models.Index(
                fields=["tenant", "remind_at"],
                condition=models.Q(done_at=None, deleted_at=None, reminded_at=None),
                name="tasks_to_remind_of",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner_name(self) -> str:
        return str(self.owner or self.owner_at_customer or "")

    @property
    def is_open(self) -> bool:
        return self.done_at is None
