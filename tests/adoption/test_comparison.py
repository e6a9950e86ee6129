# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Two versions compared: what moved, why, and that it reads the same from either side."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from adoption.comparison import (
    Comparison,
    Version,
    VersionLink,
    VersionRow,
    compare,
    digest_of,
    from_contents,
    made_in,
    renamed,
    to_contents,
)
from adoption.scheduling import STANDARD, Activity, Link, LinkType, Plan, calculate, roll_up
from tests.adoption.plans import DAY, START, plan, step

OPPOSITE = {"added": "removed", "removed": "added", "moved": "moved", "changed": "changed"}


def version_of(planned: Plan, effort: Iterable[tuple[str, str]] = ()) -> Version:
    """What is stored of a plan once it was scheduled."""
    schedule = calculate(planned)
    summaries, budgets = roll_up(schedule), dict(effort)
    rows = []
    for number, activity in enumerate(planned.activities, start=1):
        at = summaries.get(activity.key) or schedule[activity.key]
        rows.append(
            VersionRow(
                activity.key,
                activity.parent,
                str(number),
                activity.name,
                activity.key in summaries,
                activity.duration,
                activity.elapsed,
                activity.effort,
                budgets.get(activity.key),
                at.start,
                at.finish,
                at.critical,
                100.0 if activity.actual_finish else activity.percent,
                activity.actual_start,
                activity.actual_finish,
                activity.constraint.value,
                activity.constraint_at,
            )
        )
    links = (VersionLink(*link[:2], link.type.value, *link[3:]) for link in planned.links)
    return Version(tuple(rows), tuple(links))


LINE = plan(
    step("design", 3), step("train", 5), step("coach", 4), step("print", 2),
    links=(Link("design", "train"), Link("train", "coach"), Link("design", "print")),
)  # fmt: skip


def changed(key: str, **fields: object) -> Plan:
    """The line with one step changed."""
    activities = (
        replace(activity, **fields) if activity.key == key else activity  # type: ignore[arg-type]
        for activity in LINE.activities
    )
    return replace(LINE, activities=tuple(activities))


def against_line(other: Plan) -> Comparison:
    return compare(version_of(LINE), version_of(other), calendar=STANDARD)


def test_a_longer_step_moves_what_follows_and_is_named_as_the_cause() -> None:
    found = against_line(changed("train", duration=8 * DAY))
    assert found.finish_days == 3
    assert [(cause.kind, cause.name, cause.days) for cause in found.causes] == [
        ("duration", "train", 3)
    ]
    assert {row.row.uid: (row.start_days, row.finish_days) for row in found.rows} == {
        "train": (0, 3),
        "coach": (3, 3),
    }
    assert {row.row.uid: row.longer_days for row in found.rows} == {"train": 3, "coach": 0}


def test_a_step_off_the_chain_that_sets_the_finish_is_no_cause() -> None:
    found = against_line(changed("print", duration=4 * DAY))
    assert found.finish_days == 0
    assert found.causes == ()
    assert [row.row.uid for row in found.rows] == ["print"]


def test_a_new_step_a_new_link_and_a_longer_lag_are_causes() -> None:
    added = replace(
        LINE,
        activities=(*LINE.activities, step("check", 2)),
        links=(*LINE.links[:1], Link("train", "check"), Link("check", "coach")),
    )
    found = against_line(added)
    assert [(c.kind, c.name, c.days) for c in found.causes] == [("row", "check", 2)]
    assert [row.row.uid for row in found.of_kind("added")] == ["check"]
    assert {(change.link.before, change.link.after) for change in found.links} == {
        ("train", "check"), ("check", "coach"), ("train", "coach"), ("design", "print"),
    }  # fmt: skip
    linked = against_line(replace(LINE, links=(*LINE.links, Link("coach", "print"))))
    assert [(c.kind, c.name, c.other) for c in linked.causes] == [("link", "print", "coach")]
    lagged = replace(LINE, links=(LINE.links[0], Link("train", "coach", LinkType.FS, 2 * DAY)))
    assert [(c.kind, c.other, c.days) for c in against_line(lagged).causes] == [("lag", "train", 2)]


def test_a_late_start_and_a_date_set_are_causes_at_the_head_of_the_chain() -> None:
    started = against_line(changed("design", actual_start=datetime(2026, 1, 7, 8)))
    assert [(c.kind, c.days) for c in started.causes] == [("started", 2)]
    held = replace(LINE, status_at=datetime(2026, 1, 8))
    assert [(c.kind, c.name, c.days) for c in against_line(held).causes] == [("start", "design", 3)]


def test_an_earlier_finish_is_explained_by_what_was_on_the_longer_chain() -> None:
    found = against_line(changed("coach", duration=1 * DAY))
    assert found.finish_days == -3
    assert [(c.kind, c.name, c.days) for c in found.causes] == [("duration", "coach", -3)]


