"""Usage logs from files: exactly once, in bounded pieces, with the rows left out named."""

import gzip
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connections
from django.utils import timezone

from engagements.models import Customer, EndUser
from tenancy.models import new_id
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.paths import DATA, ROOT
from usage import operations
from usage.adapters.files import Layout
from usage.adapters.files.looking import look_at
from usage.models import (
    DailyCount,
    DailyUse,
    Event,
    FileLayout,
    Receipt,
    RowFault,
    Touch,
    UsageImport,
)
from usage.operations import ImportOutcome, erase_person, read_import, start_import
from usage.queries import get_daily_counts
from usage.tasks import perform_import, take_dropped_files

LOG = DATA / "usage" / "product_usage.csv.gz"
HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def begun(cast: Cast, layout: Layout | None = None, **mapping: str) -> UsageImport:
    with tenant_scope(cast.tenant.pk):
        return start_import(
            file_name="log.csv", stored_as="", mapping=mapping, created_by=None, layout=layout
        )


def bring(cast: Cast, path: Path, layout: Layout | None = None, **mapping: str) -> UsageImport:
    row = begun(cast, layout, **mapping)
    return read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW)


def counts(row: UsageImport) -> tuple[int, int, int, int]:
    return row.rows_read, row.rows_new, row.rows_repeated, row.rows_wrong


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "log.csv"
    path.write_text(text)
    return path


def test_the_real_log_comes_in_whole_and_a_second_time_changes_nothing(cast: Cast) -> None:
    first = bring(cast, LOG)
    assert (first.state, first.percent) == ("done", 100)
    assert first.rows_read == 19_985
    assert first.rows_wrong == 0
    assert (first.rows_new, first.rows_repeated) == (19_835, 150)
    second = bring(cast, LOG)
    assert counts(second) == (19_985, 0, 19_985, 0)
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == Receipt.objects.count() == first.rows_new
        assert Customer.objects.filter(external_id__startswith="customer-").count() == 30
        assert EndUser.objects.filter(external_id__startswith="u-").count() == 516
        zones = Customer.objects.filter(external_id="customer-07").values_list("time_zone")
        assert list(zones) == [(cast.tenant.time_zone,)]


def test_rows_left_out_are_kept_with_number_field_and_reason(cast: Cast, tmp_path: Path) -> None:
    good = "m1,2026-01-01T10:00:00Z,acme,ann,Used,a\n"
    text = HEADER + good + "m2,2026-01-01T10:00:00,acme,ann,Used,a\nshort\n"
    row = bring(cast, written(tmp_path, text))
    assert counts(row) == (3, 1, 0, 2)
    with tenant_scope(cast.tenant.pk):
        faults = RowFault.objects.filter(usage_import=row)
        assert [(fault.row, fault.field) for fault in faults] == [(3, "timestamp"), (4, "")]
        assert "no time zone" in faults[0].reason


def test_a_refused_file_stores_nothing_and_says_why(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "cut.csv.gz"
    rows = "".join(f"m{n},2026-01-01T10:00:00Z,new-one,ann,Used,a\n" for n in range(200_000))
    path.write_bytes(gzip.compress((HEADER + rows).encode())[:-20])
    row = bring(cast, path)
    assert row.state == "refused"
    assert "cut off" in row.problem
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == Receipt.objects.count() == 0
        assert not Customer.objects.filter(external_id="new-one").exists()


def test_a_mapping_names_the_fields(cast: Cast, tmp_path: Path) -> None:
    text = "id,timestamp,account,user_id,event\nm1,2026-01-01T10:00:00Z,acme,ann,Used\n"
    row = bring(cast, written(tmp_path, text), id="message_id", account="customer_id")
    assert counts(row) == (1, 1, 0, 0)


def test_repeats_within_a_file_count_once(cast: Cast, tmp_path: Path) -> None:
    line = "m1,2026-01-01T10:00:00Z,acme,ann,Used,a\n"
    other_time = "m1,2026-03-05T10:00:00Z,acme,ann,Used,a\n"
    row = bring(cast, written(tmp_path, HEADER + line + line + other_time))
    assert counts(row) == (3, 1, 2, 0)


def test_an_empty_log_is_read_and_holds_nothing(cast: Cast, tmp_path: Path) -> None:
    row = bring(cast, written(tmp_path, HEADER))
    assert (row.state, *counts(row)) == ("done", 0, 0, 0, 0)


@pytest.mark.parametrize("cut", [1, 2])
def test_an_import_cut_short_goes_on_behind_its_last_block(
    cast: Cast, tmp_path: Path, cut: int
) -> None:
    """What was stored before is neither stored nor counted again, faults included."""
    rows = "".join(f"m{n},2026-01-01T10:00:00Z,acme,u{n % 50},Used,a\n" for n in range(250_000))
    path = written(tmp_path, HEADER + "bad\n" + rows)

    class PowerCut(Exception):
        pass

    seen: list[ImportOutcome] = []

    def stop(outcome: ImportOutcome, percent: int) -> None:
        seen.append(outcome)
        if len(seen) == cut:
            raise PowerCut

    row = begun(cast)
    with pytest.raises(PowerCut):
        read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW, tell=stop)
    seen.clear()
    cut = 0
    done = read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW, tell=stop)
    assert counts(done) == (250_001, 250_000, 0, 1)
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == 250_000
        assert RowFault.objects.count() == 1


