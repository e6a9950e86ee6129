"""What a survey found: scores with their margin, answers counted, words as they were written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from engagements.models import Answer, Response, Survey, SurveyQuestion
from engagements.surveys import (
    FEWEST,
    NO,
    NOTHING,
    SUS_ITEMS,
    YES,
    Change,
    Instrument,
    Kind,
    Score,
    compare,
    effort_share,
    score,
    sus,
)
from tenancy.scope import Realm, current_scope

# The unit a score is said in, where it is not a mean on a scale.
UNITS = {"nps": "nps", "csat": "share"}


@dataclass(frozen=True, slots=True)
class Bar:
    """How often one answer was given; `share` is of everybody who answered the question."""

    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, and the concern that came of it, if any."""

    id: UUID
    text: str
    concern_id: UUID | None


@dataclass(frozen=True, slots=True)
class GroupScore:
    name: str
    score: Score


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, or SUS as a whole: what was asked, and what the answers say.

    `change` is against the wave before; None where there is none or one of the two is too small.
    """

    id: UUID | None
    text: str
    topic: str
    kind: str
    unit: str
    answered: int
    score: Score | None = None
    bars: tuple[Bar, ...] = ()
    words: tuple[Words, ...] = ()
    groups: tuple[GroupScore, ...] = ()
    before: Score | None = None
    change: Change | None = None
    low_label: str = ""
    high_label: str = ""
    # CES also as the share of 5 to 7; its score stays the mean.
    also: Score | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """A survey with everything that was answered so far."""

    survey: Survey
    answered: int
    by_interview: int
    findings: tuple[Finding, ...]
    before: Survey | None

    @property
    def response_rate(self) -> float | None:
        """Of those who were asked by mail."""
        return (
            (self.answered - self.by_interview) / self.survey.invited
            if self.survey.invited
            else None
        )

    @property
    def held_back(self) -> bool:
        """Whether there are too few anonymous answers to be shown without naming somebody."""
        return self.survey.anonymous and self.answered < FEWEST

    @property
    def too_few(self) -> bool:
        return self.answered < FEWEST

    @property
    def headline(self) -> Finding | None:
        return next((found for found in self.findings if found.score is not None), None)


@dataclass(frozen=True, slots=True)
class _Said:
    """One answer as it is read from the database."""

    id: UUID
    response_id: UUID
    question_id: UUID
    group: str
    number: int | None
    text: str
    choices: tuple[str, ...]


def get_surveys(*, engagement_id: UUID | None = None) -> QuerySet[Survey]:
    """Surveys that were not discarded, newest first, of one engagement or of all.

    The customer's side is shown them once they were sent.
    """
    rows = Survey.objects.select_related("owner", "engagement").exclude(
        state=Survey.State.DISCARDED
    )
    if current_scope().realm is Realm.CUSTOMER:
        rows = rows.exclude(state=Survey.State.DRAFT)
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_survey_questions(*, survey_id: UUID) -> list[SurveyQuestion]:
    """The questions of a survey in their order."""
    return list(SurveyQuestion.objects.filter(survey_id=survey_id, removed_at=None))


def get_wave_before(*, survey: Survey) -> Survey | None:
    """The last survey of the same instrument in the engagement that people could answer."""
    if survey.instrument == Instrument.FREE:
        return None
    rows = Survey.objects.filter(
        engagement_id=survey.engagement_id,
        instrument=survey.instrument,
        wave__lt=survey.wave,
        state__in=[Survey.State.OPEN, Survey.State.CLOSED],
    )
    return rows.order_by("-wave").first()


def get_results(*, survey: Survey) -> Results:
    """Everything a survey found so far, with the wave before beside it."""
    earlier = get_wave_before(survey=survey)
    before = _scores_of(earlier) if earlier is not None else {}
    ways = list(Response.objects.filter(survey=survey).values_list("way", flat=True))
    results = Results(
        survey=survey,
        answered=len(ways),
        by_interview=sum(way == Response.Way.INTERVIEW for way in ways),
        findings=(),
        before=earlier,
    )
    if results.held_back:
        return results
    found = tuple(_findings(survey, _said(survey), before, _concerns(survey)))
    return Results(survey, results.answered, results.by_interview, found, earlier)


def _said(survey: Survey) -> list[_Said]:
    rows = Answer.objects.filter(response__survey=survey).values_list(
        "id",
        "response_id",
        "question_id",
        "response__impact_group__name",
        "number",
        "text",
        "choices",
    )
    return [
        _Said(pk, response, question, group or "", number, text, tuple(choices))
        for pk, response, question, group, number, text, choices in rows
    ]


def _concerns(survey: Survey) -> dict[UUID, UUID]:
    """The concern that came of each answer, by the answer's id."""
    rows = Answer.objects.filter(response__survey=survey, concerns__isnull=False)
    return dict(rows.values_list("pk", "concerns__pk"))


