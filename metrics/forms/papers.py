"""What people fill in about decision papers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from metrics.forms.fields import DateInput
from metrics.models import DecisionPaper, PaperOption
from metrics.operations import Decision
from metrics.papers import MeasureChange, Outcome
from metrics.queries import Aimed
from rendering.editing import SharedForm

Named = Sequence[tuple[UUID, str]]
EFFECTS = ("pace", "amount", "deadline")


class PaperForm(SharedForm[DecisionPaper]):
    class Meta:
        model = DecisionPaper
        fields = ["question", "interpretation", "decide_by"]
        widgets = {"interpretation": forms.Textarea(attrs={"rows": 6}), "decide_by": DateInput()}


class OptionForm(SharedForm[PaperOption]):
    """`what_if` offers the what-ifs of the plan: the finish of the chosen one is the forecast."""

    class Meta:
        model = PaperOption
        fields = ["name", "justification", "source", "money", "work_days", "resources"]
        widgets = {"justification": forms.Textarea(attrs={"rows": 4})}

    what_if = forms.ChoiceField(
        label=_("What-if of the plan"),
        required=False,
        help_text=_(
            "Its finish is the forecast; when the option is approved, it becomes the plan."
        ),
    )

    def __init__(self, *args: Any, what_ifs: Named, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {str(key): name for key, name in what_ifs}
        chosen: Any = self.fields["what_if"]
        chosen.choices = [("", _("None: the plan stays as it is")), *self.names.items()]
        chosen.initial = str(self.instance.what_if_id or "")
        self.fields["money"].label = _("Cost in %(currency)s") % {"currency": currency}

    @property
    def model_fields(self) -> dict[str, Any]:
        key = self.cleaned_data.get("what_if", "")
        return super().model_fields | {
            "what_if_id": UUID(key) if key else None,
            "what_if_name": self.names.get(key, ""),
        }


class EffectsForm(forms.Form):
    """What an option does to each of the measures: three fields for each, named by its id."""

    def __init__(
        self, *args: Any, measures: Sequence[Aimed], changes: Sequence[MeasureChange], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.measures = measures
        held = {change.key: change for change in changes}
        for one in measures:
            change = held.get(one.key, MeasureChange(one.key))
            self._offer(one, change)

    def _offer(self, one: Aimed, change: MeasureChange) -> None:
        self.fields[f"pace-{one.key}"] = forms.FloatField(
            label=_("%(measure)s: closer to the target a week by") % {"measure": one.name},
            required=False,
            min_value=0,
            initial=change.pace,
        )
        self.fields[f"amount-{one.key}"] = forms.FloatField(
            label=_("%(measure)s: new target") % {"measure": one.name},
            required=False,
            initial=change.amount,
        )
        self.fields[f"deadline-{one.key}"] = forms.DateField(
            label=_("%(measure)s: new day") % {"measure": one.name},
            required=False,
            initial=change.deadline,
            widget=DateInput(),
        )

    @property
    def rows(self) -> list[tuple[Aimed, list[forms.BoundField]]]:
        """Each measure with its fields, as the page shows them in a table."""
        return [(one, [self[f"{name}-{one.key}"] for name in EFFECTS]) for one in self.measures]

    @property
    def changes(self) -> list[MeasureChange]:
        """What was filled in, a value for each measure. What repeats the target is no change."""
        return [
            MeasureChange(
                one.key,
                pace=self.cleaned_data[f"pace-{one.key}"] or None,
                amount=_other(self.cleaned_data[f"amount-{one.key}"], one.target.amount),
                deadline=_other(self.cleaned_data[f"deadline-{one.key}"], one.target.deadline),
            )
            for one in self.measures
        ]

    def refuse(self, error: ValidationError) -> None:
        """Put what was refused beside the measure it is about."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for key, words in error.message_dict.items():
            name = f"amount-{key}"
            for word in words:
                self.add_error(name if name in self.fields else None, word)


def _other(asked: Any, now: Any) -> Any:
    return None if asked == now else asked


class AskForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    reply = forms.CharField(
        label=_("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What was decided"), choices=DecisionPaper.OUTCOMES, widget=forms.RadioSelect
    )
    option = forms.ChoiceField(
        label=_("Approved option"),
        required=False,
        help_text=_(
            "Its what-if becomes the plan, its cost a line of the budget, and its targets are "
            "agreed; the customer’s lead confirms them."
        ),
    )
    decided_by = forms.CharField(label=_("Decided by"), max_length=120)
    note = forms.CharField(
        label=_("In their words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for a third way: what was agreed instead."),
    )
    agreed_finish = forms.DateField(
        label=_("Agreed finish of a third way"), required=False, widget=DateInput()
    )
    agreed_money = forms.DecimalField(
        label=_("Agreed cost at the finish"), required=False, min_value=0, max_digits=14
    )

    def __init__(self, *args: Any, options: Named, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["option"]
        offered.choices = [(str(key), name) for key, name in options]
        label = _("Agreed cost at the finish, in %(currency)s") % {"currency": currency}
        self.fields["agreed_money"].label = label

    @property
    def decision(self) -> Decision:
        found = self.cleaned_data
        return Decision(
            outcome=Outcome(found["outcome"]),
            decided_by=found["decided_by"],
            option_id=UUID(found["option"]) if found["option"] else None,
            note=found["note"],
            agreed_finish=found["agreed_finish"],
            agreed_money=found["agreed_money"],
        )
