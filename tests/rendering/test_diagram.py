# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""The time line: what is drawn where, in which class, and what it says."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element, tostring

import pytest
from defusedxml.ElementTree import fromstring
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from rendering.diagram import Gantt, GanttLink, GanttMark, GanttRow, GanttWords, gantt
from rendering.diagram.scale import MOST_WIDTH

LAST = datetime(9999, 12, 31)
TODAY = date(2026, 11, 19)
SVG = "{http://www.w3.org/2000/svg}"


def row(key: str, start: str, finish: str, **fields: object) -> GanttRow:
    label = str(fields.pop("label", f"Step {key}"))
    begins, ends = (
        datetime.fromisoformat(f"{start}T08:00"),
        datetime.fromisoformat(f"{finish}T17:00"),
    )
    return GanttRow(key, label, begins, ends, **fields)  # type: ignore[arg-type]


PLAN = (
    row("1", "2026-08-03", "2026-12-18", summary=True, label="Go live"),
    row("1.1", "2026-08-03", "2026-08-28", done=True),
    row("1.2", "2026-10-05", "2026-10-05", milestone=True, label="Launch"),
    row("1.3", "2026-10-05", "2026-12-15", critical=True, progress=60),
    row(
        "1.4",
        "2026-11-02",
        "2026-11-27",
        float_until=datetime(2026, 12, 15, 17),
        float_words="12 d float",
        agreed=(datetime(2026, 10, 5, 8), datetime(2026, 10, 30, 17)),
    ),
)


def layer(drawing: Gantt, css: str) -> str:
    return "".join(path.d for path in drawing.paths if path.css == css)


def said(drawing: Gantt, css: str) -> list[str]:
    return [text.words for text in drawing.texts if css in text.css.split()]


def svg_of(drawing: Gantt) -> Element:
    markup = render_to_string("components/_gantt.html", {"gantt": drawing})
    return fromstring(markup.replace("<svg", f'<svg xmlns="{SVG[1:-1]}"', 1))


def test_rows_are_forty_high_below_a_header() -> None:
    drawing = gantt(PLAN, today=TODAY)
    assert drawing.height == 48 + 40 * len(PLAN)
    assert layer(drawing, "grid").count(f"H{drawing.width}") == len(PLAN) + 1
    assert [text.words for text in drawing.texts if text.css == "b"] == [
        *("Aug", "Sep", "Oct", "Nov", "Dec", "Jan 2027"),
    ]


def test_critical_is_red_thick_and_said() -> None:
    drawing = gantt(PLAN, (GanttLink("1.2", "1.3", critical=True),), today=TODAY)
    assert layer(drawing, "b-crit-todo")
    assert layer(drawing, "b-crit")
    assert layer(drawing, "l-crit thinner")
    assert said(drawing, "g-word") == ["critical"]
    assert "Step 1.3, critical" in said(drawing, "g-name")


def test_float_is_a_dotted_tail_with_its_days_and_a_moved_bar_shows_what_was_agreed() -> None:
    drawing = gantt(PLAN, today=TODAY)
    assert layer(drawing, "l-float").count("M") == layer(drawing, "l-mark").count("M") == 1
    assert "12 d float" in said(drawing, "halo")
    assert layer(drawing, "f-plan").count("M") == 1


def test_negative_float_is_said_in_red_without_a_tail() -> None:
    late = row(
        "1",
        "2026-08-03",
        "2026-09-04",
        critical=True,
        float_until=datetime(2026, 9, 1, 17),
        float_words="3 d over",
    )
    drawing = gantt([late], today=TODAY)
    assert "3 d over" in said(drawing, "t-act")
    assert not layer(drawing, "l-float")


def test_today_is_a_line_with_its_date_and_absent_when_out_of_sight() -> None:
    drawing = gantt(PLAN, today=TODAY)
    assert said(drawing, "t-accent") == ["Today, 19 Nov"]
    assert layer(drawing, "l-target thin")
    assert not layer(gantt(PLAN, today=date(2030, 1, 1)), "l-target thin")


def test_the_status_date_is_a_line_of_its_own_unless_it_is_today() -> None:
    drawing = gantt(PLAN, today=TODAY, status=date(2026, 11, 12))
    assert said(drawing, "mid") == ["Today, 19 Nov", "Status, 12 Nov"]
    assert layer(drawing, "l-status")
    assert not layer(gantt(PLAN, today=TODAY, status=TODAY), "l-status")


def test_a_long_line_goes_on_so_that_today_can_stand_at_its_first_third() -> None:
    rows = [*PLAN, row("long", "2025-01-01", "2026-12-31")]
    usual, longer = gantt(rows, today=TODAY), gantt(rows, today=TODAY, ahead=5000)
    x = float(layer(usual, "l-target thin").partition(" ")[0][1:])
    assert longer.width + 1 >= x + 5000 > usual.width
    assert layer(longer, "l-target thin") == layer(usual, "l-target thin")
    assert gantt(PLAN, today=TODAY, ahead=5000).width == gantt(PLAN, today=TODAY).width


