"""Who a sender's names stand for: which customer, which person, and who does not count."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from engagements.models import CustomerModel
from tenancy.models import Tenant, TenantModel


class Belonging(CustomerModel):
    """That a person acts for a customer, from one moment until another or until further notice.

    Said by a group call, which later calls without a group rely on. A person may act for several
    customers; the one said last before an event is meant.
    """

    for_staff = True

    person = models.CharField(max_length=200)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-since_at", "-id"]
        indexes = [
            models.Index(fields=["tenant", "person", "-since_at"], name="belongings_of_person")
        ]

    def __str__(self) -> str:
        return self.person


class Domain(CustomerModel):
    """An e-mail domain whose people are a customer's, in small letters."""

    for_staff = True

    name = models.CharField(_("e-mail domain"), max_length=253)

    class Meta(CustomerModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="one_customer_a_domain",
                violation_error_message=_("Another customer has this domain already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class GroupName(CustomerModel):
    """What senders call a customer besides its external id."""

    for_staff = True

    said = models.CharField(max_length=120)

    class Meta(CustomerModel.Meta):
        ordering = ["said"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "said"], name="one_customer_a_group_name")
        ]

    def __str__(self) -> str:
        return self.said


class Alias(TenantModel):
    """That one id of a sender is the same person as another: events under both count once.

    `person` is never itself the `said` of another row. What was stored under `said` before is
    joined by the next night or refresh, and then has a `joined_at`.
    """

    for_staff = True

    said = models.CharField(max_length=200)
    person = models.CharField(max_length=200)
    known_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["said"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "said"], name="one_person_an_alias")
        ]
        indexes = [models.Index(fields=["tenant", "person"], name="aliases_of_person")]

    def __str__(self) -> str:
        return f"{self.said} = {self.person}"


class Exclusion(TenantModel):
    """People whose events are kept and never counted: the vendor's own staff, testers, robots."""

    for_staff = True

    class Kind(models.TextChoices):
        DOMAIN = "domain", _("Everybody of an e-mail domain")
        PERSON = "person", _("One user id or e-mail")

    kind = models.CharField(_("who"), max_length=6, choices=Kind, default=Kind.DOMAIN)
    pattern = models.CharField(_("domain, user id or e-mail"), max_length=254)
    reason = models.CharField(_("reason"), max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta(TenantModel.Meta):
        ordering = ["kind", "pattern"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "pattern"],
                name="one_exclusion_a_pattern",
                violation_error_message=_("They are left out already."),
            )
        ]

    def __str__(self) -> str:
        return self.pattern


class NameChange(models.Model):
    """That some name may stand for somebody else than before: a mark of what was remembered.

    Written by triggers whenever customers, end users, group names or aliases change, in the same
    transaction. A global table without content, so that it is written in any scope.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    changed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["tenant", "-id"], name="name_changes_of_tenant")]

    def __str__(self) -> str:
        return f"{self.pk}"
