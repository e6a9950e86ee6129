"""What is measured of an engagement, by whom, how often, and where it is reported."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.operations.saving import change, known
from metrics.definitions import Definition, Source
from metrics.models import Alert, Measure, OwnDefinition
from metrics.operations.refreshing import copy_usage
from metrics.operations.registers import copy_registers
from metrics.operations.standings import note_standings
from metrics.queries.catalogue import OWN
from metrics.queries.places import WHOLE, Place
from rendering.sentences import sentence
from tenancy.audit import record

ONE_DAY = timedelta(days=1)
MEASURE_FIELDS = frozenset({"cadence", "minutes", "reader", "reported_in"})


class AlreadyMeasured(ValueError):
    """The engagement has a measure of this definition about the same thing."""


@transaction.atomic
def define_measure(
    *,
    engagement: Engagement,
    definition: Definition,
    now: datetime,
    place: Place = WHOLE,
) -> Measure:
    """Measure an engagement, or one thing of it, from now on, with what usage and registers know, and
    with what was agreed and read when the same was measured before.

    Raises AlreadyMeasured, and ValidationError keyed by field.
    """
    if definition.source is Source.USAGE and place.about == Measure.About.GROUP:
        words = _("This is counted for the whole customer, not for one group of people.")
        raise ValidationError({"place": words})
    measure, created = Measure.objects.get_or_create(
        engagement=engagement,
        definition_key=definition.key,
        about=place.about,
        about_key=place.key,
        defaults={
            "customer_id": engagement.customer_id,
            "definition_version": definition.version,
            "own_definition": _own(definition),
            "about_name": place.name[:300],
        },
    )
    if measure.removed_at is not None:
        measure.definition_version, measure.own_definition = definition.version, _own(definition)
        measure.save(update_fields=["definition_version", "own_definition"])
        return restore_measure(measure=measure, now=now)
    if not created:
        said = sentence(
            "%(name)s already has the measure “%(label)s”.",
            name=engagement.name,
            label=definition.label,
        )
        raise AlreadyMeasured(said)
    _read_what_is_known(measure, now)
    record_measure("measure.defined", measure, {"engagement": engagement})
    return measure


def _read_what_is_known(measure: Measure, now: datetime) -> None:
    today = now.astimezone(measure.engagement.customer.zone).date()
    copy_usage([measure], last=None, now=now)
    copy_registers([measure], last=today - ONE_DAY, now=now)
    note_standings(measure_ids=[measure.pk], today=today)


def _own(definition: Definition) -> OwnDefinition | None:
    if not definition.key.startswith(OWN):
        return None
    return OwnDefinition.objects.get(key=definition.key, version=definition.version)


def record_measure(action: str, measure: Measure, facts: Mapping[str, Any]) -> None:
    record(action=action, subject=measure, facts=facts, about_customer_id=measure.customer_id)


@transaction.atomic
def change_measure(*, measure: Measure, fields: Mapping[str, Any]) -> Measure:
    """Who reads it, how often, how long that takes, and where it is reported.

    Raises ValidationError, keyed by field.
    """
    changed = change(measure, known(fields, MEASURE_FIELDS), named_by="cadence")
    if changed:
        record_measure("measure.changed", measure, changed)
    return measure


@transaction.atomic
def remove_measure(*, measure: Measure, now: datetime) -> Measure:
    """Measure it no longer. What was agreed and read about it is kept and out of sight, its alerts
    are over; `restore_measure` brings all of it back. Doing it twice changes nothing."""
    if measure.removed_at is None:
        measure.removed_at = now
        measure.save(update_fields=["removed_at", "changed_at"])
        Alert.objects.filter(measure=measure, resolved_at=None).update(
            resolved_at=now, by_hand=False
        )
        record_measure("measure.removed", measure, {"engagement": measure.engagement})
    return measure


@transaction.atomic
def restore_measure(*, measure: Measure, now: datetime) -> Measure:
    """Measure it again, with what was agreed and read before and what usage counted meanwhile."""
    if measure.removed_at is not None:
        measure.removed_at = None
        measure.save(update_fields=["removed_at", "changed_at"])
        copy_usage([measure], last=None, now=now)
        record_measure("measure.restored", measure, {"engagement": measure.engagement})
    return measure
