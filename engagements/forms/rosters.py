"""What people fill in about impact groups, rosters, stakeholders, teams and offerings."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput
from engagements.models import (
    Engagement,
    ImpactGroup,
    Offering,
    RosterEntry,
    Stakeholder,
    TeamMember,
)
from rendering.editing import SharedForm


def _only_groups_of(form: Any, engagement: Engagement) -> None:
    groups = ImpactGroup.objects.filter(engagement_id=engagement.pk)
    form.fields["impact_group"].queryset = groups


class ImpactGroupForm(SharedForm[ImpactGroup]):
    class Meta:
        model = ImpactGroup
        fields = ["name", "size", "features", "working_pattern", "what_changes"]
        widgets = {"what_changes": forms.Textarea(attrs={"rows": 3})}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = ImpactGroup.objects.filter(
            engagement_id=self.instance.engagement_id, name__iexact=name
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another impact group has this name already."))
        return name


class RosterEntryForm(SharedForm[RosterEntry]):
    class Meta:
        model = RosterEntry
        fields = ["impact_group", "access_since", "proficient_since", "proficient_by"]
        widgets = {"access_since": DateInput(), "proficient_since": DateInput()}

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only_groups_of(self, engagement)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("proficient_since") and not cleaned.get("proficient_by"):
            words = _("Say which assessment showed that they are proficient.")
            self.add_error("proficient_by", words)
        return cleaned


class NewEntryForm(RosterEntryForm):
    """Somebody who is not on the roster yet."""

    external_id = forms.CharField(
        label=_("External id"),
        max_length=200,
        help_text=_("The id this person has in your usage events."),
    )
    person_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    field_order = ["external_id", "person_name", "email"]


class AccessForm(forms.Form):
    since = forms.DateField(label=_("Everybody has access since"), widget=DateInput())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return since


class StakeholderForm(SharedForm[Stakeholder]):
    class Meta:
        model = Stakeholder
        fields = [
            "name",
            "email",
            "title",
            "influence",
            "attitude",
            "is_sponsor",
            "in_committee",
        ]


class TeamMemberForm(SharedForm[TeamMember]):
    class Meta:
        model = TeamMember
        fields = ["profile", "side", "role", "name", "time", "start_date", "end_date"]
        widgets = {"start_date": DateInput(), "end_date": DateInput()}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("start_date"), cleaned.get("end_date")
        if first and last and last < first:
            self.add_error("end_date", _("The last day lies before the first."))
        return cleaned


class OfferingForm(SharedForm[Offering]):
    class Meta:
        model = Offering
        fields = ["kind", "name", "impact_group", "offered_date", "offered_to", "taken_by"]
        widgets = {"offered_date": DateInput()}

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only_groups_of(self, engagement)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        offered, taken = cleaned.get("offered_to"), cleaned.get("taken_by")
        if offered is not None and taken is not None and taken > offered:
            self.add_error("taken_by", _("More people took it than it was offered to."))
        return cleaned
