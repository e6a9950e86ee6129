# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""A plan that leaves and comes back is the same plan, in every form that can hold it."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from adoption.adapters import (
    PlanFile,
    PlanRow,
    UnreadablePlan,
    read_plan,
    write_csv,
    write_mspdi,
    write_xlsx,
)
from adoption.adapters.headings import guess
from adoption.adapters.mspdi import read_mspdi
from adoption.adapters.table import COLUMNS
from adoption.forms.files import OURS
from adoption.scheduling import STANDARD, Calendar, ConstraintType, Link, LinkType
from tests.adoption.plans import PROJECT_FILES, START, project_file

SHORT_DAYS = Calendar(
    week=(((480, 720), (780, 900)),) * 4 + ((), (), ((1320, 1440),)),
    exceptions=((date(2026, 1, 6), ()), (date(2026, 1, 7), ()), (date(2026, 1, 9), ((600, 660),))),
    name="Short & sweet",
)


def rows(*more: PlanRow) -> tuple[PlanRow, ...]:
    return (
        PlanRow("top", "1", "Prepare <all> & go", summary=True),
        PlanRow(
            "7",
            "1.1",
            "=Sponsor's message",
            level=2,
            parent="top",
            duration=4 * 360,
            optimistic=360,
            pessimistic=3000,
            percent=33.3,
            effort=600,
            constraint=ConstraintType.FNLT,
            constraint_at=datetime(2026, 2, 3, 17),
            deadline_at=datetime(2026, 2, 6),
            actual_start=datetime(2026, 1, 5, 8),
            remaining=901,
            notes="Ask first;\nthen “send”",
            resources=("Ada Weaver", "Bo"),
            deliverable="A message, sent",
            acceptance_test="Everybody\nhas read it",
            role="trainer",
            kind="communication",
            impact_group="Night crews",
            budget=Decimal("1200.50"),
            cost=Decimal("0.00"),
            priority=700,
            checklist=(("Written", True), ("Sent; read", False)),
        ),
        PlanRow("-2", "1.2", "@Clock", level=2, parent="top", duration=1441, elapsed=True),
        PlanRow("a,b", "2", "Launch", constraint=ConstraintType.ALAP, manual=True),
        *more,
    )


LINKS = (
    Link("7", "-2", LinkType.SS, -95),
    Link("7", "a,b", LinkType.FF, 360),
    Link("-2", "a,b", LinkType.FS, 1440, elapsed=True),
)


def plan_file(calendar: Calendar = SHORT_DAYS) -> PlanFile:
    return PlanFile("Roll-out & more", START, calendar, rows(), LINKS[:2] + LINKS[2:])


def as_xml(file: PlanFile) -> bytes:
    return b"".join(write_mspdi(file))


def without_results(file: PlanFile) -> PlanFile:
    return replace(file, rows=tuple(replace(row, stored=None) for row in file.rows), warnings=())


@pytest.mark.parametrize("name", PROJECT_FILES)
def test_a_project_file_comes_back_as_it_was(name: str) -> None:
    read = read_mspdi(project_file(name))
    written = as_xml(read)
    assert read_mspdi(BytesIO(written)) == read
    assert as_xml(read_mspdi(BytesIO(written))) == written


def test_project_keeps_everything_that_is_known() -> None:
    file = plan_file()
    back = read_mspdi(BytesIO(as_xml(file)))
    assert without_results(back) == file
    assert as_xml(back) == as_xml(replace(back, warnings=()))


def test_project_is_given_numbers_and_names_it_understands() -> None:
    root = ElementTree.fromstring(as_xml(plan_file()))
    space = {"p": "http://schemas.microsoft.com/project"}
    tasks = root.findall("p:Tasks/p:Task", space)
    numbers = [task.findtext("p:UID", "", space) for task in tasks]
    assert numbers == ["8", "7", "9", "10"]
    assert [task.findtext("p:OutlineLevel", "", space) for task in tasks] == ["1", "2", "2", "1"]
    formats = [task.findtext("p:DurationFormat", "", space) for task in tasks]
    assert formats == ["7", "39", "4", "7"]
    aliases = [one.text for one in root.iter("{http://schemas.microsoft.com/project}Alias")]
    assert {"AdoptIQ: deliverable", "AdoptIQ: acceptance test", "AdoptIQ: id"} <= set(aliases)


def test_a_task_copied_in_project_gets_an_id_of_its_own() -> None:
    text = as_xml(plan_file()).decode()
    start = text.index("<Task>\n<UID>10<")
    task = text[start : text.index("</Task>", start) + 8]
    copied = text.replace(task, task + task.replace("<UID>10<", "<UID>11<"))
    back = read_mspdi(BytesIO(copied.encode()))
    assert [row.uid for row in back.rows] == ["top", "7", "-2", "a,b", "11"]


