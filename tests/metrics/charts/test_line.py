from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts import measure_line
from metrics.charts.frame import NARROW, WIDE, frame_of
from metrics.charts.labels import events_shown
from metrics.charts.placing import Box
from metrics.definitions import Event, Milestone, Reading, Target
from metrics.narrative.story import report
from metrics.narrative.tables import table_rows, tiles
from tests.metrics.measures import (
    AS_OF,
    SHARE,
    START,
    TARGET,
    daily,
    make_measure,
    rising,
    turned,
)


def drawn(measure) -> go.Figure:
    return go.Figure(measure_line(report(measure)))


def trace(figure: go.Figure, name: str) -> Any:
    return next(item for item in figure.data if item.name == name)


def words(figure: go.Figure) -> list[str]:
    return [note.text for note in figure.layout.annotations]


def test_the_line_holds_every_reading_and_ends_at_the_tile() -> None:
    measure = turned()
    told, figure = report(measure), drawn(measure)
    actual = trace(figure, "actual")
    assert list(actual.y) == [reading.amount for reading in measure.readings]
    assert list(actual.x) == [reading.day.isoformat() for reading in measure.readings]
    now = trace(figure, "now")
    assert tiles(told)[0].figure == f"{actual.y[-1]:g}" == f"{now.y[0]:g}"
    assert table_rows(told)[0].amount == f"{now.y[0]:g}"


def test_target_and_baseline_run_level_over_the_agreed_time() -> None:
    figure = drawn(turned())
    target, baseline = trace(figure, "target"), trace(figure, "baseline")
    assert (target.x, target.y) == (("2026-08-31", "2026-12-18"), (480, 480))
    assert (baseline.x[0], set(baseline.y)) == ("2026-08-31", {13})
    assert trace(figure, "deadline").x == ("2026-12-18",)
    assert {"target 480", "by 18 Dec", "baseline 13, 31 Aug"} <= set(words(figure))


def test_milestones_are_filled_when_kept_and_say_when_lost() -> None:
    figure = drawn(turned())
    diamonds = trace(figure, "milestones")
    assert diamonds.y == (160, 320, 400)
    assert diamonds.marker.color == ("#2b4acb", "#2b4acb", "#ffffff")
    assert "All groups, 400: lost" in words(figure)
    assert "Launch crews, 160" in words(figure)


def test_the_forecast_and_its_range_end_at_the_deadline() -> None:
    told, figure = report(turned()), drawn(turned())
    assert told.outlook is not None
    forecast, band = trace(figure, "forecast"), trace(figure, "range")
    assert (forecast.x[0], forecast.x[-1]) == ("2026-11-18", "2026-12-18")
    assert forecast.y[-1] == told.outlook.end.amount
    count = len(forecast.x)
    assert (band.y[count - 1], band.y[count]) == (told.outlook.end.high, told.outlook.end.low)
    assert "on 18 Dec, as now" in words(figure)


def test_the_open_day_is_hatched_and_named() -> None:
    figure = drawn(turned())
    assert trace(figure, "open").x[:2] == ("2026-11-19", "2026-11-20")
    assert "open day" in words(figure)


def test_the_dot_has_the_colour_of_the_state() -> None:
    assert trace(drawn(turned()), "now").marker.color == "#ad2318"
    assert trace(drawn(rising(9)), "now").marker.color == "#17693f"
    assert trace(drawn(replace(rising(), target=None)), "now").marker.color == "#1b1d21"


def test_a_gap_breaks_the_line_and_is_hatched() -> None:
    holes = tuple(
        r for r in rising().readings if not START <= r.day - timedelta(20) < date(2026, 9, 20)
    )
    figure = drawn(replace(rising(), readings=holes))
    assert None in trace(figure, "actual").y
    assert len([item for item in figure.data if item.name == "open"]) == 2


def test_a_bare_measure_shows_its_readings_only() -> None:
    bare = make_measure(
        daily(lambda day: day), baseline=None, target=None, milestones=(), events=()
    )
    figure = drawn(bare)
    assert [item.name for item in figure.data] == ["open", "actual", "now"]
    assert figure.layout.margin.r < 60


def test_nothing_at_all_is_still_a_figure() -> None:
    nothing = make_measure(baseline=None, target=None, milestones=(), events=())
    assert [item.name for item in drawn(nothing).data] == ["open"]
    assert [item.name for item in drawn(replace(nothing, definition=SHARE)).data] == ["open"]


def test_an_agreement_without_readings_is_drawn_too() -> None:
    names = [item.name for item in drawn(make_measure()).data]
    assert names == ["open", "baseline", "target", "deadline", "milestones"]


