"""The network diagram: layout and drawing."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.diagram import NetworkEdge, NetworkNode, network
from rendering.diagram.layering import lay_out

# The source's example: F starts in week 11; B and E have room.
LETTERS = "ABCDEF"
LINKS = ("AC", "CD", "DF", "AB", "BE", "EF")


def edges_of(size: int, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(a % size, b % size) for a, b in pairs]


graphs = st.integers(1, 25).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=50).map(
            lambda pairs: edges_of(size, pairs)
        ),
    )
)


@given(graphs)
def test_time_runs_from_left_to_right_where_there_is_no_circle(graph) -> None:
    size, pairs = graph
    edges = [(a, b) for a, b in pairs if a < b]
    laid = lay_out(size, edges)
    assert all(laid.columns[a] < laid.columns[b] for a, b in edges)


@given(graphs)
def test_no_two_circles_lie_on_each_other(graph) -> None:
    size, edges = graph
    laid = lay_out(size, edges)
    places = sorted(zip(laid.columns, laid.rows, strict=True))
    for (column, row), (next_column, next_row) in pairwise(places):
        assert column != next_column or next_row - row > 0.99


@given(graphs, st.integers(0, 9))
def test_the_order_of_edges_never_matters(graph, seed) -> None:
    size, edges = graph
    shuffled = list(edges)
    random.Random(seed).shuffle(shuffled)
    assert lay_out(size, edges) == lay_out(size, shuffled)


@given(graphs)
def test_a_line_over_several_levels_bends_once_on_each(graph) -> None:
    size, pairs = graph
    edges = [(a, b) for a, b in pairs if a < b]
    laid = lay_out(size, edges)
    for a, b in edges:
        columns = [column for column, _row in laid.bends[a, b]]
        assert columns == list(range(laid.columns[a] + 1, laid.columns[b]))


def test_a_chain_is_a_straight_line_and_a_ladder_does_not_cross() -> None:
    assert set(lay_out(4, [(0, 1), (1, 2), (2, 3)]).rows) == {0}
    laid = lay_out(6, [(0, 5), (1, 4), (2, 3)])
    before = sorted(range(3), key=lambda node: laid.rows[node])
    after = sorted(range(3, 6), key=lambda node: laid.rows[node])
    assert [5 - node for node in before] == after


def test_circles_self_links_and_lone_nodes_find_a_place() -> None:
    laid = lay_out(5, [(0, 1), (1, 0), (2, 2)])
    assert laid.columns[:2] == (0, 1)
    assert len({(laid.columns[at], laid.rows[at]) for at in range(5)}) == 5
    assert lay_out(0, []).columns == ()


def source_drawing():
    weeks = {"A": 3, "B": 2, "C": 5, "D": 3, "E": 4, "F": 1}
    critical = "ACDF"
    nodes = [
        NetworkNode(
            letter,
            letter,
            f"Activity {letter}",
            "critical" if letter in critical else "float",
            f"{letter}, {'critical' if letter in critical else 'float'}.",
            state="critical" if letter in critical else "todo",
        )
        for letter in LETTERS
    ]
    edges = [
        NetworkEdge(a, b, f"{weeks[a]} w", critical=a in critical and b in critical)
        for a, b in LINKS
    ]
    return network(nodes, edges, title="Network", lead="Critical: A, C, D, F.")


def test_the_example_of_the_source_is_drawn_as_it_is_printed() -> None:
    drawing = source_drawing()
    at = {circle.number.words: float(circle.x) for circle in drawing.circles}
    assert sorted(at, key=lambda letter: (at[letter], letter))[0] == "A"
    assert at["A"] < at["C"] < at["D"] < at["F"]
    red = [circle.number.words for circle in drawing.circles if circle.css == "n-crit"]
    assert red == list("ACDF")
    lines = {path.css: path.d.count("M") for path in drawing.paths}
    assert (lines["l-crit"], lines["l-link"]) == (3, 3)
    assert (lines["a-crit"], lines["a-link"]) == (3, 3)
    on_red = [label.words for label in drawing.labels if "t-act" in label.css]
    assert sorted(on_red) == ["3 w", "3 w", "5 w"]
    assert drawing.description.startswith("Critical: A, C, D, F.")


def test_only_dependencies_are_drawn_and_lone_steps_have_no_line() -> None:
    nodes = [NetworkNode(key, key, key, "", key) for key in "ab"]
    drawing = network(nodes, [NetworkEdge("a", "gone")])
    assert drawing.paths == ()
    assert len(drawing.circles) == 2


def test_an_empty_plan_draws_nothing() -> None:
    drawing = network([], [])
    assert (drawing.circles, drawing.paths) == ((), ())
    assert drawing.width > 0 < drawing.height


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Launch", ["Launch"]),
        ("Month-end coaching, Finance", ["Month-end", "coaching, Finance"]),
        ("A very long name of a step that goes on", ["A very long name", "of a step that go…"]),
        ("Donaudampfschifffahrtsgesellschaft", ["Donaudampfschifff…"]),
    ],
)
def test_names_take_two_lines_at_most(name: str, lines: list[str]) -> None:
    circle = network([NetworkNode("a", "1", name, "done", name)], []).circles[0]
    assert [text.words for text in circle.texts] == [*lines, "done"]


def test_zoom_changes_the_size_shown_and_nothing_else() -> None:
    nodes = [NetworkNode("a", "1", "Step", "done", "Step")]
    plain, large = network(nodes, []), network(nodes, [], zoom=1.5)
    assert large.circles == plain.circles
    assert large.shown_width == round(plain.width * 1.5)
