from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rendering import figures

FIRST, LAST = date(2026, 9, 1), date(2026, 12, 18)
DAYS = [FIRST, LAST]


def every_part() -> list[dict[str, Any]]:
    return [
        figures.hatch(FIRST, LAST, 0, 10),
        figures.baseline(FIRST, LAST, 1, hover="x"),
        figures.target(FIRST, LAST, 9, hover="x"),
        figures.ring(LAST, 9, name="deadline", hover="x"),
        figures.band(DAYS, [1, 2], [3, 4]),
        figures.forecast(DAYS, [2, 3], hover=["a", "b"]),
        figures.actual(DAYS, [2, None], hover="x"),
        figures.diamonds(DAYS, [2, 3], filled=[True, False], hover=["a", "b"]),
        figures.point(LAST, 3, role="act", name="now", hover="x"),
    ]


def whole() -> dict[str, Any]:
    return figures.figure(
        every_part(),
        labels=[
            figures.label("one", day=FIRST, amount=1),
            *figures.two_lines("two", "three", day=FIRST, amount=1, yshift=4),
            figures.unit_label("people", left=48),
        ],
        narrow={"margin": {"l": 1}},
        shapes=[figures.upright(FIRST)],
        xaxis=figures.time_axis(FIRST, LAST, today=LAST),
        yaxis=figures.value_axis(0, 10, whole=True),
    )


def texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for item in part.values():
            yield from texts(item)
    elif isinstance(part, list):
        for item in part:
            yield from texts(item)


def test_every_part_is_a_valid_figure_with_a_name() -> None:
    figure = go.Figure(whole())
    assert [trace.name for trace in figure.data] == [
        "open",
        "baseline",
        "target",
        "deadline",
        "range",
        "forecast",
        "actual",
        "milestones",
        "now",
    ]


def test_only_traces_of_the_basic_bundle_are_used() -> None:
    assert {part["type"] for part in every_part()} <= {"scatter", "bar", "pie"}


def test_texts_hold_no_markup_that_becomes_a_style_attribute() -> None:
    assert not [
        text for text in texts(whole()) if "<b>" in text or "<i>" in text or "style" in text
    ]
    assert figures.plain("<b>R&D</b>") == "&lt;b&gt;R&amp;D&lt;/b&gt;"


def test_each_thing_looks_as_it_is_drawn() -> None:
    parts = {part["name"]: part for part in every_part()}
    assert parts["target"]["line"] == {"color": "#2b4acb", "width": 2}
    assert parts["baseline"]["line"]["dash"] == "4px,4px"
    assert parts["forecast"]["line"]["dash"] == "2px,4px"
    assert parts["milestones"]["marker"]["symbol"] == "diamond"
    assert parts["milestones"]["marker"]["color"] == ["#2b4acb", "#ffffff"]
    assert parts["open"]["fillpattern"]["shape"] == "/"
    shades = [shade for _, shade in parts["range"]["fillgradient"]["colorscale"]]
    assert shades == ["rgba(27, 29, 33, 0.22)", "rgba(27, 29, 33, 0.04)"]


def test_the_narrow_form_travels_with_the_figure() -> None:
    assert whole()["layout"]["meta"]["narrow"] == {"margin": {"l": 1}}


@pytest.mark.parametrize(
    ("low", "high", "whole_numbers", "ticks"),
    [
        (0, 560, True, [0, 100, 200, 300, 400, 500]),
        (0, 4.3, True, [0, 1, 2, 3, 4]),
        (0, 1, True, [0, 1]),
        (0, 0, True, [0, 1]),
        (0, 0.9, False, [0, 0.2, 0.4, 0.6, 0.8]),
        (12, 45, False, [10, 20, 30, 40]),
        (-30, 30, False, [-30, -20, -10, 0, 10, 20, 30]),
    ],
)
def test_ticks_are_round(low, high, whole_numbers, ticks) -> None:
    assert figures.round_ticks(low, high, whole=whole_numbers) == ticks


@given(st.floats(-1e5, 1e5), st.floats(0.01, 1e6))
@example(-6.103515625e-05, 600001.0)
def test_four_to_seven_ticks_from_below_the_lowest_to_the_top(low, span) -> None:
    ticks = figures.round_ticks(low, low + span)
    assert 3 <= len(ticks) <= figures.MOST_TICKS
    assert ticks[0] <= low + 1e-6
    assert ticks[-1] <= low + span + 1e-6
    assert ticks == sorted(set(ticks))


def test_small_counts_have_no_half_people() -> None:
    axis = figures.value_axis(0, 3.2, whole=True)
    assert axis["ticktext"] == ["0", "1", "2", "3"]
    assert figures.value_axis(-2000, 2000, whole=False)["ticktext"][0] == "−2,000"


def test_months_name_the_year_where_it_turns() -> None:
    axis = figures.time_axis(date(2026, 9, 5), date(2027, 2, 20), today=date(2026, 11, 18))
    assert axis["ticktext"] == ["Oct", "Nov", "Dec", "Jan 2027", "Feb"]
    old = figures.time_axis(date(2014, 1, 1), date(2014, 4, 2), today=date(2026, 11, 18))
    assert old["ticktext"] == ["Jan 2014", "Feb", "Mar", "Apr"]


def test_short_spans_have_mondays() -> None:
    ticks = figures.day_ticks(date(2026, 11, 3), date(2026, 11, 29))
    assert ticks == [date(2026, 11, day) for day in (9, 16, 23)]
    assert figures.tick_texts(ticks, today=ticks[0]) == ["9 Nov", "16 Nov", "23 Nov"]
    assert figures.day_ticks(date(2026, 11, 3), date(2026, 11, 4)) == [date(2026, 11, 3)]


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(1, 5000))
def test_few_ticks_and_all_inside(start, days) -> None:
    end = start + timedelta(days=days)
    ticks = figures.day_ticks(start, end)
    assert 1 <= len(ticks) <= figures.MOST_TICKS
    assert all(start <= tick <= end for tick in ticks)


@given(st.lists(st.floats(-50, 450), max_size=6))
def test_labels_keep_their_order_their_distance_and_the_bounds(wanted) -> None:
    placed = figures.spread(wanted, gap=30, low=10, high=390)
    assert all(10 - 1e-6 <= height <= 390 + 1e-6 for height in placed)
    pairs = [
        (a, b) for a in range(len(wanted)) for b in range(len(wanted)) if wanted[a] < wanted[b]
    ]
    assert all(placed[b] - placed[a] >= 30 - 1e-6 for a, b in pairs)


def test_labels_with_room_stay_where_they_belong() -> None:
    assert figures.spread([300, 100, 200], gap=30, low=0, high=400) == [300, 100, 200]
