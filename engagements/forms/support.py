"""What people fill in about contacts with the help desk."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput
from engagements.models import EndUser, Engagement, ImpactGroup, SupportContact
from rendering.editing import SharedForm


class ContactForm(SharedForm[SupportContact]):
    class Meta:
        model = SupportContact
        fields = ["day", "outcome", "topic", "channel", "impact_group", "count", "ticket"]
        widgets = {"day": DateInput()}

    person = forms.CharField(
        label=_("End user"),
        max_length=200,
        required=False,
        help_text=_("The id this person has in your usage events, if you note who it was."),
    )
    field_order = ["day", "outcome", "topic", "channel", "impact_group", "person"]

    def __init__(self, *args: Any, engagement: Engagement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.today = engagement, today
        groups: Any = self.fields["impact_group"]
        groups.queryset = ImpactGroup.objects.filter(engagement_id=engagement.pk)
        user = self.instance.end_user
        self.fields["person"].initial = user.external_id if user else ""

    @property
    def model_fields(self) -> dict[str, Any]:
        return super().model_fields | {"end_user": self.cleaned_data["person"]}

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("This day is still to come."))
        return day

    def clean_ticket(self) -> str:
        ticket: str = self.cleaned_data["ticket"].strip()
        others = SupportContact.objects.filter(engagement_id=self.engagement.pk, ticket=ticket)
        if ticket and others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another contact has this ticket already."))
        return ticket

    def clean_person(self) -> EndUser | None:
        """Somebody the customer is known to have; nobody is made up by a typing error."""
        said = self.cleaned_data["person"].strip()
        if not said:
            return None
        found = EndUser.objects.filter(
            customer_id=self.engagement.customer_id, external_id=said
        ).first()
        if found is None:
            raise ValidationError(_("Nobody at this customer has this id."))
        return found
