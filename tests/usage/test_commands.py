"""The commands: results on stdout, progress on stderr, faults in words."""

import csv
import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage.adapters.files import Layout
from usage.models import Event, Source
from usage.operations import close_days, keep_layout
from usage.queries import get_source_by_key

HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
ROWS = (
    "m1,2026-01-01T10:00:00Z,acme,ann,Used,a\n"
    "m2,2026-01-03T10:00:00Z,acme,bob,Used,a\n"
    "m3,2026-01-03T10:00:00,acme,bob,Used,a\n"
)


def run(*arguments: Any, **options: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(HEADER + ROWS)
    return path


def test_import_usage_prints_its_result_and_tells_faults_apart(cast: Cast, log: Path) -> None:
    out, err = run("import_usage", "--workspace", "acme", log)
    assert out == "3 rows: 2 new, 0 known before, 1 left out\n"
    assert "row 4: “2026-01-03T10:00:00” has no time zone" in err
    out, _err = run("import_usage", "--workspace", "acme", log)
    assert out == "3 rows: 0 new, 2 known before, 1 left out\n"


def test_import_usage_takes_mappings(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(HEADER.replace("customer_id", "account").replace("event", "what") + ROWS)
    mapping = ["--map", "account=customer_id", "--map", "what=event"]
    out, _err = run("import_usage", "--workspace", "acme", path, *mapping)
    assert "2 new" in out


def test_import_usage_takes_several_files_and_remembered_columns(
    cast: Cast, tmp_path: Path
) -> None:
    layout = Layout(columns={"who": "user_id"}, constants={"customer_id": "acme", "event": "Used"})
    with tenant_scope(cast.tenant.pk):
        keep_layout(name="Weekly", layout=layout, header=["timestamp", "who"], by=cast.csm)
    paths = [tmp_path / "one.csv", tmp_path / "two.jsonl"]
    paths[0].write_text("timestamp,who\n2026-01-01T10:00:00Z,ann\n")
    paths[1].write_text('{"timestamp": "2026-01-01T10:00:00Z", "who": "bob", "more": [1]}\n')
    out, _err = run("import_usage", *paths, "--workspace", "acme", "--mapping", "weekly")
    assert out.splitlines() == [
        "one.csv: 1 rows: 1 new, 0 known before, 0 left out",
        "two.jsonl: 1 rows: 1 new, 0 known before, 0 left out",
    ]


def test_import_usage_reads_counts_of_days(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "days.csv"
    path.write_text("date,account,n\n2026-01-01,acme,12\n")
    said = ["--daily", "--map", "date=day", "account=customer_id", "n=events"]
    out, _err = run("import_usage", path, "--workspace", "acme", *said)
    assert out == "1 rows: 1 new, 0 known before, 0 left out\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--workspace", "nobody", "LOG"], "no workspace nobody"),
        (["--workspace", "acme", "/nowhere.csv"], "no file"),
        (["--workspace", "acme", "LOG", "--map", "nonsense"], "column=field"),
        (["--workspace", "acme", "LOG", "--map", "x=event"], "does not have"),
        (["--workspace", "acme", "LOG", "--mapping", "Gone"], "under the name Gone"),
    ],
)
def test_import_usage_refuses_in_words(
    cast: Cast, log: Path, arguments: list[str], words: str
) -> None:
    given = [str(log) if argument == "LOG" else argument for argument in arguments]
    with pytest.raises(CommandError, match=words):
        run("import_usage", *given)
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == 0


def test_usage_report_prints_a_row_a_calendar_day_in_three_forms(cast: Cast, log: Path) -> None:
    run("import_usage", "--workspace", "acme", log)
    with tenant_scope(cast.tenant.pk):
        close_days(business_date=date(2026, 1, 4), now=datetime(2026, 2, 1, tzinfo=UTC))
    asked = ["usage_report", "--workspace", "acme", "--from", "2026-01-01", "--to", "2026-01-05"]
    out, err = run(*asked, "--customer", "acme", "--json")
    assert err == ""
    rows = json.loads(out)
    assert rows[2] == {
        "day": "2026-01-03",
        "customer": "acme",
        "dau": 1,
        "wau": 2,
        "mau": 2,
        "events": 1,
    }
    assert rows[1]["dau"] == 0
    assert rows[4]["mau"] is None
    out, _err = run(*asked, "--customer", "acme", "--csv")
    assert [row["mau"] for row in csv.DictReader(io.StringIO(out))] == ["1", "1", "2", "2", ""]
    out, _err = run(*asked)
    assert len(out.splitlines()) == 1 + 3 * 5


def test_usage_report_refuses_in_words(cast: Cast) -> None:
    days = ["--from", "2026-01-01", "--to", "2026-01-05"]
    with pytest.raises(CommandError, match="no customer nobody"):
        run("usage_report", "--workspace", "acme", "--customer", "nobody", *days)
    with pytest.raises(CommandError, match="lies after"):
        run("usage_report", "--workspace", "acme", "--from", "2026-02-01", "--to", "2026-01-01")


def test_create_source_prints_the_key_alone(cast: Cast) -> None:
    out, _err = run("create_source", "--workspace", "acme", "--name", "Web", "--create-customers")
    found = get_source_by_key(text=out.strip())
    assert found is not None
    with tenant_scope(cast.tenant.pk):
        assert Source.objects.get(pk=found.source_id).creates_customers
    with pytest.raises(CommandError, match="name already"):
        run("create_source", "--workspace", "acme", "--name", "Web")
