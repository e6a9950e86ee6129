"""What happened, as each person concerned is told: in the inbox, and by mail as they chose."""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from rendering.sentences import sentence_from_json
from rendering.translation import translated
from tenancy.fields import TenantForeignKey
from tenancy.models import Tenant, TenantModel, new_id


class Way(models.TextChoices):
    """How somebody hears of a kind of thing. In the inbox it stands whatever they choose."""

    NOW = "now", _("By mail, at once")
    DIGEST = "digest", _("In the daily digest")
    INBOX = "inbox", _("Only in the inbox")


class MailFormat(models.TextChoices):
    BOTH = "both", _("Text and HTML")
    TEXT = "text", _("Text only")


class Notification(TenantModel):
    """One thing that happened, for one person.

    What is about a customer names it, so that members on the customer's side are shown what is
    about their own customer and nothing else.

    It is open, or done, or snoozed until a moment; past that moment it is open again by itself.
    """

    customer_column = "customer_id"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # The app that owns customers gives this column its foreign key; here it stays opaque.
    customer_id = models.UUIDField(null=True, editable=False)
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=400)
    # What was told as a sentence with its facts is said in the reader's language.
    said = models.JSONField(null=True)
    url = models.CharField(max_length=400)
    # What makes it this one: told again under the same key, it is no second notification.
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)
    # What is done counts as read.
    done_at = models.DateTimeField(null=True)
    # When it went into a digest.
    digested_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "user", "key"], name="told_once"),
            models.CheckConstraint(
                name="done_is_read",
                condition=models.Q(done_at=None) | models.Q(read_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                models.F("tenant"),
                models.F("user"),
                Coalesce("snoozed_until", "created_at").desc(),
                models.F("id").desc(),
                name="inbox_newest_first",
            ),
            models.Index(
                fields=["tenant", "user"],
                condition=models.Q(read_at=None),
                name="inbox_unread",
            ),
            models.Index(
                fields=["tenant", "done_at"],
                condition=models.Q(done_at__isnull=False),
                name="inbox_done",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def words(self) -> str:
        """What happened, in the language in force."""
        return self.text if self.said is None else translated(sentence_from_json(self.said))


class Delivery(TenantModel):
    """One mail to one person: about one notification, or the digest of one day.

    It is written in the transaction of what it is about. Its text is kept for some weeks, so that
    the person and administrators can look up what was sent; then the row goes.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not delivered")
        SKIPPED = "skipped", _("Not needed")

    customer_column = "customer_id"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # As in a notification; of a digest only on the customer's side.
    customer_id = models.UUIDField(null=True, editable=False)
    notification = TenantForeignKey(
        Notification, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    # The day a digest is for, by the clock of the person.
    day = models.DateField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    # How often a mail server refused it for the moment.
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    address = models.EmailField(blank=True)
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # The same at every try, so that a mail system that gets it twice can tell.
    message_id = models.CharField(max_length=200, blank=True)
    # Why it was not sent, in a word or two of the mail server or our own.
    reason = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "notification"], name="one_mail_for_one"),
            models.UniqueConstraint(fields=["tenant", "user", "day"], name="one_digest_a_day"),
            models.CheckConstraint(
                name="a_mail_is_about_something",
                condition=models.Q(notification__isnull=False, day=None)
                | models.Q(notification=None, day__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "-id"], name="mail_newest_first"),
            models.Index(fields=["tenant", "user", "-id"], name="mail_of_a_person"),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.pk)


class DueMail(models.Model):
    """That a delivery, by the same id, is waiting, and from when on. Gone once it is settled.

    Outside row security, since the sender looks for mail of every workspace; so nothing stands
    here but ids and a time.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+", db_index=False)
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.pk)


class MailChoice(models.Model):
    """How somebody wants to hear of things, in all their workspaces. Without a row: as usual."""

    USUAL_HOUR = 8

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # The database's key takes the row along when somebody is forgotten; the migration makes it.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="mail_choice",
        db_constraint=False,
    )
    # {key of a group: a Way}; a group that is not named is as usual.
    ways = models.JSONField(default=dict)
    wants_digest = models.BooleanField(_("a digest each working day"), default=True)
    digest_hour = models.PositiveSmallIntegerField(
        _("at"), default=USUAL_HOUR, validators=[MaxValueValidator(23)]
    )
    # Empty: that of each workspace.
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    mail_format = models.CharField(
        _("mail as"), max_length=4, choices=MailFormat, default=MailFormat.BOTH
    )

    def __str__(self) -> str:
        return str(self.user_id)
