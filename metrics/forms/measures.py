"""What is measured, about what, how often and for which report."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from metrics.cadence import Cadence
from metrics.definitions import Definition
from metrics.models import Measure
from metrics.models.measures import CADENCES
from metrics.narrative.story import State
from metrics.queries import WHOLE, MeasurementPlan, Place
from people.models import User
from people.queries import get_staff
from rendering.editing import SharedForm
from rendering.translation import translated
from tenancy.scope import current_tenant_id

ABOUT = Measure.About
ORDERS = [
    ("", _("As added")),
    ("name", _("Name")),
    ("state", _("Needs attention first")),
    ("progress", _("Least done first")),
    ("deadline", _("Deadline")),
]
STATES = [
    ("", _("All")),
    (State.ACT.value, _("Act")),
    (State.WATCH.value, _("Watch")),
    (State.GOOD.value, _("Good")),
    (State.QUIET.value, _("Says nothing yet")),
]


class FiltersForm(forms.Form):
    """What of a list of measures is shown, and in which order; kept in the address."""

    q = forms.CharField(required=False, max_length=100)
    about = forms.ChoiceField(
        required=False, choices=[("", _("All")), ("engagement", ABOUT.ENGAGEMENT.label)]
    )
    state = forms.ChoiceField(required=False, choices=STATES)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=ORDERS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(kind.value, kind.label) for kind in ABOUT if kind.value]
        about: Any = self.fields["about"]
        about.choices = [*about.choices, *others]

    @property
    def chosen(self) -> dict[str, str]:
        """What was asked for and can be; what cannot is left out."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class MeasureForm(forms.Form):
    definition = forms.ChoiceField(label=_("Measure"))
    place = forms.ChoiceField(
        label=_("About"),
        required=False,
        help_text=_("What of the engagement it says something about."),
    )

    def __init__(
        self,
        *args: Any,
        offered: Iterable[Definition],
        places: Sequence[Place],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {item.key: item for item in offered}
        self._places = {place.value: place for place in places}
        definition: Any = self.fields["definition"]
        definition.choices = [(key, translated(item.label)) for key, item in self.offered.items()]
        place: Any = self.fields["place"]
        place.choices = [("", ABOUT.ENGAGEMENT.label), *_grouped(places)]

    @property
    def chosen(self) -> Definition:
        return self.offered[self.cleaned_data["definition"]]

    @property
    def chosen_place(self) -> Place:
        return self._places.get(self.cleaned_data["place"], WHOLE)


def _grouped(places: Iterable[Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        groups.setdefault(place.label, []).append((place.value, place.name))
    return list(groups.items())


class ReaderField(forms.ModelChoiceField[User]):
    """One of the workspace's own people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(User.objects.none(), *args, **kwargs)

    def offer(self) -> None:
        staff = get_staff(tenant_id=current_tenant_id())
        self.queryset = User.objects.filter(pk__in=[person.pk for person in staff])


class MeasurePlanForm(SharedForm[Measure]):
    class Meta:
        model = Measure
        fields = ["cadence", "minutes", "reader", "reported_in"]

    reader = ReaderField(
        label=_("Who reads it"),
        required=False,
        empty_label="–",
        help_text=_("Empty: whoever looks after the engagement."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reader: Any = self.fields["reader"]
        reader.offer()
        cadence: Any = self.fields["cadence"]
        cadence.choices = [("", _("As the plan suggests")), *CADENCES]


class CadencesForm:
    """How often each measure of a plan would be read, by the ids of the measures: `cadence-<id>`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.wished = {
            name.removeprefix("cadence-"): Cadence(value)
            for name, value in data.items()
            if name.startswith("cadence-") and value in {key for key, _label in CADENCES}
        }

    def differing(self, plan: MeasurementPlan) -> dict[str, Cadence]:
        """Those that are not what holds."""
        holds = {str(line.id): line.cadence for line in plan.lines if not line.automatic}
        return {
            key: cadence
            for key, cadence in self.wished.items()
            if key in holds and holds[key] is not cadence
        }
