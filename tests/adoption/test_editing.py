# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""The outline stays a tree, and whatever was done can be undone to the letter."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from adoption.editing import (
    WAYS,
    Head,
    Moves,
    Refused,
    Row,
    Sheet,
    Stand,
    Wait,
    add_rows,
    applied,
    clash,
    difference,
    duration_of,
    end_of,
    lag_of,
    links_of,
    move_rows,
    moves_between,
    place_rows,
    remove_rows,
    reverse,
    steps_of,
)
from adoption.editing.rights import Answer, Wish, may_do
from adoption.scheduling import STANDARD

HEAD = Head("Plan", datetime(2026, 1, 5), {"week": []})


def row(number: int, parent: str | None = None, **fields: Any) -> Row:
    return Row(str(number), UUID(int=number), parent, f"Step {number}", **fields)


def sheet_from(depths: list[int]) -> Sheet:
    """One row a depth, each below the nearest row before it that is less deep."""
    rows: list[Row] = []
    above: list[tuple[int, str]] = []
    for number, depth in enumerate(depths, 1):
        while above and above[-1][0] >= depth:
            above.pop()
        rows.append(row(number, above[-1][1] if above else None, duration=number * 60))
        above.append((depth, str(number)))
    return Sheet(HEAD, tuple(rows))


sheets = st.lists(st.integers(0, 3), min_size=1, max_size=12).map(sheet_from)


@st.composite
def linked_sheets(draw: st.DrawFn) -> Sheet:
    sheet = draw(sheets)
    uids = [each.uid for each in sheet.rows]
    waits = st.builds(
        Wait, st.sampled_from(uids), st.sampled_from(["FS", "SS"]), st.integers(-99, 99)
    )
    return sheet.changed(
        {uid: {"links": tuple(sorted(draw(st.sets(waits, max_size=2))))} for uid in uids}
    )


def an_edit(draw: st.DrawFn, sheet: Sheet) -> Callable[[Sheet], Sheet]:
    """Something that people do to a sheet."""
    uids = [each.uid for each in sheet.rows]
    chosen = draw(st.lists(st.sampled_from(uids), min_size=1, max_size=3, unique=True))
    other = draw(st.sampled_from([*uids, None]))
    news = [row(90, None), row(91, "90", links=(Wait(uids[0]),))]
    possible = {
        "add": lambda it: add_rows(it, news, after=other),
        "add under": lambda it: add_rows(it, news, under=other),
        "remove": lambda it: remove_rows(it, chosen),
        "place after": lambda it: place_rows(it, chosen, under=None, after=other),
        "place under": lambda it: place_rows(it, chosen, under=other, after=None),
        "change": lambda it: it.changed(
            {uid: {"budget": Decimal("9.50"), "deadline_at": HEAD.start_at} for uid in chosen}
        ),
        **{way: (lambda it, way=way: move_rows(it, chosen, way)) for way in WAYS},
    }
    return possible[draw(st.sampled_from(sorted(possible)))]


def made(edit: Callable[[Sheet], Sheet], sheet: Sheet) -> Sheet:
    try:
        return edit(sheet)
    except Refused:
        assume(False)
        raise


@st.composite
def edits(draw: st.DrawFn) -> tuple[Sheet, Sheet]:
    """A sheet and what some edit makes of it."""
    sheet = draw(linked_sheets())
    return sheet, made(an_edit(draw, sheet), sheet)


@given(linked_sheets(), st.data())
def test_taking_a_copy_over_equals_the_same_edits_made_live(
    copied: Sheet, data: st.DataObject
) -> None:
    """Whatever was done to the copy, and whatever else the live plan was given since."""
    uids = [each.uid for each in copied.rows]
    told = data.draw(st.sets(st.sampled_from(uids)))
    live = copied.changed({uid: {"notes": "Ask first", "duration": 7} for uid in told})
    copy, steps = copied, []
    for _ in range(data.draw(st.integers(1, 3))):
        steps.append(an_edit(data.draw, copied))
        assume(len({each.uid for each in copy.rows} & {"90", "91"}) == 0)
        copy = made(steps[-1], copy)
    changes = json.loads(json.dumps(difference(copied, copy)))
    assume(clash(changes, difference(copied, live)) is None)
    by_hand = live
    for edit in steps:
        by_hand = made(edit, by_hand)
    assert applied(live, changes) == by_hand


