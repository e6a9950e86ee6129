"""What the night makes of events: who was active on which local day, and how many."""

from django.db import models

from engagements.models import CustomerModel, EndUser
from tenancy.fields import TenantForeignKey


class Touch(CustomerModel):
    """That a transaction brought events of one customer between two moments of one week.

    Written with the events and never changed, so whoever sees a touch sees its events too. The
    night takes touches away and counts the days they name again.
    """

    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta(CustomerModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.first_at:%Y-%m-%d}"


class UserDay(CustomerModel):
    """That an end user was active on a day of the customer's own calendar, and how often."""

    is_counted = True

    pk = models.CompositePrimaryKey("tenant_id", "customer_id", "day", "end_user_id")
    id = None  # type: ignore[assignment]
    end_user = TenantForeignKey(
        EndUser, on_delete=models.CASCADE, related_name="user_days", db_index=False
    )
    day = models.DateField()
    events = models.IntegerField()

    class Meta(CustomerModel.Meta):
        indexes = [models.Index(fields=["tenant", "end_user", "day"], name="user_days_of_end_user")]

    def __str__(self) -> str:
        return f"{self.end_user_id} {self.day}"


class DailyUse(CustomerModel):
    """Active users of a customer on a closed day: over 1, 7 and 28 days ending on it."""

    is_counted = True

    pk = models.CompositePrimaryKey("tenant_id", "customer_id", "day")
    id = None  # type: ignore[assignment]
    day = models.DateField()
    dau = models.IntegerField()
    wau = models.IntegerField()
    mau = models.IntegerField()
    events = models.IntegerField()

    class Meta(CustomerModel.Meta):
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.mau}"


class UsageState(CustomerModel):
    """How far a customer's days are closed, and by which clock they were counted."""

    is_counted = True

    time_zone = models.CharField(max_length=64)
    first_day = models.DateField()
    # The newest day with an event, which may be open still.
    last_day = models.DateField()
    closed_day = models.DateField(null=True)
    closed_at = models.DateTimeField()

    class Meta(CustomerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer"], name="one_state_a_customer")
        ]

    def __str__(self) -> str:
        return f"closed to {self.closed_day}"
