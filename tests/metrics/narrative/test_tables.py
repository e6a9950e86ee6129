from dataclasses import replace
from datetime import date, timedelta

from metrics.definitions import ACTIVE_USERS, Baseline, Event, Reading, Source, Target
from metrics.forecasting import Outcome
from metrics.narrative.story import report
from metrics.narrative.tables import milestone_lines, one_a_week, table_rows, tiles
from tests.metrics.measures import AS_OF, BASELINE, TARGET, daily, make_measure, rising, turned


def test_tiles_hold_figure_unit_and_context() -> None:
    now, target, baseline, way = tiles(report(rising()))
    assert (now.label, now.figure, now.context) == ("Now, 18 Nov", "442", "+53\xa0% in 4 weeks")
    assert (target.label, target.figure) == ("Target by 18 Dec", "480")
    assert target.context == "people use work orders"
    assert (baseline.label, baseline.figure) == ("Baseline, 31 Aug", "13")
    assert (way.figure, way.unit, way.context) == ("92", "%", "agreed for now 88\xa0%")


def test_missing_figures_are_said_to_be_missing() -> None:
    found = tiles(report(make_measure(baseline=None, target=None)))
    assert [(tile.figure, tile.context) for tile in found] == [
        ("–", "no reading yet"),
        ("–", "not agreed yet"),
        ("–", "not agreed yet"),
        ("–", "no reading yet"),
    ]


def test_a_handful_of_people_has_no_percentage_tile() -> None:
    small = make_measure(
        daily(lambda _: 3),
        baseline=Baseline(0, BASELINE.day),
        target=Target("x", 4, TARGET.deadline),
    )
    told = report(small)
    assert tiles(told)[3].figure == "–"
    assert {row.progress for row in table_rows(told)} == {""}


def test_rows_run_from_the_newest_reading_to_the_baseline() -> None:
    rows = table_rows(report(turned()))
    assert [row.day for row in (rows[0], rows[1], rows[-1])] == [
        "18 Nov 2026",
        "11 Nov 2026",
        "31 Aug 2026",
    ]
    assert (rows[0].amount, rows[0].change, rows[0].progress) == ("343", "−35", "71\xa0%")
    assert rows[0].source == "events, 28 days"
    assert rows[-1].note == "baseline, 2 % in the old portal"
    assert rows[-2].change == ""


def test_without_readings_only_the_baseline_has_a_row() -> None:
    assert [row.day for row in table_rows(report(make_measure()))] == ["31 Aug 2026"]
    assert table_rows(report(make_measure(baseline=None, target=None))) == ()


def test_changes_in_the_table_add_up_to_the_whole_movement() -> None:
    rows = table_rows(report(turned()))[:-1]
    total = sum(int(row.change.replace("−", "-")) for row in rows if row.change)
    assert total == rows[0].reading.amount - rows[-1].reading.amount


def test_notes_stand_in_the_week_they_happened() -> None:
    notes = {row.day: row.note for row in table_rows(report(turned()))}
    assert notes["7 Oct 2026"] == "Go-live"
    assert notes["23 Sep 2026"] == "milestone Launch crews, 17 days early"
    assert notes["11 Nov 2026"] == "milestone All groups lost"


def test_two_notes_of_a_week_stand_together() -> None:
    events = tuple(Event(date(2026, 10, 5), name) for name in ("Go-live", "New portal"))
    notes = {row.day: row.note for row in table_rows(report(replace(turned(), events=events)))}
    assert notes["7 Oct 2026"] == "Go-live; New portal"


def test_many_readings_show_the_last_of_each_week_few_show_all() -> None:
    readings = daily(lambda day: day)
    weekly = one_a_week(readings)
    assert weekly[-1] == readings[-1]
    assert {(AS_OF - reading.day).days % 7 for reading in weekly} == {0}
    assert one_a_week(readings[:40]) == list(readings[:40])
    holes = [reading for reading in readings if not 10 < reading.amount < 30]
    kept = one_a_week(holes)
    assert len(kept) == len({(AS_OF - reading.day).days // 7 for reading in holes})
    assert one_a_week(()) == []


def test_readings_by_hand_say_so() -> None:
    by_hand = replace(ACTIVE_USERS, source=Source.HAND)
    told = report(make_measure((Reading(AS_OF, 5),), definition=by_hand))
    assert table_rows(told)[0].source == "by hand"


def test_milestone_lines_tell_what_became_of_each() -> None:
    lines = milestone_lines(report(turned()))
    assert [(line.name, line.fate, line.outcome) for line in lines] == [
        ("Launch crews, 160", "due 9 Oct, reached 22 Sep", Outcome.KEPT),
        ("Half way, 320", "due 23 Oct, reached 15 Oct", Outcome.KEPT),
        ("All groups, 400", "due 6 Nov, reached 27 Oct, lost 7 Nov", Outcome.LOST),
    ]
    missed = replace(rising(2), as_of=AS_OF + timedelta(days=1))
    assert milestone_lines(report(missed))[1].fate == "due 23 Oct, missed"
