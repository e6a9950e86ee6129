"""What people fill in when they agree."""

from dataclasses import asdict
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics import definitions
from metrics.definitions import Baseline, Prior, Target, plain_milestones
from metrics.forms.fields import DateInput
from metrics.operations import Terms
from metrics.queries import Proposal

MOST_MILESTONES = 12
STEPS = [
    (definitions.Step.ACHIEVEMENT.value, _("Achievement")),
    (definitions.Step.SHARE.value, _("Share of the way")),
]


class AgreementForm(forms.Form):
    """Baseline and target; what the target lacks is refused by name."""

    quality = forms.CharField(
        label=_("What is to be reached"),
        max_length=200,
        help_text=_("The quality, in words both sides would use."),
        error_messages={"required": _("Say what is to be reached (quality).")},
    )
    amount = forms.FloatField(
        label=_("How much"), error_messages={"required": _("Say how much (quantity).")}
    )
    deadline = forms.DateField(
        label=_("By when"),
        widget=DateInput(),
        error_messages={"required": _("Say by when (deadline).")},
    )
    baseline_amount = forms.FloatField(
        label=_("Baseline"), help_text=_("The amount before the first step.")
    )
    baseline_date = forms.DateField(label=_("Measured on"), widget=DateInput())
    baseline_note = forms.CharField(
        label=_("How it was found"),
        max_length=120,
        required=False,
        help_text=_("Such as counted from the log of August."),
    )
    prior_amount = forms.FloatField(
        label=_("In the system before"),
        required=False,
        help_text=_("A reference beside the baseline, such as 2 % in the old portal."),
    )
    prior_note = forms.CharField(label=_("Which system that was"), max_length=120, required=False)
    for_customer = forms.CharField(label=_("Agreed for the customer by"), max_length=120)
    agreed_date = forms.DateField(label=_("Agreed on"), widget=DateInput())
    use_plain = forms.BooleanField(
        label=_("Set a quarter, half and three quarters of the way as milestones"), required=False
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("prior_note") and data.get("prior_amount") is None:
            self.add_error("prior_amount", _("Say how much it was there."))
        return data

    def clean_agreed_date(self) -> date:
        day: date = self.cleaned_data["agreed_date"]
        if day > self.today:
            raise forms.ValidationError(_("An agreement cannot be dated in the future."))
        return day

    @property
    def baseline(self) -> Baseline:
        data = self.cleaned_data
        return Baseline(data["baseline_amount"], data["baseline_date"], data["baseline_note"])

    def terms(self, milestones: tuple[definitions.Milestone, ...]) -> Terms:
        data = self.cleaned_data
        return Terms(
            baseline=self.baseline,
            quality=data["quality"],
            amount=data["amount"],
            deadline=data["deadline"],
            milestones=milestones or self._plain(),
            agreed_date=data["agreed_date"],
            for_customer=data["for_customer"],
            prior=self._prior(),
        )

    def _prior(self) -> Prior | None:
        data = self.cleaned_data
        if data["prior_amount"] is None:
            return None
        return Prior(data["prior_amount"], data["prior_note"])

    def _plain(self) -> tuple[definitions.Milestone, ...]:
        data = self.cleaned_data
        if not data["use_plain"]:
            return ()
        target = Target(data["quality"], data["amount"], data["deadline"])
        return plain_milestones(self.baseline, target)


class MilestoneForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    amount = forms.FloatField(label=_("Amount"), required=False)
    due_date = forms.DateField(label=_("Due"), required=False, widget=DateInput())
    step = forms.ChoiceField(label=_("Kind"), choices=STEPS, required=False)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        asked = ("name", "amount", "due_date")
        given = [name for name in asked if data.get(name) not in (None, "")]
        missing = [name for name in asked if name not in given and name not in self.errors]
        if given:
            for name in missing:
                self.add_error(name, _("A milestone has a name, an amount and a day."))
        return data

    @property
    def milestone(self) -> definitions.Milestone | None:
        data = self.cleaned_data
        if not data.get("name"):
            return None
        step = definitions.Step(data.get("step") or definitions.Step.ACHIEVEMENT)
        return definitions.Milestone(data["name"], data["amount"], data["due_date"], step)


def agreement_of(proposal: Proposal) -> dict[str, Any]:
    """A proposal as the form starts with it: whole amounts without a decimal point."""
    return {name: _plain_number(value) for name, value in asdict(proposal).items()}


def goals_of(proposal: Proposal) -> list[dict[str, Any]]:
    """The milestones of a proposal, as the rows of the form start with them."""
    return [
        {
            "name": goal.name,
            "amount": _plain_number(goal.amount),
            "due_date": goal.day,
            "step": goal.step.value,
        }
        for goal in proposal.milestones
    ]


def _plain_number(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Milestones(forms.BaseFormSet[MilestoneForm]):
    @property
    def milestones(self) -> tuple[definitions.Milestone, ...]:
        found = [form.milestone for form in self.forms]
        return tuple(milestone for milestone in found if milestone is not None)


MilestoneFormSet = forms.formset_factory(
    MilestoneForm,
    formset=_Milestones,
    extra=3,
    max_num=MOST_MILESTONES,
    absolute_max=MOST_MILESTONES,
    validate_max=True,
)
