"""Files before they were looked at, after a virus was found, and while nobody can look."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engagements import operations, tasks
from engagements.adapters.clamd import Verdict
from engagements.models import StoredFile
from engagements.operations import scanning
from notifications.models import Notification
from tenancy import jobs
from tenancy.models import AuditEntry, JobRun
from tenancy.scope import tenant_scope
from tenancy.tasks import run_job
from tests.engagements import papers
from tests.engagements.scanners import scanner
from tests.engagements.test_stored_files import NOW, at, folder, kept, lying, rows, send, upload
from tests.factories import Cast

__all__ = ["folder"]

NOBODY = "clamd://127.0.0.1:1"


def finds_cats(pieces: Any) -> Verdict:
    """A scanner of somebody's own, named by its dotted path."""
    return Verdict(clean=b"cat" not in b"".join(pieces), finding="Cat")


def work_off() -> None:
    """Do what is due, as a worker would."""
    for run in JobRun.objects.filter(job=tasks.CHECK_JOB, state="due", due_at__lte=timezone.now()):
        run_job(run_id=str(run.pk))


def runs() -> list[tuple[str, str]]:
    found = JobRun.objects.filter(job=tasks.CHECK_JOB).order_by("due_at", "id")
    return [(run.subject.partition("#")[2], run.state) for run in found]


def test_a_file_waits_until_it_was_looked_at(
    cast: Cast, csm: Client, executive: Client, settings: Any
) -> None:
    with scanner() as (address, seen):
        settings.FILE_SCANNER = address
        assert send(csm, at(cast), upload()).status_code == 302
        row = rows(cast)[0]
        path = cast.at(f"files/{row.pk}/download/")
        assert row.scan == "waiting"
        assert "Being checked for viruses" in executive.get(at(cast)).content.decode()
        assert executive.get(path).status_code == 302
        # Whoever brought it has it anyway.
        assert csm.get(path).getvalue() == papers.PDF
        work_off()
    assert seen == [papers.PDF]
    assert rows(cast)[0].scan == "clean"
    assert executive.get(path).getvalue() == papers.PDF


def test_a_virus_is_kept_away_from_everybody(
    cast: Cast, csm: Client, lead: Client, settings: Any, folder: Any
) -> None:
    with scanner() as (address, _seen):
        settings.FILE_SCANNER = address
        send(lead, at(cast), upload("eicar.txt", papers.EICAR))
        work_off()
    row = rows(cast)[0]
    assert (row.scan, row.finding) == ("refused", "Eicar-Test-Signature")
    for browser in (csm, lead):
        assert browser.get(cast.at(f"files/{row.pk}/download/")).status_code == 302
        assert "Eicar-Test-Signature" in browser.get(at(cast)).content.decode()
    with tenant_scope(cast.tenant.pk):
        told = Notification.objects.filter(kind="file.refused")
        assert {one.user_id for one in told} == {cast.lead.pk, cast.csm.pk}
        assert AuditEntry.objects.filter(action="file.refused").count() == 1
        assert len(lying(folder)) == 1
        operations.purge_files(now=timezone.now() + timedelta(days=8))
    # What it was is still to be read; the bytes are gone.
    assert not lying(folder)
    assert [one.stored_as for one in rows(cast)] == [""]


def test_a_scanner_that_is_away_is_asked_again_and_no_file_lost(
    cast: Cast, csm: Client, settings: Any
) -> None:
    settings.FILE_SCANNER = NOBODY
    send(csm, at(cast), upload())
    work_off()
    assert rows(cast)[0].scan == "waiting"
    assert runs() == [("0", "done"), ("1", "due")]
    for _time in range(scanning.TOLD_AFTER):
        JobRun.objects.filter(state="due").update(due_at=timezone.now())
        work_off()
    assert runs()[-1] == (str(scanning.TOLD_AFTER + 1), "due")
    with tenant_scope(cast.tenant.pk):
        told = Notification.objects.filter(kind="scanner.away")
        assert [one.user_id for one in told] == [cast.admin.pk]
    with scanner() as (address, _seen):
        settings.FILE_SCANNER = address
        JobRun.objects.filter(state="due").update(due_at=timezone.now())
        work_off()
    assert rows(cast)[0].scan == "clean"
    assert {state for _number, state in runs()} == {"done"}


def test_the_waits_grow_to_a_quarter_of_an_hour() -> None:
    waits = [scanning.wait_after(tries).total_seconds() for tries in (0, 1, 2, 9, 500)]
    assert waits == [30, 60, 120, 900, 900]


def test_a_file_whose_run_was_given_up_is_taken_up_by_the_night(cast: Cast, settings: Any) -> None:
    settings.FILE_SCANNER = NOBODY
    row = kept(cast)
    for _time in range(2):
        with tenant_scope(cast.tenant.pk):
            tasks.ask_again(business_date=NOW.date(), now=timezone.now())
    run = JobRun.objects.get(job=tasks.CHECK_JOB)
    assert run.subject.startswith(str(row.pk))
    assert jobs.take_lease(run_id=run.pk, now=timezone.now()) is not None


def test_a_scanner_of_ones_own_and_none(cast: Cast, settings: Any) -> None:
    settings.FILE_SCANNER = f"{__name__}.finds_cats"
    cat, dog = kept(cast, name="c.txt", content=b"cat"), kept(cast, name="d.txt", content=b"dog")
    with tenant_scope(cast.tenant.pk):
        for row in (cat, dog):
            scanning.check_file(file_id=row.pk, now=NOW)
        assert {row.name: row.scan for row in StoredFile.objects.all()} == {
            "c.txt": "refused",
            "d.txt": "clean",
        }
    late = kept(cast, name="l.txt", content=b"late")
    settings.FILE_SCANNER = ""
    with tenant_scope(cast.tenant.pk):
        scanning.check_file(file_id=late.pk, now=NOW)
        assert StoredFile.objects.get(pk=late.pk).scan == "unscanned"


def test_without_a_scanner_files_may_be_had_and_administrators_read_why(
    cast: Cast, csm: Client
) -> None:
    kept(cast)
    assert "No virus scanner is set up" in cast.browser(cast.admin).get(at(cast)).content.decode()
    assert "No virus scanner is set up" not in csm.get(at(cast)).content.decode()


@pytest.mark.parametrize("with_scanner", [False, True])
def test_a_picture_gets_a_small_one_once_it_is_open(
    cast: Cast, csm: Client, settings: Any, with_scanner: bool
) -> None:
    with scanner() as (address, _seen):
        settings.FILE_SCANNER = address if with_scanner else ""
        send(csm, at(cast), upload("p.png", papers.picture()))
        work_off()
    row = rows(cast)[0]
    assert row.has_thumbnail
    assert csm.get(cast.at(f"files/{row.pk}/thumbnail.png")).content.startswith(b"\x89PNG")


def test_what_was_deleted_meanwhile_is_left_alone(cast: Cast, settings: Any) -> None:
    settings.FILE_SCANNER = NOBODY
    row = kept(cast)
    with tenant_scope(cast.tenant.pk):
        operations.delete_file(file=row, now=NOW)
        scanning.check_file(file_id=row.pk, now=NOW)
    work_off()
    assert rows(cast)[0].scan == "waiting"
