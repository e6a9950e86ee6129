"""What people fill in to begin a plan."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from adoption.forms.packages import DayInput
from adoption.queries.examples import PlanToCopy


class StartForm(forms.Form):
    """A plan from a list of steps."""

    name = forms.CharField(label=_("Name of the plan"), max_length=200)
    start = forms.DateField(label=_("Begins on"), widget=DayInput())
    text = forms.CharField(
        label=_("Steps"),
        max_length=400_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One a line. After a semicolon how long it takes, or the day it must be done. "
            "Rows of a spreadsheet can be pasted as they are."
        ),
    )


class LikeForm(forms.Form):
    """A plan like that of another engagement. `with_money` is there for those who see money."""

    source = forms.ChoiceField(label=_("Like the plan of"))
    name = forms.CharField(label=_("Name of the plan"), max_length=200)
    start = forms.DateField(
        label=_("Begins on"),
        widget=DayInput(),
        help_text=_("Deadlines and fixed days move along by as much."),
    )
    with_people = forms.BooleanField(
        label=_("Take owners along"),
        required=False,
        help_text=_("To another customer only people of ours go along."),
    )
    with_money = forms.BooleanField(label=_("Take budgets along"), required=False)

    def __init__(
        self, *args: Any, plans: Sequence[PlanToCopy], sees_money: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [("", _("Choose a plan")), *((one.id, _said(one)) for one in plans)]
        if not sees_money:
            del self.fields["with_money"]

    @property
    def source_id(self) -> UUID:
        return UUID(self.cleaned_data["source"])


def _said(one: PlanToCopy) -> str:
    steps = ngettext("%(n)s step", "%(n)s steps", one.packages) % {"n": one.packages}
    return _now("%(customer)s, %(engagement)s (%(steps)s)") % {
        "customer": one.customer,
        "engagement": one.engagement,
        "steps": steps,
    }
