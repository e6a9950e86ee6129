# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Plans as CSV and Excel tables."""

import io
import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from adoption.adapters import PlanFile, UnreadablePlan, read_plan, write_xlsx
from adoption.scheduling import (
    ALWAYS,
    STANDARD,
    Calendar,
    ConstraintType,
    Link,
    LinkType,
    calculate,
)

HEADER = "id,outline,name,duration,predecessors,constraint,constraint_date"
ROWS = """1,1,Prepare,,,,
2,1.1,Message,5d,,,
3,1.2,Baseline,2w,2SS+1d,,
4,2,Launch,0d,2;3FS+2d,SNET,2026-02-02
5,3,Support,3h,4FF-1.5d;2SF+3eh,FNLT,2026-03-31T12:00"""


def read(text: str | bytes, calendar: Calendar = STANDARD) -> PlanFile:
    data = text.encode() if isinstance(text, str) else text
    return read_plan(BytesIO(data), "plan.csv", calendar)


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_reads_rows_links_and_constraints() -> None:
    file = read(f"{HEADER}\n{ROWS}\n")
    assert [row.uid for row in file.rows] == ["1", "2", "3", "4", "5"]
    assert [row.summary for row in file.rows] == [True, False, False, False, False]
    assert [row.parent for row in file.rows] == [None, "1", "1", None, None]
    assert [row.duration for row in file.rows] == [0, 2400, 4800, 0, 180]
    assert file.links == (
        Link("2", "3", LinkType.SS, 480),
        Link("2", "4"),
        Link("3", "4", LinkType.FS, 960),
        Link("4", "5", LinkType.FF, -720),
        Link("2", "5", LinkType.SF, 180, elapsed=True),
    )
    launch, support = file.rows[3:]
    assert (launch.constraint, launch.constraint_at) == (ConstraintType.SNET, datetime(2026, 2, 2))
    assert support.constraint_at == datetime(2026, 3, 31, 12)


def test_a_bare_date_ends_with_the_day_for_a_finish() -> None:
    file = read(f"{HEADER}\n1,1,A,1d,,FNLT,2026-01-30\n")
    assert file.rows[0].constraint_at == datetime(2026, 1, 31)
    assert calculate(file.plan(datetime(2026, 1, 30)))["1"].total_float == 0


def test_a_day_has_the_calendars_hours() -> None:
    text = "id,name,duration\n1,A,1d\n2,B,1w\n3,C,4\n"
    assert [row.duration for row in read(text).rows] == [480, 2400, 1920]
    assert [row.duration for row in read(text, ALWAYS).rows] == [1440, 10080, 5760]


@pytest.mark.parametrize(
    "data",
    [
        "id;name;duration\r\na1;Größe;1d\r\n",
        "\ufeffID,Name,Duration\na1,Größe,1d\n",
        "id\tname\tduration\na1\tGröße\t1d\n".encode("utf-16"),
    ],
)
def test_other_delimiters_and_encodings(data: str | bytes) -> None:
    row = read(data).rows[0]
    assert (row.uid, row.name, row.outline, row.duration) == ("a1", "Größe", "1", 480)


def test_ids_may_look_like_links() -> None:
    file = read("id,name,duration,predecessors\nA-2,A,1d,\nXFS,B,1d,A-2\nC,C,1d,XFS;A-2SS-1d\n")
    assert file.links == (
        Link("A-2", "XFS"),
        Link("XFS", "C"),
        Link("A-2", "C", LinkType.SS, -480),
    )


def test_an_id_with_a_dash_keeps_its_number_before_a_type() -> None:
    file = read("id,name,duration,predecessors\nA-1,A,1d,\nB,B,1d,A-1FS\nC,C,1d,A-1+2d\n")
    assert file.links == (Link("A-1", "B"), Link("A-1", "C", LinkType.FS, 960))


