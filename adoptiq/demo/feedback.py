"""What people of the demo said: surveys with their answers, interviews, and the concerns that came
of them. Invented; the numbers follow how each company's use went."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from adoptiq.demo.engagements import FIRST_NAMES, LAST_NAMES
from adoptiq.demo.story import Company
from engagements import operations, queries
from engagements.models import (
    Answer,
    EndUser,
    Engagement,
    ImpactGroup,
    Invitee,
    RosterEntry,
    Stakeholder,
    Survey,
    SurveyQuestion,
)
from engagements.operations import Asked, Given
from engagements.surveys import Instrument, Kind
from people.models import User

# Whoever has these many people on board is asked; more would say nothing new.
MOST_ASKED = 42
PRAISE = (
    "The photo goes straight into the order, no more phone calls.",
    "I see at once what is still open on my shift.",
    "Much faster than the paper form.",
    "Approvals now take hours instead of days.",
)
COMPLAINTS = (
    "In the tunnel there is no signal and my entries are gone.",
    "At shift change it takes ages to load.",
    "I cannot find the checklist for the night round.",
    "The old form is still on the intranet, so half of us use that.",
    "Month-end export puts the cost centre in the wrong column.",
)
TEAM_WORDS = (
    "Load test at shift change, before we leave.",
    "Two more administrators who can reset devices.",
    "Shift leaders should announce the end of the old form.",
    "The night crew needs a second course.",
    "Close the three open sync tickets.",
)
MATES = ("Ines Costa", "Paul Adler", "Rana Haddad", "Timo Salo", "Vera Nowak", "Will Grant")
NOTES = (
    "Prints the orders in the morning and types the results in the evening: the tablet is locked"
    " away during the round. Would use it if two were kept in the van.",
    "Likes the checklists and shows them to others. Does not trust the photo upload, because"
    " nothing says that it is done.",
)


@dataclass(frozen=True, slots=True)
class Round:
    """One survey of the demo: when it was sent, from which mark answers scatter, how many answer."""

    instrument: Instrument
    title: str
    ago: int
    centres: tuple[float, ...]
    share: float
    closed: bool = True
    anonymous: bool = False
    moment: str = "other"


@dataclass(frozen=True, slots=True)
class Asking:
    """The engagement that is asked about, and who asks."""

    company: Company
    engagement: Engagement
    csm: User
    now: datetime

    def at(self, ago: int) -> datetime:
        """Nine in the morning so many days ago."""
        day = self.now.date() - timedelta(days=ago)
        return min(datetime.combine(day, time(9), tzinfo=self.now.tzinfo), self.now)

    @property
    def random(self) -> Random:
        return Random(self.company.key)  # noqa: S311


def tell_feedback(*, company: Company, engagement: Engagement, csm: User, now: datetime) -> None:
    """Everything people said about one engagement, through the operations people use."""
    asking = Asking(company, engagement, csm, now)
    _give_addresses(asking)
    surveys = [_ask(asking, one) for one in rounds_of(company)]
    if company.external_id == "halden-energy":
        _interviews(asking, next(s for s in surveys if s.is_open and not s.anonymous))
        _team(asking)
        _concerns(asking)
    if company.external_id == "marlow-health":
        _one_concern(asking)


def rounds_of(company: Company) -> tuple[Round, ...]:
    """Who was asked what, by how far the company has come."""
    since = -(company.go_live or 0)
    if company.external_id == "halden-energy":
        return (
            _sentiment(max(since - 6, 3), (2.6, 2.9), closed=True),
            _sentiment(max(since - 20, 2), (3.3, 3.2), closed=True),
            _sentiment(2, (3.9, 3.5), closed=False),
            Round(Instrument.CSAT, "Satisfied so far?", 9, (3.8,), 0.5, anonymous=True),
        )
    if company.external_id == "marlow-health":
        return (
            _sentiment(max(since - 8, 3), (2.4, 2.2), closed=True),
            Round(Instrument.SUS, "How usable is it?", 12, (2.7, 3.4), 0.3, anonymous=True),
        )
    if company.phase in ("signed_off", "value"):
        return tuple(
            Round(Instrument.NPS, "Would you recommend it?", ago, (centre,), 0.55, moment="quarter")
            for ago, centre in ((150, 7.4), (58, 8.6))
        )
    if company.phase == "adopt" and since > 20:
        return (_sentiment(since - 10, (3.4, 3.5), closed=True),)
    return ()


def _sentiment(ago: int, centres: tuple[float, float], *, closed: bool) -> Round:
    title = "How is it going?"
    return Round(Instrument.SENTIMENT, title, ago, centres, 0.6, closed=closed, moment="go_live")


def _ask(asking: Asking, one: Round) -> Survey:
    survey = operations.draft_survey(
        engagement=asking.engagement,
        fields={
            "instrument": one.instrument.value,
            "title": one.title,
            "intro": "Two minutes that decide what we change next.",
            "moment": one.moment,
            "anonymous": one.anonymous,
        },
        by=asking.csm,
    )
    operations.invite_people(survey=survey, people=_people(asking))
    return _send(asking, survey, one)


def _send(asking: Asking, survey: Survey, one: Round) -> Survey:
    sent_at = asking.at(one.ago)
    operations.open_survey(survey=survey, now=sent_at)
    Invitee.objects.filter(survey=survey).update(due="", sent_at=sent_at)
    _answer(asking, survey, one)
    _remind(asking, survey, one)
    if one.closed:
        operations.close_survey(survey=survey, now=min(sent_at + timedelta(7), asking.now))
    survey.refresh_from_db()
    return survey


def _remind(asking: Asking, survey: Survey, one: Round) -> None:
    """The reminders that have gone out since, to whoever kept silent."""
    sent = min(one.ago // 4, 2)
    if sent:
        silent = Invitee.objects.filter(survey=survey, answered_at=None)
        silent.update(reminders=sent, reminded_at=asking.at(one.ago - 4 * sent))


def _give_addresses(asking: Asking) -> None:
    """At domains that cannot exist, so that no mail ever leaves for them."""
    domain = f"{asking.company.external_id}.example"
    users = list(EndUser.objects.filter(customer=asking.engagement.customer))
    for number, user in enumerate(users):
        # One in nine has none, as in any roster.
        user.email = f"{_mailbox(user.name)}.{number}@{domain}" if number % 9 else ""
    EndUser.objects.bulk_update(users, ["email"])
    for person in Stakeholder.objects.filter(customer=asking.engagement.customer):
        operations.change_stakeholder(
            person=person, fields={"email": f"{_mailbox(person.name)}@{domain}"}
        )


def _people(asking: Asking) -> list[Asked]:
    """Some of each impact group: from the roster where there is one."""
    entries = RosterEntry.objects.filter(engagement=asking.engagement, access_since__isnull=False)
    known = [
        Asked(
            entry.end_user.email,
            entry.end_user.name,
            impact_group=entry.impact_group,
            roster_entry=entry,
        )
        for entry in entries.select_related("end_user", "impact_group").order_by("end_user__email")
        if entry.end_user.email
    ]
    return known[:MOST_ASKED] or _strangers(asking)


def _strangers(asking: Asking) -> list[Asked]:
    groups = list(ImpactGroup.objects.filter(engagement=asking.engagement))
    each = max(6, MOST_ASKED // max(len(groups), 1))
    return [
        Asked(f"{_mailbox(name)}@{asking.company.external_id}.example", name, impact_group=group)
        for place, group in enumerate(groups)
        for number in range(min(each, group.size))
        if (name := _name(place, number))
    ]


def _name(place: int, number: int) -> str:
    first = FIRST_NAMES[(5 * place + number) % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[(3 * place + 7 * number) % len(LAST_NAMES)]}"


def _mailbox(name: str) -> str:
    return (
        unicodedata.normalize("NFKD", name.lower())
        .encode("ascii", "ignore")
        .decode()
        .replace(" ", ".")
    )


def _answer(asking: Asking, survey: Survey, one: Round) -> None:
    random = Random(f"{asking.company.key} {survey.wave} {survey.instrument}")  # noqa: S311
    invitees = list(Invitee.objects.filter(survey=survey).select_related("impact_group"))
    answering = random.sample(invitees, round(len(invitees) * one.share))
    questions = queries.get_survey_questions(survey_id=survey.pk)
    for number, invitee in enumerate(answering):
        now = min(asking.at(one.ago) + timedelta(hours=1 + number * 2), asking.now)
        operations.take_answer(
            invitee=invitee,
            given=_given(questions, one.centres, random, number),
            today=now.date(),
            now=now,
        )


def _given(
    questions: Sequence[SurveyQuestion], centres: Sequence[float], random: Random, number: int
) -> dict[Any, Given]:
    """Marks that scatter around the centres in turn, and words from every third person."""
    found = {}
    marks = 0
    for question in questions:
        if question.kind == Kind.SCALE:
            mark = round(random.gauss(centres[marks % len(centres)], 1))
            found[question.pk] = Given(number=min(max(mark, question.low), question.high))
            marks += 1
        elif number % 3 == 0:
            words = COMPLAINTS if min(centres) < 3.4 or number % 2 else PRAISE
            found[question.pk] = Given(text=words[number // 3 % len(words)])
    return found


def _interviews(asking: Asking, survey: Survey) -> None:
    groups = list(ImpactGroup.objects.filter(engagement=asking.engagement))
    questions = queries.get_survey_questions(survey_id=survey.pk)
    random = asking.random
    for number, notes in enumerate(NOTES):
        operations.record_interview(
            survey=survey,
            fields={
                "interviewee": _name(4, number + 3),
                "day": (asking.now - timedelta(days=1 + number)).date(),
                "notes": notes,
            },
            given=_given(questions, (3.0, 3.0), random, 0),
            impact_group=groups[number % len(groups)] if groups else None,
            by=asking.csm,
            now=asking.at(number),
        )


def _team(asking: Asking) -> None:
    """Six were asked before the transition; one has not answered yet."""
    survey = operations.draft_survey(
        engagement=asking.engagement,
        fields={
            "instrument": Instrument.TEAM.value,
            "title": "Are we ready to hand over?",
            "moment": "transition",
        },
        by=asking.csm,
    )
    team = [Asked(f"{_mailbox(name)}@northwind.example", name) for name in MATES]
    operations.invite_people(survey=survey, people=team)
    one = Round(Instrument.TEAM, survey.title, 3, (3.2, 2.6, 3.7, 3.9, 3.0), 0, closed=False)
    _send(asking, survey, one)
    asked = queries.get_survey_questions(survey_id=survey.pk)
    free = [question for question in asked if question.kind == Kind.TEXT]
    random = asking.random
    for number, invitee in enumerate(Invitee.objects.filter(survey=survey)[: len(MATES) - 1]):
        given = _given(asked, one.centres, random, 1)
        given[free[number].pk] = Given(text=TEAM_WORDS[number])
        now = asking.at(2)
        operations.take_answer(invitee=invitee, given=given, today=now.date(), now=now)


def _concerns(asking: Asking) -> None:
    """One overdue, one in hand, one in time with the customer, one solved."""
    said = Answer.objects.filter(response__survey__engagement=asking.engagement)
    lead = Stakeholder.objects.filter(name=asking.company.lead).first()
    told: tuple[tuple[str, str, dict[str, Any]], ...] = (
        (COMPLAINTS[1], "Loading takes over ten seconds at shift change", {"due": -1, "state": "doing"}),
        (COMPLAINTS[0], "Entries made without signal are lost in the tunnel", {"due": 4}),
        (COMPLAINTS[3], "The old form is still on the intranet", {"due": 6, "lead": True}),
        (
            COMPLAINTS[2],
            "Nobody finds the checklist of the night round",
            {"due": -6, "solved": "Pinned to the start page of the night crew."},
        ),
    )  # fmt: skip
    for words, text, about in told:
        answer = said.filter(text=words).first()
        _raise(asking, text, about, answer=answer, lead=lead)


def _raise(
    asking: Asking,
    text: str,
    about: dict[str, Any],
    *,
    answer: Answer | None = None,
    lead: Stakeholder | None = None,
) -> None:
    solved = about.get("solved", "")
    theirs = bool(about.get("lead")) and lead is not None
    operations.raise_concern(
        engagement=asking.engagement,
        fields={
            "text": text,
            "owner": None if theirs else asking.csm,
            "owner_at_customer": lead if theirs else None,
            "due_at": _due(asking, about["due"]),
            "state": "solved" if solved else about.get("state", "open"),
            "resolution": solved,
            "shared": True,
        },
        by=asking.csm,
        now=asking.at(5),
        answer=answer,
    )


def _due(asking: Asking, days: int) -> datetime:
    day: date = asking.now.date() + timedelta(days=days)
    return datetime.combine(day, time(15), tzinfo=asking.now.tzinfo)


def _one_concern(asking: Asking) -> None:
    text = "Ward staff went back to the old list after the update"
    _raise(asking, text, {"due": -3})
