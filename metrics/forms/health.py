"""What each kind of measure weighs in the score."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.definitions import Definition
from metrics.queries import Weights
from rendering.translation import translated

MOST_WEIGHT = 100
WEIGHT = "weight-"


class WeightsForm(forms.Form):
    """A field for each definition, named `weight-<key>`; 0 leaves it out of the score."""

    watch_from = forms.FloatField(
        label=_("To be watched from"),
        min_value=1,
        max_value=99,
        help_text=_("Below this, somebody has to act."),
    )
    good_from = forms.FloatField(label=_("Good from"), min_value=2, max_value=100)
    note = forms.CharField(label=_("Why it changes"), max_length=200, required=False)

    def __init__(
        self, *args: Any, offered: Iterable[Definition], weights: Weights, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["watch_from"].initial = f"{weights.watch_from:g}"
        self.fields["good_from"].initial = f"{weights.good_from:g}"
        for item in offered:
            self.fields[f"{WEIGHT}{item.key}"] = forms.FloatField(
                label=translated(item.label),
                min_value=0,
                max_value=MOST_WEIGHT,
                initial=f"{weights.of(item.key):g}",
            )

    @property
    def asked(self) -> dict[str, Any]:
        """What the filled-in form says, for the operation."""
        data = self.cleaned_data
        return {
            "weights": {
                name.removeprefix(WEIGHT): amount
                for name, amount in data.items()
                if name.startswith(WEIGHT)
            },
            "watch_from": data["watch_from"],
            "good_from": data["good_from"],
            "note": data["note"],
        }