READER = """
import time, uuid
from datetime import UTC, datetime
import django
django.setup()
from usage.operations import read_import
told = []
def tell(outcome, percent):
    told.append(percent)
    if len(told) == 2:
        print("in the second block", flush=True)
        time.sleep(600)
read_import(tenant_id=uuid.UUID("{tenant}"), import_id=uuid.UUID("{row}"), path="{path}",
            now=datetime(2026, 11, 22, 12, tzinfo=UTC), tell=tell)
"""


def test_a_worker_killed_in_the_middle_leaves_an_exact_count(
    committed: None, tmp_path: Path
) -> None:
    """A process of its own reads the file and is killed without warning."""
    cast, total = factories.make_cast(), 150_000
    lines = "".join(f"m{n},2026-01-01T10:00:00Z,acme,u{n % 50},Used,a\n" for n in range(total))
    path = written(tmp_path, HEADER + lines)
    row = begun(cast)
    script = READER.format(tenant=cast.tenant.pk, row=row.pk, path=path)
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"in the second block\n"
        worker.kill()
    done = read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW)
    assert 0 < done.rows_before < total
    assert counts(done) == (total, total, 0, 0)
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == total


def test_without_message_ids_a_file_is_recognised_by_what_it_says(
    cast: Cast, tmp_path: Path
) -> None:
    text = "timestamp,customer_id,user_id,event\n"
    rows = [f"2026-01-01T10:00:0{n}Z,acme,ann,Used\n" for n in range(3)]
    first = bring(cast, written(tmp_path, text + rows[0] + rows[1] + rows[1]))
    assert (counts(first), first.is_exact) == ((3, 2, 1, 0), False)
    overlapping = bring(cast, written(tmp_path, text + rows[1] + rows[2]))
    assert counts(overlapping) == (2, 1, 1, 0)


def test_a_file_with_the_header_of_a_remembered_one_is_read_like_it(
    cast: Cast, tmp_path: Path
) -> None:
    layout = Layout(
        columns={"When": "timestamp", "Who": "user_id", "Note": "-"},
        constants={"customer_id": "acme", "event": "Used"},
        time_format="dmy",
        time_zone="Europe/Oslo",
    )
    with tenant_scope(cast.tenant.pk):
        operations.keep_layout(
            name="Weekly", layout=layout, header=["When", "Who", "Note"], by=cast.csm
        )
    row = bring(cast, written(tmp_path, "When,Who,Note\n1/7/2026 9:30,ann,x\n"))
    assert counts(row) == (1, 1, 0, 0)
    assert (row.mapping, row.layout.time_zone) == (layout.columns, "Europe/Oslo")
    other = bring(cast, written(tmp_path, "When,Who\n1/7/2026 9:30,ann\n"))
    assert (other.state, other.is_mendable) == ("refused", True)


