"""Everything people said about an engagement, and the concerns that came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from engagements.models import AnswerLink, Concern, Interview, Invitee, Response, Survey
from engagements.queries.results import get_scores, get_survey_questions, get_surveys
from engagements.surveys import AXES, TOPICS, Instrument, Score
from tenancy.keys import fits, split_key

# What stands for a survey in a list: the topic of its score.
HEADLINES = {"nps": "nps", "csat": "csat", "ces": "ces", "sus": "sus"}
UNITS = {"nps": "nps", "csat": "share"}
SHOWN = ("open", "overdue", "solved", "all")
WAYS = tuple(Response.Way.values)


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """One survey in the list, with its score where its instrument has one."""

    id: UUID
    title: str
    instrument: str
    instrument_label: str
    moment_label: str
    wave: int
    state: str
    state_label: str
    anonymous: bool
    shared: bool
    invited: int
    answered: int
    by_interview: int
    opened_at: datetime | None
    score: Score | None
    unit: str

    @property
    def response_rate(self) -> float | None:
        return (self.answered - self.by_interview) / self.invited if self.invited else None


@dataclass(frozen=True, slots=True)
class AxesAt:
    """Sentiment on both axes in one wave."""

    survey_id: UUID
    title: str
    opened_at: datetime
    usability: Score
    effectiveness: Score


@dataclass(frozen=True, slots=True)
class TopicScore:
    topic: str
    text: str
    score: Score


@dataclass(frozen=True, slots=True)
class TeamFeedback:
    """What the team said before a transition, and who has not said anything yet."""

    survey: Survey
    answered: int
    topics: tuple[TopicScore, ...]
    # How many, and who they are unless the survey is anonymous.
    silent: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """One concern; `came_from` is the title of the survey or the name of who was interviewed."""

    id: UUID
    text: str
    state: str
    state_label: str
    owner: str
    due_at: datetime | None
    overdue: bool
    created_at: datetime
    solved_at: datetime | None
    resolution: str
    shared: bool
    came_from: str
    survey_id: UUID | None
    interview_id: UUID | None


@dataclass(frozen=True, slots=True)
class ConcernCounts:
    open: int
    overdue: int
    solved: int

    @property
    def all(self) -> int:
        return self.open + self.solved


@dataclass(frozen=True, slots=True)
class Feedback:
    """The page: surveys, sentiment over time, interviews, the team, concerns."""

    surveys: tuple[SurveyRow, ...]
    sentiment: tuple[AxesAt, ...]
    interviews: tuple[Interview, ...]
    team: TeamFeedback | None
    concerns: tuple[ConcernRow, ...]
    counts: ConcernCounts

    @property
    def can_be_interviewed_for(self) -> tuple[SurveyRow, ...]:
        """Surveys whose questions an interview may follow."""
        return tuple(row for row in self.surveys if row.state == "open" and not row.anonymous)


def get_feedback(*, engagement_id: UUID, now: datetime, show: str = "open") -> Feedback:
    """What people said about an engagement; `show` narrows the concerns, see `SHOWN`."""
    surveys: list[Any] = list(get_surveys(engagement_id=engagement_id).annotate(**_counts_by_way()))
    scores = get_scores(surveys=[survey for survey in surveys if not survey.is_draft])
    counted = {row.pk: {way: getattr(row, f"by_{way}") for way in WAYS} for row in surveys}
    every = get_concern_rows(engagement_id=engagement_id, now=now)
    return Feedback(
        surveys=tuple(_row(survey, counted, scores) for survey in surveys),
        sentiment=_axes(surveys, scores),
        interviews=tuple(get_interviews(engagement_id=engagement_id)),
        team=_team(surveys, counted, scores),
        concerns=narrowed(every, show),
        counts=_counts(every),
    )


Ways = dict[UUID, dict[str, int]]
Scores = dict[UUID, dict[str, Score]]


def _counts_by_way() -> dict[str, Any]:
    """How many answered a survey each way, along with the survey itself."""
    rows = Response.objects.filter(survey_id=OuterRef("pk")).order_by().values("survey_id")
    counts = {way: rows.filter(way=way).annotate(n=Count("pk")).values("n") for way in WAYS}
    return {f"by_{way}": Coalesce(Subquery(count), 0) for way, count in counts.items()}


def _row(survey: Survey, counted: Ways, scores: Scores) -> SurveyRow:
    ways = counted.get(survey.pk, {})
    topic = HEADLINES.get(survey.instrument, "")
    return SurveyRow(
        id=survey.pk,
        title=survey.title,
        instrument=survey.instrument,
        instrument_label=survey.get_instrument_display(),
        moment_label=survey.get_moment_display(),
        wave=survey.wave,
        state=survey.state,
        state_label=survey.get_state_display(),
        anonymous=survey.anonymous,
        shared=survey.shared,
        invited=survey.invited,
        answered=sum(ways.values()),
        by_interview=ways.get(Response.Way.INTERVIEW, 0),
        opened_at=survey.opened_at,
        score=scores.get(survey.pk, {}).get(topic),
        unit=UNITS.get(topic, "mean"),
    )


def _axes(surveys: list[Survey], scores: Scores) -> tuple[AxesAt, ...]:
    """Each wave of sentiment that anybody answered, oldest first."""
    found = [
        AxesAt(survey.pk, survey.title, survey.opened_at, *(both[axis] for axis in AXES))
        for survey in surveys
        if survey.instrument == Instrument.SENTIMENT and survey.opened_at
        if set(AXES) <= set(both := scores.get(survey.pk, {})) and both[AXES[0]].n
    ]
    return tuple(sorted(found, key=lambda wave: wave.opened_at))


def _team(surveys: list[Survey], counted: Ways, scores: Scores) -> TeamFeedback | None:
    """The newest feedback of the team that was sent; None when there is none."""
    asked = [s for s in surveys if s.instrument == Instrument.TEAM and s.opened_at]
    if not asked:
        return None
    survey = max(asked, key=lambda row: row.wave)
    silent = list(Invitee.objects.filter(survey=survey, answered_at=None))
    texts = {
        question.topic: question.text for question in get_survey_questions(survey_id=survey.pk)
    }
    found = scores.get(survey.pk, {})
    return TeamFeedback(
        survey=survey,
        answered=sum(counted.get(survey.pk, {}).values()),
        topics=tuple(
            TopicScore(topic, texts[topic], found[topic]) for topic in TOPICS if topic in found
        ),
        silent=len(silent),
        missing=() if survey.anonymous else tuple(str(invitee) for invitee in silent),
    )


def get_interviews(*, engagement_id: UUID | None = None) -> QuerySet[Interview]:
    """Interviews with who asked and along which survey, newest first."""
    rows = Interview.objects.select_related(
        "interviewer", "response__survey", "response__impact_group"
    )
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_concerns(*, engagement_id: UUID | None = None) -> QuerySet[Concern]:
    """Concerns with owners and where they came from; the earliest due first, undated ones last."""
    rows = Concern.objects.select_related(
        "owner", "owner_at_customer", "engagement", "answer__response__survey", "interview"
    ).order_by(F("due_at").asc(nulls_last=True), "created_at", "id")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_concern_rows(
    *, engagement_id: UUID, now: datetime, show: str = "all"
) -> tuple[ConcernRow, ...]:
    rows = (concern_row(row, now) for row in get_concerns(engagement_id=engagement_id))
    return narrowed(tuple(rows), show)


def narrowed(rows: tuple[ConcernRow, ...], show: str) -> tuple[ConcernRow, ...]:
    if show == "overdue":
        return tuple(row for row in rows if row.overdue)
    if show == "solved":
        return tuple(row for row in rows if row.state == Concern.State.SOLVED)
    if show == "all":
        return rows
    return tuple(row for row in rows if row.state != Concern.State.SOLVED)


def concern_row(concern: Concern, now: datetime) -> ConcernRow:
    solved = concern.state == Concern.State.SOLVED
    # Both are empty for the customer's side where their rows are not shared with it.
    survey = concern.answer.response.survey if concern.answer else None
    return ConcernRow(
        id=concern.pk,
        text=concern.text,
        state=concern.state,
        state_label=concern.get_state_display(),
        owner=concern.owner_name,
        due_at=concern.due_at,
        overdue=not solved and concern.due_at is not None and concern.due_at < now,
        created_at=concern.created_at,
        solved_at=concern.solved_at,
        resolution=concern.resolution,
        shared=concern.shared,
        came_from=str(survey or concern.interview or ""),
        survey_id=survey.pk if survey else None,
        interview_id=concern.interview.pk if concern.interview else None,
    )


def _counts(rows: tuple[ConcernRow, ...]) -> ConcernCounts:
    solved = sum(row.state == Concern.State.SOLVED for row in rows)
    return ConcernCounts(len(rows) - solved, sum(row.overdue for row in rows), solved)


def get_answer_link(*, text: str) -> AnswerLink | None:
    """The link by mail that this text is; None when it is none of ours. Needs no scope."""
    parts = split_key(text, "answer")
    link = AnswerLink.objects.filter(prefix=parts[0]).first() if parts else None
    return link if parts and link is not None and fits(parts[1], link.secret_hash) else None


def get_invitees(*, survey_id: UUID) -> QuerySet[Invitee]:
    """Those who are asked, by address, each with the impact group."""
    rows = Invitee.objects.filter(survey_id=survey_id)
    return rows.select_related("impact_group", "survey")


def said_of(invitee: Invitee) -> Invitee:
    """The person without what would tell that they answered, where the survey is anonymous: seen
    beside results as they come in, that would tell who said what."""
    if invitee.survey.anonymous:
        invitee.answered_at, invitee.reminded_at, invitee.reminders = None, None, 0
    return invitee
