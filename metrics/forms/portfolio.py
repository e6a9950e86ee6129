"""What the pages over all customers are asked; kept in the address."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.definitions import EARLIEST
from metrics.foresight import Signal
from metrics.forms.fields import DateInput
from metrics.narrative.foresight import SIGNALS
from rendering.translation import translated

USUAL_SPAN = 90
USUAL_SINCE = timedelta(days=91)


class GrowthForm(forms.Form):
    """The day from which growth counts; a quarter ago where none, or none that can be, is said."""

    since = forms.DateField(label=_("Since"), required=False, widget=DateInput())

    def chosen(self, *, today: date) -> date:
        self.is_valid()
        said: date | None = self.cleaned_data.get("since")
        return said if said and EARLIEST <= said < today else today - USUAL_SINCE


class ForesightForm(forms.Form):
    """Which figure, and how long before."""

    signal = forms.ChoiceField(label=_("Figure"), required=False)
    days = forms.TypedChoiceField(
        label=_("How long before"),
        required=False,
        coerce=int,
        choices=[
            (30, _("30 days before")),
            (60, _("60 days before")),
            (90, _("90 days before")),
            (180, _("180 days before")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signal: Any = self.fields["signal"]
        signal.choices = [(key.value, translated(words)) for key, words in SIGNALS.items()]

    @property
    def chosen(self) -> tuple[Signal, int]:
        """What was asked for and can be; the usual for what cannot."""
        self.is_valid()
        said = self.cleaned_data
        signal = said.get("signal") or Signal.HEALTH.value
        return Signal(signal), said.get("days") or USUAL_SPAN
