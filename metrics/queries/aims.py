"""The measures that an option of a decision paper may move."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from metrics.definitions import Target
from metrics.narrative.words import say_quantity, say_rounded
from metrics.papers import forecast_of
from metrics.queries.details import get_details, get_measures
from metrics.queries.places import Place
from rendering.translation import translated


@dataclass(frozen=True, slots=True)
class Aimed:
    """A measure with the target that is in force. `amount` is the target's with its unit, `likely`
    what the recent slope leads to by its day; empty where the readings carry no forecast."""

    key: str
    name: str
    place: Place
    target: Target
    amount: str
    likely: str


def get_aimed(*, engagement_id: UUID, today: date) -> tuple[Aimed, ...]:
    """The measures of an engagement that have a target, oldest first."""
    details = get_details(rows=list(get_measures(engagement_id=engagement_id)), today=today)
    found = []
    for one in details:
        measure = one.told.measure
        if measure.target is not None:
            definition, likely = measure.definition, forecast_of(measure, str(one.id))
            found.append(
                Aimed(
                    key=str(one.id),
                    name=translated(definition.label),
                    place=one.place,
                    target=measure.target,
                    amount=translated(say_quantity(definition, measure.target.amount)),
                    likely="" if likely is None else say_rounded(definition, likely.amount),
                )
            )
    return tuple(found)