def test_shares_name_percent_and_counts_have_whole_ticks() -> None:
    share = make_measure(
        daily(lambda day: day), definition=SHARE, target=Target("x", 90, TARGET.deadline)
    )
    assert "%" in words(drawn(share))
    small = make_measure((Reading(AS_OF, 2),), target=None, baseline=None, milestones=())
    assert all(tick == int(tick) for tick in drawn(small).layout.yaxis.tickvals)


def test_names_that_people_typed_stay_text() -> None:
    odd = Milestone("<b>R&D</b>", 160, date(2026, 10, 9))
    event = Event(date(2026, 10, 5), "<a href='javascript:x'>")
    texts = "".join(words(drawn(replace(turned(), milestones=(odd,), events=(event,)))))
    assert "<b>" not in texts
    assert "<a" not in texts
    assert "&lt;b&gt;R&amp;D" in texts


def test_a_name_without_room_leaves_its_amount() -> None:
    crowded = replace(
        turned(),
        milestones=tuple(
            Milestone(f"Half of the people at work {at}", 300 + at, date(2026, 10, 20 + at))
            for at in range(6)
        ),
    )
    said = words(drawn(crowded))
    assert any(text in said for text in ("300", "301", "302", "303", "304", "305"))


def test_a_past_deadline_has_its_words_inside_and_no_empty_margin() -> None:
    past = replace(rising(3), target=Target("x", 480, AS_OF - timedelta(days=12)))
    figure = drawn(past)
    assert "target 480 by 6 Nov" in words(figure)
    assert figure.layout.margin.r < 60


def test_long_names_are_shortened_on_the_label_only() -> None:
    long = Milestone(
        "A milestone whose name somebody typed on a Friday afternoon", 160, date(2026, 10, 9)
    )
    figure = drawn(replace(turned(), milestones=(long,)))
    assert "A milestone whose name some…, 160" in words(figure)
    assert long.name in trace(figure, "milestones").text[0]


def test_only_the_newest_events_stand_on_the_chart() -> None:
    events = tuple(Event(START + timedelta(days=10 * at), f"Event {at}") for at in range(7))
    measure = replace(turned(), events=(*events, Event(AS_OF + timedelta(days=3), "Ahead")))
    shown = events_shown(measure, frame_of(report(measure)))
    assert [event.name for event in shown] == ["Event 3", "Event 4", "Event 5", "Event 6"]
    assert len(drawn(measure).layout.shapes) == 4


def test_the_narrow_form_says_amounts_where_names_do_not_fit() -> None:
    narrow = measure_line(report(turned()))["layout"]["meta"]["narrow"]
    said = [note["text"] for note in narrow["annotations"]]
    assert {"160", "320", "400", "target 480 by 18 Dec"} <= set(said)
    assert narrow["margin"] == NARROW.margin
    go.Figure({"data": [], "layout": narrow})


def test_boxes_know_when_they_cover() -> None:
    box = Box(0, 0, 10, 10)
    assert box.covers(Box(9, 9, 12, 12))
    assert not box.covers(Box(10, 0, 12, 10))
    assert not box.covers(Box(0, 11, 10, 12))


def overlaps(measure, view) -> list[tuple[str, str]]:
    """Pairs of words at data positions that would print over one another."""
    told = report(measure)
    frame = frame_of(told)
    layout = measure_line(told)["layout"]
    notes = layout["annotations"] if view is WIDE else layout["meta"]["narrow"]["annotations"]
    boxes = []
    for note in notes:
        if note.get("yref") == "paper" or "xref" in note:
            continue
        x = frame.x(date.fromisoformat(note["x"]), view) + note.get("xshift", 0)
        y = frame.y(note["y"], view) + note.get("yshift", 0)
        wide, high = len(note["text"]) * 0.5 * note["font"]["size"], note["font"]["size"] / 2 - 1
        left, right = (x - wide, x) if note["xanchor"] == "right" else (x, x + wide)
        boxes.append((note["text"], Box(left, y - high, right, y + high)))
    return [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.covers(two)]


@pytest.mark.parametrize("view", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("slope", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
def test_words_do_not_cover_one_another(slope, view) -> None:
    assert overlaps(rising(slope), view) == []


@pytest.mark.parametrize("view", [WIDE, NARROW], ids=["wide", "narrow"])
def test_words_do_not_cover_one_another_after_a_turn(view) -> None:
    assert overlaps(turned(), view) == []


@given(st.lists(st.integers(0, 700), max_size=79), st.booleans())
def test_any_series_gives_a_valid_figure(series, agreed) -> None:
    measure = make_measure(daily(lambda day: series[day], days=len(series)))
    measure = replace(measure, as_of=START + timedelta(days=max(0, len(series) - 1)))
    drawn(measure if agreed else replace(measure, target=None, baseline=None, milestones=()))
