"""How measures are weighed into one score, and what the score was on each closed day."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel, Engagement
from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class HealthModel(TenantModel):
    """One version of a workspace's weights and bands. The newest is in force; none is changed.

    `weights` are numbers by the key of a definition; what is not named weighs 1. `watch_from` and
    `good_from` are the scores at which the middle and the upper band begin.
    """

    for_staff = True

    version = models.PositiveSmallIntegerField()
    weights = models.JSONField(default=dict)
    watch_from = models.FloatField(_("to be watched from"), default=50)
    good_from = models.FloatField(_("good from"), default=80)
    note = models.CharField(_("why"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "version"], name="one_health_model_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class HealthScore(CustomerModel):
    """The score of an engagement at the end of a closed day, by the version that was in force.

    `parts` are [measure id, weight, score or null, why it has none] in the order of their weights.
    """

    for_staff = True

    engagement = TenantForeignKey(
        Engagement, on_delete=models.CASCADE, related_name="health_scores", db_index=False
    )
    day = models.DateField()
    score = models.FloatField(null=True)
    coverage = models.FloatField()
    band = models.CharField(max_length=5, blank=True)
    model_version = models.PositiveSmallIntegerField()
    parts = models.JSONField(default=list)

    class Meta(CustomerModel.Meta):
        ordering = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "day"], name="one_health_score_a_day"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "customer", "day"], name="scores_of_customer")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.score}"
