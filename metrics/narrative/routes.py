"""What the routes of one kind of work say: the share of the new one, what still takes the others."""

from collections.abc import Sequence
from datetime import date

from metrics.narrative.words import say_day, say_list, say_number, say_share
from metrics.routes import PeriodShare, Standing, State
from rendering.sentences import Sentence, sentence


def routes_finding(
    periods: Sequence[PeriodShare], others: Sequence[Standing], *, today: date
) -> Sentence:
    """The title of the chart: the latest share, and the largest route that competes."""
    known = [period for period in periods if period.share is not None]
    if not known:
        return sentence("No period has every route counted yet")
    last, share = known[-1], known[-1].share or 0.0
    facts = {"share": say_share(share), "day": say_day(last.day, today=today)}
    largest = next((one for one in others if one.left is not None and one.left.amount > 0), None)
    if largest is None or largest.share is None or largest.left is None:
        return sentence("%(share)s of all requests took the new route by %(day)s", **facts)
    if largest.left.day != last.day:
        return sentence("%(share)s of all requests took the new route by %(day)s", **facts)
    return sentence(
        "%(share)s of all requests took the new route by %(day)s; %(name)s still takes %(rest)s",
        name=largest.route.name,
        rest=say_share(largest.share),
        **facts,
    )


def say_gap(periods: Sequence[PeriodShare], names: dict[str, str]) -> str:
    """Which routes the latest period lacks, so that it has no share; empty when it is whole."""
    if not periods or not periods[-1].unread:
        return ""
    missing = say_list([names[key] for key in periods[-1].unread])
    return sentence("Not counted in the last period: %(names)s.", names=missing)


def say_standing(standing: Standing, *, today: date) -> Sentence:
    """What became of a competing route: shut off on time, overdue, or still used after it was."""
    facts = {"name": standing.route.name}
    if standing.left is not None:
        facts["amount"] = say_number(standing.left.amount)
    if standing.state is State.LEAKING:
        shut = standing.route.shut_date or today
        return sentence(
            "%(name)s was shut off on %(day)s and still took %(amount)s requests",
            day=say_day(shut, today=today),
            **facts,
        )
    if standing.state is State.SHUT:
        shut = standing.route.shut_date or today
        return sentence(
            "%(name)s is shut off since %(day)s", day=say_day(shut, today=today), **facts
        )
    return _say_open(standing, facts, today)


def _say_open(standing: Standing, facts: dict[str, str], today: date) -> Sentence:
    planned = standing.route.shut_off_date
    if planned is None:
        return sentence("%(name)s has no day on which it is shut off", **facts)
    facts["day"] = say_day(planned, today=today)
    if standing.state is State.OVERDUE:
        return sentence("%(name)s was to be shut off on %(day)s and is still open", **facts)
    return sentence("%(name)s is to be shut off on %(day)s", **facts)
