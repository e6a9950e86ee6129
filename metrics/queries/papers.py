"""Reads of decision papers: what is known, what each option would change, and what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet

from adoption.models import Plan
from engagements.models import Engagement
from engagements.queries import Budget, get_budget
from metrics.definitions import Definition, Measure
from metrics.models import DecisionPaper, PaperOption, PaperQuestion
from metrics.narrative.story import Report, State
from metrics.narrative.words import say_day
from metrics.papers import (
    Cost,
    Effect,
    Fact,
    Forecast,
    MeasureChange,
    MeasureForecast,
    Option,
    Outcome,
    Paper,
    Review,
    amount_by,
    effect,
    fact_from_json,
    forecast_from_json,
    forecast_of,
    review,
)
from metrics.queries.details import MeasureDetail, get_details, get_measures
from rendering.formats import current
from rendering.sentences import sentence

# What asks for somebody comes first, and no reader takes in more.
MOST_FACTS = 6
RANKS = {State.ACT: 0, State.WATCH: 1, State.QUIET: 3, State.GOOD: 2}


@dataclass(frozen=True, slots=True)
class OptionView:
    """An option with what it changes against doing nothing, and the what-if it was tried on.

    `changes` are what its author expects of measures and which targets come with it;
    `plan_moves` is True while that what-if can still be taken over.
    """

    id: UUID
    value: Option
    effect: Effect
    what_if_id: UUID | None
    what_if_name: str
    plan_moves: bool
    changes: tuple[MeasureChange, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperView:
    """A paper as it is shown: live while it is a draft, as it was sent afterwards.

    `review` holds what was decided against how things stand now; None before a decision.
    """

    id: UUID
    value: Paper
    currency: str
    options: tuple[OptionView, ...]
    questions: tuple[PaperQuestion, ...]
    names: Mapping[str, Definition]
    sent_at: datetime | None
    outcome: Outcome | None
    chosen: OptionView | None
    decided_by: str
    decided_at: datetime | None
    recorded_by_id: UUID | None
    note: str
    expected: Forecast
    now: Forecast
    review: Review | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A line of the list. `state` is draft, open, overdue or decided."""

    id: UUID
    question: str
    state: str
    outcome: str
    decide_by: date | None
    created_at: datetime
    decided_by: str
    decided_at: datetime | None


def get_papers(*, engagement_id: UUID | None = None) -> QuerySet[DecisionPaper]:
    """Papers with what they are about, of one engagement or of all, the newest first."""
    rows = DecisionPaper.objects.select_related("engagement__customer", "customer")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def paper_row(paper: DecisionPaper, today: date) -> PaperRow:
    return PaperRow(
        id=paper.pk,
        question=paper.question,
        state=_state(paper, today),
        outcome=paper.get_outcome_display() if paper.outcome else "",
        decide_by=paper.decide_by,
        created_at=paper.created_at,
        decided_by=paper.decided_by,
        decided_at=paper.decided_at,
    )


def _state(paper: DecisionPaper, today: date) -> str:
    if paper.is_decided:
        return "decided"
    if not paper.shared:
        return "draft"
    late = paper.decide_by is not None and paper.decide_by < today
    return "overdue" if late else "open"


def get_paper_view(*, paper: DecisionPaper, today: date) -> PaperView:
    """Everything the page of a paper shows, in a fixed number of queries."""
    details = get_details(rows=list(get_measures(engagement_id=paper.engagement_id)), today=today)
    budget = get_budget(engagement=paper.engagement, today=today)
    now = get_forecast(engagement=paper.engagement, details=details, budget=budget)
    without = forecast_from_json(paper.without) if paper.shared else now
    rows = list(PaperOption.objects.filter(paper=paper, dropped_at=None))
    measures = {str(one.id): one.told.measure for one in details}
    options = _options(paper, rows, without, measures, today)
    promised = forecast_from_json(paper.expected)
    return PaperView(
        id=paper.pk,
        value=_value(paper, options, without, details, budget, today),
        currency=paper.engagement.currency,
        options=options,
        questions=_questions(paper),
        names=_names(paper.engagement_id, measures),
        sent_at=paper.sent_at,
        outcome=Outcome(paper.outcome) if paper.outcome else None,
        chosen=next((one for one in options if one.id == paper.chosen_id), None),
        decided_by=paper.decided_by,
        decided_at=paper.decided_at,
        recorded_by_id=paper.recorded_by_id,
        note=paper.note,
        expected=promised,
        now=now,
        review=_review(promised, now, measures) if paper.is_decided else None,
    )


def _names(engagement_id: UUID, measures: Mapping[str, Measure]) -> Mapping[str, Definition]:
    """What the measures of forecasts are, also those that are measured no longer."""
    removed = get_measures(engagement_id=engagement_id, removed=True)
    gone = {str(row.pk): row.definition for row in removed}
    return gone | {key: measure.definition for key, measure in measures.items()}


def _value(
    paper: DecisionPaper,
    options: Sequence[OptionView],
    without: Forecast,
    details: Sequence[MeasureDetail],
    budget: Budget,
    today: date,
) -> Paper:
    facts = tuple(fact_from_json(one) for one in paper.facts)
    if not paper.shared:
        facts = tuple(_facts(paper.engagement, details, budget, today))
    return Paper(
        question=paper.question,
        as_of=paper.sent_at.astimezone(paper.customer.zone).date() if paper.sent_at else today,
        facts=facts,
        interpretation=paper.interpretation,
        without=without,
        options=tuple(one.value for one in options),
        decide_by=paper.decide_by,
    )


