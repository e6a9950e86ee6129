"""Readings that people, files and other systems bring."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from metrics import definitions
from metrics.definitions import Definition, Source
from metrics.models import Measure, Reading, ReadingChange
from metrics.models.readings import Way
from metrics.operations.defining import record_measure
from metrics.operations.standings import note_standings
from people.models import User
from rendering.sentences import sentence

ROWS_AT_ONCE = 1000


class ReadingRefused(ValueError):
    """A reading that cannot be right: not a closed day, not a possible amount, not by hand."""


@dataclass(frozen=True, slots=True)
class NewReading:
    """A reading on its way in."""

    measure: Measure
    day: date
    amount: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of readings: how many are new, corrected another, or said nothing new."""

    new: int
    corrected: int
    same: int


@transaction.atomic
def record_reading(
    *,
    measure: Measure,
    day: date,
    amount: float,
    now: datetime,
    today: date,
    recorded_by: User | None,
    note: str = "",
    reason: str = "",
    way: Way = Way.HAND,
) -> Reading:
    """Record a reading by hand or from another system; a second one for a day replaces it.

    What it replaces is kept with who, when and why; the same amount again changes nothing.
    Raises ReadingRefused.
    """
    refuse_impossible(measure.definition, day, amount, today)
    # Two at once on one measure: the second sees what the first wrote.
    Measure.objects.select_for_update(of=("self",)).get(pk=measure.pk)
    before = Reading.objects.filter(measure=measure, day=day).first()
    if before is not None and before.amount == amount and not (note and note != before.note):
        return before
    item = NewReading(measure, day, amount, note)
    _keep([item], now, recorded_by, way)
    if before is not None and before.amount != amount:
        _keep_before([(item, before)], reason, now, recorded_by, way)
    note_standings(measure_ids=[measure.pk], today=today)
    record_measure(
        "reading.corrected" if before else "reading.recorded",
        measure,
        {"day": day, "amount": [before.amount, amount] if before else amount},
    )
    return Reading.objects.get(measure=measure, day=day)


@transaction.atomic
def record_readings(
    *,
    items: Iterable[NewReading],
    now: datetime,
    today: date,
    recorded_by: User | None,
    way: Way,
    reason: str = "",
) -> Taken:
    """Many readings at once, all or none; of one measure's day no two.

    Raises ReadingRefused.
    """
    wanted = list(items)
    for item in wanted:
        refuse_impossible(item.measure.definition, item.day, item.amount, today)
    ids = {item.measure.pk for item in wanted}
    measures = Measure.objects.filter(pk__in=ids).order_by("pk")
    held = list(measures.select_for_update(of=("self",)))
    known = _known(ids, wanted)
    fresh = [item for item in wanted if (item.measure.pk, item.day) not in known]
    other = [
        (item, known[item.measure.pk, item.day])
        for item in wanted
        if (item.measure.pk, item.day) in known
        and known[item.measure.pk, item.day].amount != item.amount
    ]
    _keep([*fresh, *(item for item, _before in other)], now, recorded_by, way)
    _keep_before(other, reason, now, recorded_by, way)
    touched = {item.measure.pk for item in (*fresh, *(one for one, _old in other))}
    note_standings(measure_ids=touched, today=today)
    for measure in held:
        of_it = [
            item for item in (*fresh, *(one for one, _old in other)) if item.measure == measure
        ]
        if of_it:
            record_measure("readings.recorded", measure, {"count": len(of_it), "way": str(way)})
    return Taken(len(fresh), len(other), len(wanted) - len(fresh) - len(other))


def _known(ids: set[UUID], wanted: list[NewReading]) -> dict[tuple[UUID, date], Reading]:
    days = [item.day for item in wanted]
    rows = Reading.objects.filter(measure_id__in=ids, day__in=days)
    return {(row.measure_id, row.day): row for row in rows}


def _keep(items: list[NewReading], now: datetime, by: User | None, way: Way) -> None:
    rows = [
        Reading(
            customer_id=item.measure.customer_id,
            measure=item.measure,
            day=item.day,
            amount=item.amount,
            note=item.note[:200],
            definition_version=item.measure.definition.version,
            way=way,
            recorded_at=now,
            recorded_by=by,
        )
        for item in items
    ]
    Reading.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["tenant", "measure", "day"],
        update_fields=[
            "amount", "note", "definition_version", "way", "recorded_at", "recorded_by",
        ],
    )  # fmt: skip


def _keep_before(
    pairs: list[tuple[NewReading, Reading]],
    reason: str,
    now: datetime,
    by: User | None,
    way: Way,
) -> None:
    ReadingChange.objects.bulk_create(
        ReadingChange(
            customer_id=item.measure.customer_id,
            measure=item.measure,
            day=item.day,
            before=before.amount,
            version_before=before.definition_version,
            after=item.amount,
            version_after=item.measure.definition.version,
            way=way,
            reason=reason[:200],
            changed_at=now,
            changed_by=by,
        )
        for item, before in pairs
    )


def refuse_impossible(definition: Definition, day: date, amount: float, today: date) -> None:
    """Raise ReadingRefused, saying why, for a reading that cannot be right."""
    if definition.source is Source.USAGE:
        said = sentence("This measure is read from usage every night, not by hand.")
        raise ReadingRefused(said)
    if day >= today:
        said = sentence(
            "%(day)s is not over yet. A reading belongs to a closed day.", day=day.isoformat()
        )
        raise ReadingRefused(said)
    if day < definitions.EARLIEST:
        year = definitions.EARLIEST.year
        raise ReadingRefused(
            sentence("%(day)s lies before %(year)s.", day=day.isoformat(), year=year)
        )
    if not definitions.is_plausible(amount):
        raise ReadingRefused(sentence("The amount is too large to be meant."))
    if amount != definition.within_limits(amount):
        said = sentence(
            "%(amount)s cannot occur: %(limits)s.",
            amount=f"{amount:g}",
            limits=definitions.say_limits(definition),
        )
        raise ReadingRefused(said)
