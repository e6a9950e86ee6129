# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Microsoft Project XML: what is read, what is refused and in which words."""

from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adoption.adapters import PlanFile, UnreadablePlan, read_plan
from adoption.adapters.mspdi import read_mspdi
from adoption.scheduling import ConstraintType, Link, LinkType
from tests.adoption.plans import project_file

CALENDAR = """<Calendar><UID>1</UID><Name>Week</Name><WeekDays>
<WeekDay><DayType>1</DayType><DayWorking>0</DayWorking></WeekDay>
{days}</WeekDays>{more}</Calendar>"""
DAYS = "".join(
    f"<WeekDay><DayType>{day}</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime>"
    "<FromTime>09:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes></WeekDay>"
    for day in range(2, 7)
)


def project(*tasks: str, more: str = "", fields: str = "", rest: str = "") -> bytes:
    """A whole file with one Monday to Friday calendar; `more` goes into that calendar."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Project xmlns="http://schemas.microsoft.com/project">'
        f"<Title>Rollout</Title><StartDate>2026-01-05T09:00:00</StartDate><CalendarUID>1</CalendarUID>"
        f"{fields}<Calendars>{CALENDAR.format(days=DAYS, more=more)}</Calendars>"
        f"<Tasks>{''.join(tasks)}</Tasks>{rest}</Project>"
    ).encode()


def task(uid: int, more: str = "", name: str = "", duration: str = "PT8H0M0S") -> str:
    return (
        f"<Task><UID>{uid}</UID><Name>{name or f'Step {uid}'}</Name><OutlineLevel>1</OutlineLevel>"
        f"<Duration>{duration}</Duration>{more}</Task>"
    )


def link(uid: int, kind: int = 1, lag: int = 0, unit: int = 7) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type>"
        f"<LinkLag>{lag}</LinkLag><LagFormat>{unit}</LagFormat></PredecessorLink>"
    )


def read(data: bytes) -> PlanFile:
    return read_mspdi(BytesIO(data))


def test_reads_a_published_programme_whole() -> None:
    file = read_mspdi(project_file("programme_1840_packages"))
    assert (len(file.rows), len(file.links), file.warnings) == (1840, 3507, ())
    assert (file.name, file.start) == ("32 mp_j90_a20_nr2", datetime(2026, 1, 1, 9))
    assert file.calendar.week[0] == ((540, 780), (900, 1140))
    assert file.rows[1].resources == ("R 1",)
    assert file.rows[0].milestone


def test_levels_make_the_tree_and_numbers_follow() -> None:
    rows = [
        f"<Task><UID>{uid}</UID><Name>{uid}</Name><OutlineLevel>{level}</OutlineLevel></Task>"
        for uid, level in ((1, 1), (2, 2), (3, 3), (4, 2), (5, 1))
    ]
    file = read(project(*rows))
    assert [row.outline for row in file.rows] == ["1", "1.1", "1.1.1", "1.2", "2"]
    assert [row.parent for row in file.rows] == [None, "1", "2", "1", None]
    assert [row.summary for row in file.rows] == [True, True, False, False, False]


def test_links_of_every_type_with_working_elapsed_and_percent_lag() -> None:
    links = link(1, 0, 4800) + link(2, 2, -600, 5) + link(3, 3, 14400, 8) + link(4, 1, 50, 19)
    file = read(project(*map(task, (1, 2, 3, 4)), task(5, links)))
    assert file.links == (
        Link("1", "5", LinkType.FF, 480),
        Link("2", "5", LinkType.SF, -60),
        Link("3", "5", LinkType.SS, 1440, elapsed=True),
        Link("4", "5", LinkType.FS, 240),
    )


def test_constraints_deadlines_progress_and_people() -> None:
    more = (
        "<ConstraintType>7</ConstraintType><ConstraintDate>2026-02-01T17:00:00</ConstraintDate>"
        "<Deadline>2026-02-03T17:00:00</Deadline><PercentComplete>40</PercentComplete>"
        "<ActualStart>2026-01-06T09:00:00</ActualStart><Work>PT16H0M0S</Work>"
        "<RemainingDuration>PT4H30M0S</RemainingDuration><Notes>Ask first</Notes>"
    )
    people = (
        "<Resources><Resource><UID>3</UID><Name>Ada</Name></Resource></Resources><Assignments>"
        "<Assignment><TaskUID>1</TaskUID><ResourceUID>3</ResourceUID></Assignment></Assignments>"
    )
    row = read(project(task(1, more), rest=people)).rows[0]
    assert (row.constraint, row.constraint_at) == (ConstraintType.FNLT, datetime(2026, 2, 1, 17))
    assert row.deadline_at == datetime(2026, 2, 3, 17)
    assert (row.percent, row.actual_start) == (40, datetime(2026, 1, 6, 9))
    assert (row.remaining, row.effort, row.notes) == (270, 960, "Ask first")
    assert row.resources == ("Ada",)


def exception(first: str, last: str, more: str = "", working: int = 0) -> str:
    return (
        f"<Exceptions><Exception><Name>Off</Name><TimePeriod><FromDate>{first}T00:00:00</FromDate>"
        f"<ToDate>{last}T23:59:00</ToDate></TimePeriod><DayWorking>{working}</DayWorking>"
        f"{more}</Exception></Exceptions>"
    )


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (exception("2026-01-06", "2026-01-08"), [date(2026, 1, day) for day in (6, 7, 8)]),
        (
            exception(
                "2026-01-06", "2027-12-31", "<Type>2</Type><Month>0</Month><MonthDay>6</MonthDay>"
            ),
            [date(2026, 1, 6), date(2027, 1, 6)],
        ),
        (
            exception("2026-01-05", "2026-01-18", "<Type>6</Type><DaysOfWeek>36</DaysOfWeek>"),
            [date(2026, 1, 6), date(2026, 1, 9), date(2026, 1, 13), date(2026, 1, 16)],
        ),
        (
            exception("2026-01-01", "2026-03-31", "<Type>4</Type><MonthDay>15</MonthDay>"),
            [date(2026, month, 15) for month in (1, 2, 3)],
        ),
    ],
)
def test_exceptions_once_and_recurring(more: str, expected: list[date]) -> None:
    calendar = read(project(task(1), more=more)).calendar
    assert [day for day, shifts in calendar.exceptions] == expected
    assert not any(shifts for _, shifts in calendar.exceptions)


def test_a_working_exception_and_a_work_week() -> None:
    hours = (
        "<WorkingTimes><WorkingTime><FromTime>22:00:00</FromTime><ToTime>00:00:00</ToTime>"
        "</WorkingTime></WorkingTimes>"
    )
    work_week = (
        "<WorkWeeks><WorkWeek><TimePeriod><FromDate>2026-02-02T00:00:00</FromDate>"
        "<ToDate>2026-02-08T00:00:00</ToDate></TimePeriod><WeekDays><WeekDay><DayType>7</DayType>"
        f"<DayWorking>1</DayWorking>{hours}</WeekDay></WeekDays></WorkWeek></WorkWeeks>"
    )
    more = exception("2026-01-10", "2026-01-10", hours, working=1) + work_week
    assert read(project(task(1), more=more)).calendar.exceptions == (
        (date(2026, 1, 10), ((1320, 1440),)),
        (date(2026, 2, 7), ((1320, 1440),)),
    )


def test_what_is_read_differently_is_said() -> None:
    file = read(
        project(
            task(1, "<Manual>1</Manual>", name="By hand"),
            task(2, "<Active>0</Active>"),
            task(3, link(2)),
            task(4, "<ConstraintType>4</ConstraintType>"),
            task(5, "<CalendarUID>9</CalendarUID>", name="Night"),
            task(6, duration=""),
            fields="<ScheduleFromStart>0</ScheduleFromStart>",
        )
    )
    words = " ".join(file.warnings)
    for part in (
        "“By hand”: placed by hand",
        "“Step 2” (task 2, line 3) is inactive",
        "its link to task 2, which is left out, is dropped",
        "the constraint SNET has no date",
        "“Night”: planned on a calendar of their own",
        "has no duration",
        "back from its finish",
    ):
        assert part in words
    assert [row.uid for row in file.rows] == ["1", "3", "4", "5", "6"]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<Project><Title>&b;</Title></Project>"""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<html><body/></html>", "begins with <html>"),
        (project(task(1))[:-20], "not valid XML"),
        (b"<Project><Title>a & b</Title></Project>", "Line 1 is not valid XML"),
        (b'<?xml version="1.0" encoding="klingon"?><Project/>', "encoding"),
        ('<?xml version="1.0" encoding="UTF-8"?><Project><Title>é'.encode("latin-1"), "Line 1"),
        (BOMB, "entities"),
        (b"<Project>" + b"<a>" * 100, "nested too deeply"),
        (b"<Project><Title>" + b"x" * 2_000_000, "longer than a million"),
        (b"<Project><Tasks/></Project>", "no StartDate"),
        (project("<Task><Name>Lost</Name></Task>"), "“Lost” on line 3 has no UID"),
        (project(task(1, link(99))), r"“Step 1” \(task 1, line 3\) waits for task 99"),
        (project(task(1), task(1)), "Line 3, “Step 1”: the id 1 stands twice"),
        (project(task(1), task(2, link(1, lag=10**12))), "lag after task 1 is longer"),
        (project(task(1), task(2, link(1, kind=7))), "link to task 1 has the unknown type 7"),
        (project(task(1, duration="8 hours")), "“Step 1”.*“8 hours” is not a duration"),
        (project(task(1, duration="PT-8H0M0S")), "is not a duration"),
        (project(task(1, duration="PT999999999H0M0S")), "is too long"),
        (project(task(1, "<Deadline>soon</Deadline>")), "“soon” is not a date"),
        (project(task(1, "<PercentComplete>half</PercentComplete>")), "“half” is not a number"),
        (
            project(task(1)).replace(b"<DayWorking>1", b"<DayWorking>0"),
            "Week has no working time",
        ),
        (project(task(1)).replace(b"09:00:00</From", b"nine</From"), "“nine” is not a time"),
        (project(task(1)).replace(b"17:00:00</To", b"08:00:00</To"), "run backwards"),
    ],
)
def test_refusals_are_plain_and_name_the_place(data: bytes, words: str) -> None:
    with pytest.raises(UnreadablePlan, match=words) as caught:
        read(data)
    assert "\n" not in str(caught.value)


def test_links_given_twice_are_one_with_the_longest_lag() -> None:
    file = read(project(task(1), task(2, link(1) + link(1, lag=4800) + link(1, kind=3))))
    assert file.links == (Link("1", "2", LinkType.FS, 480), Link("1", "2", LinkType.SS))
    assert file.warnings == ("Links given twice: 1; of each the longest lag is kept.",)


def test_utf16_and_prefixed_names_are_understood() -> None:
    text = project(task(1)).decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert read(text.encode("utf-16")).rows[0].name == "Step 1"
    prefixed = b'<p:Project xmlns:p="x"><p:StartDate>2026-01-05T09:00:00</p:StartDate></p:Project>'
    assert read(prefixed).rows == ()


@given(st.integers(0, 88_000), st.binary(min_size=1, max_size=8))
def test_damaged_files_are_read_or_refused(place: int, damage: bytes) -> None:
    data = project_file("link_types_and_lags").getvalue()
    broken = data[:place] + damage + data[place + len(damage) :]
    try:
        read_plan(BytesIO(broken), "plan.xml")
    except UnreadablePlan as error:
        assert "\n" not in str(error)
