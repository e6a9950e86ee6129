"""What people fill in about working time, resources and what needs them."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from adoption.forms.fields import DayInput, DaysOfWeekField, regions, weekdays
from adoption.models import Resource
from adoption.models.resources import LEAST_UNITS, MOST_UNITS
from adoption.scheduling import Shifts, is_region
from adoption.scheduling.terms import (
    ANY_TIME,
    LONGEST_RULE_DAYS,
    WHOLE_DAY,
    DayRule,
    Terms,
    read_hours,
    write_hours,
)
from engagements.models import Engagement, Stakeholder, TeamMember
from rendering.editing import SharedForm

EXAMPLE = _lazy("Such as 08:00–12:00, 13:00–17:00.")


class HoursField(forms.CharField):
    """Hours of a day; cleans to shifts, to none for an empty day."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=80, required=False, **kwargs)

    def clean(self, value: Any) -> Shifts:
        try:
            return read_hours(super().clean(value) or "")
        except ValueError:
            raise ValidationError(_("Write hours such as 08:00–12:00, 13:00–17:00.")) from None

    def prepare_value(self, value: Any) -> Any:
        return write_hours(value) if isinstance(value, tuple) else value


class RegionChoice(forms.ChoiceField):
    """A country or a part of one whose public holidays are free; empty for none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def offer(self, *shown: str) -> None:
        self.choices = [("", _("None")), *regions(*shown)]

    def valid_value(self, value: Any) -> bool:
        return is_region(str(value))


class WeekForm(forms.Form):
    """The hours of each day of the week, and whose public holidays are free."""

    def __init__(self, *args: Any, terms: Terms, usual: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms
        for day, name in weekdays():
            field = HoursField(label=name, initial=terms.week[day - 1])
            field.widget.attrs["placeholder"] = _("free")
            self.fields[f"day_{day}"] = field
        region = RegionChoice(label=_("Public holidays of"), initial=terms.region)
        region.offer(terms.region, usual)
        self.fields["region"] = region

    @property
    def days(self) -> list[Any]:
        return [self[f"day_{day}"] for day in range(1, 8)]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned[f"day_{day}"] for day in range(1, 8)):
            self.add_error("day_1", _("Say when work is done on at least one day."))
        return cleaned

    @property
    def asked(self) -> Terms:
        week = tuple(self.cleaned_data[f"day_{day}"] for day in range(1, 8))
        return replace(self.terms, week=week, region=self.cleaned_data["region"])


class DaysForm(forms.Form):
    """Days that differ from the week: days off, or days that are worked all the same."""

    OFF, THERE = "off", "there"

    first = forms.DateField(label=_lazy("From"), widget=DayInput())
    last = forms.DateField(label=_lazy("Until"), widget=DayInput(), required=False)
    kind = forms.ChoiceField(
        label=_lazy("What"), choices=[(OFF, _lazy("Not there")), (THERE, _lazy("There as well"))]
    )
    reason = forms.CharField(label=_lazy("Reason"), max_length=120, required=False)

    def __init__(self, *args: Any, hours: Shifts = WHOLE_DAY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hours = hours

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first"), cleaned.get("last") or cleaned.get("first")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST_RULE_DAYS:
            self.add_error("last", _("Choose a year at most."))
        return cleaned

    @property
    def rule(self) -> DayRule:
        found = self.cleaned_data
        shifts = () if found["kind"] == self.OFF else self.hours
        return DayRule(found["first"], found["last"] or found["first"], shifts, found["reason"])


class PlanDaysForm(DaysForm):
    """The same of a plan, whose extra days have hours."""

    kind = forms.ChoiceField(
        label=_lazy("What"),
        choices=[(DaysForm.OFF, _lazy("Day off")), (DaysForm.THERE, _lazy("Extra working day"))],
    )


class ResourceForm(SharedForm[Resource]):
    """A resource, who it is, and its usual week."""

    class Meta:
        model = Resource
        fields = ["name", "kind", "capacity"]

    person = forms.ChoiceField(
        label=_lazy("Is somebody of this engagement"),
        required=False,
        help_text=_lazy("Then they see what they are needed for."),
    )
    days = DaysOfWeekField(
        label=_lazy("Is there on"),
        help_text=_lazy("Choose no day for whenever the plan works."),
    )
    hours = HoursField(label=_lazy("Is there at"), help_text=EXAMPLE)
    region = RegionChoice(label=_lazy("Has the public holidays of"))
    shared = forms.BooleanField(
        label=_lazy("For every engagement of the workspace"),
        required=False,
        help_text=_lazy("What other plans ask of it counts as well. Only our side sees it."),
    )

    def __init__(
        self, *args: Any, engagement: Engagement, terms: Terms | None, staff: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.terms = terms or ANY_TIME
        self._people = _people_of(engagement)
        person: Any = self.fields["person"]
        person.choices = [("", "–"), *((key, str(row)) for key, row in self._people.items())]
        person.initial = _key_of(self.instance.team_member or self.instance.stakeholder)
        region: Any = self.fields["region"]
        region.offer(self.terms.region)
        region.initial = self.terms.region
        self.fields["days"].initial = _usual_days(self.terms)
        self.fields["hours"].initial = _usual_hours(self.terms)
        if not (staff and self.instance._state.adding):
            del self.fields["shared"]
        if self.instance.is_shared and not self.instance._state.adding:
            del self.fields["person"]

    @property
    def model_fields(self) -> dict[str, Any]:
        row = self._people.get(self.cleaned_data.get("person", ""))
        if self.cleaned_data.get("shared"):
            row = None
        return super().model_fields | {
            "team_member": row if isinstance(row, TeamMember) else None,
            "stakeholder": row if isinstance(row, Stakeholder) else None,
        }

    @property
    def asked_terms(self) -> Terms:
        hours = self.cleaned_data["hours"] or WHOLE_DAY
        days = self.cleaned_data["days"] or range(1, 8)
        week = tuple(hours if day in days else () for day in range(1, 8))
        return replace(self.terms, week=week, region=self.cleaned_data["region"])


class NeedForm(forms.Form):
    """Which work package needs a resource, and how much of it."""

    package = forms.CharField(
        label=_lazy("Work package"),
        max_length=640,
        widget=forms.TextInput(attrs={"list": "packages", "autocomplete": "off"}),
        help_text=_lazy("By its number, such as 1.2.1."),
    )
    units = forms.DecimalField(
        label=_lazy("Units"),
        min_value=LEAST_UNITS,
        max_value=MOST_UNITS,
        decimal_places=2,
        initial=Decimal(1),
        help_text=_lazy("1 is all of one person or room, 0.5 is half of one."),
    )


def _people_of(engagement: Engagement) -> dict[str, Any]:
    team = TeamMember.objects.filter(engagement=engagement)
    theirs = Stakeholder.objects.filter(customer_id=engagement.customer_id)
    return {_key_of(row): row for row in (*team, *theirs)}


def _key_of(row: Any) -> str:
    return f"{row._meta.model_name}:{row.pk}" if row else ""


def _usual_days(terms: Terms) -> Sequence[int]:
    """No day where the week says nothing."""
    if all(terms.week):
        return []
    return [day for day, shifts in enumerate(terms.week, start=1) if shifts]


def _usual_hours(terms: Terms) -> Shifts:
    """The hours of the first day that has any; none where they are the plan's."""
    hours = next((shifts for shifts in terms.week if shifts), ())
    return () if hours == WHOLE_DAY else hours
