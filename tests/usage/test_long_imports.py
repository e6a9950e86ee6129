"""Files that take longer than a worker's time: gone on with, and given up only without progress."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tenancy import jobs, tasks
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage import tasks as own
from usage.models import Event, UsageImport
from usage.operations import start_import
from usage.operations.importing import events

HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
ROWS = 250_000


@pytest.fixture
def long(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> JobRun:
    """A file of several blocks in line to be read, by workers who have time for one each."""
    lines = "".join(f"m{n},2026-01-01T10:00:00Z,acme,u{n % 50},Used,a\n" for n in range(ROWS))
    stored_as = default_storage.save("usage/long", ContentFile((HEADER + lines).encode()))
    monkeypatch.setattr(own, "AT_A_TIME", timedelta(0))
    with tenant_scope(cast.tenant.pk):
        row = start_import(file_name="long.csv", stored_as=stored_as, mapping={}, created_by=None)
    return jobs.add_run(
        tenant_id=cast.tenant.pk,
        job=own.IMPORT_JOB,
        business_date=timezone.localdate(),
        subject=str(row.pk),
        now=timezone.now(),
    )


def work(run: JobRun) -> JobRun:
    JobRun.objects.filter(pk=run.pk, state=JobRun.State.DUE).update(due_at=timezone.now())
    tasks.run_job(run_id=str(run.pk))
    run.refresh_from_db()
    return run


def row_of(cast: Cast, run: JobRun) -> UsageImport:
    with tenant_scope(cast.tenant.pk):
        return UsageImport.objects.get(pk=run.subject)


def test_a_long_file_is_laid_down_and_gone_on_with_until_it_is_read(
    cast: Cast, long: JobRun
) -> None:
    read: list[int] = []
    while work(long).state == JobRun.State.DUE:
        row = row_of(cast, long)
        assert (row.state, long.attempt, long.lease_until) == ("reading", 0, None)
        read.append(row.rows_read)
    assert len(read) > 1
    assert read == sorted(set(read))
    done = row_of(cast, long)
    assert (long.state, done.state, done.rows_read, done.rows_new) == ("done", "done", ROWS, ROWS)
    assert not default_storage.exists(done.stored_as)
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == ROWS


def failing(monkeypatch: pytest.MonkeyPatch, *, from_block: int) -> None:
    """Have the storing of each block from the given one of an attempt on fail."""
    take, seen = events.Prepared.take, []

    def fail(self: Any) -> Any:
        seen.append(self)
        if len(seen) >= from_block:
            seen.clear()
            raise OSError("disk")
        return take(self)

    monkeypatch.setattr(events.Prepared, "take", fail)


def test_attempts_without_progress_are_counted_and_no_others(
    cast: Cast, long: JobRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own, "AT_A_TIME", timedelta(hours=1))
    with monkeypatch.context() as flaky:
        failing(flaky, from_block=2)
        before = -1
        for _attempt in range(2):
            assert (work(long).state, long.attempt) == ("due", 1)
            assert row_of(cast, long).rows_read > before
            before = row_of(cast, long).rows_read
    with monkeypatch.context() as broken:
        failing(broken, from_block=1)
        assert [(work(long).state, long.attempt) for _attempt in range(2)] == [
            ("due", 2),
            ("parked", 3),
        ]
    assert row_of(cast, long).state == "refused"


def test_a_step_keeps_the_lease_and_one_of_a_run_that_was_taken_over_leaves_nothing(
    cast: Cast, long: JobRun
) -> None:
    now = timezone.now()
    slow = jobs.take_lease(run_id=long.pk, now=now)
    assert slow is not None
    jobs.note_progress(run=slow, now=now + timedelta(minutes=10))
    late = now + jobs.LEASE + timedelta(minutes=5)
    assert jobs.take_lease(run_id=long.pk, now=late) is None
    later = late + timedelta(minutes=10)
    fast = jobs.take_lease(run_id=long.pk, now=later)
    assert fast is not None
    assert fast.attempt == 2
    with pytest.raises(jobs.LostLease):
        own.perform_import(slow)
    with tenant_scope(cast.tenant.pk):
        assert not Event.objects.exists()
    with pytest.raises(jobs.Unfinished):
        own.perform_import(fast)
    assert row_of(cast, long).rows_read > 0
