"""What the completion of a plan says: done against planned, and when it is likely to be finished."""

from datetime import date

from metrics.forecasting import Completion
from metrics.narrative.words import NARROW, say_day, say_days, say_number
from rendering.sentences import Sentence, sentence

# Differences below this many points are no lag.
LEAST_LAG = 1.0
DAYS_IN_MONTH, DAYS_IN_WEEK = 30.4375, 7
# A plan of fewer days is spoken of in weeks.
LONG_DAYS = 90


def say_percent(percent: float) -> str:
    return f"{say_number(percent)}{NARROW}%"


def completion_finding(found: Completion) -> Sentence:
    """The title of the chart: done, planned for the day, and the forecast against the plan."""
    if found.is_done:
        return sentence("All of the plan is done")
    facts = {"done": say_percent(found.done_now), "planned": say_percent(found.planned_now)}
    if found.dates is None:
        return sentence(
            "%(done)s of the plan is done, %(planned)s was planned by now; too early to say when "
            "it is finished",
            **facts,
        )
    return sentence(
        "%(done)s of the plan is done, %(planned)s was planned by now; %(prospect)s",
        prospect=say_finish(found),
        **facts,
    )


def say_finish(found: Completion) -> Sentence:
    """The forecast finish in words: at the recent rate, and at worst."""
    recent, steady = found.recent_date, found.steady_date
    if recent is None and steady is None:
        return sentence("no finish can be told yet")
    if recent is None:
        return sentence(
            "the recent rate does not lead to the end; as the plan was kept so far, it ends on "
            "%(day)s",
            day=say_day(steady or found.as_of, today=found.as_of),
        )
    facts = {"day": say_day(recent, today=found.as_of)}
    if steady is None or steady <= recent:
        return sentence("at the recent rate it is finished around %(day)s", **facts)
    return sentence(
        "at the recent rate it is finished around %(day)s, on %(worst)s at worst",
        worst=say_day(steady, today=found.as_of),
        **facts,
    )


def say_when(found: Completion) -> Sentence:
    """In which of the plan's months, or of its weeks, it ends: the title of the chart."""
    if found.is_done:
        return sentence("All of the plan is done")
    day = found.recent_date
    if day is not None:
        return sentence(
            "At the recent rate the plan is finished %(when)s, %(late)s",
            when=_say_between(found, day),
            late=say_late(found),
        )
    if found.steady_date is None:
        return sentence("Too little is done to say when the plan is finished")
    return sentence(
        "The recent rate does not lead to the end; as the plan was kept so far, it ends %(when)s",
        when=_say_between(found, found.steady_date),
    )


def _say_between(found: Completion, day: date) -> Sentence:
    start = found.planned[0][0]
    in_months = (found.planned_date - start).days >= LONG_DAYS
    whole = int((day - start).days / (DAYS_IN_MONTH if in_months else DAYS_IN_WEEK))
    ends = {"n": say_number(whole), "next": say_number(whole + 1)}
    if in_months:
        between = sentence("between months %(n)s and %(next)s", **ends)
        return between if whole else sentence("in its first month")
    between = sentence("between weeks %(n)s and %(next)s", **ends)
    return between if whole else sentence("in its first week")


def say_late(found: Completion) -> str:
    """How the recent forecast meets the planned finish, in calendar days; empty without one."""
    if found.recent_date is None or found.is_done:
        return ""
    late = (found.recent_date - found.planned_date).days
    if late > 0:
        return sentence("%(days)s after the planned finish", days=say_days(late))
    if late < 0:
        return sentence("%(days)s before the planned finish", days=say_days(-late))
    return sentence("on the planned finish")


def completion_details(found: Completion) -> tuple[str, ...]:
    """Each change of the plan with what was done and planned when it was made."""
    return tuple(
        sentence("%(day)s: %(name)s.", day=say_day(event.day, today=found.as_of), name=event.name)
        for event in found.events
        if event.changes_plan and event.day <= found.as_of
    )
