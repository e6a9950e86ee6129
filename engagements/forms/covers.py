"""What people say when they hand customers over or go on leave."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput
from engagements.models import Customer
from people.models import User
from people.queries import get_staff
from tenancy.scope import current_tenant_id


def staff_field(label: Any) -> "forms.ModelChoiceField[User]":
    """Somebody of the workspace who may look after customers; filled when a form is made."""
    return forms.ModelChoiceField(queryset=User.objects.none(), label=label, empty_label="–")


def note_field(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class _StaffForm(forms.Form):
    people: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = [person.pk for person in get_staff(tenant_id=current_tenant_id())]
        for name in self.people:
            chosen: Any = self.fields[name]
            chosen.queryset = User.objects.filter(pk__in=staff).order_by("name", "email")


class HandOverForm(_StaffForm):
    people = ("to_user",)

    to_user = staff_field(_("To whom"))
    with_work = forms.BooleanField(
        label=_("also the open risks, concerns and tasks they own there"),
        required=False,
        initial=True,
    )
    note = note_field(_("What the new CSM should know"))
    customers = forms.MultipleChoiceField(label=_("Customers"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, portfolio: Sequence[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed: Any = self.fields["customers"]
        listed.choices = [(str(row.pk), row.name) for row in portfolio]
        listed.initial = [str(row.pk) for row in portfolio]
        self.portfolio = portfolio

    @property
    def chosen(self) -> list[Customer]:
        wanted = set(self.cleaned_data["customers"])
        return [row for row in self.portfolio if str(row.pk) in wanted]


class CoverForm(_StaffForm):
    people = ("person", "stand_in")

    person = staff_field(_("Who is away"))
    stand_in = staff_field(_("Who stands in"))
    from_date = forms.DateField(label=_("First day"), widget=DateInput())
    to_date = forms.DateField(label=_("Last day"), widget=DateInput())
    note = note_field(_("What the stand-in should know"))
