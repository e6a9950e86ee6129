"""The forms that bring in a plan file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adoption.adapters.headings import is_computed

FIELD = "column_"
OURS = {
    "id": _("Id"),
    "outline": _("Outline number"),
    "name": _("Name"),
    "duration": _("Duration"),
    "predecessors": _("Waits for"),
    "constraint": _("Constraint"),
    "constraint_date": _("Date of the constraint"),
    "optimistic": _("Duration at best"),
    "pessimistic": _("Duration at worst"),
    "owner": _("Owner"),
    "needs": _("Needs"),
    "deadline": _("Deadline"),
    "percent_complete": _("Per cent complete"),
    "actual_start": _("Really begun"),
    "actual_finish": _("Really finished"),
    "remaining": _("Duration left"),
    "effort": _("Planned work"),
    "priority": _("Priority"),
    "manual": _("Placed by hand"),
    "deliverable": _("Deliverable"),
    "acceptance_test": _("Acceptance test"),
    "role": _("Role"),
    "kind": _("Kind of work"),
    "impact_group": _("Impact group"),
    "budget": _("Budget"),
    "cost": _("Cost"),
    "checklist": _("Checklist"),
    "notes": _("Notes"),
}


class PlanFileForm(forms.Form):
    file = forms.FileField(
        label=_("Plan file"),
        help_text=_(
            "Microsoft Project XML, or CSV or XLSX with a row a step. You see what it would change"
            " before anything does."
        ),
    )


class BringPlanForm(forms.Form):
    follows_today = forms.BooleanField(
        label=_("Keep the forecast current: work not yet done moves on with each day"),
        required=False,
    )


class FeedForm(forms.Form):
    with_own_packages = forms.BooleanField(
        label=_("My own work packages as well, from their first day to their last"), required=False
    )


class PlanColumnsForm(forms.Form):
    """Each column of a table with a choice of ours, or none."""

    def __init__(
        self, *args: Any, found: Sequence[str], names: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.found = [(f"{FIELD}{number}", heading) for number, heading in enumerate(found)]
        for field, heading in self.found:
            none = _("Computed here") if is_computed(heading) else _("Leave out")
            self.fields[field] = forms.ChoiceField(
                label=heading,
                choices=[("", none), *OURS.items()],
                required=False,
                initial=names.get(heading, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for field, heading in self.found:
            ours = cleaned.get(field)
            if ours and ours in taken:
                words = _("“%(other)s” is %(ours)s already.")
                named = {"other": taken[ours], "ours": OURS[ours]}
                self.add_error(field, forms.ValidationError(words, params=named))
            elif ours:
                taken[ours] = heading
        return cleaned

    @property
    def names(self) -> dict[str, str]:
        return {heading: self.cleaned_data.get(field, "") for field, heading in self.found}
