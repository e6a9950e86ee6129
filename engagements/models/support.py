"""What people asked the help desk, and whether they were helped to do it themselves."""

from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models.base import CustomerModel
from engagements.models.routes import Way
from tenancy.fields import TenantForeignKey

ONE_TICKET = _("A ticket is one contact.")


class SupportContact(CustomerModel):
    """A call or ticket, or a day's sum of such that are alike.

    Somebody who asks how is `coached` through it or has it done for them (`did_for`); both ask how.
    """

    class Outcome(models.TextChoices):
        COACHED = "coached", _("Coached")
        DID_FOR = "did_for", _("Did it for the user")
        FAULT = "fault", _("Fault")
        OTHER = "other", _("Something else")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Telephone")
        EMAIL = "email", _("E-mail")
        CHAT = "chat", _("Chat")
        PORTAL = "portal", _("Portal")
        PERSON = "in_person", _("In person")
        OTHER = "other", _("Something else")

    HOW_TO: ClassVar = (Outcome.COACHED, Outcome.DID_FOR)

    engagement = TenantForeignKey(
        "engagements.Engagement", on_delete=models.CASCADE, related_name="support_contacts"
    )
    day = models.DateField(_("day"))
    outcome = models.CharField(_("what became of it"), max_length=8, choices=Outcome)
    count = models.PositiveIntegerField(
        _("contacts"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(1_000_000)],
        help_text=_("More than one for a day’s sum."),
    )
    channel = models.CharField(_("channel"), max_length=9, choices=Channel, blank=True)
    topic = models.CharField(
        _("topic"), max_length=120, blank=True, help_text=_("The feature it was about.")
    )
    impact_group = TenantForeignKey(
        "engagements.ImpactGroup",
        verbose_name=_("impact group"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    end_user = TenantForeignKey(
        "engagements.EndUser",
        verbose_name=_("end user"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    ticket = models.CharField(
        _("ticket"),
        max_length=100,
        blank=True,
        help_text=_("Its id in the help desk’s system. Sent again, it is the same contact."),
    )
    way = models.CharField(max_length=4, choices=Way, default=Way.HAND)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(CustomerModel.Meta):
        ordering = ["-day", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "engagement", "ticket"],
                name="one_contact_a_ticket",
                condition=~models.Q(ticket=""),
                violation_error_message=_("Another contact has this ticket already."),
            ),
            models.CheckConstraint(
                name="a_ticket_is_one_contact",
                condition=models.Q(ticket="") | models.Q(count=1),
                violation_error_message=ONE_TICKET,
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "engagement", "-day"], name="contacts_of_engagement")
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.day}"

    def clean(self) -> None:
        super().clean()
        if self.ticket and self.count != 1:
            raise ValidationError({"count": ONE_TICKET})
