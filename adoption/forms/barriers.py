"""What people fill in about barriers."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from adoption.forms.assessments import PackageField
from adoption.forms.fields import DayInput
from adoption.forms.packages import owner_fields
from adoption.models import Barrier
from adoption.queries.barriers import ORDERS, STATES
from adoption.queries.choices import choices_of
from engagements.models import Engagement, ImpactGroup
from rendering.editing import SharedForm

ID = re.compile(r"[0-9a-f-]{36}")


class GroupsField(forms.MultipleChoiceField):
    """Impact groups of an engagement by their ids, in the order of their names."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self) -> None:
        super().__init__(label=_lazy("Groups it stops"))

    def clean(self, value: Any) -> list[str]:
        # A shared form hands over what another person chose as text.
        asked = set(ID.findall(value) if isinstance(value, str) else super().clean(value))
        offered: Any = self.choices
        return [key for key, _name in offered if key in asked]


class BarrierForm(SharedForm[Barrier]):
    class Meta:
        model = Barrier
        fields = ["kind", "effect", "since_date", "severity", "package_uid", "due_date", "state"]
        widgets = {"since_date": DayInput(), "due_date": DayInput()}

    groups = GroupsField()
    person = forms.ChoiceField(
        label=_lazy("Owner"),
        required=False,
        help_text=_lazy("Somebody outside the groups it stops, who can remove it."),
    )
    package_uid = PackageField()
    field_order = ["kind", "effect", "groups", "since_date", "severity", "person", "due_date"]

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement = engagement
        found = choices_of(engagement)
        groups: Any = self.fields["groups"]
        groups.choices = found["group_choices"]
        person: Any = self.fields["person"]
        person.choices = [("", "–"), *(group for group in found["owner_choices"] if group[1])]
        person.initial = _owner_key(self.instance)
        package: Any = self.fields["package_uid"]
        package.offer(engagement, self.instance.package_uid)
        if self.instance._state.adding:
            del self.fields["state"]
        else:
            stopped = {str(one.impact_group_id) for one in self.instance.stops.all()}
            groups.initial = [key for key, _name in groups.choices if key in stopped]

    @property
    def model_fields(self) -> dict[str, Any]:
        named = owner_fields(self.cleaned_data["person"], self.engagement.customer_id)
        return super().model_fields | {
            "owner": named["owner_member"],
            "owner_at_customer": named["owner_stakeholder"],
        }

    @property
    def asked_groups(self) -> list[ImpactGroup]:
        rows = ImpactGroup.objects.filter(engagement=self.engagement)
        return list(rows.filter(pk__in=self.cleaned_data["groups"]))

    def say_refusal(self, refusal: Any) -> None:
        """What an operation refused, beside the field it is about."""
        said = refusal.message_dict if hasattr(refusal, "error_dict") else {None: refusal.messages}
        for name, texts in said.items():
            field = "person" if name in ("owner", "owner_at_customer") else name
            self.add_error(field if field in self.fields else None, _each(texts))


def _each(texts: Iterable[str]) -> Any:
    return [forms.ValidationError(text) for text in texts]


def _owner_key(row: Barrier) -> str:
    if row.owner_id:
        return f"user:{row.owner_id}"
    return f"stakeholder:{row.owner_at_customer_id}" if row.owner_at_customer_id else ""


class RemovalForm(forms.Form):
    removed_date = forms.DateField(label=_lazy("Removed on"), widget=DayInput())
    removed_how = forms.CharField(
        label=_lazy("What removed it"),
        max_length=300,
        help_text=_lazy("Others with the same barrier read it."),
    )


class BarrierFiltersForm(forms.Form):
    """What a list of barriers is narrowed to, as the address says it."""

    state = forms.ChoiceField(required=False, choices=[(key, key) for key in (*STATES, "all")])
    kind = forms.ChoiceField(
        label=_lazy("Kind"),
        required=False,
        choices=[("", _lazy("Any kind")), *Barrier.Kind.choices],
    )
    group = forms.UUIDField(label=_lazy("Impact group"), required=False)
    order = forms.ChoiceField(
        label=_lazy("Order"),
        required=False,
        choices=[
            ("", _lazy("Worst first")),
            *zip(
                [key for key in ORDERS if key != "severity"],
                [
                    _lazy("Longest there first"),
                    _lazy("Due first"),
                    _lazy("By kind"),
                    _lazy("By owner"),
                ],
                strict=True,
            ),
        ],
    )
