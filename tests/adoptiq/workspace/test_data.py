"""A workspace's data: taken along whole, and gone without a trace."""

import csv
import gc
import hashlib
import io
import json
import os
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from adoptiq.models import Errand
from adoptiq.workspace import ending, exporting, tasks
from engagements import operations as engagements
from notifications.models import Notification
from tenancy import jobs
from tenancy import operations as tenancy
from tenancy.models import AuditEntry, JobRun, Membership, Tenant
from tenancy.scope import tenant_scope
from tenancy.tasks import run_job
from tests.factories import Cast
from tests.services import at
from tests.world import World, make_world

DATA = "settings/data/"
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def work_off(job: str) -> JobRun:
    """Do the newest run of a job as a worker would."""
    run = JobRun.objects.filter(job=job).latest("id")
    run_job(run_id=str(run.pk))
    return run


def exported(cast: Cast, admin: Client) -> tuple[Errand, zipfile.ZipFile]:
    admin.post(cast.at(f"{DATA}export/"))
    work_off(tasks.EXPORT_JOB)
    with tenant_scope(cast.tenant.pk):
        errand = Errand.objects.get()
    answer = admin.get(cast.at(f"{DATA}errands/{errand.pk}/file/"))
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert hashlib.sha256(content).hexdigest() == errand.sha256
    return errand, zipfile.ZipFile(io.BytesIO(content))


def rows_of(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_archive_holds_every_table_as_its_manifest_says(cast: Cast, admin: Client) -> None:
    errand, archive = exported(cast, admin)
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["short_name"] == cast.tenant.slug
    for table in manifest["tables"]:
        content = archive.read(table["file"])
        assert hashlib.sha256(content).hexdigest() == table["sha256"]
        found = rows_of(archive, table["file"])
        assert len(found) == table["rows"]
    assert {table["file"] for table in manifest["tables"]} == set(archive.namelist()) - {
        "manifest.json"
    }
    assert errand.row_count == sum(table["rows"] for table in manifest["tables"])
    names = {row["name"] for row in rows_of(archive, "engagements/customer.csv")}
    assert names == {"Halden", "Solberg"}
    members = rows_of(archive, "tenancy/membership.csv")
    assert {row["user_email"] for row in members} >= {"csm@example.org", "lead@example.org"}
    actions = [row["action"] for row in rows_of(archive, "tenancy/auditentry.csv")]
    assert "workspace.export_asked" in actions


def test_the_archive_holds_nothing_of_others_and_no_secret(cast: Cast, admin: Client) -> None:
    key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=["usage:read"], created_by=cast.admin
    )
    _errand, archive = exported(cast, admin)
    everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"CANARY" not in everything
    assert bytes(key.secret_hash).hex().encode() not in everything
    assert new.text.rpartition("_")[2].encode() not in everything
    assert key.prefix.encode() in everything


