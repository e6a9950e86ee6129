"""`manage.py schedule_file`: files in, schedules out, nothing else touched."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.adoption.plans import project_file
from tests.paths import ROOT

TABLE = """id,outline,name,duration,predecessors,constraint,constraint_date
1,1,Prepare,,,,
007,1.1,Design,5d,,,
3,1.2,Approve,2d,007FS+1d,,
4,2,Launch,0d,3,,
5,3,Beside,3h,,,
"""


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "plan.csv"
    path.write_text(TABLE)
    return str(path)


def run(*arguments: str) -> tuple[str, str, int]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("schedule_file", *arguments, stdout=out, stderr=err)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return out.getvalue(), err.getvalue(), code


def test_json_is_one_object_a_file_with_leaves_only(table: str) -> None:
    out, err, code = run(table, table, "--json", "--start", "2026-01-05")
    assert (err, code, len(out.splitlines())) == ("", 0, 2)
    found = json.loads(out.splitlines()[0])
    assert {key: found[key] for key in ("file", "start", "finish")} == {
        "file": table,
        "start": "2026-01-05T08:00:00",
        "finish": "2026-01-14T17:00:00",
    }
    assert [leaf["uid"] for leaf in found["activities"]] == ["007", 3, 4, 5]
    assert found["activities"][1] == {
        "uid": 3,
        "outline": "1.2",
        "name": "Approve",
        "early_start": "2026-01-13T08:00:00",
        "early_finish": "2026-01-14T17:00:00",
        "late_start": "2026-01-13T08:00:00",
        "late_finish": "2026-01-14T17:00:00",
        "total_float": 0,
        "free_float": 0,
        "critical": True,
    }
    assert found["activities"][3]["total_float"] == 8 * 480 - 180


def test_a_plan_without_a_step_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("id,name,duration\n")
    out, err, code = run(str(path), "--json", "--start", "2026-01-05")
    assert (err, code) == ("", 0)
    assert json.loads(out) == {
        "file": str(path),
        "start": "2026-01-05T08:00:00",
        "finish": "2026-01-05T08:00:00",
        "activities": [],
    }


def test_calendar_always_works_day_and_night(table: str) -> None:
    out, _, _ = run(table, "--json", "--start", "2026-01-05", "--calendar", "always")
    found = json.loads(out)
    assert (found["start"], found["finish"]) == ("2026-01-05T00:00:00", "2026-01-13T00:00:00")


def test_the_table_is_for_people(table: str) -> None:
    out, _, _ = run(table, "--start", "2026-01-05T13:00")
    assert "4 steps, 2026-01-05 13:00 to 2026-01-15 12:00, 3 critical" in out
    assert "critical" in next(line for line in out.splitlines() if "Design" in line)


def test_stored_dates_and_progress_are_ignored(tmp_path: Path) -> None:
    data = project_file("programme_64_packages").getvalue()
    begun = data.replace(
        b"<UID>4</UID>",
        b"<UID>4</UID><ActualStart>2027-01-01T09:00:00</ActualStart>"
        b"<ActualFinish>2027-06-01T19:00:00</ActualFinish>",
    )
    path = tmp_path / "begun.xml"
    path.write_bytes(begun)
    out, _, _ = run(str(path), "--json")
    assert json.loads(out)["finish"] == "2026-03-25T19:00:00"


def test_bad_files_say_one_line_each_and_the_others_are_done(table: str, tmp_path: Path) -> None:
    circle = tmp_path / "circle.csv"
    circle.write_text(
        "id,name,duration,predecessors\n1,Design,1d,3\n2,Approve,1d,1\n3,Train,1d,2\n"
    )
    broken = tmp_path / "broken.xml"
    broken.write_text("<Project><Tasks>")
    files = (str(circle), table, str(broken), str(tmp_path / "missing.xml"), str(tmp_path))
    out, err, code = run(*files, "--json")
    assert (code, len(out.splitlines())) == (1, 1)
    lines = err.splitlines()
    assert [line.partition(": ")[0] for line in lines] == [files[0], *files[2:]]
    assert "Design → Approve → Train → Design" in lines[0]
    assert "not valid XML" in lines[1]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2,Train,soon,,,", "Row 3, “Train”: the duration “soon”"),
        ("2,Train,1d,9FS,,", "Row 3, “Train” waits for “9”"),
        ("2,Train,1d,1FS+x,,", "Row 3, “Train”: the lag in “1FS+x”"),
        ("2,Train,1d,,MUST,", "Row 3, “Train”: the constraint “MUST”"),
        ("2,Train,1d,,SNET,soon", "Row 3, “Train”: “soon” is not a date"),
    ],
)
def test_a_fault_names_file_row_and_field(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "faulty.csv"
    head = "id,name,duration,predecessors,constraint,constraint_date"
    path.write_text(f"{head}\n1,Design,5d,,,\n{row}\n")
    out, err, code = run(str(path), "--json")
    assert (out, code) == ("", 1)
    assert err.startswith(f"{path}: {words}")


def test_a_project_file_without_any_date_begins_where_it_is_told(tmp_path: Path) -> None:
    bare = tmp_path / "bare.xml"
    bare.write_text(
        "<Project><Tasks><Task><UID>1</UID><Name>Design</Name><OutlineLevel>1</OutlineLevel>"
        "<Duration>PT16H0M0S</Duration></Task></Tasks></Project>"
    )
    assert run(str(bare), "--json")[2] == 1
    out, _err, code = run(str(bare), "--json", "--start", "2026-01-05")
    assert (code, json.loads(out)["start"]) == (0, "2026-01-05T08:00:00")


def test_a_wrong_date_is_refused(table: str) -> None:
    with pytest.raises(CommandError, match="not a date"):
        run(table, "--start", "next week")


def test_it_needs_no_database_and_no_broker(table: str) -> None:
    nowhere = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://[::1]:9",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "schedule_file", table, "--json", "--start", "2026-01-05"],
        cwd=ROOT,
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["finish"] == "2026-01-14T17:00:00"
