"""What contacts with support say: whether callers learn, and whether fewer have to ask."""

from collections.abc import Sequence
from datetime import date

from metrics.deflection import Contacts, Turn, coached_turn, how_to_turn
from metrics.growth import Growth
from metrics.narrative.words import say_day, say_number, say_share, say_signed
from rendering.sentences import Sentence, sentence


def say_coached(contacts: Contacts) -> Sentence:
    """How many callers were walked through; counts alone where they are few."""
    share = contacts.coached_share
    facts = {"coached": say_number(contacts.coached), "n": say_number(contacts.classed)}
    if share is None:
        return sentence("No contact is classed as coached or done for the caller yet")
    if contacts.is_small:
        return sentence("%(coached)s of %(n)s callers were walked through", **facts)
    return sentence(
        "%(share)s of callers were walked through, %(coached)s of %(n)s",
        share=say_share(share),
        **facts,
    )


def say_how_to(contacts: Contacts) -> str:
    """How-to tickets per 100 active users; empty where too few are active or nothing is known."""
    rate = contacts.per_hundred
    if rate is None:
        return ""
    return sentence("%(n)s how-to tickets per 100 active users", n=say_number(rate, 1))


def support_finding(periods: Sequence[Contacts], *, today: date) -> Sentence:
    """The title of the section: the turn of how-to tickets, else of coaching, else the last period."""
    asking, coached = how_to_turn(periods), coached_turn(periods)
    if asking is not None:
        return _say_asking(asking, today)
    if coached is not None:
        return _say_coaching(coached, today)
    return say_coached(periods[-1]) if periods else sentence("No contact with support is on record")


def _say_asking(turn: Turn, today: date) -> Sentence:
    facts = {
        "before": say_number(turn.before, 1),
        "now": say_number(turn.now, 1),
        "day": say_day(turn.since, today=today),
    }
    if turn.difference < 0:
        return sentence(
            "How-to tickets per 100 active users fell from %(before)s to %(now)s since %(day)s",
            **facts,
        )
    if turn.difference > 0:
        return sentence(
            "How-to tickets per 100 active users rose from %(before)s to %(now)s since %(day)s",
            **facts,
        )
    return sentence("How-to tickets per 100 active users stayed at %(now)s since %(day)s", **facts)


def _say_coaching(turn: Turn, today: date) -> Sentence:
    return sentence(
        "%(now)s of callers were walked through, %(before)s on %(day)s",
        now=say_share(turn.now),
        before=say_share(turn.before),
        day=say_day(turn.since, today=today),
    )


def say_growth(found: Growth) -> Sentence:
    """The change of adoption under one person's care, and how much of it is counted."""
    if found.difference is None:
        return sentence("No customer has adoption at the assignment and now by one definition")
    points = say_signed(found.difference * 100, 1)
    facts = {"points": points, "seats": say_number(found.seats)}
    if found.left_out:
        return sentence(
            "%(points)s points of adoption over %(seats)s seats; customers left out: %(rest)s",
            rest=say_number(len(found.left_out)),
            **facts,
        )
    return sentence("%(points)s points of adoption over %(seats)s seats", **facts)
