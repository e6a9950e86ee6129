import plotly.graph_objects as go
import pytest

from metrics.charts import contribution_bars
from tests.metrics.charts.test_line import trace, words
from tests.metrics.narrative.test_health import NAMES, health


def test_the_bars_add_up_to_the_score_and_what_they_could_be_to_a_hundred() -> None:
    found = health(use=70, route=40, tests=100)
    figure = go.Figure(contribution_bars(found, NAMES))
    assert sum(trace(figure, "points").x) == pytest.approx(found.value)
    assert sum(trace(figure, "possible").x) == pytest.approx(100)
    assert {"New route", "20.0 of 50.0", "21.0 of 30.0"} <= set(words(figure))


def test_what_has_no_part_says_why() -> None:
    said = words(go.Figure(contribution_bars(health(use=70, route=None), NAMES)))
    assert "no part: last reading too old" in said
    assert "no part: not read yet" in said
    go.Figure(contribution_bars(health(), NAMES))