@given(edits())
def test_the_outline_stays_a_tree_with_consecutive_numbers(edit: tuple[Sheet, Sheet]) -> None:
    _before, after = edit
    seen: set[str | None] = {None}
    for each in after.rows:
        assert each.parent in seen
        seen.add(each.uid)
    assert len(seen) == len(after.rows) + 1
    counted: dict[str, int] = {}
    for number in after.numbered():
        above, _dot, last = number.outline.rpartition(".")
        counted[above] = counted.get(above, 0) + 1
        assert int(last) == counted[above]
        assert number.level == number.outline.count(".") + 1
    ends = {wait.uid for each in after.rows for wait in each.links}
    assert ends <= seen


@given(edits())
def test_a_change_leads_there_and_its_reverse_back(edit: tuple[Sheet, Sheet]) -> None:
    before, after = edit
    changes = json.loads(json.dumps(difference(before, after)))
    assert applied(before, changes) == after
    assert applied(after, reverse(changes)) == before
    assert (changes == {}) == (before == after)


@given(edits(), st.data())
def test_undo_leaves_alone_what_came_later(edit: tuple[Sheet, Sheet], data: st.DataObject) -> None:
    before, after = edit
    changes = difference(before, after)
    both = [each for each in after.rows if each.uid in {old.uid for old in before.rows}]
    assume(both)
    uid = data.draw(st.sampled_from(both)).uid
    later = after.changed({uid: {"notes": "later"}})
    assert clash(changes, difference(after, later)) is None
    assert applied(later, reverse(changes)) == before.changed({uid: {"notes": "later"}})


@pytest.mark.parametrize(("there", "back"), [("up", "down"), ("down", "up"), ("indent", "outdent")])
@given(sheet=sheets, data=st.data())
def test_there_and_back_is_nowhere(there: str, back: str, sheet: Sheet, data: Any) -> None:
    uid = data.draw(st.sampled_from(sheet.rows)).uid
    try:
        moved = move_rows(sheet, [uid], there)
    except Refused:
        return
    assert moved != sheet
    assert move_rows(moved, [uid], back) == sheet


def test_the_fewest_rows_tell_a_move() -> None:
    sheet = sheet_from([0] * 6)
    changes = difference(sheet, place_rows(sheet, ["6"], under=None, after=None))
    assert changes.keys() == {"6"}
    assert changes["6"]["place"] == [["", "5", 5], ["", "", 0]]


def test_numbers_follow_a_move() -> None:
    sheet = sheet_from([0, 1, 1, 0])
    moved = move_rows(sheet, ["4"], "indent")
    assert [number.outline for number in moved.numbered()] == ["1", "1.1", "1.2", "1.3"]
    assert [number.is_summary for number in moved.numbered()] == [True, False, False, False]


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (lambda sheet: move_rows(sheet, ["1"], "up"), "already_first"),
        (lambda sheet: move_rows(sheet, ["4"], "down"), "already_last"),
        (lambda sheet: move_rows(sheet, ["1"], "indent"), "nothing_above"),
        (lambda sheet: move_rows(sheet, ["1"], "outdent"), "already_out"),
        (lambda sheet: move_rows(sheet, ["1"], "away"), "no_such_way"),
        (lambda sheet: move_rows(sheet, ["77"], "up"), "gone"),
        (lambda sheet: place_rows(sheet, ["1"], under="2", after=None), "inside_itself"),
    ],
)
def test_what_cannot_be_is_refused(edit: Any, kind: str) -> None:
    with pytest.raises(Refused) as refused:
        edit(sheet_from([0, 1, 1, 0]))
    assert refused.value.kind == kind


def test_two_changes_clash_where_both_touch_the_same() -> None:
    sheet = sheet_from([0, 0])
    name = difference(sheet, sheet.changed({"1": {"name": "A"}}))
    notes = difference(sheet, sheet.changed({"1": {"notes": "B"}}))
    gone = difference(sheet, remove_rows(sheet, ["1"]))
    assert clash(name, notes) is None
    assert clash(name, name) == "1"
    assert clash(notes, gone) == "1"