def test_title_and_description_carry_the_values() -> None:
    drawing = gantt(PLAN, today=TODAY, words=GanttWords(lead="One step is critical"))
    assert drawing.title == "Plan on a time line"
    assert drawing.description.startswith(
        "One step is critical. Step 1.1: 3 Aug to 28 Aug. Launch:"
    )
    assert "Go live:" not in drawing.description


def test_a_long_plan_refers_to_its_table_and_stays_few_elements() -> None:
    rows = [replace(PLAN[1], key=str(i)) for i in range(2000)]
    links = [GanttLink(str(i), str(i + 1)) for i in range(1999)]
    drawing = gantt(rows, links, today=TODAY)
    assert "1940 more rows stand in the table." in drawing.description
    assert len(drawing.paths) < 20
    assert layer(drawing, "l-dep").count("M") == 1999


def test_links_and_marks_of_hidden_rows_are_left_out() -> None:
    links = (GanttLink("1.1", "9"), GanttLink("9", "1.1"))
    marks = [GanttMark("9", datetime(2026, 12, 18, 17), "agreed 18 Dec", agreed=True)]
    drawing = gantt(PLAN, links, today=TODAY, marks=marks)
    assert not layer(drawing, "l-dep")
    assert not layer(drawing, "d-open")


def test_marks_show_the_finish_and_what_was_agreed() -> None:
    marks = (
        GanttMark("1.3", datetime(2026, 12, 15, 17), "15 Dec"),
        GanttMark("1.3", datetime(2026, 11, 20, 17), "agreed 20 Nov", agreed=True),
    )
    drawing = gantt(PLAN, today=TODAY, marks=marks)
    assert said(drawing, "t-act")[-1] == "15 Dec"
    assert "agreed 20 Nov" in said(drawing, "t-accent")
    assert layer(drawing, "d-open")


@pytest.mark.parametrize("kind", ["FS", "SS", "FF", "SF"])
@pytest.mark.parametrize(("before", "after"), [("1.1", "1.4"), ("1.4", "1.1"), ("1.3", "1.4")])
def test_every_link_ends_at_the_bar_it_holds(kind: str, before: str, after: str) -> None:
    drawing = gantt(PLAN, (GanttLink(before, after, kind),), today=TODAY)  # type: ignore[arg-type]
    route = layer(drawing, "l-dep")
    keys = [r.key for r in PLAN]
    heights = [float(y) for y in re.findall(r"V(-?[\d.]+)", route)]
    middle = 48 + 40 * keys.index(after) + 18
    assert route.startswith("M")
    assert abs(heights[-1] - middle) <= 9


def test_the_template_escapes_labels_and_carries_no_style() -> None:
    nasty = row("1", "2026-08-03", "2026-08-28", label='<script>alert("1")</script>&')
    svg = svg_of(gantt([nasty], today=TODAY, name="plan"))
    markup = tostring(svg, encoding="unicode")
    assert "<script" not in markup
    assert svg.find(f"{SVG}title").get("id") in svg.get("aria-labelledby")
    for forbidden in ("fill=", "style=", "stroke=", "onclick"):
        assert forbidden not in markup
    assert nasty.label in [text.text for text in svg.iter(f"{SVG}text")]


def test_translated_words_replace_every_word() -> None:
    months = tuple(f"M{i}" for i in range(1, 13))
    words = GanttWords(title="Plan", today="Heute", critical="kritisch", months=months)
    drawing = gantt(PLAN, today=TODAY, words=words)
    found = " ".join(text.words for text in drawing.texts)
    assert "Heute, 19 M11" in found
    assert "kritisch" in found
    assert "critical" not in found


def test_a_short_plan_names_weeks_and_an_empty_one_still_draws() -> None:
    short = gantt([row("1", "2026-08-05", "2026-08-28")], today=TODAY)
    assert [text.words for text in short.texts][:3] == ["3 Aug", "10 Aug", "17 Aug"]
    empty = gantt([], today=TODAY)
    assert (empty.height, svg_of(empty).get("height")) == (48, "48")


@given(
    st.lists(
        st.tuples(st.datetimes(max_value=LAST), st.timedeltas(timedelta(0), timedelta(20_000))),
        max_size=5,
    ),
    st.dates(),
)
def test_any_dates_draw_inside_the_width(
    spans: list[tuple[datetime, timedelta]], today: date
) -> None:
    rows = [
        GanttRow(str(i), f"Step {i}", start, start + min(length, LAST - start))
        for i, (start, length) in enumerate(spans)
    ]
    drawing = gantt(rows, today=today)
    assert 540 <= drawing.width <= MOST_WIDTH
    assert all(
        -1 <= float(text.x) <= drawing.width + 10 or "end" in text.css for text in drawing.texts
    )
