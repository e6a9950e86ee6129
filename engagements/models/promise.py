"""What was promised in SELL: services in their phases, criteria of success, and what came of it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.models.money import CURRENCY, amount_field
from tenancy.fields import TenantForeignKey


class ScopeService(CustomerModel):
    """A service the programme brings to the new system, with how often it is asked for."""

    class Stage(models.IntegerChoices):
        QUICK_WIN = 1, _("Phase 1, quick win")
        LARGER_SCOPE = 2, _("Phase 2, larger scope")

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="services"
    )
    name = models.CharField(_("service"), max_length=160)
    monthly_volume = models.PositiveIntegerField(
        _("requests a month"), help_text=_("How often it is asked for today, over all routes.")
    )
    stage = models.PositiveSmallIntegerField(_("phase"), choices=Stage, default=Stage.LARGER_SCOPE)

    class Meta(CustomerModel.Meta):
        ordering = ["-monthly_volume", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                "engagement",
                Lower("name"),
                name="one_service_a_name",
                violation_error_message=_("This service is in the scope already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class QuickWin(CustomerModel):
    """A phase 1 result, with the evidence that earned permission for the larger scope."""

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="quick_wins"
    )
    result = models.CharField(
        _("result"),
        max_length=300,
        help_text=_("What became better, with its figure: “Access requests in 1 day, not 9”."),
    )
    evidence = models.TextField(
        _("evidence"), max_length=2000, help_text=_("Where the figure comes from.")
    )
    reached_date = models.DateField(_("reached"))
    earned = models.CharField(
        _("what it earned"),
        max_length=300,
        blank=True,
        help_text=_("Which larger scope was granted because of it, and by whom."),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-reached_date", "-id"]

    def __str__(self) -> str:
        return self.result


class SuccessCriterion(CustomerModel):
    """One thing that has to come true for the engagement to count as a success.

    What it says stands in its versions: the newest is in force, those before it stay as they were.
    """

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="criteria"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_because = models.CharField(_("why it is withdrawn"), max_length=300, blank=True)

    class Meta(CustomerModel.Meta):
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"Criterion {self.pk}"


class CriterionVersion(CustomerModel):
    """The wording of a criterion. Once agreed it never changes; another version follows it."""

    criterion = TenantForeignKey(
        SuccessCriterion, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveSmallIntegerField()
    statement = models.CharField(
        _("statement"),
        max_length=300,
        help_text=_("What will be true, in the customer’s words."),
    )
    owner = TenantForeignKey(
        "engagements.Stakeholder",
        verbose_name=_("owner at the customer"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    measured_by = models.CharField(
        _("how it is measured"),
        max_length=300,
        blank=True,
        help_text=_("Which count, from which system, how often."),
    )
    unit = models.CharField(
        _("unit"), max_length=40, blank=True, help_text=_("Such as people, % or days.")
    )
    baseline = models.DecimalField(
        _("baseline"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    baseline_note = models.CharField(_("where the baseline comes from"), max_length=200, blank=True)
    quality = models.CharField(
        _("what counts"),
        max_length=300,
        blank=True,
        help_text=_("The quality that has to be there for a case to count."),
    )
    target = models.DecimalField(
        _("target"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    deadline = models.DateField(_("deadline"), null=True, blank=True)
    value = amount_field(_("value of reaching it"))
    change_reason = models.CharField(_("why it changes"), max_length=300, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(auto_now=True)
    agreed_date = models.DateField(_("agreed on"), null=True, blank=True)
    agreed_for_customer = models.CharField(
        _("agreed by, for the customer"), max_length=120, blank=True
    )
    agreed_for_vendor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta(CustomerModel.Meta):
        ordering = ["-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "criterion", "number"], name="criterion_versions_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def is_agreed(self) -> bool:
        return self.agreed_date is not None


class Outcome(CustomerModel):
    """What the customer decided at the end of a term: the result that adoption is for."""

    class Kind(models.TextChoices):
        RENEWAL = "renewal", _("Renewal")
        EXPANSION = "expansion", _("Expansion")
        REDUCTION = "reduction", _("Licence reduction")
        CHURN = "churn", _("Churn")

    engagement = TenantForeignKey(
        "engagements.Engagement",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="outcomes",
    )
    kind = models.CharField(_("outcome"), max_length=10, choices=Kind)
    decided_date = models.DateField(_("decided on"))
    yearly_amount = amount_field(_("amount a year"), required=True)
    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY])
    reason = models.TextField(
        _("reason"), max_length=2000, help_text=_("Why the customer decided so, in their words.")
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-decided_date", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decided_date}"