def test_what_became_critical_and_what_no_longer_is() -> None:
    found = against_line(changed("print", duration=10 * DAY))
    assert [row.row.uid for row in found.newly_critical] == ["print"]
    assert [row.row.uid for row in found.no_longer_critical] == ["train", "coach"]


def test_links_of_summaries_hold_what_is_inside() -> None:
    def staged(days: int) -> Plan:
        return plan(
            Activity("1", "Prepare"), step("1.1", 2, parent="1"), step("1.2", days, parent="1"),
            Activity("2", "Train"), step("2.1", 3, parent="2"),
            links=(Link("1", "2"),),
        )  # fmt: skip

    found = compare(version_of(staged(4)), version_of(staged(7)), calendar=STANDARD)
    assert [(c.name, c.days) for c in found.causes] == [("1.2", 3)]


def test_empty_plans_compare() -> None:
    nothing = Version(())
    assert compare(nothing, nothing, calendar=STANDARD).is_same
    found = compare(nothing, version_of(LINE), calendar=STANDARD)
    assert (found.finish_days, found.causes) == (None, ())
    assert len(found.of_kind("added")) == 4


def test_made_rows_take_other_keys_wherever_they_are_named() -> None:
    changes: dict[str, Any] = {
        "9": {"made": [False, True], "links": [None, [["3", "FS", 0, False]]], "place": [None, ["", "10", 4]]},
        "10": {"made": [False, True], "links": [None, [["9", "FS", 0, False]]]},
        "3": {"name": ["a", "b"], "links": [[], [["9", "SS", 0, False]]]},
    }  # fmt: skip
    assert made_in(changes) == ["9", "10"]
    told = renamed(changes, {"9": "21", "10": "22"})
    assert told["21"]["place"] == [None, ["", "22", 4]]
    assert told["22"]["links"] == [None, [["21", "FS", 0, False]]]
    assert told["3"] == {"name": ["a", "b"], "links": [[], [["21", "SS", 0, False]]]}
    assert renamed(told, {"21": "9", "22": "10"}) == changes


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Small plans over the same few keys, so that two of them have much in common."""
    keys = draw(st.lists(st.sampled_from("abcdef"), min_size=1, unique=True))
    days = st.integers(0, 6)
    activities = tuple(step(key, draw(days)) for key in sorted(keys))
    pairs = st.tuples(st.sampled_from(sorted(keys)), st.sampled_from(sorted(keys)))
    links = {
        (one, other): Link(one, other, draw(st.sampled_from(LinkType)), draw(days) * DAY)
        for one, other in draw(st.lists(pairs, max_size=6))
        if one < other
    }
    return plan(*activities, links=tuple(links.values()), start=START)


@given(plans())
def test_a_version_compared_with_itself_says_nothing(planned: Plan) -> None:
    version = version_of(planned)
    found = compare(version, version, calendar=STANDARD)
    assert found.is_same
    assert (found.finish_days, found.start_days, found.causes) == (0, 0, ())


@given(plans(), plans())
def test_both_directions_mirror_each_other(one: Plan, other: Plan) -> None:
    there = compare(version_of(one), version_of(other), calendar=STANDARD)
    back = compare(version_of(other), version_of(one), calendar=STANDARD)
    assert back.finish_days == -(there.finish_days or 0)
    assert {(c.kind, c.uid, c.other, c.days) for c in back.causes} == {
        (c.kind, c.uid, c.other, -c.days) for c in there.causes
    }
    assert {(r.row.uid, r.kind, r.start_days, r.finish_days, r.longer_days) for r in back.rows} == {
        (r.row.uid, OPPOSITE[r.kind], -r.start_days, -r.finish_days, -r.longer_days)
        for r in there.rows
    }
    assert {(c.before, c.after) for c in back.links} == {(c.after, c.before) for c in there.links}
    assert {r.row.uid for r in back.newly_critical} == {r.row.uid for r in there.no_longer_critical}


@given(plans(), plans())
def test_a_finish_that_moved_later_has_causes_that_make_it_later(one: Plan, other: Plan) -> None:
    found = compare(version_of(one), version_of(other), calendar=STANDARD)
    sign = (found.finish_days or 0) > 0
    assert all((cause.days > 0) == sign for cause in found.causes if cause.days)


@given(plans())
def test_what_is_written_down_is_read_back(planned: Plan) -> None:
    version = version_of(planned, [("a", "10.50")])
    contents = to_contents(version)
    again = from_contents(contents)
    assert again.rows == version.rows
    assert sorted(again.links) == sorted(version.links)
    turned = Version(version.rows, version.links[::-1])
    assert digest_of(to_contents(turned)) == digest_of(contents)
