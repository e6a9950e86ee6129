from datetime import date, timedelta

from metrics.cadence import Cadence, due, load_of, with_cadences
from metrics.narrative.cadences import load_finding, say_due, say_effort, say_saving
from tests.metrics.test_cadence import START, planned

MONTH = {"start": date(2026, 9, 1), "end": date(2026, 9, 30)}


def test_the_load_is_readings_and_work_a_month() -> None:
    assert load_finding(load_of([planned(minutes=90)], **MONTH)) == (
        "4.1 readings a month, 6.1 hours of work"
    )
    assert load_finding(load_of([planned()], **MONTH)) == "4.1 readings a month, none by hand"
    assert say_effort(45) == "45 minutes"


def test_a_what_if_says_what_it_saves() -> None:
    plan = [planned(minutes=15)]
    now = load_of(plan, **MONTH)
    then = load_of(with_cadences(plan, {"use": Cadence.MONTHLY}), **MONTH)
    assert say_saving(now, then) == "3.0 readings a month fewer, 46 minutes less work"
    assert say_saving(then, now) == "3.0 readings a month more, 46 minutes more work"
    assert say_saving(now, now) == "the same number of readings and the same work"


def test_the_next_reading_or_the_one_that_is_missing() -> None:
    monday = START + timedelta(days=7)
    assert say_due(due(planned(), last_read=START, today=monday), today=monday) == (
        "a reading is due today"
    )
    late = monday + timedelta(days=9)
    assert say_due(due(planned(), last_read=START, today=late), today=late) == (
        "a reading was due on 7 September, nine days ago"
    )
    before = monday - timedelta(days=1)
    assert say_due(due(planned(), last_read=START, today=before), today=before) == (
        "next reading on 7 September"
    )
