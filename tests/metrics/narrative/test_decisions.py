from dataclasses import replace
from datetime import date
from decimal import Decimal

from metrics.narrative.decisions import say_cost, say_effect, say_forecast, say_review
from metrics.papers import Cost, Effect, effect, review
from tests.metrics.measures import ACTIVE_USERS, FALLING
from tests.metrics.test_papers import COACH, WITH, WITHOUT

MEASURES = {"use": ACTIVE_USERS, "minutes": FALLING}
TODAY = date(2026, 11, 18)


def test_a_cost_names_money_work_and_people() -> None:
    assert say_cost(COACH.cost) == "€7,800, 12 days of work and A coach"
    assert say_cost(Cost(work_days=0.5)) == "0.5 days of work"
    assert say_cost(Cost()) == "no cost"


def test_an_effect_is_said_against_doing_nothing() -> None:
    assert say_effect(effect(WITH, WITHOUT), currency="EUR", measures=MEASURES) == (
        "finished 21 days earlier",
        "€4,900 less at the finish",
        "28-day active users +160",
        "How-to tickets per 100 active users −2",
    )
    assert say_effect(Effect(None, None, ()), currency="EUR", measures={}) == ()
    assert say_effect(Effect(0, Decimal(0), ()), currency="EUR", measures={}) == (
        "finished on the same day",
        "the same cost at the finish",
    )


def test_a_forecast_names_its_range() -> None:
    assert say_forecast(WITH, today=TODAY) == "18 December"
    ranged = replace(WITHOUT, finish_latest=date(2027, 1, 11))
    assert say_forecast(ranged, today=TODAY) == "8 January 2027 to 11 January 2027"


def test_a_review_holds_the_forecast_against_what_happened() -> None:
    found = review(WITH, finish=date(2026, 12, 22), money=Decimal(93_000), amounts={"use": 470})
    assert say_review(found, currency="EUR") == (
        "Against the forecast: four days late, €1,000 cheaper and measures below forecast: 1 of 1"
    )
    nothing = review(WITH, finish=None, money=None, amounts={})
    assert say_review(nothing, currency="EUR") == "What came of it is not known yet"
