"""A file is stored by two hands: what that must not change."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from usage.models import Event, Receipt, Touch, UsageImport
from usage.operations import read_import, start_import
from usage.operations.importing import events
from usage.operations.importing.storing import Keep

HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
# Of about 40,000 rows a block.
ROWS = 150_000


@pytest.fixture
def cast(committed: None) -> Iterator[Cast]:
    yield factories.make_cast()
    connections.close_all()


def written(folder: Path, *, different: int = ROWS) -> Path:
    path = folder / "log.csv"
    rows = (
        f"m{n % different},2026-01-{1 + n % 28:02}T10:00:00Z,acme{n % 3},u{n % 5_000},Used,a\n"
        for n in range(ROWS)
    )
    path.write_text(HEADER + "".join(rows))
    return path


def begun(cast: Cast) -> UsageImport:
    with tenant_scope(cast.tenant.pk):
        return start_import(file_name="log.csv", stored_as="", mapping={}, created_by=None)


def read(cast: Cast, row: UsageImport, path: Path) -> UsageImport:
    try:
        return read_import(tenant_id=cast.tenant.pk, import_id=row.pk, path=path, now=NOW)
    finally:
        connections["default"].close()


def row_of(cast: Cast, row: UsageImport) -> UsageImport:
    with tenant_scope(cast.tenant.pk):
        return UsageImport.objects.get(pk=row.pk)


def stored(cast: Cast) -> tuple[int, int]:
    with tenant_scope(cast.tenant.pk):
        return Event.objects.count(), Receipt.objects.count()


def test_two_hands_take_turns_and_keep_at_the_same_time(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, taking, second = list[int](), threading.Lock(), threading.Event()
    take, keep = events.Prepared.take, events.Prepared._keep

    def taken(self: Any) -> Keep:
        assert taking.acquire(blocking=False)
        hands.append(threading.get_ident())
        found = take(self)
        if len(hands) == 2:
            second.set()
        taking.release()
        return found

    def kept(self: Any, *taken: Any) -> Any:
        assert second.wait(60)
        return keep(self, *taken)

    monkeypatch.setattr(events.Prepared, "take", taken)
    monkeypatch.setattr(events.Prepared, "_keep", kept)
    done = read(cast, begun(cast), written(tmp_path))
    assert (done.state, done.rows_new, len(set(hands))) == ("done", ROWS, 2)
    assert stored(cast) == (ROWS, ROWS)


def test_what_is_repeated_in_another_block_counts_once(cast: Cast, tmp_path: Path) -> None:
    done = read(cast, begun(cast), written(tmp_path, different=60_000))
    assert (done.rows_read, done.rows_new, done.rows_repeated) == (ROWS, 60_000, ROWS - 60_000)
    assert stored(cast) == (60_000, 60_000)
    with tenant_scope(cast.tenant.pk):
        assert Touch.objects.exists()


def test_a_block_that_fails_takes_none_before_it_along(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, row, failed = written(tmp_path), begun(cast), threading.Event()
    take, keep, seen = events.Prepared.take, events.Prepared._keep, list[int]()

    def fail(self: Any) -> Keep:
        seen.append(self.block.rows)
        if len(seen) == 2:
            failed.set()
            raise OSError("disk")
        return take(self)

    def wait(self: Any, *taken: Any) -> Any:
        assert failed.wait(60)
        return keep(self, *taken)

    with monkeypatch.context() as broken:
        broken.setattr(events.Prepared, "take", fail)
        broken.setattr(events.Prepared, "_keep", wait)
        with pytest.raises(OSError, match="disk"):
            read(cast, row, path)
    first = seen[0]
    assert len(seen) == 2
    assert row_of(cast, row).rows_read == row_of(cast, row).rows_new == first
    assert stored(cast) == (first, first)
    done = read(cast, row, path)
    assert (done.rows_before, done.rows_read, done.rows_new) == (first, ROWS, ROWS)
    assert stored(cast) == (ROWS, ROWS)


def test_a_block_whose_forerunner_fails_leaves_nothing(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, row, second = written(tmp_path), begun(cast), threading.Event()
    take, keep, seen = events.Prepared.take, events.Prepared._keep, list[Any]()

    def note(self: Any) -> Keep:
        seen.append(self)
        return take(self)

    def fail_first(self: Any, *taken: Any) -> Any:
        if self is seen[0]:
            assert second.wait(60)
            raise OSError("disk")
        found = keep(self, *taken)
        second.set()
        return found

    with monkeypatch.context() as broken:
        broken.setattr(events.Prepared, "take", note)
        broken.setattr(events.Prepared, "_keep", fail_first)
        with pytest.raises(OSError, match="disk"):
            read(cast, row, path)
    assert (row_of(cast, row).rows_read, stored(cast)) == (0, (0, 0))
    assert read(cast, row, path).rows_new == ROWS


def test_the_same_file_twice_at_once_counts_once(cast: Cast, tmp_path: Path) -> None:
    path, rows = written(tmp_path), [begun(cast), begun(cast)]
    with ThreadPoolExecutor(2) as readers:
        done = list(readers.map(lambda row: read(cast, row, path), rows))
    assert [row.state for row in done] == ["done", "done"]
    assert sum(row.rows_new for row in done) == ROWS
    assert sum(row.rows_repeated for row in done) == ROWS
    assert stored(cast) == (ROWS, ROWS)
