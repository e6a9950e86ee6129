"""What people fill in about routes and what was counted on them; files of a register."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from engagements.forms.fields import DateInput, OwnerField, owner_fields
from engagements.models import Engagement, WorkRoute
from engagements.models.routes import PERIODS
from engagements.operations.routes import LARGEST, NewVolume, refuse_impossible_volume
from engagements.periods import Period, last_day, last_over
from rendering.editing import SharedForm

ROUTE = "route_"


class RouteForm(SharedForm[WorkRoute]):
    class Meta:
        model = WorkRoute
        fields = ["name", "kind", "shut_off_date", "shut_date", "note"]
        widgets = {"shut_off_date": DateInput(), "shut_date": DateInput()}

    person = OwnerField(label=_("Owner"))
    field_order = ["name", "kind", "person", "shut_off_date", "shut_date", "note"]

    def __init__(self, *args: Any, engagement: Engagement, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.engagement, self.today = engagement, today
        person: Any = self.fields["person"]
        person.offer(engagement.customer_id)
        person.initial = OwnerField.named(self.instance.owner, self.instance.owner_at_customer)

    @property
    def model_fields(self) -> dict[str, Any]:
        return super().model_fields | owner_fields(self.cleaned_data["person"])

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = WorkRoute.objects.filter(
            engagement_id=self.engagement.pk, deleted_at=None, name__iexact=name
        )
        if others.exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Another route has this name already."))
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("kind") == WorkRoute.Kind.NEW:
            for name in ("shut_off_date", "shut_date"):
                if cleaned.get(name):
                    self.add_error(name, _("The new software is not shut off."))
        shut = cleaned.get("shut_date")
        if shut and shut > self.today:
            self.add_error("shut_date", _("This day is still to come."))
        return cleaned


class VolumesForm(forms.Form):
    """What was counted in one period on every route; an empty field was not counted."""

    day = forms.DateField(
        label=_("Any day of the period"),
        widget=DateInput(),
        help_text=_("The week or month it lies in must be over."),
    )
    period = forms.ChoiceField(
        label=_("Counted by"),
        choices=PERIODS,
        help_text=_("The same for all routes of the engagement, and it stays so."),
    )

    def __init__(
        self,
        *args: Any,
        routes: Sequence[WorkRoute],
        period: Period | None,
        today: date,
        shown: date | None,
        known: Mapping[UUID, int],
        **kwargs: Any,
    ) -> None:
        """`shown` is the last day of the period whose figures stand in the form: `known`."""
        super().__init__(*args, **kwargs)
        self.routes, self.counted_by, self.today = routes, period, today
        self.shown, self.known = shown, known
        if period is not None:
            del self.fields["period"]
        self.fields["day"].initial = shown or last_over(period or Period.WEEK, today)
        for route in routes:
            self.fields[f"{ROUTE}{route.pk}"] = forms.IntegerField(
                label=route.name,
                required=False,
                min_value=0,
                max_value=LARGEST,
                initial=known.get(route.pk),
            )

    @property
    def chosen(self) -> Period:
        return self.counted_by or Period(self.cleaned_data["period"])

    @property
    def items(self) -> list[NewVolume]:
        """What was typed; an emptied field takes away what stood in it."""
        day = self.cleaned_data["day"]
        said = [(route, self.cleaned_data[f"{ROUTE}{route.pk}"]) for route in self.routes]
        return [
            NewVolume(route, day, amount)
            for route, amount in said
            if amount is not None or route.pk in self.known
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "day" in cleaned and (self.counted_by or cleaned.get("period")):
            self._check_day(cleaned["day"])
        return cleaned

    def _check_day(self, day: date) -> None:
        try:
            refuse_impossible_volume(day, None, self.chosen, self.today)
        except ValidationError as error:
            self.add_error(None, error)
        if self.known and self.shown != last_day(self.chosen, day):
            words = _("These are the figures of another period. Open this one from the list.")
            self.add_error("day", words)


class ShutForm(forms.Form):
    day = forms.DateField(label=_("Shut off since"), widget=DateInput())


class RegisterFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (XLSX) with the column names in the first row."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xlsm"}),
    )
