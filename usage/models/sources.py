"""Where events come from, and the keys that let them in."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import Tenant, TenantModel, new_id

REQUESTS_A_SECOND = 1_000
EVENTS_A_DAY = 20_000_000


class Source(TenantModel):
    """One sender of events. Message ids are told apart within a source."""

    class Kind(models.TextChoices):
        HTTP = "http", _("Client libraries")
        FILES = "files", _("Files")

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.HTTP)
    creates_customers = models.BooleanField(
        _("create unknown customers from their group id"), default=False
    )
    group_types = ArrayField(
        models.CharField(max_length=60),
        verbose_name=_("group types that are customers"),
        default=list,
        blank=True,
        help_text=_("Separated by commas. Left empty: company, account, organization, customer."),
    )
    allowed_origins = ArrayField(
        models.CharField(max_length=200),
        verbose_name=_("web addresses that may send"),
        default=list,
        blank=True,
        help_text=_("Such as https://app.example.com, separated by commas. Left empty: any."),
    )
    dropped_properties = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("properties that are dropped"),
        default=list,
        db_default=[],
        blank=True,
        help_text=_(
            "Names, separated by commas. What stands under them in properties, traits or context is"
            " gone before anything is stored or shown."
        ),
    )
    requests_a_second = models.PositiveIntegerField(
        _("requests a second at most"),
        default=REQUESTS_A_SECOND,
        validators=[MinValueValidator(1)],
        help_text=_("Whatever is beyond is asked to wait a second and is then sent again."),
    )
    events_a_day = models.PositiveIntegerField(
        _("events a day at most"),
        default=EVENTS_A_DAY,
        validators=[MinValueValidator(1)],
        help_text=_("Counted by the workspace's calendar. Beyond it, senders are asked to wait."),
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(TenantModel.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="one_source_a_name",
                violation_error_message=_("Another source has this name already."),
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(kind="files"), name="one_source_for_files"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SourceKey(models.Model):
    """A write-only key of a source. Only its SHA-256 is kept; the key itself is shown once.

    Read before any scope is open, to find the workspace an event is for.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="source_keys")
    # Opaque here: the source itself stands under row security.
    source_id = models.UUIDField()
    prefix = models.CharField(max_length=12, unique=True)
    secret_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)
    # Noted once in a few minutes, see `usage.operations.note_key_use`.
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["tenant", "source_id"], name="keys_of_source")]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @property
    def is_still_tried(self) -> bool:
        """Whether somebody sends with it although it was revoked."""
        tried, revoked = self.last_used_at, self.revoked_at
        return tried is not None and revoked is not None and tried > revoked

    def day_of(self, now: datetime) -> date:
        """The day by the calendar of the key's workspace."""
        return now.astimezone(ZoneInfo(self.tenant.time_zone)).date()
