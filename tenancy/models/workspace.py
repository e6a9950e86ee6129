"""Workspaces, who belongs to them, and the keys that open them to programs.

These tables are read before a scope exists, so they stand outside row security; the list of such
tables, with a reason each, is `tenancy.checks.GLOBAL_TABLES`.
"""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import new_id
from tenancy.scope import Realm

SLUG = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$",
    _("Use lower-case letters, digits and inner hyphens, at most 50."),
)


COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Give a colour as # and six hexadecimal digits."))


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class SecondFactorRule(models.TextChoices):
    """Who has to sign in with a second factor."""

    NOBODY = "", _("Nobody has to")
    ADMINS = "admins", _("Administrators")
    STAFF = "staff", _("Everybody on our side")


class Tenant(models.Model):
    """A workspace: one vendor's customer-success organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(_("short name"), max_length=50, unique=True, validators=[SLUG])
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    # How days, numbers and money are written: a BCP 47 tag.
    locale = models.CharField(_("formats"), max_length=12, default="en-GB")
    # ISO weekdays, Monday is 1.
    working_days = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("working days"), default=monday_to_friday
    )
    # A country or a part of one, such as NO or DE-BY, whose public holidays are days off.
    holiday_region = models.CharField(_("public holidays"), max_length=12, blank=True)
    accent = models.CharField(_("accent colour"), max_length=7, blank=True, validators=[COLOUR])
    # A small PNG that we encoded ourselves.
    logo = models.BinaryField(null=True, editable=False)
    second_factor = models.CharField(
        _("second factor required of"),
        max_length=8,
        choices=SecondFactorRule,
        default=SecondFactorRule.NOBODY,
        blank=True,
    )
    checklist_hidden_at = models.DateTimeField(null=True, editable=False)
    # Set while a deletion can still be taken back; from then on the workspace is closed.
    delete_after = models.DateTimeField(null=True, editable=False)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What somebody is in a workspace; what each may do stands in `tenancy.access`."""

    ADMIN = "admin", _("Administrator")
    MANAGER = "manager", _("CS manager")
    CSM = "csm", _("CSM")
    EXECUTIVE = "executive", _("Executive")
    LEAD = "lead", _("Customer lead (SPL)")
    MEMBER = "member", _("Customer member")

    @property
    def realm(self) -> Realm:
        return Realm.CUSTOMER if self in (Role.LEAD, Role.MEMBER) else Realm.STAFF


class Membership(models.Model):
    """One person's place in one workspace; on the customer's side also which customer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=12, choices=Role)
    # The app that owns customers gives this column its foreign key; here it stays opaque.
    customer_id = models.UUIDField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_membership_a_workspace"),
            models.CheckConstraint(
                name="customer_side_has_a_customer",
                condition=models.Q(role__in=[Role.LEAD, Role.MEMBER], customer_id__isnull=False)
                | models.Q(
                    role__in=[Role.ADMIN, Role.MANAGER, Role.CSM, Role.EXECUTIVE],
                    customer_id__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role}"

    @property
    def realm(self) -> Realm:
        return Role(self.role).realm


class ApiKeys(models.QuerySet["ApiKey"]):
    def live(self) -> Self:
        """Those that open something: not revoked, not past their end."""
        endless = models.Q(expires_at=None) | models.Q(expires_at__gt=Now())
        return self.filter(endless, revoked_at=None)


class ApiKey(models.Model):
    """A key for programs. Only its SHA-256 is kept; the key itself is shown once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    # What it opens, as "area:read" and "area:write".
    scopes = ArrayField(models.CharField(max_length=30), default=list)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    # A key's successor lives beside it until programs have changed over.
    replaces = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="successors"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar = ApiKeys.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
