"""Who looks after whose customers: a portfolio handed over for good, and cover during leave."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel


class HandOver(TenantModel):
    """Customers that went from one CSM to another, with what was moved, to be moved back."""

    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    note = models.TextField(_("what the new CSM should know"), max_length=4000, blank=True)
    handed_over_at = models.DateTimeField()
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    # {name of a table: [ids]} of the rows that changed hands.
    moved = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-handed_over_at", "-id"]

    def __str__(self) -> str:
        return f"{self.from_user_id} to {self.to_user_id}"


class Cover(TenantModel):
    """Somebody looks after another's customers from one day to another, and it ends by itself."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who is away"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who stands in"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    from_date = models.DateField(_("first day"))
    to_date = models.DateField(_("last day"))
    note = models.TextField(_("what the stand-in should know"), max_length=4000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["-from_date", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="cover_ends_after_it_begins",
                condition=models.Q(to_date__gte=models.F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="nobody_covers_for_themselves",
                condition=~models.Q(person=models.F("stand_in")),
                violation_error_message=_("Choose somebody else to stand in."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stand_in_id} for {self.person_id}"
