"""How far a plan was at the end of each day: what cannot be computed again later."""

from django.db import models

from adoption.models.plans import LocalDateTimeField, Plan
from engagements.models import CustomerModel
from tenancy.fields import TenantForeignKey


class PlanProgress(CustomerModel):
    """A plan at the end of one day at the customer; percents are 0 to 100 of all its work.

    `planned_percent` is what the dates in force on that day asked for by then, `finish` where
    the schedule ended as it stood then.
    """

    plan = TenantForeignKey(Plan, on_delete=models.CASCADE, related_name="progress", db_index=False)
    day = models.DateField()
    planned_percent = models.FloatField()
    done_percent = models.FloatField()
    finish = LocalDateTimeField()

    class Meta(CustomerModel.Meta):
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "plan", "day"], name="one_progress_a_plan_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day}"
