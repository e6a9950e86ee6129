"""Whether people who can use the software do so and like it: three things that are not one."""

from metrics.narrative.words import say_number, say_share
from rendering.sentences import Sentence, sentence


def say_acceptance(available: float | None, used: float | None) -> Sentence:
    """The gap between who could and who does, both 0 to 1; what is not known is said to be so."""
    if available is None and used is None:
        return sentence("Neither access nor use is known yet")
    if used is None:
        return sentence(
            "%(share)s have access; use is not counted yet", share=say_share(available or 0)
        )
    if available is None:
        return sentence(
            "%(share)s of the seats are used; access is not on record", share=say_share(used)
        )
    facts = {"available": say_share(available), "used": say_share(used)}
    points = round((available - used) * 100)
    if points > 0:
        return sentence(
            "%(available)s have access and %(used)s of the seats are used, %(n)s points apart",
            n=say_number(points),
            **facts,
        )
    return sentence("%(available)s have access and %(used)s of the seats are used", **facts)
