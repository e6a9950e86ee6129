"""The figures of a measure laid out for reading: tiles, table rows, milestones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.definitions import Baseline, Measure, Milestone, Reading, Source
from metrics.forecasting import MilestoneResult, Outcome, share
from metrics.narrative.story import Report
from metrics.narrative.words import (
    say_amount,
    say_change,
    say_day_short,
    say_days,
    say_full_day,
    say_punctuality,
    say_share,
)
from rendering.sentences import sentence

LONGEST_TABLE = 40
UNKNOWN = "–"
ORIGINS = {
    Source.SURVEY: sentence("survey"),
    Source.ASSESSMENT: sentence("assessment"),
    Source.SUPPORT: sentence("support contacts"),
    Source.ROUTES: sentence("competing routes"),
    Source.PERFORMANCE: sentence("system performance"),
    Source.HAND: sentence("by hand"),
    Source.API: "API",
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its label and context, each ready to be shown."""

    label: str
    figure: str
    unit: str = ""
    context: str = ""


def tiles(told: Report) -> tuple[Tile, ...]:
    """Now, target, baseline and progress: what is missing says so instead of showing a zero."""
    return (_now(told), _target(told.measure), _baseline(told.measure), _way(told))


def _now(told: Report) -> Tile:
    measure, latest = told.measure, told.measure.latest
    if latest is None:
        return Tile(sentence("Now"), UNKNOWN, context=sentence("no reading yet"))
    day = say_day_short(latest.day, today=measure.as_of)
    label = sentence("Now, %(day)s", day=day)
    return Tile(label, *_figure(measure, latest.amount), context=told.story.moved)


def _target(measure: Measure) -> Tile:
    if measure.target is None:
        return Tile(sentence("Target"), UNKNOWN, context=sentence("not agreed yet"))
    day = say_day_short(measure.target.deadline, today=measure.as_of)
    return Tile(
        sentence("Target by %(day)s", day=day),
        *_figure(measure, measure.target.amount),
        context=measure.target.quality,
    )


def _baseline(measure: Measure) -> Tile:
    if measure.baseline is None:
        return Tile(sentence("Baseline"), UNKNOWN, context=sentence("not agreed yet"))
    day = say_day_short(measure.baseline.day, today=measure.as_of)
    return Tile(
        sentence("Baseline, %(day)s", day=day),
        *_figure(measure, measure.baseline.amount),
        context=measure.baseline.note,
    )


def _way(told: Report) -> Tile:
    standing = told.standing
    if standing.progress is None or told.measure.is_small:
        return Tile(sentence("Of the way"), UNKNOWN, context=told.story.status)
    agreed = standing.agreed_progress
    context: str = ""
    if agreed is not None:
        context = sentence("agreed for now %(share)s", share=say_share(agreed))
    figure, unit = _split(say_share(standing.progress))
    return Tile(sentence("Of the way"), figure, unit, context)


def _figure(measure: Measure, amount: float) -> tuple[str, str]:
    return _split(say_amount(measure.definition, amount))


