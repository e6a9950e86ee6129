"""The customer's people: those who decide, and those whose daily work changes."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel


class Stakeholder(CustomerModel):
    """Somebody at the customer who has a say in the engagement; the SPL is one of them."""

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    title = models.CharField(_("title"), max_length=120, blank=True)

    class Meta(CustomerModel.Meta):
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "name", "email"], name="one_stakeholder_a_person"
            )
        ]

    def __str__(self) -> str:
        return self.name


class EndUser(CustomerModel):
    """Somebody at the customer who is meant to use the software."""

    external_id = models.CharField(_("external id"), max_length=200)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["external_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "external_id"], name="one_end_user_an_external_id"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.external_id
