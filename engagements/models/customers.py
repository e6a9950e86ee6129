"""Customers, and the licences they hold over time."""

from decimal import Decimal
from functools import cache
from typing import ClassVar
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.calendars import is_region
from engagements.models.base import CustomerModel
from engagements.models.custom_fields import own_values
from engagements.models.money import CURRENCY, amount_field
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantManager, TenantModel


@cache
def time_zone_names() -> frozenset[str]:
    """Every IANA time zone this machine knows; found by reading them all, so kept."""
    return frozenset(available_timezones())


def is_time_zone(value: str) -> None:
    """Raises ValidationError when the value is no IANA time zone."""
    if value not in time_zone_names():
        raise ValidationError(
            _("“%(value)s” is no time zone. Use a name such as Europe/Oslo."),
            params={"value": value},
        )


def is_week(value: list[int]) -> None:
    """Raises ValidationError when these are no ISO weekdays, each once and in their order."""
    if value != sorted(set(value)) or not set(value) <= set(range(1, 8)):
        raise ValidationError(_("Give working days from Monday to Sunday, each once."))


def is_known_region(value: str) -> None:
    """Raises ValidationError when no public holidays are known there."""
    if not is_region(value):
        raise ValidationError(
            _("No public holidays are known for “%(value)s”. Use a code such as NO or DE-BY."),
            params={"value": value},
        )


class CustomerManager(TenantManager["Customer"]):
    def current(self) -> models.QuerySet["Customer"]:
        return self.get_queryset().filter(archived_at=None)


class Customer(TenantModel):
    """A company that bought the vendor's software."""

    customer_column = "id"

    external_id = models.CharField(_("external id"), max_length=120)
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[is_time_zone]
    )
    segment = models.CharField(_("segment"), max_length=60, blank=True)
    industry = models.CharField(_("industry"), max_length=60, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[CURRENCY])
    yearly_amount = amount_field(_("recurring revenue a year (ARR)"))
    renewal_date = models.DateField(_("renewal date"), null=True, blank=True)
    csm = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("CSM"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # The customer's own working week and holidays, as the workspace writes its; null: as there.
    working_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("working days"),
        null=True,
        blank=True,
        validators=[is_week],
    )
    holiday_region = models.CharField(
        _("public holidays"), max_length=12, null=True, blank=True, validators=[is_known_region]
    )
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, editable=False)
    # The customer this one turned out to be; what still names this one is meant for that.
    merged_into = TenantForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    custom = own_values()

    objects: ClassVar[CustomerManager] = CustomerManager()

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "external_id"],
                name="one_customer_an_external_id",
                violation_error_message=_("Another customer has this external id already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def monthly_amount(self) -> Decimal | None:
        """Recurring revenue a month (MRR): a twelfth of the year's, to the cent."""
        return None if self.yearly_amount is None else round(self.yearly_amount / 12, 2)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class LicenceSeats(CustomerModel):
    """How many seats a customer holds from a day on. History is added to, never overwritten."""

    from_date = models.DateField(_("from"))
    seats = models.PositiveIntegerField(_("seats"))

    class Meta(CustomerModel.Meta):
        ordering = ["-from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "from_date"], name="one_seat_count_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.seats} from {self.from_date}"