@pytest.mark.parametrize(
    ("text", "lag", "elapsed"),
    [
        ("1FS+2ed", 2880, True),
        ("1SS - 3 h", -180, False),
        ("1FS+1,5d", 720, False),
        ("1+50%", 1200, False),
        ("1SS+25%", 600, False),
        ("1FS-10%", -240, False),
        ("1FF+12.5%", 300, False),
        ("1FS+50e%", 1200, True),
        ("2FS+50%", 1440, True),
    ],
)
def test_lags_are_durations_or_shares_of_what_is_waited_for(
    text: str, lag: int, elapsed: bool
) -> None:
    file = read(f'id,name,duration,predecessors\n1,A,5d,\n2,B,2ed,\n3,C,1d,"{text}"\n')
    [link] = file.links
    assert (link.lag, link.elapsed) == (lag, elapsed)


def test_durations_of_project_are_read_as_they_stand_there() -> None:
    said = ("5 days?", "2 wks", "3 edays", "1 hr", "30 mins?", "1.5d")
    rows = "\n".join(f"{i},S,{text}" for i, text in enumerate(said))
    file = read(f"id,name,duration\n{rows}\n")
    assert [(row.duration, row.elapsed) for row in file.rows] == [
        (2400, False),
        (4800, False),
        (4320, True),
        (60, False),
        (30, False),
        (720, False),
    ]


def test_empty_rows_and_unknown_columns_are_passed_over() -> None:
    file = read("id,name,duration,mood\n1,A,1d,good\n,,,\n\n2,B,1d,\n")
    assert len(file.rows) == 2
    assert file.warnings == ("Columns not read: mood.",)


def test_excel_reads_like_csv() -> None:
    data = workbook(
        ("id", "outline", "name", "duration", "predecessors", "constraint", "constraint_date"),
        (1, "1", "A", "2d", None, None, None),
        (2.0, "2", "B", 3, "1FS+1d", "SNET", datetime(2026, 1, 7)),
    )
    file = read_plan(BytesIO(data), "plan.xlsx")
    assert [(row.uid, row.duration) for row in file.rows] == [("1", 960), ("2", 1440)]
    assert file.links == (Link("1", "2", LinkType.FS, 480),)
    assert file.rows[1].constraint_at == datetime(2026, 1, 7)


@pytest.mark.parametrize("day", [datetime(2026, 1, 7), date(2026, 1, 7), 46029, 46029.0])
def test_a_day_of_a_workbook_has_no_hour(day: object) -> None:
    """Whether the cell is known to hold a day or only has its number."""
    data = workbook(
        ("id", "name", "duration", "constraint", "constraint_date", "deadline"),
        (1, "A", "2d", "SNET", day, None),
        (2, "B", "2d", "FNLT", day, day),
    )
    rows = read_plan(BytesIO(data), "plan.xlsx").rows
    assert rows[0].constraint_at == datetime(2026, 1, 7)
    assert rows[1].constraint_at == rows[1].deadline_at == datetime(2026, 1, 8)


def test_a_number_with_hours_is_a_moment() -> None:
    heading = ("id", "name", "duration", "constraint", "constraint_date")
    data = workbook(heading, (1, "A", "2d", "FNLT", 46029.5))
    [row] = read_plan(BytesIO(data), "plan.xlsx").rows
    assert row.constraint_at == datetime(2026, 1, 7, 12)


