from metrics.narrative.completion import (
    completion_details,
    completion_finding,
    say_finish,
    say_late,
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
    assert completion_details(found) == ("1 April: A second trainer.",)


def test_a_plan_that_stands_still_names_no_day_at_the_recent_rate() -> None:
    level = completion((0, 4, 9, 16, 16, 16, 16))
    assert say_finish(level).startswith("the recent rate does not lead to the end; as the plan was")
    assert say_late(level) == ""


def test_a_finished_plan_and_one_just_begun() -> None:
    assert completion_finding(completion((0, 50, 100))) == "All of the plan is done"
    assert completion_finding(completion((0,))).endswith("too early to say when it is finished")
