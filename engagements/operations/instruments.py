"""The questions each instrument starts with.

CSAT, NPS, CES and the questions on go-live and for the team are in words of our own. The ten
statements of the System Usability Scale are John Brooke's (1986), which its score presupposes.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from engagements.surveys import SUS_ITEMS, TOPICS, Instrument, Kind


@dataclass(frozen=True, slots=True)
class Wording:
    """A question before it belongs to a survey."""

    text: str
    kind: Kind = Kind.SCALE
    topic: str = ""
    low: int = 1
    high: int = 5
    low_label: str = ""
    high_label: str = ""
    required: bool = True


def standard_questions(instrument: Instrument) -> tuple[Wording, ...]:
    """What the instrument asks, in its order; nothing for questions of one's own."""
    return tuple(QUESTIONS[instrument]())


def _why(text: str) -> Wording:
    return Wording(text, kind=Kind.TEXT, required=False)


def _nps() -> Iterator[Wording]:
    yield Wording(
        _("How likely are you to recommend this software to a colleague elsewhere?"),
        topic="nps",
        low=0,
        high=10,
        low_label=_("not at all likely"),
        high_label=_("extremely likely"),
    )
    yield _why(_("What is the main reason for your answer?"))


def _csat() -> Iterator[Wording]:
    yield Wording(
        _("How satisfied are you with the software as you use it today?"),
        topic="csat",
        low_label=_("very dissatisfied"),
        high_label=_("very satisfied"),
    )
    yield _why(_("What should we change first?"))


def _ces() -> Iterator[Wording]:
    yield Wording(
        _("The software makes it easy to get my work done."),
        topic="ces",
        high=7,
        low_label=_("strongly disagree"),
        high_label=_("strongly agree"),
    )
    yield _why(_("Where does it cost you the most effort?"))


def _sus() -> Iterator[Wording]:
    statements = (
        _("I think that I would like to use this system frequently."),
        _("I found the system unnecessarily complex."),
        _("I thought the system was easy to use."),
        _("I think that I would need the support of a technical person to be able to use this system."),
        _("I found the various functions in this system were well integrated."),
        _("I thought there was too much inconsistency in this system."),
        _("I would imagine that most people would learn to use this system very quickly."),
        _("I found the system very cumbersome to use."),
        _("I felt very confident using the system."),
        _("I needed to learn a lot of things before I could get going with this system."),
    )  # fmt: skip
    for topic, text in zip(SUS_ITEMS, statements, strict=True):
        yield Wording(
            text,
            topic=topic,
            low_label=_("strongly disagree"),
            high_label=_("strongly agree"),
        )


def _sentiment() -> Iterator[Wording]:
    yield Wording(
        _("How easy is it to find your way and do what you came for?"),
        topic="usability",
        low_label=_("very hard"),
        high_label=_("very easy"),
    )
    yield Wording(
        _("How well does it help you to get your work done?"),
        topic="effectiveness",
        low_label=_("not at all"),
        high_label=_("very well"),
    )
    yield _why(_("What is in your way right now?"))


def _team() -> Iterator[Wording]:
    asked = (
        _("System performance: how well does it run under daily load?"),
        _("The customer’s administrators: how well do they run it without us?"),
        _("Change management: how well were people prepared for what changes?"),
        _("Adoption: how firmly is the new way of working in place?"),
        _("Issues: how well are open issues under control?"),
    )
    for topic, text in zip(TOPICS, asked, strict=True):
        yield Wording(text, topic=topic, low_label=_("badly"), high_label=_("very well"))
        yield _why(_("What has to happen before the transition?"))


def _free() -> Iterator[Wording]:
    yield from ()


QUESTIONS = {
    Instrument.NPS: _nps,
    Instrument.CSAT: _csat,
    Instrument.CES: _ces,
    Instrument.SUS: _sus,
    Instrument.SENTIMENT: _sentiment,
    Instrument.TEAM: _team,
    Instrument.FREE: _free,
}
