"""The ways a measure is commonly made wrong, each with the test that it is not so here.

Those of counting events (time zones, windows, identities, robots) belong to the tests of `usage`.
"""

import ast
import re
from dataclasses import replace
from datetime import date, timedelta

import plotly.graph_objects as go
import pytest

from metrics.charts import measure_line
from metrics.definitions import Event, Reading
from metrics.exports import readings_csv
from metrics.forecasting import look_ahead
from metrics.growth import LeftOut, growth
from metrics.narrative.story import State, report
from metrics.narrative.tables import table_rows, tiles
from metrics.routes import shares
from metrics.scoring import (
    BANDS,
    Absence,
    Model,
    Rating,
    band_of,
    compare,
    model_faults,
    rate,
    score,
)
from tests.metrics.measures import AS_OF, START, daily, make_measure, rising, turned
from tests.metrics.test_growth import account
from tests.metrics.test_routes import MAIL, NEW, PHONE
from tests.paths import ROOT


def test_pitfall_3_the_tile_is_the_last_point_of_the_line_of_the_table_and_of_the_file() -> None:
    measure = turned()
    floats = tuple(replace(one, amount=float(one.amount)) for one in measure.readings)
    told = report(replace(measure, readings=floats))
    figure = go.Figure(measure_line(told))
    line = next(item for item in figure.data if item.name == "actual")
    written = readings_csv(told).decode().strip().splitlines()[-1].split(",")
    assert {f"{line.y[-1]:g}", tiles(told)[0].figure, table_rows(told)[0].amount, written[1]} == {
        "343"
    }


def test_pitfall_5_the_open_day_has_no_point_and_is_marked() -> None:
    figure = go.Figure(measure_line(report(turned())))
    line = next(item for item in figure.data if item.name == "actual")
    assert line.x[-1] == AS_OF.isoformat()
    hatched = next(item for item in figure.data if item.name == "open")
    assert hatched.x[0] == (AS_OF + timedelta(days=1)).isoformat()


def test_pitfall_6_a_missing_part_is_shown_as_missing_and_never_left_out_in_silence() -> None:
    health = score(Model(1, {"a": 1, "b": 3}), {"a": Rating(80)})
    assert (health.coverage, [part.key for part in health.left_out]) == (0.25, ["b"])
    assert shares([NEW, MAIL, replace(PHONE, volumes=PHONE.volumes[:2])])[-1].share is None


def test_pitfall_7_what_weighs_in_a_change_are_the_seats_of_its_beginning() -> None:
    then = [account("a", 10, 0.5, 0.7), account("b", 10, 0.5, 0.5)]
    assert growth(then).difference == pytest.approx(0.1)
    assert growth([account("a", 0, 0.5, 0.7)]).left_out == (("a", LeftOut.NO_SEATS),)


def test_pitfall_8_each_reading_and_score_keeps_the_version_it_was_counted_by() -> None:
    readings = (Reading(AS_OF - timedelta(days=40), 20, 1), Reading(AS_OF, 30, 2))
    told = report(make_measure(readings))
    assert [row.reading.version for row in table_rows(told)[:2]] == [2, 1]
    first, second = Model(1, {"a": 1, "b": 1}), Model(2, {"a": 3, "b": 1})
    ratings = {"a": Rating(40), "b": Rating(80)}
    change = compare(score(first, ratings), score(second, ratings))
    assert change is not None
    assert not change.is_like


def test_pitfall_10_a_late_reading_is_placed_on_its_day() -> None:
    late = daily(lambda day: 10 + day)
    missing = tuple(reading for reading in late if reading.day != START + timedelta(days=70))
    whole, before = report(make_measure(late)), report(make_measure(missing))
    assert whole.story.finding == before.story.finding
    assert len(whole.measure.readings) == len(before.measure.readings) + 1


def test_pitfall_11_every_score_has_one_band_and_bands_with_holes_are_refused() -> None:
    assert [band_of(value / 10).key for value in range(0, 1001, 1)].count("watch") == 300
    assert model_faults({"a": 1}, BANDS) == ()


def test_pitfall_12_a_share_is_never_shown_without_what_it_is_of() -> None:
    period = shares([NEW, MAIL, PHONE])[-1]
    assert (period.new, period.total, period.share) == (610, 1000, 0.61)


def test_pitfall_14_few_people_have_counts_and_no_alarm() -> None:
    few = make_measure(daily(lambda day: 3 if day < 60 else 1), milestones=())
    few = replace(
        few,
        baseline=replace(few.baseline, amount=0.0),
        target=replace(few.target, amount=4.0),
    )
    told = report(few)
    assert told.story.state is State.QUIET
    assert "%" not in told.story.finding + told.story.moved
    assert rate(few).absence is Absence.SMALL
    assert look_ahead(few) is None


def test_pitfall_15_days_are_counted_by_the_calendar_through_a_change_of_clocks() -> None:
    assert date(2026, 10, 25) - START == timedelta(days=54)
    through = replace(rising(), events=(Event(date(2026, 10, 25), "Clocks change"),))
    assert look_ahead(through) == look_ahead(rising())


def test_a_window_that_still_fills_is_no_growth() -> None:
    young = replace(rising(), whole_from=AS_OF - timedelta(days=2))
    assert look_ahead(young) is None


def test_each_of_the_fifteen_has_a_test_that_asserts() -> None:
    found: dict[int, list[str]] = {}
    for app in ("metrics", "usage"):
        for node in ast.parse((ROOT / "tests" / app / "test_pitfalls.py").read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                assert any(isinstance(part, ast.Assert) for part in ast.walk(node)), node.name
                numbered = re.match(r"test_pitfall_(\d+)_", node.name)
                if numbered:
                    found.setdefault(int(numbered[1]), []).append(node.name)
    assert sorted(found) == list(range(1, 16))
