"""Usage logs from files: exactly once, in bounded pieces, with the rows left out named."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engagements.models import Customer, EndUser
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.paths import DATA
from usage.models import Event, Receipt, RowFault, UsageImport
from usage.operations import read_import, start_import

LOG = DATA / "usage" / "product_usage.csv.gz"
HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def bring(cast: Cast, path: Path, **mapping: str) -> UsageImport:
    with tenant_scope(cast.tenant.pk):
        row = start_import(file_name=path.name, stored_as="", mapping=mapping, created_by=None)
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
def test_an_import_cut_short_ends_right_when_begun_again(
    cast: Cast, tmp_path: Path, cut: int
) -> None:
    rows = "".join(f"m{n},2026-01-01T10:00:00Z,acme,u{n % 50},Used,a\n" for n in range(250_000))
    path = written(tmp_path, HEADER + rows)

    class PowerCut(Exception):
        pass

    seen: list[int] = []

    def stop(outcome: object, percent: int) -> None:
        seen.append(percent)
        if len(seen) == cut:
            raise PowerCut

    with tenant_scope(cast.tenant.pk):
        row = start_import(file_name="log", stored_as="", mapping={}, created_by=None)
    with pytest.raises(PowerCut):
        read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW, tell=stop)
    done = read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW)
    assert done.rows_new + done.rows_repeated == 250_000
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == 250_000
