"""What a look back at decisions says: how many were foreseen, and how far that can be trusted."""

from metrics.foresight import FEWEST, BackTest, Signal
from metrics.narrative.words import say_number, say_share, say_span
from rendering.sentences import Sentence, sentence

SIGNALS = {
    Signal.HEALTH: sentence("Health score"),
    Signal.SEATS_USED: sentence("Licences in use"),
    Signal.ADOPTERS: sentence("Active users who adopted a feature"),
    Signal.HABIT: sentence("Active users with a habit"),
}
BAND_NAMES = {"act": sentence("Act"), "watch": sentence("Watch"), "good": sentence("Good")}


def say_foresight(test: BackTest) -> Sentence:
    """The title of the table: what was foreseen of what was lost."""
    span = say_span(test.days)
    if not test.known:
        return sentence(
            "Of no customer that decided is the figure of %(span)s before known", span=span
        )
    if not test.lost:
        return sentence(
            "All %(n)s customers stayed as they were or grew, so no warning could be right",
            n=say_number(test.known),
        )
    return sentence(
        "%(foreseen)s of %(lost)s customers that left or took fewer licences stood in Act "
        "%(span)s before",
        foreseen=say_number(test.foreseen),
        lost=say_number(test.lost),
        span=span,
    )


def say_trust(test: BackTest) -> Sentence:
    """How right the warnings were, or that there are too few decisions to say so."""
    counts = {
        "n": say_number(test.known),
        "missed": say_number(len(test.missed)),
        "nothing": say_number(test.for_nothing),
        "warned": say_number(test.warned),
    }
    if test.is_small:
        return sentence(
            "%(n)s decisions are few: below %(fewest)s no shares are told, since one customer would "
            "move them by more than ten points. Missed: %(missed)s. Warned for nothing: %(nothing)s "
            "of %(warned)s.",
            fewest=FEWEST,
            **counts,
        )
    if test.hit_rate is None:
        return sentence("%(n)s decisions. Warned for nothing: %(nothing)s of %(warned)s.", **counts)
    return sentence(
        "Hit rate %(rate)s of %(n)s decisions. Missed: %(missed)s. Warned for nothing: %(nothing)s "
        "of %(warned)s.",
        rate=say_share(test.hit_rate),
        **counts,
    )
