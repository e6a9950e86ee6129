import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from metrics.definitions import Direction
from metrics.papers import (
    Cost,
    Fact,
    Forecast,
    MeasureForecast,
    Option,
    Outcome,
    Paper,
    UnknownOption,
    effect,
    expected,
    fact_from_json,
    fact_to_json,
    forecast_from_json,
    forecast_to_json,
    paper_faults,
    review,
)
from rendering.sentences import Sentence, sentence

WITH = Forecast(
    finish=date(2026, 12, 18),
    money=Decimal(94_000),
    measures=(
        MeasureForecast("use", 480),
        MeasureForecast("minutes", 9, Direction.FALLING),
        MeasureForecast("unknown", 1),
    ),
)
WITHOUT = Forecast(
    finish=date(2027, 1, 8),
    money=Decimal(98_900),
    measures=(MeasureForecast("use", 320), MeasureForecast("minutes", 11, Direction.FALLING)),
)
COACH = Option(
    key="coach",
    name="A second coach",
    forecast=WITH,
    cost=Cost(Decimal(7_800), "EUR", 12, ("A coach",)),
    justification="Two people see all 52 before the November close.",
    source="Plan, step 3.3",
)
PAPER = Paper(
    question="A second coach for Finance until 4 December?",
    as_of=date(2026, 11, 18),
    facts=(Fact("42 of 45 people stopped.", date(2026, 11, 18), "usage"),),
    interpretation="The fault is mended, the habit is not.",
    without=WITHOUT,
    options=(COACH,),
)


def test_an_effect_is_the_difference_of_two_forecasts() -> None:
    found = effect(WITH, WITHOUT)
    assert (found.days_earlier, found.money) == (21, Decimal(-4_900))
    assert [(one.key, one.difference, one.is_better) for one in found.measures] == [
        *(("use", 160, True), ("minutes", -2, True))
    ]


def test_an_unknown_side_has_no_effect_rather_than_a_guessed_one() -> None:
    found = effect(Forecast(finish=WITH.finish), Forecast(money=Decimal(1)))
    assert (found.days_earlier, found.money, found.measures) == (None, None, ())


def test_a_paper_says_what_a_decider_would_still_ask() -> None:
    assert paper_faults(PAPER) == ()
    bare = Option(key="x", name="Wait", forecast=Forecast(), cost=Cost(Decimal(1)))
    empty = replace(PAPER, facts=(), interpretation=" ", without=Forecast(), options=(bare,))
    assert len(paper_faults(empty)) == 6
    assert paper_faults(replace(PAPER, options=())) == ("It offers no option.",)


def test_each_outcome_has_the_forecast_it_is_held_to() -> None:
    alternative = Forecast(finish=date(2026, 12, 30))
    assert expected(PAPER, Outcome.APPROVED) == WITH
    assert expected(PAPER, Outcome.LIVE_WITH_IT) == WITHOUT
    assert expected(PAPER, Outcome.ALTERNATIVE, agreed=alternative) == alternative
    assert expected(PAPER, Outcome.ALTERNATIVE) == Forecast()
    with pytest.raises(UnknownOption):
        expected(PAPER, Outcome.APPROVED, chosen="other")


def test_what_happened_is_held_against_what_was_forecast() -> None:
    found = review(
        WITH,
        finish=date(2026, 12, 22),
        money=Decimal(93_000),
        amounts={"use": 492, "minutes": 10},
    )
    assert (found.days_late, found.money_over, found.held) == (4, Decimal(-1_000), False)
    assert [one.is_worse for one in found.measures] == [False, True]


def test_a_forecast_is_not_judged_before_anything_is_known() -> None:
    found = review(WITH, finish=None, money=None, amounts={})
    assert (found.is_known, found.held) == (False, None)
    assert review(WITH, finish=WITH.finish, money=None, amounts={}).held is True
    assert Cost().is_nothing


def test_what_is_kept_is_read_as_it_was() -> None:
    kept = json.loads(json.dumps(forecast_to_json(WITH)))
    assert forecast_from_json(kept) == WITH
    assert forecast_from_json({}) == Forecast()
    fact = Fact(sentence("%(n)s stopped", n=42), date(2026, 11, 18), sentence("usage"))
    back = fact_from_json(json.loads(json.dumps(fact_to_json(fact))))
    assert back == fact
    assert isinstance(back.text, Sentence)
