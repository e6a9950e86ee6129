"""What goes out by mail and lets somebody in: only the SHA-256 of each link's secret is kept.

A row is made when somebody asks; its secret is made where the mail is written. So a secret stands
in the mail and nowhere else.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenancy.models import Role, Tenant, new_id
from tenancy.models.workspace import SLUG


class Letter(models.Model):
    """A mail that is due until `sent_at` is set, and the link in it."""

    # How long the link in it works, and how long an unsent one is worth sending.
    lifetime: ClassVar[timedelta]
    sent_within: ClassVar[timedelta]

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("e-mail"))
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    prefix = models.CharField(max_length=12, unique=True, null=True)
    secret_hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.email}"

    def is_open(self, now: datetime) -> bool:
        """Whether the link in the mail works."""
        return self.used_at is None and self.expires_at is not None and now < self.expires_at


class Purpose(models.TextChoices):
    """What a link to somebody's own address is for."""

    SIGN_IN = "sign_in", _("Sign in")
    PROVE = "prove", _("Prove who is there")
    PASSWORD = "password", _("Choose a password")


class MailedLink(Letter):
    """A link somebody asked for with their address; for an address nobody has, no mail goes out."""

    lifetime = timedelta(minutes=10)
    sent_within = timedelta(minutes=10)

    purpose = models.CharField(max_length=8, choices=Purpose)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    next_path = models.CharField(max_length=500, blank=True)


class Invitation(Letter):
    """A place in a workspace, offered to an address."""

    lifetime = timedelta(days=7)
    sent_within = timedelta(days=1)

    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(max_length=12, choices=Role)
    # As in a membership: on the customer's side the one customer.
    customer_id = models.UUIDField(null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "tenant",
                Lower("email"),
                condition=models.Q(used_at=None, revoked_at=None),
                name="one_open_invitation_an_address",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and super().is_open(now)

    @property
    def state(self) -> str:
        """Without the clock: "accepted", "revoked", "waiting" for its mail, or "sent"."""
        if self.used_at is not None:
            return "accepted"
        if self.revoked_at is not None:
            return "revoked"
        return "waiting" if self.sent_at is None else "sent"


class Registration(Letter):
    """Somebody who wants a workspace and has to show that the address is theirs."""

    lifetime = timedelta(days=1)
    sent_within = timedelta(hours=1)

    name = models.CharField(_("name"), max_length=120)
    # As in a person's row: hashed, never the password.
    password = models.CharField(max_length=128)
    workspace_name = models.CharField(_("workspace"), max_length=120)
    slug = models.CharField(_("short name"), max_length=50, validators=[SLUG])
    time_zone = models.CharField(_("time zone"), max_length=64)


KINDS: dict[str, type[Letter]] = {
    "link": MailedLink,
    "invitation": Invitation,
    "registration": Registration,
}
