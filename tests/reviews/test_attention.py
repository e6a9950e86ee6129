"""What the book says of a customer, and in which order the reasons come."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.attention import Band, Facts, Step, attention_of, change

DAY = date(2026, 11, 18)
STEADY = Facts(
    as_of=DAY,
    phase="adopt",
    go_live_date=DAY - timedelta(days=60),
    sign_off_date=DAY + timedelta(days=30),
    forecast_finish_date=DAY + timedelta(days=25),
    has_plan=True,
    has_target=True,
    active_now=100,
    active_before=100,
    lowest_recent=90,
    last_active_date=DAY,
)


@pytest.mark.parametrize(
    ("changed", "headline", "band", "step"),
    [
        ({}, "steady", Band.GOOD, Step.SEE_ENGAGEMENT),
        ({"phase": None}, "no_engagement", Band.WATCH, Step.START_ENGAGEMENT),
        ({"last_active_date": None}, "never_used", Band.ACT, Step.CONNECT_USAGE),
        ({"last_active_date": DAY - timedelta(days=14)}, "silent", Band.ACT, Step.SEE_USAGE),
        ({"active_now": 79}, "falling", Band.ACT, Step.SEE_USAGE),
        ({"active_now": 90}, "falling", Band.WATCH, Step.SEE_USAGE),
        ({"active_now": 93}, "steady", Band.GOOD, Step.SEE_ENGAGEMENT),
        (
            {"forecast_finish_date": DAY + timedelta(days=40)},
            "late",
            Band.ACT,
            Step.SEE_PLAN,
        ),
        (
            {"forecast_finish_date": DAY + timedelta(days=31)},
            "late",
            Band.WATCH,
            Step.SEE_PLAN,
        ),
        ({"has_plan": False}, "no_plan", Band.WATCH, Step.MAKE_PLAN),
        ({"has_target": False}, "no_target", Band.WATCH, Step.AGREE_TARGET),
        ({"active_now": 110}, "rising", Band.GOOD, Step.SEE_ENGAGEMENT),
        (
            {"last_active_date": None, "go_live_date": DAY + timedelta(days=9)},
            "not_live",
            Band.GOOD,
            Step.SEE_ENGAGEMENT,
        ),
    ],
)
def test_each_reason(changed: dict[str, object], headline: str, band: Band, step: Step) -> None:
    found = attention_of(replace(STEADY, **changed))  # type: ignore[arg-type]
    assert (found.headline, found.band, found.step) == (headline, band, step)


def test_silence_outweighs_a_late_plan() -> None:
    facts = replace(
        STEADY,
        last_active_date=DAY - timedelta(days=20),
        forecast_finish_date=DAY + timedelta(days=99),
    )
    assert attention_of(facts).headline == "silent"


def test_a_fall_is_told_with_its_numbers() -> None:
    found = attention_of(replace(STEADY, active_before=128, active_now=83))
    assert dict(found.numbers) == {"percent": 35, "before": 128, "now": 83}


def test_few_people_are_not_compared() -> None:
    facts = replace(STEADY, active_before=4, active_now=1)
    assert change(facts) is None
    assert attention_of(facts).headline == "steady"


def test_a_week_after_go_live_nothing_is_asked_yet() -> None:
    fresh = replace(STEADY, last_active_date=None, go_live_date=DAY - timedelta(days=6))
    assert attention_of(fresh).headline == "not_live"


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_everybody_gets_one_reason_and_one_step(now: int, before: int) -> None:
    found = attention_of(replace(STEADY, active_now=now, active_before=before))
    assert found.band in Band
    assert found.step in Step
