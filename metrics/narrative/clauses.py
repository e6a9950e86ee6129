"""Parts of what is said of a measure: how it moved, where it leads, what became of a milestone."""

from metrics.definitions import Measure, Reading, Target
from metrics.forecasting import MilestoneResult, Outcome, Outlook, Step, earlier_reading
from metrics.narrative.words import (
    initial,
    say_amount,
    say_day,
    say_punctuality,
    say_rounded,
    say_share,
    say_span,
)
from rendering.sentences import Sentence, sentence


def say(measure: Measure, reading: Reading) -> str:
    """The amount of a reading in the unit of its measure."""
    return say_amount(measure.definition, reading.amount)


def movement(measure: Measure, earlier: Reading | None) -> Sentence:
    """From the reading before to the latest: rose from 263 to 403 in 4 weeks."""
    latest = measure.latest
    if latest is None:
        return sentence("stood at nothing")
    if earlier is None:
        return sentence("stood at %(amount)s", amount=say(measure, latest))
    span = say_span((latest.day - earlier.day).days)
    if latest.amount == earlier.amount:
        return sentence("stayed at %(amount)s for %(span)s", amount=say(measure, latest), span=span)
    ends = {"before": say(measure, earlier), "now": say(measure, latest), "span": span}
    if latest.amount > earlier.amount:
        return sentence("rose from %(before)s to %(now)s in %(span)s", **ends)
    return sentence("fell from %(before)s to %(now)s in %(span)s", **ends)


def arrival(measure: Measure, target: Target) -> tuple[str, Sentence] | None:
    """When the present stay at or beyond the target began, and how that met the deadline.

    None when it was so from the first reading on.
    """
    arrived = None
    for reading in reversed(measure.readings):
        if not measure.definition.meets(reading.amount, target.amount):
            break
        arrived = reading.day
    if arrived is None or arrived == measure.readings[0].day:
        return None
    punctual = say_punctuality((target.deadline - arrived).days)
    return say_day(arrived, today=measure.as_of), punctual


def prospect(measure: Measure, target: Target, outlook: Outlook) -> Sentence:
    """Whether and when the pace in force reaches the target."""
    goal = say_amount(measure.definition, target.amount)
    deadline = say_day(target.deadline, today=measure.as_of)
    if outlook.wavers:
        return sentence(
            "the readings waver too much to say whether %(goal)s is reached by %(day)s",
            goal=goal,
            day=deadline,
        )
    pace = _pace(measure, outlook)
    if outlook.reached_date is None:
        return sentence(
            "%(pace)s %(goal)s is not reached by %(day)s", pace=pace, goal=goal, day=deadline
        )
    return sentence(
        "%(pace)s %(goal)s is reached around %(day)s, %(punctual)s",
        pace=pace,
        goal=goal,
        day=say_day(outlook.reached_date, today=measure.as_of),
        punctual=say_punctuality((target.deadline - outlook.reached_date).days),
    )


def _pace(measure: Measure, outlook: Outlook) -> Sentence:
    """Names the start of the pace where it is younger than the movement told before it."""
    earlier = earlier_reading(measure)
    if earlier is None or outlook.trend_start <= earlier.day:
        return sentence("at this pace")
    day = say_day(outlook.trend_start, today=measure.as_of)
    return sentence("at the pace since %(day)s", day=day)


def extent(progress: float) -> Sentence:
    """The share of the way in everyday words where they fit within three points."""
    if progress < 0:
        return sentence("on the wrong side of the baseline")
    if progress < 0.05:
        return sentence("just started")
    named = (
        (0.25, sentence("a quarter of the way")),
        (0.5, sentence("half way")),
        (0.75, sentence("three quarters of the way")),
    )
    for mark, words in named:
        if abs(progress - mark) <= 0.03:
            return words
    return sentence("%(share)s of the way", share=say_share(min(progress, 0.99)))


def milestone_detail(measure: Measure, results: tuple[MilestoneResult, ...]) -> str:
    """The milestone that matters most: the last one lost or missed, else the next one to come."""
    for result in reversed(results):
        if result.outcome in (Outcome.LOST, Outcome.MISSED):
            return say_milestone(measure, result)
    coming = [result for result in results if result.outcome is Outcome.OPEN]
    return say_milestone(measure, coming[0]) if coming else ""


def say_milestone(measure: Measure, result: MilestoneResult) -> Sentence:
    """A milestone with what became of it: All groups, 400, due 6 November: reached, lost …"""
    goal, latest = result.milestone, measure.latest
    facts = {
        "name": initial(goal.name),
        "amount": say_amount(measure.definition, goal.amount),
        "day": say_day(goal.day, today=measure.as_of),
    }
    if result.reached_date is not None:
        return _say_reached(measure, result, facts)
    if latest is None:
        return sentence("%(name)s, %(amount)s, due %(day)s.", **facts)
    facts["left"] = say_amount(measure.definition, abs(goal.amount - latest.amount))
    if result.outcome is Outcome.MISSED:
        return sentence("%(name)s, %(amount)s, due %(day)s: missed, %(left)s to go.", **facts)
    return sentence("%(name)s, %(amount)s, due %(day)s: %(left)s to go.", **facts)


def _say_reached(measure: Measure, result: MilestoneResult, facts: dict[str, str]) -> Sentence:
    if result.reached_date is not None:
        facts["reached"] = say_day(result.reached_date, today=measure.as_of)
    if result.lost_date is None:
        return sentence("%(name)s, %(amount)s, due %(day)s: reached %(reached)s.", **facts)
    facts["lost"] = say_day(result.lost_date, today=measure.as_of)
    return sentence(
        "%(name)s, %(amount)s, due %(day)s: reached %(reached)s, lost %(lost)s.", **facts
    )


def ends_of(measure: Measure, step: Step) -> tuple[str, str]:
    """The likely range of one day as it is said; both alike when the ends round to one amount."""
    low, high = (say_rounded(measure.definition, end) for end in (step.low, step.high))
    return low, high


def say_between(measure: Measure, step: Step) -> str:
    """The likely range of one day, or the one amount when both ends round to it."""
    low, high = ends_of(measure, step)
    return low if low == high else sentence("%(low)s to %(high)s", low=low, high=high)


def range_detail(measure: Measure, outlook: Outlook | None) -> str:
    """What is likely on the deadline, and when earned schedule says the target is reached."""
    if outlook is None:
        return ""
    low, high = ends_of(measure, outlook.end)
    facts = {
        "amount": say_between(measure, outlook.end),
        "day": say_day(outlook.end.day, today=measure.as_of),
    }
    if outlook.steady_date is None or outlook.steady_date == outlook.reached_date:
        if low == high:
            return sentence("%(amount)s is likely on %(day)s.", **facts)
        return sentence("%(amount)s are likely on %(day)s.", **facts)
    facts["steady"] = say_day(outlook.steady_date, today=measure.as_of)
    if low == high:
        return sentence(
            "%(amount)s is likely on %(day)s; as the agreed course was kept so far, "
            "the target is reached on %(steady)s.",
            **facts,
        )
    return sentence(
        "%(amount)s are likely on %(day)s; as the agreed course was kept so far, "
        "the target is reached on %(steady)s.",
        **facts,
    )
