import plotly.graph_objects as go
import pytest

from metrics.charts import resources_pie
from metrics.narrative.resources import (
    UNGROUPED,
    Resource,
    largest,
    resources_finding,
    say_without,
    slices_of,
)
from tests.metrics.charts.test_line import words
from tests.metrics.groups import EFFORT, NAMES

SLICES = slices_of(
    [Resource(name.lower(), name, float(part)) for name, part in zip(NAMES, EFFORT, strict=True)]
)


def test_the_ring_is_the_shares_of_the_worked_example_with_c_in_accent() -> None:
    figure = go.Figure(resources_pie(SLICES, focus="c", total="€71,400", unit="spent"))
    (ring,) = figure.data
    assert dict(zip(ring.labels, ring.values, strict=True)) == dict(zip(NAMES, EFFORT, strict=True))
    assert sum(ring.values) == 100
    assert [
        label
        for label, colour in zip(ring.labels, ring.marker.colors, strict=True)
        if colour == "#2b4acb"
    ] == ["C"]
    assert (ring.labels[0], ring.text[0]) == ("C", "8\xa0%")
    assert words(figure) == ["€71,400", "spent"]


def test_a_ring_has_six_parts_and_the_one_in_focus_stays() -> None:
    many = slices_of([Resource(str(at), str(at), 10.0 - at) for at in range(9)])
    shown = largest(many, focus="8")
    assert [one.key for one in shown] == ["8", "0", "1", "2", "3", "rest"]
    assert sum(one.share for one in shown) == pytest.approx(1)
    assert shown[-1].name == "4 others"


def test_the_finding_is_a_part_of_the_whole() -> None:
    assert resources_finding(SLICES, focus="c") == "C had 8\xa0% of the resources"
    assert resources_finding(SLICES) == "D had the largest part of the resources, 35\xa0%"
    assert resources_finding(slices_of([Resource("a", "A", 0)])) == (
        "Nothing is spent on any group yet"
    )
    with pytest.raises(ValueError, match="never below 0"):
        slices_of([Resource("a", "A", -1)])


def test_groups_of_one_name_stay_two_parts_and_typed_names_stay_text() -> None:
    twins = slices_of([Resource("a", "<b>Crews", 3), Resource("b", "<b>Crews", 1)])
    (ring,) = go.Figure(resources_pie(twins)).data
    assert len(set(ring.labels)) == 2
    assert ring.labels[0] == "&lt;b&gt;Crews"


def test_what_is_planned_is_not_said_as_done_and_no_group_is_never_the_finding() -> None:
    assert resources_finding(SLICES, planned=True) == (
        "D is to have the largest part of the resources, 35\xa0%"
    )
    assert resources_finding(SLICES, focus="c", planned=True) == (
        "C is to have 8\xa0% of the resources"
    )
    most = slices_of([Resource(UNGROUPED, "without a group", 9), Resource("a", "A", 1)])
    assert resources_finding(most) == (
        "Of the groups, A had the largest part of the resources, 10\xa0%"
    )
    assert resources_finding(most, planned=True).startswith("Of the groups, A is to have the ")
    alone = slices_of([Resource(UNGROUPED, "without a group", 9)])
    assert resources_finding(alone, planned=True) == "No work for a group has a budget yet"
    assert say_without(["A", "B", "C"]) == "Nothing was spent on A, B and C."
    assert say_without(["A"], planned=True) == "Nothing is planned for A."
    assert say_without([]) == ""
