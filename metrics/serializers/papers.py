"""Decision papers as the API answers with them: the figures and words of their page."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rest_framework import serializers

from metrics.definitions import Definition
from metrics.models import DecisionPaper, PaperQuestion
from metrics.papers import Forecast, MeasureForecast
from metrics.queries import OptionView, PaperView, ToldPaper, paper_row, told
from metrics.queries.told_papers import ToldOption
from rendering.translation import translated

OUTCOMES = ["", *(key for key, _label in DecisionPaper.OUTCOMES)]
STATES = ["draft", "open", "overdue", "decided"]


Read = serializers.Serializer[Any]


def _amount() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)


class PaperRowSerializer(Read):
    id = serializers.UUIDField()
    engagement = serializers.UUIDField()
    customer = serializers.UUIDField()
    question = serializers.CharField()
    state = serializers.ChoiceField(choices=STATES)
    decide_by = serializers.DateField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class PaperFactSerializer(Read):
    text = serializers.CharField()
    as_of = serializers.DateField()
    where_from = serializers.CharField()


class PaperMeasureSerializer(Read):
    """What a measure is expected to be on the day of its target."""

    measure = serializers.UUIDField()
    name = serializers.CharField()
    amount = serializers.FloatField()
    day = serializers.DateField(allow_null=True)
    target = serializers.FloatField(allow_null=True)


class PaperForecastSerializer(Read):
    """Money is that at the finish, in the currency of the paper."""

    finish = serializers.DateField(allow_null=True)
    money = _amount()
    measures = PaperMeasureSerializer(many=True)


class PaperEffectOnMeasureSerializer(Read):
    measure = serializers.UUIDField()
    difference = serializers.FloatField()
    is_better = serializers.BooleanField()


class PaperEffectSerializer(Read):
    """With the option against without it; null where one side is unknown."""

    days_earlier = serializers.IntegerField(allow_null=True)
    money = _amount()
    measures = PaperEffectOnMeasureSerializer(many=True)
    words = serializers.ListField(child=serializers.CharField())


class PaperChangeSerializer(Read):
    """What is expected of a measure each week with the option, and its new target."""

    measure = serializers.UUIDField()
    pace = serializers.FloatField(allow_null=True)
    amount = serializers.FloatField(allow_null=True)
    deadline = serializers.DateField(allow_null=True)


class PaperOptionSerializer(Read):
    id = serializers.UUIDField()
    name = serializers.CharField()
    recommended = serializers.BooleanField()
    justification = serializers.CharField()
    where_from = serializers.CharField()
    cost = _amount()
    work_days = serializers.FloatField()
    resources = serializers.ListField(child=serializers.CharField())
    what_if = serializers.CharField()
    changes = PaperChangeSerializer(many=True)
    forecast = PaperForecastSerializer()
    effect = PaperEffectSerializer()


class PaperQuestionSerializer(Read):
    text = serializers.CharField()
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    answer = serializers.CharField()
    answered_by = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)


class PaperMissSerializer(Read):
    measure = serializers.UUIDField()
    expected = serializers.FloatField()
    happened = serializers.FloatField()
    is_worse = serializers.BooleanField()


class PaperReviewSerializer(Read):
    """What was forecast when it was decided, against what happened or is likely now."""

    days_late = serializers.IntegerField(allow_null=True)
    money_over = _amount()
    held = serializers.BooleanField(allow_null=True)
    measures = PaperMissSerializer(many=True)
    words = serializers.CharField()


class PaperSerializer(PaperRowSerializer):
    currency = serializers.CharField()
    as_of = serializers.DateField()
    facts = PaperFactSerializer(many=True)
    interpretation = serializers.CharField()
    finding = serializers.CharField()
    options = PaperOptionSerializer(many=True)
    without = PaperForecastSerializer()
    questions = PaperQuestionSerializer(many=True)
    chosen = serializers.UUIDField(allow_null=True)
    note = serializers.CharField()
    expected = PaperForecastSerializer(allow_null=True)
    now = PaperForecastSerializer()
    review = PaperReviewSerializer(allow_null=True)


def row_of(paper: DecisionPaper, today: date) -> dict[str, Any]:
    """A paper as a list of them shows it."""
    row = paper_row(paper, today)
    return {
        "id": row.id,
        "engagement": paper.engagement_id,
        "customer": paper.customer_id,
        "question": row.question,
        "state": row.state,
        "decide_by": row.decide_by,
        "sent_at": paper.sent_at,
        "outcome": paper.outcome,
        "decided_by": row.decided_by,
        "decided_at": row.decided_at,
    }


def paper_of(paper: DecisionPaper, view: PaperView, *, today: date) -> dict[str, Any]:
    """Everything its page shows."""
    words = told(view, today=today)
    return row_of(paper, today) | {
        "currency": view.currency,
        "as_of": view.value.as_of,
        "facts": [
            {"text": translated(one.text), "as_of": one.as_of, "where_from": translated(one.source)}
            for one in view.value.facts
        ],
        "interpretation": view.value.interpretation,
        "finding": words.finding,
        "options": list(_options(view, words)),
        "without": _forecast(view.value.without, view.names),
        "questions": [_question(one) for one in view.questions],
        "chosen": view.chosen.id if view.chosen else None,
        "note": view.note,
        "expected": _forecast(view.expected, view.names) if view.outcome else None,
        "now": _forecast(view.now, view.names),
        "review": _review(view, words),
    }


def _options(view: PaperView, words: ToldPaper) -> Iterable[dict[str, Any]]:
    for number, (one, said) in enumerate(zip(view.options, words.options, strict=True)):
        yield {
            "id": one.id,
            "name": one.value.name,
            "recommended": number == 0,
            "justification": one.value.justification,
            "where_from": one.value.source,
            "cost": one.value.cost.money,
            "work_days": one.value.cost.work_days,
            "resources": list(one.value.cost.resources),
            "what_if": one.what_if_name,
            "changes": [
                {
                    "measure": change.key,
                    "pace": change.pace,
                    "amount": change.amount,
                    "deadline": change.deadline,
                }
                for change in one.changes
            ],
            "forecast": _forecast(one.value.forecast, view.names),
            "effect": _effect(one, said),
        }


def _effect(one: OptionView, said: ToldOption) -> dict[str, Any]:
    return {
        "days_earlier": one.effect.days_earlier,
        "money": one.effect.money,
        "measures": [
            {"measure": found.key, "difference": found.difference, "is_better": found.is_better}
            for found in one.effect.measures
        ],
        "words": list(said.effects),
    }


def _forecast(found: Forecast, names: Mapping[str, Definition]) -> dict[str, Any]:
    return {
        "finish": found.finish,
        "money": found.money,
        "measures": [_measure(one, names.get(one.key)) for one in found.measures],
    }


def _measure(one: MeasureForecast, definition: Definition | None) -> dict[str, Any]:
    return {
        "measure": one.key,
        "name": "" if definition is None else translated(definition.label),
        "amount": one.amount,
        "day": one.day,
        "target": one.target,
    }


def _question(one: PaperQuestion) -> dict[str, Any]:
    return {
        "text": one.text,
        "asked_by": str(one.asked_by or ""),
        "asked_at": one.asked_at,
        "answer": one.answer,
        "answered_by": str(one.answered_by or ""),
        "answered_at": one.answered_at,
    }


def _review(view: PaperView, words: ToldPaper) -> dict[str, Any] | None:
    found = view.review
    if found is None:
        return None
    return {
        "days_late": found.days_late,
        "money_over": found.money_over,
        "held": found.held,
        "measures": [
            {
                "measure": one.key,
                "expected": one.expected,
                "happened": one.happened,
                "is_worse": one.is_worse,
            }
            for one in found.measures
        ],
        "words": words.review,
    }