def test_columns_are_kept_under_one_name_forgotten_and_offered_again(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        kept = operations.keep_layout(name="Weekly", layout=Layout(), header=["a"], by=cast.csm)
        again = operations.keep_layout(
            name=" weekly ", layout=Layout(columns={"b": "-"}), header=["b"], by=cast.csm
        )
        assert (again.pk, FileLayout.objects.get().header) == (kept.pk, ["b"])
        operations.forget_layout(row=again, now=NOW)
        with pytest.raises(operations.NoSuchLayout):
            operations.layout_called(name="Weekly")
        operations.restore_layout(row=again)
        assert operations.layout_called(name="WEEKLY").columns == {"b": "-"}


def test_a_stopped_import_keeps_what_it_stored_and_goes_on_when_read_again(
    cast: Cast, tmp_path: Path
) -> None:
    rows = "".join(f"m{n},2026-01-01T10:00:00Z,acme,u{n % 50},Used,a\n" for n in range(250_000))
    path = written(tmp_path, HEADER + rows)
    row = begun(cast)

    def stop(outcome: ImportOutcome, percent: int) -> None:
        if 0 < percent < 100:
            with tenant_scope(cast.tenant.pk):
                operations.cancel_import(row=row, now=NOW)

    stopped = read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW, tell=stop)
    assert stopped.state == "cancelled"
    assert 0 < stopped.rows_new < 250_000
    again = bring(cast, path)
    assert again.rows_repeated == stopped.rows_new
    assert again.rows_new + again.rows_repeated == 250_000


def test_events_of_erased_people_and_older_than_is_kept_do_not_come_back(
    cast: Cast, tmp_path: Path
) -> None:
    line = "{id},{year}-11-01T10:00:00Z,acme,{user},Used,a\n"
    bring(cast, written(tmp_path, HEADER + line.format(id="m1", year=2026, user="ann")))
    with tenant_scope(cast.tenant.pk):
        erase_person(said="ann", now=NOW)
        operations.change_retention(months=12)
    lines = [
        line.format(id="m2", year=2026, user="ann"),
        line.format(id="m3", year=2026, user="bob"),
        line.format(id="m4", year=2020, user="eve"),
    ]
    row = bring(cast, written(tmp_path, HEADER + "".join(lines)))
    assert counts(row) == (3, 1, 0, 2)
    with tenant_scope(cast.tenant.pk):
        assert not EndUser.objects.filter(external_id__in=["ann", "eve"]).exists()
        assert "erased" in RowFault.objects.get().reason


# --- counts of days ---------------------------------------------------------------------------

DAYS = "day,customer_id,feature,active_users,events\n"
DAILY = Layout(kind="daily")


def test_counts_of_days_stand_once_and_a_corrected_file_replaces_them(
    cast: Cast, tmp_path: Path
) -> None:
    lines = ["2026-01-01,acme,,12,100\n", "2026-01-01,acme,reports,5,40\n"]
    first = bring(cast, written(tmp_path, DAYS + "".join(lines)), DAILY)
    assert (first.kind, counts(first), first.rows_changed) == ("daily", (2, 2, 0, 0), 0)
    assert counts(bring(cast, written(tmp_path, DAYS + "".join(lines)))) == (2, 0, 2, 0)
    corrected = bring(cast, written(tmp_path, DAYS + "2026-01-01,acme,,13,100\n" + lines[1]))
    assert (counts(corrected), corrected.rows_changed) == ((2, 0, 1, 0), 1)
    with tenant_scope(cast.tenant.pk):
        found = DailyCount.objects.order_by("feature")
        assert [(c.feature, c.active_users, c.events) for c in found] == [
            ("", 13, 100),
            ("reports", 5, 40),
        ]
        # Nobody is named in them, so they are no events and wake no night.
        assert not Event.objects.exists()
        assert not Touch.objects.exists()
        assert not DailyUse.objects.exists()


def test_a_day_counted_twice_in_one_file_is_told_by_its_row(cast: Cast, tmp_path: Path) -> None:
    text = DAYS + "2026-01-01,acme,a,1,1\n2026-01-01,acme,a,2,2\n"
    row = bring(cast, written(tmp_path, text), DAILY)
    assert counts(row) == (2, 1, 0, 1)
    with tenant_scope(cast.tenant.pk):
        assert RowFault.objects.get().row == 3
        assert DailyCount.objects.get().events == 1


