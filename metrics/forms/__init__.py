"""What people fill in about measures."""

from metrics.forms.agreements import (
    AgreementForm,
    MilestoneFormSet,
    agreement_of,
    goals_of,
)
from metrics.forms.alerts import AlertFiltersForm, AssignForm, ResolveForm
from metrics.forms.definitions import DefinitionForm
from metrics.forms.health import WeightsForm
from metrics.forms.measures import CadencesForm, FiltersForm, MeasureForm, MeasurePlanForm
from metrics.forms.portfolio import ForesightForm, GrowthForm
from metrics.forms.readings import BringInForm, ReadingForm, ReadingsFileForm

__all__ = [
    "AgreementForm",
    "AlertFiltersForm",
    "AssignForm",
    "BringInForm",
    "CadencesForm",
    "DefinitionForm",
    "FiltersForm",
    "ForesightForm",
    "GrowthForm",
    "MeasureForm",
    "MeasurePlanForm",
    "MilestoneFormSet",
    "ReadingForm",
    "ReadingsFileForm",
    "ResolveForm",
    "WeightsForm",
    "agreement_of",
    "goals_of",
]
