"""Workspaces, who belongs to them, and the keys that open them to programs.

These tables are read before a scope exists, so they stand outside row security; the list of such
tables, with a reason each, is `tenancy.checks.GLOBAL_TABLES`.
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import new_id
from tenancy.scope import Realm

SLUG = RegexValidator(
    r"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$",
    _("Use lower-case letters, digits and inner hyphens, at most 50."),
)


class Tenant(models.Model):
    """A workspace: one vendor's customer-success organisation."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.CharField(_("short name"), max_length=50, unique=True, validators=[SLUG])
    name = models.CharField(_("name"), max_length=120)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
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


class ApiKey(models.Model):
    """A key for programs. Only its SHA-256 is kept; the key itself is shown once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    can_write = models.BooleanField(_("may change data"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
