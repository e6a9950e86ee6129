"""How often measures are read and what that costs, in words."""

from collections.abc import Mapping
from datetime import date

from metrics.cadence import Cadence, Due, Load
from metrics.narrative.words import say_day, say_days, say_number
from rendering.sentences import Sentence, sentence

CADENCES: Mapping[Cadence, Sentence] = {
    Cadence.DAILY: sentence("each day"),
    Cadence.WEEKLY: sentence("each week"),
    Cadence.FORTNIGHTLY: sentence("every two weeks"),
    Cadence.MONTHLY: sentence("each month"),
    Cadence.QUARTERLY: sentence("each quarter"),
    Cadence.AFTER_MILESTONES: sentence("after each milestone"),
    Cadence.START_AND_END: sentence("at the start and the end"),
    Cadence.END: sentence("at the end"),
}


def say_effort(minutes: float) -> Sentence:
    """Somebody's time, in hours from one hour on: 45 minutes, 4.5 hours."""
    if minutes < 60:
        return sentence("%(n)s minutes", n=say_number(minutes))
    return sentence("%(n)s hours", n=say_number(minutes / 60, 1))


def load_finding(load: Load) -> Sentence:
    """What measuring costs a month, on average over the time of the plan."""
    readings = say_number(load.readings_a_month, 1)
    if not load.minutes:
        return sentence("%(n)s readings a month, none by hand", n=readings)
    return sentence(
        "%(n)s readings a month, %(effort)s of work",
        n=readings,
        effort=say_effort(load.minutes_a_month),
    )


def say_saving(now: Load, then: Load) -> Sentence:
    """What other cadences would change: fewer or more readings, less or more time a month."""
    readings = then.readings_a_month - now.readings_a_month
    minutes = then.minutes_a_month - now.minutes_a_month
    facts = {"n": say_number(abs(readings), 1), "effort": say_effort(abs(minutes))}
    if not then.readings - now.readings and not minutes:
        return sentence("the same number of readings and the same work")
    if readings <= 0 and minutes <= 0:
        return sentence("%(n)s readings a month fewer, %(effort)s less work", **facts)
    if readings >= 0 and minutes >= 0:
        return sentence("%(n)s readings a month more, %(effort)s more work", **facts)
    if readings > 0:
        return sentence("%(n)s readings a month more, %(effort)s less work", **facts)
    return sentence("%(n)s readings a month fewer, %(effort)s more work", **facts)


def say_due(found: Due, *, today: date) -> str:
    """The next reading, or since when one is missing; empty when none is to come."""
    if found.missing_since is not None:
        return sentence(
            "a reading was due on %(day)s, %(days)s ago",
            day=say_day(found.missing_since, today=today),
            days=say_days(found.days_missing(today)),
        )
    if found.next_date is None:
        return ""
    if found.next_date == today:
        return sentence("a reading is due today")
    return sentence("next reading on %(day)s", day=say_day(found.next_date, today=today))
