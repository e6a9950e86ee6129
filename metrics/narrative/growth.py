"""What a change of adoption under somebody's care says."""

from metrics.growth import Growth, LeftOut
from metrics.narrative.words import say_number, say_signed
from rendering.sentences import Sentence, sentence

LEFT_OUT = {
    LeftOut.NOT_READ: sentence("no use counted on one of the two days"),
    LeftOut.OTHER_VERSION: sentence("counted by other rules then"),
    LeftOut.NO_SEATS: sentence("no licences on record for that day"),
}


def say_growth(found: Growth, customers: int) -> Sentence:
    """How adoption moved over somebody's customers, by how many of them that is said."""
    facts = {"counted": say_number(len(found.counted)), "all": say_number(customers)}
    if found.difference is None:
        return sentence("None of %(all)s customers can be counted", all=facts["all"])
    points = say_signed(found.difference * 100, 1)
    return sentence(
        "%(points)s points of adoption over %(counted)s of %(all)s customers, by %(seats)s seats",
        points=points,
        seats=say_number(found.seats),
        **facts,
    )
