"""What metrics offers the command palette: measures, by what they measure and whose they are."""

from django.db.models import Case, CharField, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

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
        return _pages(asked)
    rows = Measure.objects.filter(customer__archived_at=None, removed_at=None)
    rows = rows.annotate(label=_label())
    found = fitting(rows, asked.text, "label", "customer__name", "engagement__key")
    return _pages(asked) + [
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


def _pages(asked: Asked) -> list[Entry]:
    if not asked.may("see_customers"):
        return []
    growth, foresight = (
        reverse(f"metrics:{name}", args=[asked.workspace]) for name in ("growth", "foresight")
    )
    return [
        *asked.offered(Entry(Group.PAGE, _("Growth of adoption"), growth), also=_("By CSM")),
        *asked.offered(
            Entry(Group.PAGE, _("What foresaw decisions"), foresight),
            also=_("Back-test of renewals and churn"),
        ),
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
