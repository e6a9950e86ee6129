"""What a measure says, in words: the finding, the status and what moved since last time.

Nothing is said that the readings do not carry: no pace from too few of them, no present from a
stale one, no alarm and no percentage where one person moves the whole.
"""

from dataclasses import dataclass
from enum import StrEnum

from metrics.definitions import Measure, Reading, Target
from metrics.forecasting import (
    MilestoneResult,
    Outcome,
    Outlook,
    Standing,
    Step,
    earlier_reading,
    look_ahead,
    stand,
)
from metrics.narrative.words import (
    say_amount,
    say_day,
    say_punctuality,
    say_quantity,
    say_relative,
    say_rounded,
    say_share,
    say_span,
    sentence,
)

ON_TRACK = 0.05
AHEAD = 0.10


class State(StrEnum):
    """How much attention a measure asks for."""

    GOOD = "good"
    WATCH = "watch"
    ACT = "act"
    QUIET = "quiet"


class Pace(StrEnum):
    """The last reading against what was agreed for the day."""

    AHEAD = "ahead"
    ON_TRACK = "on track"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Story:
    """Words for a measure.

    finding is the title of its chart, status the short form for a list ("half way, on track"),
    moved the change since last time, details further sentences in order of weight.
    """

    state: State
    finding: str
    status: str
    moved: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a screen, file or chart shows of one measure, computed once."""

    measure: Measure
    standing: Standing
    outlook: Outlook | None
    story: Story


def report(measure: Measure) -> Report:
    """Standing, forecast and words of a measure."""
    standing, outlook = stand(measure), look_ahead(measure)
    return Report(measure, standing, outlook, tell(measure, standing, outlook))


def tell(measure: Measure, standing: Standing, outlook: Outlook | None) -> Story:
    """The words for a measure with its standing and forecast."""
    return Story(
        state=judge(measure, standing, outlook),
        finding=_finding(measure, standing, outlook),
        status=_status(measure, standing),
        moved=_moved(measure, standing),
        details=_details(measure, standing, outlook),
    )


def pace(standing: Standing) -> Pace | None:
    """Ahead, on track or behind the agreed way, with five points of tolerance; None if unknown."""
    if standing.progress is None or standing.agreed_progress is None:
        return None
    gap = standing.progress - standing.agreed_progress
    if gap < -ON_TRACK:
        return Pace.BEHIND
    return Pace.AHEAD if gap >= AHEAD else Pace.ON_TRACK


def judge(measure: Measure, standing: Standing, outlook: Outlook | None) -> State:
    """Good, watch or act from standing and forecast; quiet where the data decides nothing."""
    latest, target = measure.latest, measure.target
    if latest is None or target is None or standing.progress is None or measure.is_stale:
        return State.QUIET
    if measure.definition.meets(latest.amount, target.amount):
        return State.GOOD
    if measure.is_small:
        return State.QUIET
    if measure.as_of >= target.deadline:
        return State.ACT
    return _judge_open(target, pace(standing), outlook)


def _judge_open(target: Target, speed: Pace | None, outlook: Outlook | None) -> State:
    if outlook is None:
        return State.WATCH if speed is Pace.BEHIND else State.GOOD
    if outlook.wavers:
        return State.WATCH
    arrives = outlook.reached_date is not None and outlook.reached_date <= target.deadline
    if speed is Pace.BEHIND:
        return State.WATCH if arrives else State.ACT
    return State.GOOD if arrives else State.WATCH


def _finding(measure: Measure, standing: Standing, outlook: Outlook | None) -> str:
    label, latest = measure.definition.label, measure.latest
    if latest is None:
        return f"No reading of “{label}” yet"
    if measure.is_stale:
        when = say_day(latest.day, today=measure.as_of)
        return f"No reading of “{label}” since {when}; the last one was {_say(measure, latest)}"
    if measure.target is None:
        return f"{label} {_movement(measure, standing)}; no target is agreed"
    return _finding_against(measure, latest, measure.target, standing, outlook)


def _finding_against(
    measure: Measure, latest: Reading, target: Target, standing: Standing, outlook: Outlook | None
) -> str:
    label, goal = measure.definition.label, say_amount(measure.definition, target.amount)
    deadline = say_day(target.deadline, today=measure.as_of)
    if measure.definition.meets(latest.amount, target.amount):
        return f"{label} reached the target of {goal}{_arrival(measure, target)}"
    if measure.as_of >= target.deadline:
        short = say_amount(measure.definition, abs(target.amount - latest.amount))
        side = "short of" if measure.definition.rising else "above"
        return f"{label} ended at {_say(measure, latest)}, {short} {side} the target of {goal}"
    movement = _movement(measure, standing)
    if outlook is not None:
        return f"{label} {movement}; {_prospect(measure, target, outlook)}"
    reason = "too few people" if measure.is_small else "too early"
    return f"{label} {movement}; {reason} to say whether {goal} is reached by {deadline}"


def _say(measure: Measure, reading: Reading) -> str:
    return say_amount(measure.definition, reading.amount)


def _movement(measure: Measure, standing: Standing) -> str:
    latest, earlier = measure.latest, standing.earlier
    if latest is None or earlier is None:
        return "stood at " + (_say(measure, latest) if latest else "nothing")
    if latest.amount == earlier.amount:
        return f"stayed at {_say(measure, latest)} for {say_span((latest.day - earlier.day).days)}"
    verb = "rose" if latest.amount > earlier.amount else "fell"
    span = say_span((latest.day - earlier.day).days)
    return f"{verb} from {_say(measure, earlier)} to {_say(measure, latest)} in {span}"


def _arrival(measure: Measure, target: Target) -> str:
    """When the present stay at or beyond the target began, and how that met the deadline."""
    arrived = None
    for reading in reversed(measure.readings):
        if not measure.definition.meets(reading.amount, target.amount):
            break
        arrived = reading.day
    if arrived is None or arrived == measure.readings[0].day:
        return ""
    punctual = say_punctuality((target.deadline - arrived).days)
    return f" on {say_day(arrived, today=measure.as_of)}, {punctual}"


def _prospect(measure: Measure, target: Target, outlook: Outlook) -> str:
    goal, pace_words = say_amount(measure.definition, target.amount), _pace(measure, outlook)
    deadline = say_day(target.deadline, today=measure.as_of)
    if outlook.wavers:
        return f"the readings waver too much to say whether {goal} is reached by {deadline}"
    if outlook.reached_date is None:
        return f"{pace_words} {goal} is not reached by {deadline}"
    when = say_day(outlook.reached_date, today=measure.as_of)
    punctual = say_punctuality((target.deadline - outlook.reached_date).days)
    return f"{pace_words} {goal} is reached around {when}, {punctual}"


def _pace(measure: Measure, outlook: Outlook) -> str:
    """Names the start of the pace where it is younger than the movement told before it."""
    earlier = earlier_reading(measure)
    if earlier is None or outlook.trend_start <= earlier.day:
        return "at this pace"
    return f"at the pace since {say_day(outlook.trend_start, today=measure.as_of)}"


def _status(measure: Measure, standing: Standing) -> str:
    latest, target = measure.latest, measure.target
    if latest is None:
        return "no reading yet"
    if measure.is_stale:
        return f"no reading since {say_day(latest.day, today=measure.as_of)}"
    if target is None:
        return "no target agreed"
    if measure.definition.meets(latest.amount, target.amount):
        return "finished, target reached"
    if measure.as_of >= target.deadline:
        return "deadline passed, target not reached"
    return _status_open(measure, latest, target, standing)


def _status_open(measure: Measure, latest: Reading, target: Target, standing: Standing) -> str:
    if standing.progress is None or standing.agreed_amount is None:
        return "no baseline agreed"
    extent = _extent(standing.progress)
    if measure.is_small:
        extent = f"{_say(measure, latest)} of {say_quantity(measure.definition, target.amount)}"
    speed = pace(standing)
    if speed is not Pace.BEHIND:
        return f"{extent}, {speed}"
    agreed = say_rounded(measure.definition, standing.agreed_amount)
    return f"{extent}, behind: {_say(measure, latest)} of {agreed} agreed by now"


def _extent(progress: float) -> str:
    """The share of the way in everyday words where they fit within three points."""
    if progress < 0:
        return "on the wrong side of the baseline"
    if progress < 0.05:
        return "just started"
    named = ((0.25, "a quarter of the way"), (0.5, "half way"), (0.75, "three quarters of the way"))
    for mark, words in named:
        if abs(progress - mark) <= 0.03:
            return words
    return f"{say_share(min(progress, 0.99))} of the way"


def _moved(measure: Measure, standing: Standing) -> str:
    latest, earlier = measure.latest, standing.earlier
    if latest is None or earlier is None:
        return ""
    change = say_relative(measure.definition, earlier.amount, latest.amount)
    return f"{change} in {say_span((latest.day - earlier.day).days)}"


def _details(measure: Measure, standing: Standing, outlook: Outlook | None) -> tuple[str, ...]:
    found = [_milestone_sentence(measure, standing.milestones), _range_sentence(measure, outlook)]
    return tuple(sentence(text) for text in found if text)


def _milestone_sentence(measure: Measure, results: tuple[MilestoneResult, ...]) -> str:
    """The milestone that matters most: the last one lost or missed, else the next one to come."""
    for result in reversed(results):
        if result.outcome in (Outcome.LOST, Outcome.MISSED):
            return say_milestone(measure, result)
    coming = [result for result in results if result.outcome is Outcome.OPEN]
    return say_milestone(measure, coming[0]) if coming else ""


def say_milestone(measure: Measure, result: MilestoneResult) -> str:
    """A milestone with what became of it: All groups, 400, due 6 November: reached, lost …"""
    goal = result.milestone
    name = f"{goal.name}, {say_amount(measure.definition, goal.amount)}"
    return f"{name}, due {say_day(goal.day, today=measure.as_of)}{_fate(measure, result)}"


def _fate(measure: Measure, result: MilestoneResult) -> str:
    today, latest = measure.as_of, measure.latest
    if result.reached_date is None:
        if latest is None:
            return ""
        left = abs(result.milestone.amount - latest.amount)
        away = say_amount(measure.definition, left)
        return f": {'missed, ' if result.outcome is Outcome.MISSED else ''}{away} to go"
    reached = f": reached {say_day(result.reached_date, today=today)}"
    if result.lost_date is None:
        return reached
    return f"{reached}, lost {say_day(result.lost_date, today=today)}"


def say_range(told: Report) -> str:
    """Where the recent slope leads at the deadline: 240 to 390; empty without a forecast."""
    if told.outlook is None:
        return ""
    return say_between(told.measure, told.outlook.end)


def say_between(measure: Measure, step: Step) -> str:
    """The likely range of one day, or the one amount when both ends round to it."""
    low, high = (say_rounded(measure.definition, end) for end in (step.low, step.high))
    return low if low == high else f"{low} to {high}"


def _range_sentence(measure: Measure, outlook: Outlook | None) -> str:
    if outlook is None:
        return ""
    when = say_day(outlook.end.day, today=measure.as_of)
    verb = "are" if " to " in (words := say_between(measure, outlook.end)) else "is"
    return f"{words} {verb} likely on {when}{_cautious(measure, outlook)}"


def _cautious(measure: Measure, outlook: Outlook) -> str:
    if outlook.steady_date is None or outlook.steady_date == outlook.reached_date:
        return ""
    when = say_day(outlook.steady_date, today=measure.as_of)
    return f"; as the agreed course was kept so far, the target is reached on {when}"
