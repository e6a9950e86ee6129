"""Figures of adoption: each validated by plotly, each showing the numbers of its value."""

from datetime import date

import plotly.graph_objects as go

from rendering import theme
from tests.usage.numbers.plainly import day_of
from usage.activity import date_of
from usage.charts import active_days_bars, cohort_grid, feature_grid, first_value_curve
from usage.charts.cohorts import CohortWords
from usage.numbers.activation import Start, time_to_value
from usage.numbers.active import active_days
from usage.numbers.early import early_use
from usage.numbers.features import feature_matrix
from usage.numbers.licences import Seats, licence_use
from usage.numbers.retention import retention
from usage.numbers.roster import Roster, everybody
from usage.numbers.use import FeatureUse, Use
from usage.views import saying

MONDAY = day_of(2026, 11, 2)
TODAY = date(2026, 11, 22)


def test_the_running_week_is_hatched_and_a_small_cohort_is_outlined() -> None:
    users = [*range(6), *range(3), 9, 9]
    days = [MONDAY] * 6 + [MONDAY + 7] * 3 + [MONDAY + 8, MONDAY + 14]
    value = retention(Use.of(users, days), closed=MONDAY + 15)
    words = CohortWords("%", lambda own: f"{own.first}", lambda own, at: f"{own.first} {at}")
    figure = cohort_grid(value, words=words)
    drawn = go.Figure(figure)
    assert [trace.marker.pattern.shape for trace in drawn.data] == [("", ""), ("", "/"), ("/", "")]
    texts = [part.text for part in drawn.layout.annotations]
    assert texts == ["%", "100", "50", "0", "1 / 1", "1 / 1"]
    darkest, half = (drawn.data[at].marker.color[0] for at in (0, 1))
    assert (darkest, half) == (theme.colour("ink", 0.36), theme.colour("ink", 0.2))
    assert drawn.data[2].hoverinfo == ("text", "skip")


def test_the_least_adopted_feature_stands_on_top_and_the_unmeant_last() -> None:
    days = [MONDAY, MONDAY + 5, MONDAY + 9]
    rows = [(user, feature, day) for user in range(5) for feature in (1, 7) for day in days]
    use = FeatureUse.of(*([row[at] for row in rows] for at in range(3)))
    roster = Roster.of((user, 0, None, 0) for user in range(6))
    value = feature_matrix(use, roster, {0: [1, 2]}, day=MONDAY + 13)
    names = {1: "Photos", 2: "<b>Chat</b>", 7: "Reports"}
    told = saying.tell_features(value, features=names, groups={0: "Field"})
    drawn = go.Figure(told.figure)
    assert drawn.layout.yaxis.ticktext == ("&lt;b&gt;Chat&lt;/b&gt;", "Photos", "Reports")
    assert [part.text for part in drawn.layout.annotations] == [
        "adopted / meant for",
        "0 / 6",
        "5 / 6",
    ]
    narrow = told.figure["layout"]["meta"]["narrow"]["annotations"]
    assert [part["text"] for part in narrow] == ["% adopted", "0", "83"]
    assert drawn.data[0].hovertext[2] == "Reports, Field<br>not meant for them; used by 5"
    assert feature_grid(value, words=FEATURES)["data"]
    assert told.finding == (
        "1 of 2 intended features are adopted by at least half of their people. "
        "The least adopted is <b>Chat</b>: 0 of 6 people (0\u00a0%)."
    )
    assert told.rows[0] == ("Photos", "Everybody", "5", "5", "6", "0")


FEATURES = saying.features.charts.FeatureWords(
    "", "", lambda feature: "a" * 40, lambda group: "b", lambda one, group: ""
)


def test_the_curve_climbs_where_people_reach_first_value() -> None:
    starts = dict.fromkeys(range(8), 0)
    value = time_to_value({0: 2, 1: 2, 2: 5, 3: 9}, starts, start=Start.ACCESS, closed=20)
    told = saying.tell_first_value(value)
    drawn = {trace.name: trace for trace in go.Figure(told.figure).data}
    assert drawn["reached"].x == (0, 2, 5, 9, 20)
    assert drawn["reached"].y == (0.0, 25.0, 37.5, 50.0, 50.0)
    assert drawn["half"].x == (0, 9, 9)
    assert drawn["waiting"].x == (20,)
    assert told.finding == "Half of 8 people reached first value within 9 days of access."
    assert told.rows[0][:4] == ("2", "8", "2", "25\u00a0%")