def test_a_duration_changed_in_project_drops_its_points_and_says_so() -> None:
    text = as_xml(plan_file()).decode().replace("<Duration>PT24H0M0S<", "<Duration>PT99H0M0S<")
    back = read_mspdi(BytesIO(text.encode()))
    assert (back.rows[1].optimistic, back.rows[1].pessimistic) == (None, None)
    assert "lies outside optimistic and pessimistic" in " ".join(back.warnings)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_xml(name: str, notes: str) -> None:
    file = replace(plan_file(), rows=(PlanRow("1", "1", name, notes=notes, duration=60),), links=())
    once = read_mspdi(BytesIO(as_xml(file)))
    assert read_mspdi(BytesIO(as_xml(once))) == once
    assert once.rows[0].uid == "1"


def test_a_workbook_brings_plan_and_calendar_back() -> None:
    file = replace(plan_file(), status_at=datetime(2026, 1, 20), critical_float=17)
    back = read_plan(BytesIO(write_xlsx(file, about=["=1+1"])), "other.xlsx")
    assert back == file
    assert back.has_calendar
    book = openpyxl.load_workbook(BytesIO(write_xlsx(file, about=["=1+1"])))
    assert book.sheetnames == ["Plan", "Calendar", "Resources", "Days", "README"]
    assert book["README"]["A1"].data_type == "s"
    assert book["Plan"]["C3"].data_type == "s"


@pytest.mark.parametrize("calendar", [SHORT_DAYS, STANDARD])
def test_a_table_brings_all_rows_back(calendar: Calendar) -> None:
    """Read with the usual days, which are not this plan's: then hours say what days cannot."""
    file = plan_file(calendar)
    back = read_plan(BytesIO(write_csv(file)), "Roll-out & more.csv")
    assert (back.rows, back.links) == (file.rows, file.links)
    assert not back.has_calendar
    cells = list(csv.DictReader(io.StringIO(write_csv(file).decode("utf-8-sig"))))
    assert cells[1]["name"] == "'=Sponsor's message"
    assert cells[1]["duration"] == ("3d" if calendar == STANDARD else "24h")


def test_the_same_file_twice_is_the_same_bytes(tmp_path: Path) -> None:
    for name in PROJECT_FILES:
        read = read_mspdi(project_file(name))
        once = read_plan(BytesIO(write_csv(read)), "plan.csv", read.calendar)
        twice = read_plan(BytesIO(write_csv(once)), "plan.csv", read.calendar)
        assert once == twice
        assert once.links == read.links


@pytest.mark.parametrize(
    ("column", "cell", "words"),
    [
        ("percent_complete", "140", "Row 2, “A”: percent_complete “140” is not between 0 and 100"),
        ("priority", "most", "priority “most” is not between 0 and 1000"),
        ("deadline", "soon", "deadline: “soon” is not a date"),
        ("remaining", "3eh", "remaining and duration count different time"),
        ("budget", "much", "the budget “much” is not a number"),
        ("deliverable", "x" * 301, "the deliverable is longer than 300"),
    ],
)
def test_a_cell_that_makes_no_sense_is_named(column: str, cell: str, words: str) -> None:
    text = f"id,name,duration,{column}\n1,A,1d,{cell}\n"
    with pytest.raises(UnreadablePlan, match=words):
        read_plan(BytesIO(text.encode()), "plan.csv")


@pytest.mark.parametrize(
    ("day", "hours", "words"),
    [
        ("Monday", "nine to five", "Calendar, row 10.*nine to five"),
        ("Monday", "17:00-09:00", "Calendar: Working hours"),
        ("2026-13-01", "", "is not a date"),
        ("critical float", "x", "critical float"),
    ],
)
def test_a_calendar_sheet_that_makes_no_sense_is_refused(day: str, hours: str, words: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(("id", "name", "duration"))
    sheet = book.create_sheet("Calendar")
    sheet.append(("day", "hours"))
    for _ in range(8):
        sheet.append(("Friday", "08:00-12:00"))
    sheet.append((day, hours))
    whole = BytesIO()
    book.save(whole)
    whole.seek(0)
    with pytest.raises(UnreadablePlan, match=words):
        read_plan(whole, "plan.xlsx")


def test_every_column_that_is_read_has_words_for_people() -> None:
    assert set(OURS) == set(COLUMNS)


def test_columns_are_known_by_what_people_call_them() -> None:
    found = guess(["No", "WBS", "Task Name", "Duration", "Resource Names", "% Complete", "Mood"])
    assert list(found.values()) == [
        *("id", "outline", "name", "duration", "owner", "percent_complete"),
        "",
    ]
    assert guess(["Name", "name"]) == {"Name": "name", "name": ""}
    named = read_plan(
        BytesIO(b"No;Task Name;Duration\n1;A;1d\n"),
        "p.csv",
        names={"No": "id", "Task Name": "name", "Duration": "duration"},
    )
    assert named.rows[0].name == "A"
