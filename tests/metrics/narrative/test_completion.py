from dataclasses import replace
from datetime import timedelta

from metrics.narrative.completion import (
    completion_details,
    completion_finding,
    say_finish,
    say_late,
    say_when,
)
from tests.metrics.completion import SERIES, completion


def test_the_worked_example_finishes_between_month_8_and_9_and_in_9_4_at_worst() -> None:
    found = completion(SERIES)
    assert say_finish(found) == (
        "at the recent rate it is finished around 6 September, on 10 October at worst"
    )
    assert completion_finding(found).startswith(
        "64\xa0% of the plan is done, 60\xa0% was planned by now; at the recent rate"
    )
    assert say_late(found) == "52 days before the planned finish"
    assert say_when(found) == (
        "At the recent rate the plan is finished between months 8 and 9, "
        "52 days before the planned finish"
    )
    assert completion_details(found) == ("1 April: A second trainer.",)


def test_a_plan_that_stands_still_names_no_day_at_the_recent_rate() -> None:
    level = completion((0, 4, 9, 16, 16, 16, 16))
    assert say_finish(level).startswith("the recent rate does not lead to the end; as the plan was")
    assert say_late(level) == ""
    assert say_when(level) == (
        "The recent rate does not lead to the end; as the plan was kept so far, it ends "
        "between months 36 and 37"
    )


def test_a_finished_plan_and_one_just_begun() -> None:
    assert completion_finding(completion((0, 50, 100))) == "All of the plan is done"
    assert completion_finding(completion((0,))).endswith("too early to say when it is finished")
    assert say_when(completion((0, 50, 100))) == "All of the plan is done"
    assert say_when(completion((0,))) == "Too little is done to say when the plan is finished"


def test_a_short_plan_is_spoken_of_in_weeks() -> None:
    found = completion(SERIES)
    short = tuple(
        (found.planned[0][0] + (day - found.planned[0][0]) / 5, share)
        for day, share in found.planned
    )
    soon = replace(found, planned=short, recent_date=short[0][0] + timedelta(days=40))
    assert say_when(soon).startswith(
        "At the recent rate the plan is finished between weeks 5 and 6"
    )
    sooner = replace(soon, recent_date=short[0][0] + timedelta(days=3))
    assert "in its first week" in say_when(sooner)
