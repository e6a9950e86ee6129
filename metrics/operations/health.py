"""How measures are weighed; a change is a new version."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from metrics.models import HealthModel
from metrics.queries.health import get_weights
from metrics.scoring import Band, model_faults
from people.models import User
from rendering.translation import translated
from tenancy.audit import record


@transaction.atomic
def weigh_measures(
    *,
    weights: Mapping[str, float],
    watch_from: float,
    good_from: float,
    note: str = "",
    by: User | None,
) -> HealthModel | None:
    """The next version of the workspace's weights; None where nothing differs. Scores kept before
    stay what they were.

    Raises ValidationError.
    """
    bands = (Band("act", 0), Band("watch", watch_from), Band("good", good_from))
    faults = model_faults(weights, bands) if weights else ()
    if faults:
        raise ValidationError([translated(fault) for fault in faults])
    before = get_weights()
    told = {key: float(weight) for key, weight in sorted(weights.items()) if weight != 1}
    if (dict(before.by_key), before.watch_from, before.good_from) == (told, watch_from, good_from):
        return None
    row = HealthModel.objects.create(
        version=before.version + 1,
        weights=told,
        watch_from=watch_from,
        good_from=good_from,
        note=note.strip(),
        written_by=by,
    )
    record(action="health.weighed", subject=row, facts={"version": row.version})
    return row