def test_half_that_is_not_reached_is_said_and_never_drawn_as_reached() -> None:
    value = time_to_value({0: 3}, dict.fromkeys(range(5), 0), start=Start.KICKOFF, closed=9)
    told = saying.tell_first_value(value)
    assert {t.name: t for t in go.Figure(told.figure).data}["half"].x == (0, 9)
    assert told.finding == (
        "Fewer than half of 5 people have reached first value since kickoff: 1 so far, 4 still waiting."
    )
    empty = time_to_value({}, {}, start=Start.KICKOFF, closed=9)
    go.Figure(first_value_curve(empty, words=saying.first_value.say_words(empty)))


def test_who_never_came_has_a_hatched_bar() -> None:
    use = Use.of([1] * 20 + [2], [*range(MONDAY, MONDAY + 20), MONDAY])
    value = active_days(use, day=MONDAY + 27, among=[1, 2, 3, 4, 5])
    told = saying.tell_active_days(value)
    [bars] = go.Figure(told.figure).data
    assert (bars.y[0], bars.y[1], bars.y[20], sum(bars.y)) == (3, 1, 1, 5)
    assert bars.marker.pattern.shape[:2] == ("/", "")
    assert told.finding == (
        "1 of 5 people (20\u00a0%) came on 14 or more of the 28 days to 29 Nov. 3 did not come."
    )
    assert told.rows[:2] == (("0", "3"), ("1", "1"))
    empty = active_days(Use.of([], []), day=MONDAY)
    go.Figure(active_days_bars(empty, words=saying.active_days.say_words(empty)))


def test_days_without_known_seats_have_no_line_and_are_said() -> None:
    use = Use.of([1, 2, 3], [MONDAY] * 3)
    seats = Seats.of([(MONDAY + 1, 10)])
    value = licence_use(use, everybody(range(8)), seats, first=MONDAY, last=MONDAY + 3)
    told = saying.tell_licences(value, today=TODAY)
    lines = {trace.name: trace for trace in go.Figure(told.figure).data}
    assert lines["seats"].y == (None, 10, 10, 10)
    assert lines["active"].y == (3, 3, 3, 3)
    assert lines["active"].x[0] == date_of(MONDAY).isoformat()
    assert told.finding == (
        "3 of 10 seats (30\u00a0%) were used in the 28 days to 5 Nov, and 8 of 10 seats (80\u00a0%) "
        "were given out. One day of 4 has no seats on record."
    )
    assert told.rows[-1] == ("2 Nov", "–", "8", "3", "–", "–")
    bare = licence_use(use, everybody([1]), Seats.of([]), first=MONDAY, last=MONDAY)
    assert "no seats are on record" in saying.tell_licences(bare, today=TODAY).finding


def test_retention_in_words_is_of_weeks_that_are_over() -> None:
    use = Use.of([1, 1, 2, 3, 4, 5], [MONDAY, MONDAY + 7, *[MONDAY] * 4])
    told = saying.tell_retention(retention(use, closed=MONDAY + 15))
    assert told.finding == "1 of 5 people (20\u00a0%) were active in the week after their first."
    assert told.columns == ("Began", "People", "Curve", "Week 0", "Week 1", "Week 2")
    assert told.rows == (
        ("2 Nov", "5", "Classic", "5", "1", "0 so far"),
        ("2 Nov", "5", "Rolling", "5", "1", "0 so far"),
    )
    new = saying.tell_retention(retention(use, closed=MONDAY + 3))
    assert new.finding == "Nobody has been here for a whole period after their first yet."
    go.Figure(saying.tell_retention(retention(Use.of([], []), closed=MONDAY)).figure)


def test_the_first_weeks_show_who_is_still_to_be_seen() -> None:
    use = Use.of([1, 2, 2, 7], [MONDAY, MONDAY + 1, MONDAY + 2, MONDAY + 2])
    value = early_use(use, everybody(range(1, 7)), go_live=MONDAY, closed=MONDAY + 2)
    told = saying.tell_early_use(value)
    traces = {trace.name: trace for trace in go.Figure(told.figure).data}
    assert [traces[name].y for name in ("expected", "reached", "active")] == [
        (6, 6, 6),
        (1, 2, 2),
        (1, 1, 2),
    ]
    assert told.finding == (
        "2 of 6 people (33\u00a0%) had come 2 days after go-live. "
        "4 people with access are still to be seen."
    )
    assert told.rows[0] == ("4 Nov", "2", "2", "1", "2", "6", "2")
    soon = early_use(use, everybody([1]), go_live=MONDAY, closed=MONDAY - 1)
    assert saying.tell_early_use(soon).finding == "No day since go-live on 2 Nov is over yet."
