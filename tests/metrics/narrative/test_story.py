from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.definitions import Baseline, Event, Reading, Target
from metrics.narrative.story import State, report
from tests.metrics.measures import (
    AS_OF,
    BASELINE,
    FALLING,
    SHARE,
    START,
    TARGET,
    daily,
    make_measure,
    rising,
    turned,
)


def story(measure):
    return report(measure).story


def test_a_fall_that_misses_the_target_is_told_with_amounts_and_dates() -> None:
    told = story(turned())
    assert told.finding == (
        "28-day active users fell from 363 to 343 in 4 weeks; at this pace 480 is not reached "
        "by 18 December"
    )
    assert told.state is State.ACT
    assert told.moved == "−6\xa0% in 4 weeks"


def test_readings_that_point_both_ways_carry_no_pace() -> None:
    wavering = make_measure(daily(lambda day: 250 + (2 * (day - 50) if day < 77 else -1)))
    told = story(wavering)
    assert told.finding == (
        "28-day active users fell from 250 to 249 in 4 weeks; the readings waver too much to say "
        "whether 480 is reached by 18 December"
    )
    assert told.state is State.WATCH


def test_a_rise_names_when_the_target_is_reached_and_how_punctual_that_is() -> None:
    assert story(rising(5)).finding == (
        "28-day active users rose from 263 to 403 in 4 weeks; at this pace 480 is reached "
        "around 4 December, 14 days early"
    )
    assert story(rising(3)).finding.endswith(
        "at this pace 480 is reached around 4 February 2027, 48 days late"
    )


def test_half_way_on_track() -> None:
    plain = replace(rising(3.0, start=14), milestones=(), baseline=Baseline(13, START))
    half = replace(plain, target=Target("x", 480, START + timedelta(days=158)))
    assert story(half).status == "half way, on track"
    assert story(half).state is State.GOOD


def test_ahead_and_behind_are_told_against_what_was_agreed() -> None:
    assert story(replace(rising(5.6), milestones=())).status == "94\xa0% of the way, ahead"
    assert story(rising(3)).status == "half way, behind: 247 of 423 agreed by now"
    assert story(rising(3)).state is State.ACT
    assert story(rising(4.5)).state is State.WATCH


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (10, "on the wrong side of the baseline"),
        (20, "just started"),
        (130, "a quarter of the way"),
        (246, "half way"),
        (363, "three quarters of the way"),
        (300, "61\xa0% of the way"),
        (479, "99\xa0% of the way"),
    ],
)
def test_the_way_in_everyday_words(amount, words) -> None:
    measure = make_measure(daily(lambda _: amount))
    assert story(measure).status.startswith(words)


def test_finished_target_reached() -> None:
    told = story(rising(9))
    assert told.status == "finished, target reached"
    assert told.finding == (
        "28-day active users reached the target of 480 on 23 October, 56 days early"
    )
    assert told.state is State.GOOD


def test_a_target_met_from_the_first_reading_claims_no_date() -> None:
    assert story(make_measure(daily(lambda _: 500))).finding == (
        "28-day active users reached the target of 480"
    )


def test_a_missed_deadline_tells_how_much_was_short() -> None:
    due = replace(rising(3), target=Target("x", 480, AS_OF - timedelta(days=3)), milestones=())
    assert story(due).finding == (
        "28-day active users ended at 247, 233 short of the target of 480"
    )
    assert story(due).status == "deadline passed, target not reached"
    assert story(due).state is State.ACT


def test_a_falling_measure_says_above_where_a_rising_one_says_short() -> None:
    readings = tuple(Reading(START + timedelta(days=7 * at), 41.5 - at) for at in range(12))
    measure = make_measure(
        readings,
        definition=FALLING,
        baseline=Baseline(41.5, BASELINE.day),
        target=Target("x", 12, date(2026, 11, 18)),
        milestones=(),
    )
    assert story(measure).finding == (
        "How-to tickets per 100 active users ended at 30.5, 18.5 above the target of 12"
    )