def test_the_series_of_counts_has_every_day_and_adds_no_people_up(
    cast: Cast, tmp_path: Path
) -> None:
    lines = "2026-01-01,halden,a,5,10\n2026-01-01,halden,b,4,20\n2026-01-03,halden,,7,9\n"
    bring(cast, written(tmp_path, DAYS + lines), DAILY)
    with tenant_scope(cast.tenant.pk):
        series = get_daily_counts(
            customer_id=cast.customer.pk, first=date(2026, 1, 1), last=date(2026, 1, 3)
        )
    assert series.is_aggregated
    assert [(p.events, p.active_users) for p in series.points] == [
        (30, None),
        (None, None),
        (9, 7),
    ]
    assert series.points[0].features == (("a", 5, 10), ("b", 4, 20))


# --- the drop folder --------------------------------------------------------------------------


@pytest.fixture
def dropped(cast: Cast, tmp_path: Path, settings: Any) -> Path:
    settings.USAGE_DROP_FOLDER = str(tmp_path / "drop")
    folder = tmp_path / "drop" / cast.tenant.slug
    folder.mkdir(parents=True)
    (tmp_path / "drop" / "nobody").mkdir()
    return folder


def drop(folder: Path, name: str, text: str, *, seconds_ago: float = 60) -> None:
    path = folder / name
    path.write_text(text)
    moment = datetime.now(UTC).timestamp() - seconds_ago
    os.utime(path, (moment, moment))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_dropped_files_are_taken_once_read_and_laid_aside(cast: Cast, dropped: Path) -> None:
    line = "m1,2026-01-01T10:00:00Z,acme,ann,Used,a\n"
    drop(dropped, "good.csv", HEADER + line)
    drop(dropped, "partly.csv", HEADER + line.replace("m1", "m2") + "short\n")
    drop(dropped, "bad.csv", "account,what\nacme,login\n")
    drop(dropped, "growing.csv", HEADER, seconds_ago=1)
    drop(dropped, "half.csv.part", HEADER)
    now = datetime.now(UTC)
    runs = take_dropped_files(now)
    assert len(runs) == 3
    assert take_dropped_files(now) == []
    for run in runs:
        perform_import(run)
        perform_import(run)
    assert names(dropped) == ["done", "growing.csv", "half.csv.part", "reading", "refused"]
    assert names(dropped / "done") == ["good.csv", "partly.csv", "partly.csv.txt"]
    assert names(dropped / "reading") == []
    assert names(dropped / "refused") == ["bad.csv", "bad.csv.txt"]
    assert "unknown column “account”" in (dropped / "refused" / "bad.csv.txt").read_text()
    assert "row 3, whole row: 1 values" in (dropped / "done" / "partly.csv.txt").read_text()
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == 2


def test_of_two_workers_one_takes_a_file_and_one_taken_for_nothing_comes_back(
    committed: None, tmp_path: Path, settings: Any
) -> None:
    settings.USAGE_DROP_FOLDER = str(tmp_path)
    folder = tmp_path / factories.make_cast().tenant.slug
    (folder / "reading").mkdir(parents=True)
    lost = folder / "reading" / f"{new_id()}--log.csv"
    lost.write_text(HEADER)
    os.utime(lost, (1, 1))
    now = datetime.now(UTC)
    assert take_dropped_files(now) == []
    # Whoever took it has had time enough to note it.
    assert len(take_dropped_files(now + timedelta(minutes=10))) == 1

    def take(_worker: int) -> int:
        try:
            return len(take_dropped_files(now))
        finally:
            connections.close_all()

    drop(folder, "raced.csv", HEADER)
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(take, range(2))) == 1


# --- files nobody wants -----------------------------------------------------------------------


def test_files_nobody_confirmed_go_after_a_week(cast: Cast, tmp_path: Path) -> None:
    stored_as = default_storage.save("usage/stale", ContentFile(b"a,b\n1,2\n"))
    looked = look_at(Path(default_storage.path(stored_as)))
    with tenant_scope(cast.tenant.pk):
        operations.bring_file(
            file_name="stale.csv",
            stored_as=stored_as,
            looked=looked,
            layout=Layout(),
            created_by=cast.csm,
        )
        soon, later = timezone.now(), timezone.now() + timedelta(days=8)
        today = soon.date()
        assert operations.drop_stale_files(business_date=today, now=soon) == 0
        assert operations.drop_stale_files(business_date=today, now=later) == 1
        assert not UsageImport.objects.exists()
