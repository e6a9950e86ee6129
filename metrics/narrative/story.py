"""What a measure says, in words: the finding, the status and what moved since last time.

Nothing is said that the readings do not carry: no pace from too few of them, no present from a
stale one, no alarm and no percentage where one person moves the whole.
"""

from dataclasses import dataclass
from enum import StrEnum

from metrics.definitions import Measure, Reading, Target
from metrics.forecasting import Outlook, Standing, look_ahead, stand
from metrics.narrative.clauses import (
    arrival,
    extent,
    milestone_detail,
    movement,
    prospect,
    range_detail,
    say,
)
from metrics.narrative.words import (
    say_amount,
    say_day,
    say_quantity,
    say_relative,
    say_rounded,
    say_span,
)
from rendering.sentences import sentence

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
    """Words for a measure; sentences that can be said in other languages.

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
        return sentence("No reading of “%(measure)s” yet", measure=label)
    if measure.is_stale:
        return sentence(
            "No reading of “%(measure)s” since %(day)s; the last one was %(amount)s",
            measure=label,
            day=say_day(latest.day, today=measure.as_of),
            amount=say(measure, latest),
        )
    if measure.target is None:
        moved = movement(measure, standing.earlier)
        return sentence("%(measure)s %(moved)s; no target is agreed", measure=label, moved=moved)
    return _finding_against(measure, latest, measure.target, standing, outlook)


def _finding_against(
    measure: Measure, latest: Reading, target: Target, standing: Standing, outlook: Outlook | None
) -> str:
    if measure.definition.meets(latest.amount, target.amount):
        return _reached(measure, target)
    if measure.as_of >= target.deadline:
        return _ended(measure, latest, target)
    label, moved = measure.definition.label, movement(measure, standing.earlier)
    if outlook is not None:
        return sentence(
            "%(measure)s %(moved)s; %(prospect)s",
            measure=label,
            moved=moved,
            prospect=prospect(measure, target, outlook),
        )
    facts = {
        "measure": label,
        "moved": moved,
        "goal": say_amount(measure.definition, target.amount),
        "day": say_day(target.deadline, today=measure.as_of),
    }
    if measure.is_small:
        return sentence(
            "%(measure)s %(moved)s; too few people to say whether %(goal)s is reached by %(day)s",
            **facts,
        )
    return sentence(
        "%(measure)s %(moved)s; too early to say whether %(goal)s is reached by %(day)s", **facts
    )


def _reached(measure: Measure, target: Target) -> str:
    facts = {
        "measure": measure.definition.label,
        "goal": say_amount(measure.definition, target.amount),
    }
    when = arrival(measure, target)
    if when is None:
        return sentence("%(measure)s reached the target of %(goal)s", **facts)
    return sentence(
        "%(measure)s reached the target of %(goal)s on %(day)s, %(punctual)s",
        day=when[0],
        punctual=when[1],
        **facts,
    )


def _ended(measure: Measure, latest: Reading, target: Target) -> str:
    facts = {
        "measure": measure.definition.label,
        "amount": say(measure, latest),
        "short": say_amount(measure.definition, abs(target.amount - latest.amount)),
        "goal": say_amount(measure.definition, target.amount),
    }
    if measure.definition.rising:
        return sentence(
            "%(measure)s ended at %(amount)s, %(short)s short of the target of %(goal)s", **facts
        )
    return sentence(
        "%(measure)s ended at %(amount)s, %(short)s above the target of %(goal)s", **facts
    )


def _status(measure: Measure, standing: Standing) -> str:
    latest, target = measure.latest, measure.target
    if latest is None:
        return sentence("no reading yet")
    if measure.is_stale:
        day = say_day(latest.day, today=measure.as_of)
        return sentence("no reading since %(day)s", day=day)
    if target is None:
        return sentence("no target agreed")
    if measure.definition.meets(latest.amount, target.amount):
        return sentence("finished, target reached")
    if measure.as_of >= target.deadline:
        return sentence("deadline passed, target not reached")
    return _status_open(measure, latest, target, standing)


def _status_open(measure: Measure, latest: Reading, target: Target, standing: Standing) -> str:
    if standing.progress is None or standing.agreed_amount is None:
        return sentence("no baseline agreed")
    way: str = extent(standing.progress)
    if measure.is_small:
        goal = say_quantity(measure.definition, target.amount)
        way = sentence("%(amount)s of %(goal)s", amount=say(measure, latest), goal=goal)
    speed = pace(standing)
    if speed is Pace.AHEAD:
        return sentence("%(way)s, ahead", way=way)
    if speed is not Pace.BEHIND:
        return sentence("%(way)s, on track", way=way)
    return sentence(
        "%(way)s, behind: %(amount)s of %(agreed)s agreed by now",
        way=way,
        amount=say(measure, latest),
        agreed=say_rounded(measure.definition, standing.agreed_amount),
    )


def _moved(measure: Measure, standing: Standing) -> str:
    latest, earlier = measure.latest, standing.earlier
    if latest is None or earlier is None:
        return ""
    change = say_relative(measure.definition, earlier.amount, latest.amount)
    span = say_span((latest.day - earlier.day).days)
    return sentence("%(change)s in %(span)s", change=change, span=span)


def _details(measure: Measure, standing: Standing, outlook: Outlook | None) -> tuple[str, ...]:
    found = [milestone_detail(measure, standing.milestones), range_detail(measure, outlook)]
    return tuple(text for text in found if text)