def get_forecast(
    *, engagement: Engagement, details: Sequence[MeasureDetail], budget: Budget
) -> Forecast:
    """What the models say if nothing is decided: the finish of the plan, each line of the budget as
    it goes on, and where the recent slope of each measure leads on its deadline."""
    return Forecast(
        finish=engagement.forecast_finish_date,
        money=_money_at_finish(budget),
        measures=tuple(_measure_forecasts(details)),
    )


def _money_at_finish(budget: Budget) -> Decimal | None:
    """A line that has begun ends as it went so far, and never below what is spent; any other one
    costs its budget. None without any line."""
    if not budget.rows:
        return None
    lines = [row.line for row in budget.rows]
    spent = [line.committed + line.actual for line in lines]
    ends = [line.budget if line.expected is None else line.expected for line in lines]
    return sum((max(end, used) for end, used in zip(ends, spent, strict=True)), Decimal(0))


def _measure_forecasts(details: Iterable[MeasureDetail]) -> Iterable[MeasureForecast]:
    for detail in details:
        found = forecast_of(detail.told.measure, str(detail.id))
        if found is not None:
            yield found


def _options(
    paper: DecisionPaper,
    rows: Sequence[PaperOption],
    without: Forecast,
    measures: Mapping[str, Measure],
    today: date,
) -> tuple[OptionView, ...]:
    wanted = [row.what_if_id for row in rows if row.what_if_id]
    copies = Plan.every.filter(pk__in=wanted, dropped_at=None, what_if_of__isnull=False)
    finishes = dict(copies.values_list("pk", "finish")) if wanted else {}
    found = []
    for row in rows:
        finish = finishes.get(row.what_if_id) if row.what_if_id else None
        forecast = forecast_from_json(row.forecast)
        if not paper.shared:
            forecast = with_option(without, row, finish.date() if finish else None)
            since = paper.decide_by or today
            forecast = replace(forecast, measures=_with_changes(row, without, measures, since))
        found.append(
            OptionView(
                id=row.pk,
                value=_option(row, forecast, paper.engagement.currency),
                effect=effect(forecast, without),
                what_if_id=row.what_if_id,
                what_if_name=row.what_if_name,
                plan_moves=finish is not None or row.redo_id is not None,
                changes=row.changes,
            )
        )
    return tuple(found)


def with_option(without: Forecast, row: PaperOption, finish: date | None) -> Forecast:
    """The forecast with an option: the finish of its what-if, else that of the plan, and the money
    with what it costs; measures as without it."""
    money = without.money
    if row.money is not None:
        money = (money or Decimal(0)) + row.money
    return Forecast(finish=finish or without.finish, money=money, measures=without.measures)


def _with_changes(
    row: PaperOption, without: Forecast, measures: Mapping[str, Measure], since: date
) -> tuple[MeasureForecast, ...]:
    """Each measure as without the option, and those it changes as they go with it from the day on
    which the decision is due."""
    found = {one.key: one for one in without.measures}
    for change in row.changes:
        if change.key in measures:
            changed = forecast_of(measures[change.key], change.key, change, since=since)
            if changed is not None:
                found[change.key] = changed
    return tuple(found.values())


def _option(row: PaperOption, forecast: Forecast, currency: str) -> Option:
    return Option(
        key=str(row.pk),
        name=row.name,
        forecast=forecast,
        cost=Cost(
            money=row.money or Decimal(0),
            currency=currency,
            work_days=row.work_days or 0.0,
            resources=(row.resources,) if row.resources else (),
        ),
        justification=row.justification,
        source=row.source,
    )


def _questions(paper: DecisionPaper) -> tuple[PaperQuestion, ...]:
    rows = PaperQuestion.objects.filter(paper=paper).select_related("asked_by", "answered_by")
    return tuple(rows)


def _facts(
    engagement: Engagement, details: Sequence[MeasureDetail], budget: Budget, today: date
) -> Iterable[Fact]:
    """What is known today: the plan, the money, and the measures that ask for somebody first."""
    yield from _plan_fact(engagement, today)
    yield from _money_fact(budget, today)
    read = [one.told for one in details if one.told.measure.latest is not None]
    told = sorted(read, key=lambda one: RANKS[one.story.state])
    yield from (_measure_fact(one) for one in told[:MOST_FACTS])


def _plan_fact(engagement: Engagement, today: date) -> Iterable[Fact]:
    finish, agreed = engagement.forecast_finish_date, engagement.sign_off_date
    if finish is None:
        return
    facts = {"finish": say_day(finish, today=today)}
    text = sentence("The plan ends on %(finish)s", **facts)
    if agreed is not None:
        facts["agreed"] = say_day(agreed, today=today)
        text = sentence("The plan ends on %(finish)s; sign-off is agreed for %(agreed)s", **facts)
    yield Fact(text, today, sentence("plan"))


def _money_fact(budget: Budget, today: date) -> Iterable[Fact]:
    if not budget.rows:
        return
    spent = budget.whole.actual + budget.whole.committed
    text = sentence(
        "%(spent)s of %(budget)s is spent or promised",
        spent=_money(spent, budget.currency),
        budget=_money(budget.whole.budget, budget.currency),
    )
    yield Fact(text, today, sentence("budget"))


def _money(amount: Decimal, currency: str) -> str:
    return current().money(float(amount), currency, cents=False)


def _measure_fact(told: Report) -> Fact:
    return Fact(told.story.finding, told.measure.as_of, told.measure.definition.label)


def _review(promised: Forecast, now: Forecast, measures: Mapping[str, Measure]) -> Review:
    """Each measure against what was forecast for the day of its target: as read on that day, or as
    the recent slope leads there."""
    amounts = {}
    for one in promised.measures:
        if one.key in measures and one.day is not None:
            amount = amount_by(measures[one.key], one.day)
            if amount is not None:
                amounts[one.key] = amount
    return review(promised, finish=now.finish, money=now.money, amounts=amounts)
