"""Engagements: the project within the customer's own that carries the software into daily work."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.models.custom_fields import own_values
from engagements.models.money import CURRENCY
from tenancy.fields import TenantForeignKey

KEY = RegexValidator(
    r"^[A-Z0-9][A-Z0-9-]{0,29}$",
    _("Use capital letters, digits and hyphens, at most 30, such as HALDEN-1."),
)


class Phase(models.TextChoices):
    """Where an engagement stands. Hypercare is a dated window inside ADOPT, not a phase."""

    SELL = "sell", _("Sell")
    IMPLEMENT = "implement", _("Implement")
    ADOPT = "adopt", _("Adopt")
    SIGNED_OFF = "signed_off", _("Signed off")
    VALUE = "value", _("Value realisation")

    @property
    def position(self) -> int:
        return list(Phase).index(self)


class Mode(models.TextChoices):
    """Whose project the adoption programme is; decides who signs that it is complete."""

    CONTRACTED = "contracted", _("Contracted: the customer signs off to us")
    CUSTOMER_OWNED = "customer_owned", _("Customer-owned: their deciders sign off, we help")


class Engagement(CustomerModel):
    """One adoption programme for one customer: a project within the customer's own project."""

    key = models.CharField(_("key"), max_length=30, validators=[KEY])
    name = models.CharField(_("name"), max_length=160)
    phase = models.CharField(_("phase"), max_length=12, choices=Phase, default=Phase.SELL)
    lead = TenantForeignKey(
        "engagements.Stakeholder",
        verbose_name=_("SPL"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="leads",
    )
    csm = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("CSM"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    mode = models.CharField(_("mode"), max_length=14, choices=Mode, default=Mode.CONTRACTED)
    problem = models.TextField(
        _("problem to be solved"),
        max_length=4000,
        blank=True,
        help_text=_("The customer’s problem, in their words, before any solution."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR", validators=[CURRENCY])
    start_date = models.DateField(_("start"), null=True, blank=True)
    go_live_date = models.DateField(_("go-live"), null=True, blank=True)
    hypercare_end_date = models.DateField(_("hypercare ends"), null=True, blank=True)
    sign_off_date = models.DateField(_("agreed sign-off"), null=True, blank=True)
    # Phase 1 is the quick win; go-live is its date. The larger scope follows once it is earned.
    larger_scope_date = models.DateField(_("phase 2 goes live"), null=True, blank=True)
    # What the plan says, noted here by the app that computes it, so that every page can show it.
    forecast_finish_date = models.DateField(null=True, editable=False)
    forecast_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    archived_at = models.DateTimeField(null=True, editable=False)
    custom = own_values()

    class Meta(CustomerModel.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key"],
                name="one_engagement_a_key",
                violation_error_message=_("Another engagement has this key already."),
            ),
            models.CheckConstraint(
                name="hypercare_follows_go_live",
                condition=models.Q(hypercare_end_date__isnull=True)
                | models.Q(hypercare_end_date__gte=models.F("go_live_date")),
                violation_error_message=_("Hypercare ends after go-live, so give a later date."),
            ),
        ]
        indexes = [models.Index(fields=["tenant", "customer"], name="engagements_of_customer")]

    def __str__(self) -> str:
        return f"{self.key} {self.name}"
