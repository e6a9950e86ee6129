from datetime import date, timedelta

import plotly.graph_objects as go
import pytest

from metrics.charts.trends import Mark, Reference, Trend, trend_line
from tests.metrics.charts.test_line import trace, words

FIRST = date(2026, 9, 6)
TODAY = date(2026, 11, 18)
POINTS = tuple((FIRST + timedelta(weeks=at), 10.0 + 5 * at) for at in range(10))


def drawn(**fields: object) -> go.Figure:
    values = {"points": POINTS, "unit": "%", "highest": 100.0} | fields
    return go.Figure(trend_line(Trend(**values), today=TODAY))  # type: ignore[arg-type]


def test_the_line_says_its_last_value() -> None:
    figure = drawn()
    assert trace(figure, "actual").y == tuple(amount for _day, amount in POINTS)
    assert "55\N{NO-BREAK SPACE}%" in words(figure)
    assert tuple(figure.layout.yaxis.range) == (0, 100)


def test_a_period_without_a_figure_breaks_the_line() -> None:
    broken = (*POINTS[:4], (POINTS[4][0], None), *POINTS[5:])
    assert trace(drawn(points=broken), "actual").y[4] is None


def test_it_is_held_against_what_was_before_and_days_stand_upright() -> None:
    marks = (
        Mark(FIRST + timedelta(days=20), "end of form"),
        Mark(FIRST + timedelta(days=50), "end of mailbox", late=True),
    )
    figure = drawn(reference=Reference(2.0, "the portal before 2 %"), marks=marks)
    assert trace(figure, "baseline").y == (2.0, 2.0)
    assert {"the portal before 2 %", "end of form", "end of mailbox"} <= set(words(figure))
    assert len(figure.layout.shapes) == 2
    narrow = figure.layout.meta["narrow"]["annotations"]
    assert "end of mailbox" not in [label["text"] for label in narrow]


def test_a_trend_without_a_limit_leaves_room_above_its_highest() -> None:
    figure = drawn(highest=None, unit="per 100", decimals=1)
    assert figure.layout.yaxis.range[1] > 55
    assert "55.0" in words(figure)


def test_words_of_people_are_no_markup() -> None:
    figure = drawn(marks=(Mark(FIRST, "end of <b>x</b>"),))
    assert "end of &lt;b&gt;x&lt;/b&gt;" in words(figure)


def test_without_a_value_nothing_is_drawn() -> None:
    with pytest.raises(ValueError, match="No period has a figure"):
        drawn(points=((FIRST, None),))