def test_what_people_type_is_read() -> None:
    assert duration_of("2w", STANDARD) == (4800, False)
    assert lag_of("-3h", STANDARD) == (-180, False)
    assert lag_of("1ed", STANDARD) == (1440, True)
    known = {"1.2": "a", "7": "b"}
    assert links_of("1.2FS+2d; 7ss−3h", known, STANDARD) == (
        Wait("a", "FS", 960),
        Wait("b", "SS", -180),
    )
    assert end_of(date(2026, 1, 9), STANDARD) == datetime(2026, 1, 9, 17)
    for text, kind in (("soon", "duration"), ("", "duration")):
        with pytest.raises(Refused, match=kind):
            duration_of(text, STANDARD)
    with pytest.raises(Refused, match="unknown_step"):
        links_of("9", known, STANDARD)


def test_lines_and_tables_become_steps() -> None:
    lines = steps_of("Begin; 0d\n\n  Talk; 2w; Ana\n  Show; 2027-03-31\nEnd", STANDARD)
    assert [(step.name, step.duration, step.parent) for step in lines] == [
        ("Begin", 0, -1),
        ("Talk", 4800, 0),
        ("Show", 0, 0),
        ("End", 480, -1),
    ]
    assert (lines[1].owner, lines[2].due, lines[3].line) == ("Ana", date(2027, 3, 31), 5)
    table = steps_of("WBS\tTask\tDuration\tWho\n1\tA\t5d\tBo\n1.1\tB\t3h\t", STANDARD)
    assert [(step.number, step.parent, step.owner) for step in table] == [
        ("1", -1, "Bo"),
        ("1.1", 0, ""),
    ]
    bare = steps_of("A\t5d\t\tBo\nB\t1d\t1SS", STANDARD)
    assert [(step.name, step.predecessors, step.owner) for step in bare] == [
        ("A", "", "Bo"),
        ("B", "1SS", ""),
    ]


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        ("", "nothing_there", None),
        ("Name\tDuration", "nothing_there", None),
        ("A\t5d\n\t3d", "row_without_name", 2),
        ("A; 5d\nB; long", "row_duration", 2),
        ("x" * 501, "row_name_long", 1),
        ("a\n" * 2001, "too_many", None),
    ],
)
def test_faults_name_their_row(text: str, kind: str, line: int | None) -> None:
    with pytest.raises(Refused) as refused:
        steps_of(text, STANDARD)
    assert (refused.value.kind, refused.value.facts.get("line")) == (kind, line)


def test_what_moves_is_told() -> None:
    def stand(uid: str, day: int, **fields: Any) -> Stand:
        usual = Stand(
            UUID(int=1), uid, uid, uid, False, True, datetime(2026, 1, day), datetime(2026, 1, day),
            False, datetime(2026, 1, 7),
        )  # fmt: skip
        return usual._replace(**fields)

    before = {"a": stand("a", 5), "b": stand("b", 6), "gone": stand("gone", 6)}
    after = {"a": stand("a", 5), "b": stand("b", 8, critical=True), "new": stand("new", 6)}
    finish = datetime(2026, 1, 6), datetime(2026, 1, 8)
    moves = moves_between(before, after, finish=finish, days=lambda one, other: (other - one).days)
    assert [(row.uid, row.days) for row in moves.moved] == [("b", 2)]
    assert [row.uid for row in moves.newly_critical] == ["b"]
    assert [row.name for row in moves.deadlines_broken] == ["b"]
    assert [row.uid for row in moves.made] == ["new"]
    assert moves.removed == (UUID(int=1),)
    assert moves.moves_dates
    assert not Moves(*finish, 0).moves_dates


@given(st.sampled_from(Wish), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_rights_grow_and_never_shrink(
    wish: Wish, edits: bool, reports: bool, comments: bool, is_own: bool
) -> None:
    answer = may_do(wish, edits=edits, reports=reports, comments=comments, is_own=is_own)
    if edits:
        assert answer is Answer.YES
    if wish is Wish.CHANGE and not edits:
        assert answer is Answer.NOT_STRUCTURE
    if answer is Answer.YES:
        assert may_do(wish, edits=True, reports=True, comments=True, is_own=True) is Answer.YES
