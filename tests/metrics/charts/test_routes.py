from dataclasses import replace
from datetime import date

import plotly.graph_objects as go
import pytest

from metrics.charts import route_lines
from tests.metrics.charts.test_line import trace, words
from tests.metrics.test_routes import MAIL, NEW, PHONE, TODAY


def drawn(*routes) -> go.Figure:
    return go.Figure(route_lines(routes, today=TODAY, unit="requests"))


def test_each_route_is_a_line_named_at_its_end() -> None:
    figure = drawn(MAIL, PHONE, NEW)
    assert trace(figure, "new").y == (100, 300, 610)
    assert [item.name for item in figure.data] == ["new", "other", "other", "ends"]
    assert {"portal 610", "mail 280", "phone 110", "requests"} <= set(words(figure))


def test_the_day_a_route_is_shut_off_is_a_diamond_filled_once_it_was() -> None:
    shut = replace(PHONE, volumes=PHONE.volumes[:2], shut_date=date(2026, 11, 1))
    figure = drawn(NEW, MAIL, shut)
    ends = trace(figure, "ends")
    assert dict(zip(ends.x, ends.marker.color, strict=True)) == {
        "2026-11-30": "#ffffff",
        "2026-11-01": "#2b4acb",
    }
    assert {"mail was to end 30 Nov", "phone shut off 1 Nov"} <= set(words(figure))
    assert "phone 200" not in words(figure)


def test_at_most_six_routes_are_drawn_and_one_at_least() -> None:
    many = [replace(PHONE, key=str(at), name=str(at)) for at in range(9)]
    lines = [item for item in drawn(NEW, *many).data if item.name in ("new", "other")]
    assert len(lines) == 6
    with pytest.raises(ValueError, match="No route has a volume"):
        drawn(replace(NEW, volumes=()))
