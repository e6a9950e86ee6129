"""What metrics offers the command palette: measures, by what they measure and whose they are."""

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from metrics.definitions import latest_definitions
from metrics.models import Measure
from rendering.palette import Asked, Entry, Group
from rendering.translation import translated
from tenancy.search import fitting

MOST = 6
# Below the customer or engagement of the same name.
BELOW = 0.5


def entries(asked: Asked) -> list[Entry]:
    if not asked.text or not asked.may("see_measures"):
        return []
    rows = Measure.objects.filter(customer__archived_at=None, removed_at=None)
    rows = rows.annotate(label=_label())
    found = fitting(rows, asked.text, "label", "customer__name", "engagement__key")
    return [
        Entry(
            Group.MEASURE,
            label,
            reverse("metrics:measure", args=[asked.workspace, measure_id]),
            f"{key} · {customer}",
            max(fit - BELOW, 0.1),
        )
        for measure_id, label, key, customer, fit in found.values_list(
            "pk", "label", "engagement__key", "customer__name", "fit"
        )[:MOST]
    ]


def _label() -> Case:
    """What the catalogue calls a measure, as a column."""
    return Case(
        *(
            When(definition_key=definition.key, then=Value(translated(definition.label)))
            for definition in latest_definitions()
        ),
        default=Coalesce("own_definition__label", Value("")),
        output_field=CharField(),
    )