def test_nothing_is_claimed_without_readings_target_or_baseline() -> None:
    assert story(make_measure()).finding == "No reading of “28-day active users” yet"
    assert story(make_measure()).status == "no reading yet"
    bare = replace(rising(), target=None, milestones=())
    assert story(bare).finding == (
        "28-day active users rose from 288 to 442 in 4 weeks; no target is agreed"
    )
    assert story(bare).state is State.QUIET
    assert story(replace(rising(), baseline=None)).status == "no baseline agreed"


def test_few_readings_have_no_pace() -> None:
    young = make_measure(daily(lambda day: 13 + day, days=5), as_of=START + timedelta(days=4))
    assert story(young).finding == (
        "28-day active users stood at 17; too early to say whether 480 is reached by 18 December"
    )
    assert story(young).moved == ""


def test_a_stale_reading_is_no_present() -> None:
    old = replace(rising(), as_of=AS_OF + timedelta(days=20))
    assert story(old).finding == (
        "No reading of “28-day active users” since 18 November; the last one was 442"
    )
    assert story(old).status == "no reading since 18 November"
    assert story(old).state is State.QUIET


def test_a_handful_of_people_gets_counts_and_no_alarm() -> None:
    few = make_measure(
        daily(lambda day: 3 if day < 60 else 2),
        baseline=Baseline(0, BASELINE.day),
        target=Target("x", 4, TARGET.deadline),
        milestones=(),
    )
    told = story(few)
    assert told.state is State.QUIET
    assert told.status.startswith("2 of 4 people")
    assert told.moved == "−1 in 4 weeks"
    assert "%" not in told.finding + told.status + "".join(told.details)
    assert "too few people to say" in told.finding
    assert story(replace(few, target=Target("x", 4, AS_OF))).state is State.QUIET


def test_a_young_pace_names_its_first_day() -> None:
    change = Event(AS_OF - timedelta(days=10), "More trainers", changes_plan=True)
    measure = replace(rising(), events=(change,))
    assert "at the pace since 8 November 480 is reached" in story(measure).finding


def test_level_readings_stay() -> None:
    assert story(make_measure(daily(lambda _: 200))).finding == (
        "28-day active users stayed at 200 for 4 weeks; at this pace 480 is not reached "
        "by 18 December"
    )


def test_details_name_the_milestone_that_matters_and_the_range() -> None:
    lost = story(turned()).details
    assert lost[0] == "All groups, 400, due 6 November: reached 27 October, lost 7 November."
    missed = story(rising(4)).details
    assert missed[0] == "All groups, 400, due 6 November: missed, 75 to go."
    assert missed[1] == (
        "445 is likely on 18 December; as the agreed course was kept so far, the target is "
        "reached on 7 February 2027."
    )
    ahead = replace(rising(2), as_of=date(2026, 9, 20), readings=rising(2).readings[:20])
    assert story(ahead).details[0] == "Launch crews, 160, due 9 October: 109 to go."


def test_one_amount_is_no_range() -> None:
    readings = daily(lambda day: round(2 + 0.9 * day, 1))
    share = make_measure(
        readings,
        definition=SHARE,
        baseline=Baseline(2, BASELINE.day),
        milestones=(),
        target=Target("x", 80, TARGET.deadline),
    )
    assert story(share).details[0].startswith("99.2\xa0% is likely on 18 December")


@given(st.lists(st.integers(0, 700), max_size=79), st.integers(0, 60), st.booleans())
def test_every_series_has_words(series, later, agreed) -> None:
    measure = make_measure(daily(lambda day: series[day], days=len(series)))
    measure = replace(measure, as_of=START + timedelta(days=max(0, len(series) - 1) + later))
    if not agreed:
        measure = replace(measure, target=None, baseline=None)
    told = story(measure)
    assert told.finding
    assert told.status
    assert all(text.endswith(".") for text in told.details)
    assert "None" not in told.finding + told.status + told.moved + "".join(told.details)
