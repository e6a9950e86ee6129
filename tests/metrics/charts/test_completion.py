import plotly.graph_objects as go

from metrics.charts import completion_curve
from tests.metrics.charts.test_line import trace, words
from tests.metrics.completion import CHANGE, SERIES, completion, month


def test_done_runs_to_today_and_the_forecast_on_to_both_finishes() -> None:
    figure = go.Figure(completion_curve(completion(SERIES)))
    assert trace(figure, "actual").y == SERIES
    assert trace(figure, "planned").y[-1] == 100
    ahead = trace(figure, "forecast")
    assert (ahead.x[0], ahead.y[0]) == (month(6).isoformat(), 64)
    assert ahead.y[-1] == 100
    assert trace(figure, "steady").x == (month(9.4).isoformat(),)


def test_a_change_of_the_plan_stands_on_the_chart_with_its_day() -> None:
    figure = go.Figure(completion_curve(completion(SERIES)))
    assert [shape.x0 for shape in figure.layout.shapes] == [CHANGE.day.isoformat()]
    said = set(words(figure))
    assert {"1 Apr", "A second trainer", "28 Oct", "as planned"} <= said
    assert {"6 Sep, at the recent rate", "10 Oct, at worst"} <= said
    assert {"64\xa0% done", "planned 60\xa0%"} <= said


def test_a_plan_that_is_late_has_a_red_point_and_a_finished_one_no_forecast() -> None:
    late = go.Figure(completion_curve(completion((0, 3, 6, 10, 16, 22, 30))))
    assert trace(late, "now").marker.color == "#ad2318"
    slowed = go.Figure(completion_curve(completion((0, 20, 40, 56, 58, 60, 62))))
    assert any(said.endswith("as so far") for said in words(slowed))
    assert not any("at worst" in said for said in words(slowed))
    done = go.Figure(completion_curve(completion((0, 50, 100))))
    assert [item.name for item in done.data] == ["planned", "actual", "now"]
