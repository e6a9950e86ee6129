"""What people fill in about what was promised."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput
from engagements.models import (
    CriterionVersion,
    Engagement,
    Outcome,
    QuickWin,
    ScopeService,
    Stakeholder,
)
from rendering.editing import SharedForm


class ProblemForm(SharedForm[Engagement]):
    class Meta:
        model = Engagement
        fields = ["problem"]
        widgets = {"problem": forms.Textarea(attrs={"rows": 6})}


class ServiceForm(SharedForm[ScopeService]):
    class Meta:
        model = ScopeService
        fields = ["name", "monthly_volume", "stage"]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = ScopeService.objects.filter(
            engagement_id=self.instance.engagement_id, name__iexact=name
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This service is in the scope already."))
        return name


class QuickWinForm(SharedForm[QuickWin]):
    class Meta:
        model = QuickWin
        fields = ["result", "evidence", "reached_date", "earned"]
        widgets = {"evidence": forms.Textarea(attrs={"rows": 3}), "reached_date": DateInput()}

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_reached_date(self) -> date:
        reached: date = self.cleaned_data["reached_date"]
        if reached > self.today:
            raise forms.ValidationError(_("This day is still to come; record what was reached."))
        return reached


class CriterionForm(SharedForm[CriterionVersion]):
    """The wording of a criterion. Parts may still be missing; it cannot be agreed without them."""

    class Meta:
        model = CriterionVersion
        fields = [
            "statement",
            "owner",
            "measured_by",
            "quality",
            "unit",
            "baseline",
            "baseline_note",
            "target",
            "deadline",
            "value",
        ]
        widgets = {"deadline": DateInput()}

    change_reason = forms.CharField(label=_("Why it changes"), max_length=300, required=False)

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = Stakeholder.objects.filter(customer_id=engagement.customer_id)
        self.fields["value"].label = _("Value of reaching it, in %(currency)s") % {
            "currency": engagement.currency
        }
        for name in ("baseline", "target"):
            self.fields[name].widget.attrs["step"] = "any"
        if self.instance._state.adding or not self.instance.is_agreed:
            del self.fields["change_reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        baseline, target = cleaned.get("baseline"), cleaned.get("target")
        if baseline is not None and baseline == target:
            self.add_error("target", _("This is the baseline: nothing would have to change."))
        return cleaned


class AgreeForm(forms.Form):
    agreed_date = forms.DateField(label=_("Agreed on"), widget=DateInput())
    for_customer = forms.CharField(
        label=_("For the customer"),
        max_length=120,
        help_text=_("Who agreed to it, usually the SPL."),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_agreed_date(self) -> date:
        agreed: date = self.cleaned_data["agreed_date"]
        if agreed > self.today:
            raise forms.ValidationError(_("This day is still to come; give the day it was agreed."))
        return agreed


class WithdrawForm(forms.Form):
    because = forms.CharField(
        label=_("Why it no longer counts"),
        max_length=300,
        help_text=_("The criterion stays on record with this reason."),
    )


class OutcomeForm(SharedForm[Outcome]):
    class Meta:
        model = Outcome
        fields = ["kind", "decided_date", "yearly_amount", "currency", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3}), "decided_date": DateInput()}
        help_texts = {
            "yearly_amount": _("What was renewed, added or lost, a year; positive in each case.")
        }

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_decided_date(self) -> date:
        decided: date = self.cleaned_data["decided_date"]
        if decided > self.today:
            raise forms.ValidationError(_("This day is still to come; record what was decided."))
        return decided
