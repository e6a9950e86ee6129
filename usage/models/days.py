"""What the night makes of events: who was active on which local day, and how many.

Everything here but touches is counted from events and can be counted again; days whose events were
dropped for their age are kept as they were counted.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from engagements.models import CustomerModel, EndUser
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class Touch(TenantModel):
    """That a transaction brought events of these customers between two moments of one day in UTC.

    Written with the events and never changed, so whoever sees a touch sees its events too. The
    night takes touches away and counts the days they name again. One row for all customers of a
    request: a row for each took a third as long as keeping the events.
    """

    customers = ArrayField(models.UUIDField())
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.first_at:%Y-%m-%d}"


class UserDay(CustomerModel):
    """That an end user was active on a day of the customer's own calendar, and how often.

    The database holds the span of somebody's days to the end user, and not each of them.
    """

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


class FeatureUserDay(CustomerModel):
    """That an end user used a feature on a day, and how often.

    `feature` is what the events name as such, else the events' own name.
    """

    is_counted = True

    # The only index: a day's rows lie together, so a night writes few pages, and a feature's rows of
    # many days are found by leaps from day to day.
    pk = models.CompositePrimaryKey("tenant_id", "customer_id", "day", "feature", "end_user_id")
    id = None  # type: ignore[assignment]
    # Follows the user-day of the same person.
    end_user = TenantForeignKey(
        EndUser, on_delete=models.DO_NOTHING, related_name="+", db_index=False
    )
    day = models.DateField()
    feature = models.TextField()
    events = models.IntegerField()

    class Meta(CustomerModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.end_user_id} {self.feature} {self.day}"


class UserSpan(CustomerModel):
    """The first and the last day on which an end user was ever active."""

    is_counted = True

    pk = models.CompositePrimaryKey("tenant_id", "customer_id", "end_user_id")
    id = None  # type: ignore[assignment]
    end_user = TenantForeignKey(EndUser, on_delete=models.CASCADE, related_name="+", db_index=False)
    first_day = models.DateField()
    last_day = models.DateField()

    class Meta(CustomerModel.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.end_user_id}: {self.first_day} to {self.last_day}"


class DailyUse(CustomerModel):
    """A customer's closed day in numbers of use alone, by the workspace's rules of that version.

    Distinct users over the day, 7 days and the rules' window that end on it; of the window's users
    those whose use was deep, a habit, or had adopted a feature (`adopters`); distinct features
    tried, and adopted by somebody. Who was meant to use what is asked of the roster when needed.
    """

    is_counted = True

    pk = models.CompositePrimaryKey("tenant_id", "customer_id", "day")
    id = None  # type: ignore[assignment]
    day = models.DateField()
    dau = models.IntegerField()
    wau = models.IntegerField()
    mau = models.IntegerField()
    events = models.IntegerField()
    deep = models.IntegerField(default=0, db_default=0)
    habitual = models.IntegerField(default=0, db_default=0)
    features_tried = models.IntegerField(default=0, db_default=0)
    features_adopted = models.IntegerField(default=0, db_default=0)
    adopters = models.IntegerField(default=0, db_default=0)
    rules_version = models.IntegerField(default=0, db_default=0)
    definition_version = models.SmallIntegerField(default=0, db_default=0)

    class Meta(CustomerModel.Meta):
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.mau}"


class UsageState(CustomerModel):
    """How far a customer's days are closed, and by which clock they were counted."""

    is_counted = True

    # Of the days after the last past clock.
    time_zone = models.CharField(max_length=64)
    first_day = models.DateField()
    # The newest day with an event, which may be open still.
    last_day = models.DateField()
    closed_day = models.DateField(null=True)
    closed_at = models.DateTimeField()
    rules_version = models.IntegerField(default=0, db_default=0)
    definition_version = models.SmallIntegerField(default=0, db_default=0)

    class Meta(CustomerModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "customer"], name="one_state_a_customer")
        ]

    def __str__(self) -> str:
        return f"closed to {self.closed_day}"


class PastClock(CustomerModel):
    """The time zone that days up to `until_day` are counted in, after any earlier past clock.

    Moments from `until_at` on lie on later days. A customer whose zone was never moved has none.
    """

    is_counted = True

    pk = models.CompositePrimaryKey("tenant_id", "customer_id", "until_day")
    id = None  # type: ignore[assignment]
    until_day = models.DateField()
    until_at = models.DateTimeField()
    time_zone = models.CharField(max_length=64)

    class Meta(CustomerModel.Meta):
        ordering = ["until_day"]

    def __str__(self) -> str:
        return f"{self.time_zone} to {self.until_day}"


class DroppedEvents(TenantModel):
    """That the workspace's events from before a moment are gone, so that no day with some of them
    may be counted again."""

    for_staff = True

    before_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_end_of_the_past")]

    def __str__(self) -> str:
        return f"{self.before_at:%Y-%m-%d}"