def test_what_ends_at_midnight_ends_there_again() -> None:
    table = "id,name,duration,constraint,constraint_date,deadline"
    file = read(f"{table}\n1,A,2d,FNLT,2026-01-07,2026-01-09\n2,B,2d,SNET,2026-01-07,\n")
    again = read_plan(BytesIO(write_xlsx(file)), "plan.xlsx")
    assert [(row.constraint_at, row.deadline_at) for row in again.rows] == [
        (datetime(2026, 1, 8), datetime(2026, 1, 10)),
        (datetime(2026, 1, 7), None),
    ]


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        ("name,duration\nA,1d\n", "missing: id"),
        ("id,id,name,duration\n", "id stands twice"),
        (f"{HEADER}\n,1,A,1d,,,\n", "Row 2 has no id"),
        (f"{HEADER}\n1,1,A,,,,\n", "Row 2, “A” has no duration"),
        (f"{HEADER}\n1,1,A,soon,,,\n", "Row 2, “A”: the duration “soon”"),
        (f"{HEADER}\n1,1,A,-3d,,,\n", "“-3d” is not like"),
        (f"{HEADER}\n1,1,A,999999999w,,,\n", "is too long"),
        (f"{HEADER}\n1,1,A,1d,7,,\n", "Row 2, “A” waits for “7”"),
        (f"{HEADER}\n1,1,A,1d,,,\n2,2,B,1d,1FS+2q,,\n", "Row 3, “B”: the lag in “1FS"),
        (f"{HEADER}\n1,1,A,1d,,,\n2,2,B,1d,1FS+x,,\n", "Row 3, “B”: the lag in “1FS"),
        (f"{HEADER}\n1,1,A,,,,\n2,1.1,B,1d,,,\n3,2,C,1d,1+50%,,\n", "Row 4, “C”: the lag"),
        (f"{HEADER}\n1,1,A,1d,,WHENEVER,\n", "“WHENEVER” is none of ASAP"),
        (f"{HEADER}\n1,1,A,1d,,SNET,\n", "SNET needs a constraint_date"),
        (f"{HEADER}\n1,1,A,1d,,SNET,31/03/2026\n", "“31/03/2026” is not a date"),
        (f"{HEADER}\n1,1,A,1d,,,\n1,2,B,1d,,,\n", "Row 3: the id 1 is already in row 2"),
        (f"{HEADER}\n1,1,A,1d,,,\n2,1,B,1d,,,\n", "the outline 1 is already in row 2"),
        (f"{HEADER}\n1,1,A,1d,,,\n2,,B,1d,,,\n", "Row 3, “B” has no outline number"),
        (b"id,name,duration\n1,\xe9,1d\n", "Line 2 is not UTF-8"),
        (b"id,name,duration\n1,a\0b,1d\n", "empty bytes"),
        (b"id,name,duration\n1," + b"x" * 200_000 + b",1d\n", "Row 2 cannot be read"),
        (b'id,name,duration\n1,"open,1d\n', "Row 2 cannot be read"),
        (b"x" * (21 << 20), "larger than 20 MB"),
        (bomb(), "unpacks to far more"),
        (b"PK\x03\x04 nothing", "damaged"),
        (workbook(("a", "b")), "missing: id, name, duration"),
        (b"\xd0\xcf\x11\xe0 old", "old binary file"),
    ],
)
def test_refusals_name_row_and_field(data: str | bytes, words: str) -> None:
    with pytest.raises(UnreadablePlan, match=words) as caught:
        read(data)
    assert "\n" not in str(caught.value)


AROUND = "id,name,duration,optimistic,pessimistic"


def test_reads_durations_of_three_points() -> None:
    file = read(f"{AROUND}\n1,A,5d,3d,2w\n2,B,5d,,8d\n3,C,5d,,\n")
    days = [(row.optimistic, row.duration, row.pessimistic) for row in file.rows]
    assert days == [(1440, 2400, 4800), (None, 2400, 3840), (None, 2400, None)]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,A,5d,6d,", "Row 2, “A”: the duration does not lie between"),
        ("1,A,5d,,4d", "Row 2, “A”: the duration does not lie between"),
        ("1,A,5d,3ed,", "Row 2, “A”: optimistic and duration count different time."),
        ("1,A,5d,soon,", "Row 2, “A”: the duration “soon” is not like"),
    ],
)
def test_points_that_do_not_fit_are_refused_by_row(row: str, words: str) -> None:
    with pytest.raises(UnreadablePlan, match=words):
        read(f"{AROUND}\n{row}\n")