def _findings(
    survey: Survey, said: list[_Said], before: Mapping[str, Score], concerns: Mapping[UUID, UUID]
) -> Iterator[Finding]:
    by_question: dict[UUID, list[_Said]] = defaultdict(list)
    for answer in said:
        by_question[answer.question_id].append(answer)
    questions = get_survey_questions(survey_id=survey.pk)
    if survey.instrument == Instrument.SUS:
        yield _sus_finding(questions, by_question, before)
    for question in questions:
        yield _finding(question, by_question[question.pk], before, concerns)


def _finding(
    question: SurveyQuestion,
    said: list[_Said],
    before: Mapping[str, Score],
    concerns: Mapping[UUID, UUID],
) -> Finding:
    kind, unit = Kind(question.kind), unit_of(question)
    numbers = [answer.number for answer in said if answer.number is not None]
    has_score = kind in (Kind.SCALE, Kind.YES_NO)
    now = score_of(question, numbers) if has_score else None
    earlier = before.get(question.topic) if question.topic else None
    return Finding(
        id=question.pk,
        text=question.text,
        topic=question.topic,
        kind=kind.value,
        unit=unit,
        answered=len(said),
        # A statement of SUS means nothing by itself.
        score=None if question.topic in SUS_ITEMS else now,
        bars=_bars(question, said, now),
        words=_words(said, concerns) if kind == Kind.TEXT else (),
        groups=_groups(question, said) if now and question.topic not in SUS_ITEMS else (),
        before=earlier,
        change=compare(earlier, now) if earlier is not None and now is not None else None,
        low_label=question.low_label,
        high_label=question.high_label,
        also=effort_share(numbers) if question.topic == "ces" else None,
    )


def unit_of(question: SurveyQuestion) -> str:
    """nps, share or mean."""
    return "share" if question.kind == Kind.YES_NO else UNITS.get(question.topic, "mean")


def score_of(question: SurveyQuestion, numbers: list[int]) -> Score:
    return score(question.topic, Kind(question.kind), numbers, low=question.low, high=question.high)


def _bars(question: SurveyQuestion, said: list[_Said], found: Score | None) -> tuple[Bar, ...]:
    n = len(said)
    if question.kind == Kind.YES_NO and found is not None:
        counts = dict(found.counts)
        return (_bar(_("Yes"), counts[YES], n), _bar(_("No"), counts[NO], n))
    if found is not None:
        return tuple(_bar(str(step), count, n) for step, count in found.counts)
    if question.kind == Kind.TEXT:
        return ()
    chosen = Counter(choice for answer in said for choice in answer.choices)
    return tuple(_bar(choice, chosen[choice], n) for choice in question.choices)


def _bar(label: str, count: int, n: int) -> Bar:
    return Bar(label, count, count / n if n else 0.0)


def _words(said: Iterable[_Said], concerns: Mapping[UUID, UUID]) -> tuple[Words, ...]:
    """By id, which is random: the order of anonymous answers says nothing."""
    written = sorted((answer for answer in said if answer.text), key=lambda answer: answer.id)
    return tuple(Words(answer.id, answer.text, concerns.get(answer.id)) for answer in written)