def _split(text: str) -> tuple[str, str]:
    """A percentage as figure and unit, so that the unit can be set small."""
    return (text[:-2], "%") if text.endswith("%") else (text, "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table under a chart, in words; reading is what they were made from."""

    reading: Reading
    day: str
    amount: str
    change: str
    progress: str
    source: str
    note: str


def table_rows(told: Report) -> tuple[Row, ...]:
    """The readings, newest first, the baseline last: one a week where they are many."""
    measure = told.measure
    shown = one_a_week(measure.readings)
    notes = _notes(measure, told.standing.milestones)
    older: list[Reading | None] = [None, *shown]
    rows = [_row(measure, now, then, notes) for now, then in zip(shown, older, strict=False)]
    first = [] if measure.baseline is None else [_baseline_row(measure, measure.baseline)]
    return (*reversed(rows), *first)


def one_a_week(readings: Sequence[Reading]) -> list[Reading]:
    """The last reading of each seven days, counted back from the newest; few readings all stay."""
    if len(readings) <= LONGEST_TABLE:
        return list(readings)
    newest = readings[-1].day
    weeks = {(newest - reading.day).days // 7: reading for reading in readings}
    return sorted(weeks.values(), key=lambda reading: reading.day)


def _row(measure: Measure, now: Reading, then: Reading | None, notes: dict[date, list[str]]) -> Row:
    since = date.min if then is None else then.day
    said = [text for day in sorted(notes) if since < day <= now.day for text in notes[day]]
    return Row(
        reading=now,
        day=say_full_day(now.day),
        amount=say_amount(measure.definition, now.amount),
        change="" if then is None else say_change(measure.definition, then.amount, now.amount),
        progress=_progress(measure, now.amount),
        source=_source(measure),
        note=_joined(said),
    )


def _joined(said: Sequence[str]) -> str:
    """Notes of one row, each still sayable in another language."""
    note: str = said[0] if said else ""
    for further in said[1:]:
        note = sentence("%(note)s; %(further)s", note=note, further=further)
    return note


def _progress(measure: Measure, amount: float) -> str:
    part = None if measure.is_small else share(measure, amount)
    return "" if part is None else say_share(part)


def _source(measure: Measure) -> str:
    definition = measure.definition
    if definition.source is Source.USAGE:
        return sentence("events, %(days)s", days=say_days(definition.window_days))
    return ORIGINS[definition.source]


def _baseline_row(measure: Measure, baseline: Baseline) -> Row:
    reading = Reading(baseline.day, baseline.amount, measure.definition.version)
    amount = say_amount(measure.definition, baseline.amount)
    progress = _progress(measure, baseline.amount)
    note = sentence("baseline")
    if baseline.note:
        note = sentence("baseline, %(note)s", note=baseline.note)
    agreed = sentence("agreed")
    return Row(reading, say_full_day(baseline.day), amount, "", progress, agreed, note)


def _notes(measure: Measure, results: Sequence[MilestoneResult]) -> dict[date, list[str]]:
    notes: dict[date, list[str]] = {}
    for event in measure.events:
        notes.setdefault(event.day, []).append(event.name)
    for result in results:
        for day, text in _turns(result):
            notes.setdefault(day, []).append(text)
    return notes


def _turns(result: MilestoneResult) -> list[tuple[date, str]]:
    found: list[tuple[date, str]] = []
    name = result.milestone.name
    if result.reached_date is not None and result.days_early is not None:
        punctual = say_punctuality(result.days_early)
        text = sentence("milestone %(name)s, %(punctual)s", name=name, punctual=punctual)
        found.append((result.reached_date, text))
    if result.lost_date is not None:
        found.append((result.lost_date, sentence("milestone %(name)s lost", name=name)))
    return found


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    """A milestone in the agreement: name with amount, what became of it, how much it matters."""

    milestone: Milestone
    outcome: Outcome
    name: str
    fate: str


def milestone_lines(told: Report) -> tuple[MilestoneLine, ...]:
    """The milestones in order of their days, as the agreement beside the chart lists them."""
    return tuple(_milestone_line(told.measure, result) for result in told.standing.milestones)


def _milestone_line(measure: Measure, result: MilestoneResult) -> MilestoneLine:
    goal = result.milestone
    amount = say_amount(measure.definition, goal.amount)
    name = sentence("%(name)s, %(amount)s", name=goal.name, amount=amount)
    return MilestoneLine(goal, result.outcome, name, _fate(measure, result))


def _fate(measure: Measure, result: MilestoneResult) -> str:
    facts = {"day": say_day_short(result.milestone.day, today=measure.as_of)}
    if result.reached_date is not None:
        facts["reached"] = say_day_short(result.reached_date, today=measure.as_of)
    if result.lost_date is not None:
        facts["lost"] = say_day_short(result.lost_date, today=measure.as_of)
        return sentence("due %(day)s, reached %(reached)s, lost %(lost)s", **facts)
    if result.reached_date is not None:
        return sentence("due %(day)s, reached %(reached)s", **facts)
    if result.outcome is Outcome.MISSED:
        return sentence("due %(day)s, missed", **facts)
    return sentence("due %(day)s", **facts)