def test_no_cell_is_a_formula(cast: Cast, admin: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        engagements.change_customer(
            customer=cast.customer, fields={"name": "=cmd|'/c calc'!A1"}, today=NOW.date()
        )
    _errand, archive = exported(cast, admin)
    names = [row["name"] for row in rows_of(archive, "engagements/customer.csv")]
    assert "'=cmd|'/c calc'!A1" in names


@pytest.fixture
def rubbish_goes_at_once() -> Iterator[None]:
    """What only waits to be collected is held by nobody, and would be measured all the same."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(500, 5, 5)
    yield
    gc.set_threshold(*before)


def test_a_large_table_never_lies_in_memory(cast: Cast, rubbish_goes_at_once: None) -> None:
    peaks = []
    # All more than the ids that are remembered, see tenancy.uuids; the first fills what stays.
    for rows in (20_000, 20_000, 220_000):
        with tenant_scope(cast.tenant.pk), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO engagements_licenceseats (id, tenant_id, customer_id, seats, from_date)"
                " SELECT gen_random_uuid(), %s, %s, 1, date '0900-01-01' + n"
                " FROM generate_series(1, %s) AS n ON CONFLICT DO NOTHING",
                [cast.tenant.pk, cast.customer.pk, rows],
            )
        tracemalloc.start()
        written = exporting.write_archive(
            tenant_id=cast.tenant.pk, name="large", now=NOW, report=lambda stage, share: None
        )
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert written.row_count > rows
    # A row that was held would take some hundred bytes.
    assert (peaks[2] - peaks[1]) / 200_000 < 20, peaks


def test_a_second_archive_waits_for_the_first(cast: Cast, admin: Client) -> None:
    admin.post(cast.at(f"{DATA}export/"))
    page = admin.post(cast.at(f"{DATA}export/"), follow=True)
    assert "under way already" in page.content.decode()
    with tenant_scope(cast.tenant.pk):
        assert Errand.objects.count() == 1
    assert JobRun.objects.filter(job=tasks.EXPORT_JOB).count() == 1


def test_progress_is_shown_and_stops_asking_when_it_is_over(cast: Cast, admin: Client) -> None:
    admin.post(cast.at(f"{DATA}export/"))
    with tenant_scope(cast.tenant.pk):
        errand = Errand.objects.get()
    path = cast.at(f"{DATA}errands/{errand.pk}/")
    fragment = admin.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert f'hx-get="{path}"' in fragment
    assert "<progress" in fragment
    work_off(tasks.EXPORT_JOB)
    fragment = admin.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in fragment
    assert "Download" in fragment


def test_whoever_asked_is_told(cast: Cast, admin: Client) -> None:
    exported(cast, admin)
    with tenant_scope(cast.tenant.pk):
        told = Notification.objects.get(kind="export.ready")
    assert told.user_id == cast.admin.pk
    assert admin.get(told.url).status_code == 200


def test_an_attempt_that_died_is_followed_by_a_whole_archive(
    cast: Cast, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any, **kwargs: Any) -> None:
        raise MemoryError("gone")

    admin.post(cast.at(f"{DATA}export/"))
    with monkeypatch.context() as patch:
        patch.setattr(exporting, "_manifest_text", die)
        run = work_off(tasks.EXPORT_JOB)
    run.refresh_from_db()
    assert run.state == JobRun.State.DUE
    JobRun.objects.filter(pk=run.pk).update(due_at=timezone.now())
    run_job(run_id=str(run.pk))
    with tenant_scope(cast.tenant.pk):
        assert Errand.objects.get().state == Errand.State.DONE


def test_a_hopeless_archive_is_given_up_and_another_may_be_asked_for(
    cast: Cast, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(exporting, "_manifest_text", die)
    admin.post(cast.at(f"{DATA}export/"))
    for _attempt in range(jobs.ATTEMPTS):
        JobRun.objects.filter(job=tasks.EXPORT_JOB).update(due_at=timezone.now())
        work_off(tasks.EXPORT_JOB)
    assert "given up" in admin.get(cast.at(DATA)).content.decode()
    admin.post(cast.at(f"{DATA}export/"))
    with tenant_scope(cast.tenant.pk):
        assert sorted(Errand.objects.values_list("state", flat=True)) == ["failed", "waiting"]


def test_a_file_goes_when_its_time_is_over(cast: Cast, admin: Client, files: Path) -> None:
    errand, _archive = exported(cast, admin)
    assert (files / errand.stored_as).is_file()
    assert (files / errand.stored_as).stat().st_mode & 0o777 == 0o600
    later = timezone.now() + tasks.KEPT
    with tenant_scope(cast.tenant.pk):
        assert exporting.drop_expired(business_date=NOW.date(), now=later) == 1
        assert exporting.drop_expired(business_date=NOW.date(), now=later) == 0
    assert not (files / errand.stored_as).exists()
    assert admin.get(cast.at(f"{DATA}errands/{errand.pk}/file/")).status_code == 404
    assert "deleted since" in admin.get(cast.at(DATA)).content.decode()


@pytest.mark.parametrize("path", ["export/", "demo/", "delete/"])
def test_only_an_administrator_disposes(cast: Cast, path: str) -> None:
    for user in (cast.manager, cast.csm, cast.executive, cast.lead):
        assert cast.browser(user).post(cast.at(DATA + path)).status_code == 403
    assert cast.browser(cast.stranger).post(cast.at(DATA + path)).status_code == 404
    assert not JobRun.objects.filter(job__startswith="workspace.").exists()


def close(cast: Cast, admin: Client) -> Any:
    return admin.post(cast.at(f"{DATA}delete/"), {"typed_name": cast.tenant.name})


def test_the_name_has_to_be_typed(cast: Cast, admin: Client) -> None:
    page = admin.post(cast.at(f"{DATA}delete/"), {"typed_name": "acme"})
    assert "not its name" in page.content.decode()
    assert Tenant.objects.get(pk=cast.tenant.pk).delete_after is None


def test_a_closed_workspace_is_closed_to_everybody_at_once(cast: Cast, admin: Client) -> None:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=["customers:read"], created_by=cast.admin
    )
    headers = {"Authorization": f"Bearer {new.text}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 200
    assert close(cast, admin)["Location"] == cast.at("closed/")
    for user in (cast.manager, cast.csm, cast.executive, cast.lead, cast.member):
        browser = cast.browser(user)
        assert browser.get(cast.at("")).status_code == 404
        assert browser.get(cast.at("closed/")).status_code == 404
        assert browser.get(cast.at("api/v1/customers/")).status_code == 404
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 401
    assert admin.get(cast.at(""))["Location"] == cast.at("closed/")
    assert admin.post(cast.at("settings/"), {"name": "x"})["Location"] == cast.at("closed/")
    assert admin.get(cast.at("api/v1/customers/")).status_code == 404
    page = admin.get(cast.at("closed/")).content.decode()
    assert "Acme is closed" in page
    assert "Take it back" in page


def test_a_closed_workspace_takes_no_events(cast: Cast, admin: Client) -> None:
    from usage import operations as usage

    with tenant_scope(cast.tenant.pk):
        _source, key = usage.create_source(name="Web")
    event = {"type": "track", "event": "x", "userId": "u", "messageId": "m"}
    send = {"data": json.dumps({"writeKey": key.text, "batch": [event]})}
    before = Client().post("/v1/batch", content_type="application/json", **send)
    assert before.status_code == 200
    close(cast, admin)
    assert Client().post("/v1/batch", content_type="application/json", **send).status_code == 401


def test_it_is_taken_back_as_it_was(cast: Cast, admin: Client, csm: Client) -> None:
    close(cast, admin)
    assert "open again" in admin.post(cast.at("closed/"), follow=True).content.decode()
    assert csm.get(cast.at("")).status_code == 200
    with tenant_scope(cast.tenant.pk):
        actions = AuditEntry.objects.filter(action__startswith="workspace.").order_by("seq")
        assert [entry.action for entry in actions] == ["workspace.closed", "workspace.reopened"]
    later = timezone.now() + timedelta(days=30)
    assert ending.plan_deletions(later) == []
    assert not ending.delete_workspace(tenant=Tenant.objects.get(pk=cast.tenant.pk), now=later)


def test_nothing_is_deleted_before_its_time(cast: Cast, admin: Client) -> None:
    close(cast, admin)
    assert ending.plan_deletions(timezone.now() + timedelta(days=6)) == []
    planned = ending.plan_deletions(timezone.now() + timedelta(days=7, minutes=1))
    assert [run.tenant_id for run in planned] == [cast.tenant.pk]
    assert ending.plan_deletions(timezone.now() + timedelta(days=7, minutes=1)) == []
    # The run comes early: nothing happens.
    run_job(run_id=str(planned[0].pk))
    assert Tenant.objects.filter(pk=cast.tenant.pk).exists()


def rows_by_table(tenant: Tenant) -> dict[str, int]:
    """Rows of every table that name the workspace, as the role that row security does not bind."""
    url = at(os.environ["ADOPTIQ_TEST_SUPERUSER_URL"], connection.settings_dict["NAME"])
    found: dict[str, int] = {}
    with psycopg2.connect(url) as everything, everything.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND (column_name = 'tenant_id'"
            " OR (table_name = 'tenancy_tenant' AND column_name = 'id'))"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE {column} = %s', [str(tenant.pk)])
            found[table] = cursor.fetchone()[0]  # type: ignore[index]
    everything.close()
    return found


@pytest.fixture
def world(committed: None, tmp_path: Path) -> Iterator[World]:
    yield make_world(tmp_path)


def test_deletion_leaves_no_row_and_touches_nobody(world: World, files: Path) -> None:
    doomed, other = world.cast.tenant, world.cast.other_tenant
    for tenant in (doomed, other):
        for folder in ("exports", "usage"):
            (files / folder / str(tenant.pk)).mkdir(parents=True, exist_ok=True)
            (files / folder / str(tenant.pk) / "file").write_text("x")
    before = rows_by_table(doomed)
    kept = rows_by_table(other)
    assert sum(before.values()) > 100
    assert Membership.objects.filter(tenant=doomed).count() > 5
    tenancy.close_tenant(tenant=doomed, delete_after=timezone.now() - timedelta(seconds=1))
    (run,) = ending.plan_deletions(timezone.now())
    run_job(run_id=str(run.pk))
    left = {table: count for table, count in rows_by_table(doomed).items() if count}
    assert left == {}
    assert rows_by_table(other) == kept
    assert not (files / "exports" / str(doomed.pk)).exists()
    assert not (files / "usage" / str(doomed.pk)).exists()
    assert (files / "usage" / str(other.pk) / "file").is_file()
    # A message that comes twice finds nothing to do.
    run_job(run_id=str(run.pk))