def _groups(question: SurveyQuestion, said: list[_Said]) -> tuple[GroupScore, ...]:
    """Impact groups with enough answers, by name; of one group alone there is nothing to compare."""
    by_group: dict[str, list[int]] = defaultdict(list)
    for answer in said:
        if answer.group and answer.number is not None:
            by_group[answer.group].append(answer.number)
    return tuple(
        GroupScore(name, score_of(question, numbers))
        for name, numbers in sorted(by_group.items())
        if len(numbers) >= FEWEST
    )


def _sus_finding(
    questions: list[SurveyQuestion],
    by_question: Mapping[UUID, list[_Said]],
    before: Mapping[str, Score],
) -> Finding:
    found = sus(_sus_people(questions, by_question))
    earlier = before.get("sus")
    return Finding(
        id=None,
        text=_("System usability"),
        topic="sus",
        kind=Kind.SCALE.value,
        unit="sus",
        answered=found.n,
        score=found,
        bars=tuple(_bar(_sus_band(ten), count, found.n) for ten, count in found.counts),
        before=earlier,
        change=compare(earlier, found) if earlier is not None else None,
    )


def _sus_band(ten: int) -> str:
    return "100" if ten == 100 else f"{ten}–{ten + 9}"


def _sus_people(
    questions: list[SurveyQuestion], by_question: Mapping[UUID, list[_Said]]
) -> list[list[int]]:
    """The ten answers of each person in the order of the statements; fewer where some are missing."""
    of_topic = {question.topic: question.pk for question in questions}
    people: dict[UUID, list[int]] = defaultdict(list)
    for topic in SUS_ITEMS:
        for answer in by_question.get(of_topic.get(topic) or UUID(int=0), []):
            if answer.number is not None:
                people[answer.response_id].append(answer.number)
    return list(people.values())


def _scores_of(survey: Survey) -> dict[str, Score]:
    """The scores of a survey by topic. Too few anonymous answers have none."""
    return get_scores(surveys=[survey]).get(survey.pk, {})


def get_scores(*, surveys: Iterable[Survey]) -> dict[UUID, dict[str, Score]]:
    """Scores by survey and topic, in two reads however many surveys there are.

    SUS has the topic "sus"; questions of one's own have none and are left out.
    """
    wanted = {survey.pk: survey for survey in surveys}
    questions = SurveyQuestion.objects.filter(survey_id__in=wanted, removed_at=None).exclude(
        topic=""
    )
    scored = [question for question in questions if question.kind == Kind.SCALE]
    said: dict[UUID, list[tuple[UUID, int]]] = defaultdict(list)
    rows = Answer.objects.filter(Q(question__in=[q.pk for q in scored]), number__isnull=False)
    for question_id, response_id, number in rows.values_list(
        "question_id", "response_id", "number"
    ):
        if number is not None:
            said[question_id].append((response_id, number))
    found: dict[UUID, dict[str, Score]] = defaultdict(dict)
    for question in scored:
        if question.topic not in SUS_ITEMS:
            numbers = [number for _response, number in said[question.pk]]
            found[question.survey_id][question.topic] = score_of(question, numbers)
    for survey in wanted.values():
        if survey.instrument == Instrument.SUS:
            found[survey.pk]["sus"] = _sus_score(survey.pk, scored, said)
    return {pk: _shown(wanted[pk], scores) for pk, scores in found.items()}


def _sus_score(
    survey_id: UUID,
    questions: list[SurveyQuestion],
    said: Mapping[UUID, list[tuple[UUID, int]]],
) -> Score:
    of_topic = {q.topic: q.pk for q in questions if q.survey_id == survey_id}
    people: dict[UUID, list[int]] = defaultdict(list)
    for topic in SUS_ITEMS:
        for response_id, number in said.get(of_topic.get(topic) or UUID(int=0), []):
            people[response_id].append(number)
    return sus(people.values())


def _shown(survey: Survey, scores: dict[str, Score]) -> dict[str, Score]:
    """Of anonymous answers that are too few not even the counts."""
    return {
        topic: NOTHING if survey.anonymous and found.n < FEWEST else found
        for topic, found in scores.items()
    }
