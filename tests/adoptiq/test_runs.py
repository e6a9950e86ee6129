"""The jobs page: what administrators see of the night, and what they may begin again."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from adoptiq import nightly
from adoptiq.runs.operations import NotRepeatable, run_again
from notifications.models import Notification
from tenancy import jobs, tasks
from tenancy.models import AuditEntry, JobRun
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_tenant
from tests.pages import assert_same_queries
from usage import operations as usage
from usage.models import UsageImport
from usage.tasks import IMPORT_JOB

NOW = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 17)


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def page_of(cast: Cast) -> str:
    return cast.at("settings/jobs/")


def add(cast: Cast, day: date = DAY, **fields: Any) -> JobRun:
    values = {"job": nightly.FIRST_STEP, "state": JobRun.State.DONE, "attempt": 1, "due_at": NOW}
    times = {"started_at": NOW, "finished_at": NOW + timedelta(seconds=4.2)}
    given = values | times | fields
    return JobRun.objects.create(tenant=cast.tenant, business_date=day, **given)


def test_a_new_workspace_is_told_what_will_stand_here(cast: Cast, admin: Client) -> None:
    text = admin.get(page_of(cast)).content.decode()
    assert "Nothing has run yet" in text
    assert "The next night begins" in text


def test_runs_stand_with_state_day_duration_and_error(cast: Cast, admin: Client) -> None:
    add(cast)
    add(cast, DAY - timedelta(days=1), state=JobRun.State.PARKED, attempt=3, error="ValueError: x")
    text = admin.get(page_of(cast)).content.decode()
    assert "One job was given up" in text
    for words in ("Recognise people", "4.2 s", "ValueError: x", "Given up", "Run again"):
        assert words in text


def test_filters_stand_in_the_address_and_nonsense_is_left_out(cast: Cast, admin: Client) -> None:
    add(cast)
    parked = add(cast, job="metrics.refresh", state=JobRun.State.PARKED)
    for query in ("state=parked", "job=metrics.refresh", f"day={DAY}&state=parked"):
        rows = admin.get(f"{page_of(cast)}?{query}").context["runs"].rows
        assert [row.run_id for row in rows] == [parked.pk]
    for query in ("state=none", "day=tomorrow", "page=999999999", "page=-1", "job=%00"):
        response = admin.get(f"{page_of(cast)}?{query}")
        assert (response.status_code, len(response.context["runs"].rows)) == (200, 2)
    assert "No run fits" in admin.get(f"{page_of(cast)}?day=2020-01-01").content.decode()


def test_the_page_asks_again_only_while_something_is_open(cast: Cast, admin: Client) -> None:
    add(cast)
    assert 'hx-trigger="load delay' not in admin.get(page_of(cast)).content.decode()
    add(cast, job="metrics.refresh", state=JobRun.State.RUNNING, finished_at=None)
    text = admin.get(page_of(cast)).content.decode()
    assert 'hx-trigger="load delay' in text
    assert "Jobs are at work" in text


def test_a_long_history_comes_in_pages_and_whole_as_csv(cast: Cast, admin: Client) -> None:
    for ago in range(60):
        add(cast, DAY - timedelta(days=ago), due_at=NOW - timedelta(days=ago))
    assert len(admin.get(page_of(cast)).context["runs"].rows) == 50
    assert len(admin.get(f"{page_of(cast)}?page=2").context["runs"].rows) == 10
    content = admin.get(cast.at("settings/jobs.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == 60
    assert (rows[0]["day"], rows[0]["job"], rows[0]["seconds"]) == (
        str(DAY),
        "Recognise people",
        "4.2",
    )


def test_more_runs_cost_no_more_queries(cast: Cast, admin: Client) -> None:
    add(cast)

    def grow() -> None:
        for ago in range(1, 5):
            add(cast, DAY - timedelta(days=ago))

    assert_same_queries(admin, page_of(cast), grow)


def test_running_again_makes_it_due_and_is_written_down(cast: Cast, admin: Client) -> None:
    run = add(cast, state=JobRun.State.PARKED, attempt=3, error="ValueError: x")
    response = admin.post(cast.at(f"settings/jobs/{run.pk}/again/"))
    assert response.status_code == 302
    run.refresh_from_db()
    assert (run.state, run.attempt, run.error) == (JobRun.State.DUE, 0, "")
    with tenant_scope(cast.tenant.pk):
        entry = AuditEntry.objects.get(action="job.repeated")
    assert entry.facts == {"job": nightly.FIRST_STEP, "day": str(DAY), "was": "parked"}
    assert entry.actor_id == cast.admin.pk


def test_what_is_open_or_from_a_file_is_not_begun_again(cast: Cast) -> None:
    running = add(cast, state=JobRun.State.RUNNING, finished_at=None)
    with tenant_scope(cast.tenant.pk):
        for run in (running, add(cast, job=IMPORT_JOB)):
            with pytest.raises(NotRepeatable):
                run_again(run=run, now=NOW)


@pytest.mark.parametrize("role", ["manager", "csm", "executive", "lead", "member"])
def test_only_administrators_see_jobs(cast: Cast, role: str) -> None:
    run = add(cast)
    browser = cast.browser(getattr(cast, role))
    assert browser.get(page_of(cast)).status_code == 403
    assert browser.get(cast.at("settings/jobs.csv")).status_code == 403
    assert browser.post(cast.at(f"settings/jobs/{run.pk}/again/")).status_code == 403


def test_runs_of_another_workspace_are_not_there(cast: Cast, admin: Client) -> None:
    theirs = JobRun.objects.create(
        tenant=cast.other_tenant,
        job=nightly.FIRST_STEP,
        business_date=DAY,
        due_at=NOW,
        state="done",
    )
    assert admin.post(cast.at(f"settings/jobs/{theirs.pk}/again/")).status_code == 404
    assert admin.get(page_of(cast)).context["runs"].total == 0


def test_a_file_stands_with_its_name(cast: Cast, admin: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        row = usage.start_import(file_name="june.csv", stored_as="", mapping={}, created_by=None)
    add(cast, job=IMPORT_JOB, subject=str(row.pk))
    text = admin.get(page_of(cast)).content.decode()
    assert "june.csv" in text
    assert "/again/" not in text


def test_administrators_are_told_once_of_a_run_given_up(cast: Cast) -> None:
    run = add(cast, state=JobRun.State.DUE, attempt=0, due_at=NOW, job="test.broken")

    def fail(run: JobRun) -> None:
        raise ValueError("bad input")

    jobs.register(jobs.Job("test.broken", fail))
    for _attempt in range(5):
        JobRun.objects.filter(pk=run.pk).update(due_at=NOW)
        tasks.run_job(run_id=str(run.pk))
    del jobs.JOBS["test.broken"]
    with tenant_scope(cast.tenant.pk):
        told = Notification.objects.get(kind="job.parked", user=cast.admin)
        others = Notification.objects.filter(kind="job.parked", user=cast.csm)
        assert not others.exists()
    assert "given up after 3 attempts" in told.text
    assert told.url == cast.at("settings/jobs/?state=parked")


def test_a_file_whose_worker_dies_each_time_is_given_up_on_its_page(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        row = usage.start_import(
            file_name="june.csv", stored_as="usage/none", mapping={}, created_by=None
        )
    run = add(cast, job=IMPORT_JOB, subject=str(row.pk), state="running", attempt=3)
    JobRun.objects.filter(pk=run.pk).update(lease_until=NOW, finished_at=None)
    assert jobs.take_lease(run_id=run.pk, now=NOW + timedelta(minutes=1)) is None
    with tenant_scope(cast.tenant.pk):
        row.refresh_from_db()
    assert row.state == UsageImport.State.REFUSED
    assert "Upload the file again" in row.problem


@pytest.mark.parametrize(
    ("moment", "wanted"),
    [
        (datetime(2026, 11, 18, 3, 0, tzinfo=UTC), "2026-11-19T01:00:00+01:00"),
        (datetime(2026, 11, 17, 23, 30, tzinfo=UTC), "2026-11-18T01:00:00+01:00"),
    ],
)
def test_the_next_night_is_told_by_the_workspaces_clock(
    db: None, moment: datetime, wanted: str
) -> None:
    assert nightly.next_night(make_tenant("acme"), moment).isoformat() == wanted
