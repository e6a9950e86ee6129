from datetime import UTC, datetime, timedelta
from typing import Any

from engagements import operations
from engagements.models import Task
from engagements.operations.reminders import plan_reminder
from notifications.models import Notification
from tenancy import jobs
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tests.factories import Cast

NINE = datetime(2026, 11, 18, 9, tzinfo=UTC)


def add(cast: Cast, **fields: Any) -> Task:
    with tenant_scope(cast.tenant.pk):
        return operations.add_task(
            fields={"title": "Call Eva", "owner": cast.csm, "remind_at": NINE} | fields,
            by=cast.manager,
        )


def runs(cast: Cast) -> list[JobRun]:
    return list(JobRun.objects.filter(tenant=cast.tenant, job=operations.REMIND_JOB))


def perform(run: JobRun, now: datetime) -> None:
    leased = jobs.take_lease(run_id=run.pk, now=now)
    assert leased is not None
    jobs.perform_run(run=leased, clock=lambda: now)


def reminded(cast: Cast) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        rows = Notification.objects.filter(kind="task.due").select_related("user").order_by("pk")
        return [row.user.name for row in rows]


def test_a_reminder_is_a_run_due_at_its_moment(cast: Cast) -> None:
    add(cast)
    add(cast)
    (run,) = runs(cast)
    assert (run.due_at, run.state) == (NINE, JobRun.State.DUE)
    assert jobs.take_lease(run_id=run.pk, now=NINE - timedelta(seconds=1)) is None
    assert run not in jobs.overlooked_runs(now=NINE)
    assert run in jobs.overlooked_runs(now=NINE + jobs.OVERLOOKED_AFTER)


def test_the_owner_is_reminded_once(cast: Cast) -> None:
    add(cast)
    (run,) = runs(cast)
    perform(run, datetime(2030, 1, 1, tzinfo=UTC))
    jobs.repeat_run(run=run, now=NINE)
    perform(run, datetime(2030, 1, 1, tzinfo=UTC))
    assert reminded(cast) == ["Csm"]


def test_a_moment_whose_run_is_over_is_looked_at_again(cast: Cast) -> None:
    add(cast)
    (run,) = runs(cast)
    perform(run, datetime(2030, 1, 1, tzinfo=UTC))
    add(cast, owner=cast.admin)
    run.refresh_from_db()
    assert run.state == JobRun.State.DUE
    perform(run, datetime(2030, 1, 1, tzinfo=UTC))
    assert reminded(cast) == ["Csm", "Admin"]


def test_part_of_a_minute_is_looked_at_when_it_is_over(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan_reminder(NINE + timedelta(seconds=30))
    assert [run.due_at for run in runs(cast)] == [NINE + timedelta(minutes=1)]


def send(cast: Cast, now: datetime = NINE) -> int:
    with tenant_scope(cast.tenant.pk):
        return operations.send_reminders(now=now)


def test_nobody_is_reminded_of_what_is_done_deleted_or_moved(cast: Cast) -> None:
    done, deleted, moved = add(cast), add(cast), add(cast)
    with tenant_scope(cast.tenant.pk):
        operations.finish_task(task=done, by=cast.csm, now=NINE)
        operations.delete_task(task=deleted, now=NINE)
        later = {"remind_at": NINE + timedelta(days=1)}
        operations.change_task(task=moved, fields=later, by=cast.csm)
    assert send(cast) == 0
    assert send(cast, NINE + timedelta(days=1)) == 1


def test_a_task_is_reminded_of_again_at_another_moment(cast: Cast) -> None:
    task = add(cast)
    assert send(cast) == 1
    with tenant_scope(cast.tenant.pk):
        task.refresh_from_db()
        later = {"remind_at": NINE + timedelta(days=1)}
        operations.change_task(task=task, fields=later, by=cast.csm)
    assert send(cast, NINE + timedelta(days=1)) == 1


def test_whoever_wrote_it_is_reminded_of_what_nobody_owns(cast: Cast) -> None:
    add(cast, owner=None)
    send(cast)
    assert reminded(cast) == ["Manager"]


def test_what_was_deleted_a_month_ago_is_forgotten(cast: Cast) -> None:
    old, fresh = add(cast), add(cast)
    with tenant_scope(cast.tenant.pk):
        operations.delete_task(task=old, now=NINE - timedelta(days=31))
        operations.delete_task(task=fresh, now=NINE - timedelta(days=29))
        assert operations.forget_deleted(business_date=NINE.date(), now=NINE) == 1
        assert list(Task.objects.all()) == [fresh]
