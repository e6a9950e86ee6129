"""The corpus of `tests.uploads`, sent through the pages people send files by.

Each file is read, or refused in words with nothing saved; never a fault of ours, within a minute,
within a gigabyte.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import psutil
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from adoption.models import Plan, WorkPackage
from engagements.models import Customer, RosterEntry, StoredFile
from engagements.operations.scanning import check_file
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tenancy.tasks import run_job
from tests import uploads
from tests.factories import Cast
from tests.incoming import Brought, bring_in
from tests.uploads import Made
from tests.usage.columns import confirm
from usage.models import Event, UsageImport

LONGEST_SECONDS = 60.0
MOST_BYTES = 1024**3
LEAST_FILES = 60


@dataclass
class Weight:
    """What a piece of work took: seconds of a processor that nothing else wants, and bytes of
    memory on top of what was held before."""

    seconds: float = 0.0
    grown: int = 0


def processor_seconds() -> float:
    """Of this process and of those it waited for."""
    times = os.times()
    return time.process_time() + times.children_user + times.children_system


@contextmanager
def weighed() -> Iterator[Weight]:
    weight, done = Weight(), threading.Event()
    process = psutil.Process()
    before = process.memory_info().rss

    def watch() -> None:
        while not done.wait(0.02):
            weight.grown = max(weight.grown, process.memory_info().rss - before)

    watcher = threading.Thread(target=watch)
    watcher.start()
    started = processor_seconds()
    try:
        yield weight
    finally:
        weight.seconds = processor_seconds() - started
        done.set()
        watcher.join()


def send(client: Client, path: str, name: str, content: bytes) -> Any:
    """The answer, once it is known to have been light."""
    file = SimpleUploadedFile(name, content)
    with weighed() as weight:
        response = client.post(path, {"file": file})
    assert_light(weight)
    assert response.status_code in {200, 302}
    return response


def assert_light(weight: Weight) -> None:
    assert weight.seconds < LONGEST_SECONDS
    assert weight.grown < MOST_BYTES


def cases(files: Callable[[], Iterator[tuple[str, Made]]]) -> list[Any]:
    return [pytest.param(name, make, id=name) for name, make in files()]


def test_the_corpus_is_as_large_as_promised(figure: Callable[[str, object], None]) -> None:
    names = [
        f"{kind.__name__}: {name}"
        for kind in (
            uploads.customers,
            uploads.workbooks,
            uploads.plans,
            uploads.logs,
            uploads.kept,
        )
        for name, _make in kind()
    ]
    assert len(set(names)) == len(names) >= LEAST_FILES
    figure("upload corpus", f"{len(names)} files")


def bring(client: Client, path: str, name: str, content: bytes) -> Brought:
    """All steps of an import, once they are known to have been light together."""
    with weighed() as weight:
        brought = bring_in(client, path, content, name)
    assert_light(weight)
    return brought


@pytest.mark.parametrize(("name", "make"), cases(uploads.customers) + cases(uploads.workbooks))
def test_customers(cast: Cast, csm: Client, name: str, make: Made) -> None:
    before = known(cast)
    path = cast.at("customers/import/")
    brought = bring(csm, path, name.removeprefix("read: "), make())
    if name.startswith("read"):
        assert brought.came_in, brought.errors
        assert known(cast) != before
    else:
        assert not brought.came_in
        assert brought.errors
        assert known(cast) == before


# Rosters come in through the reader and the steps of customers, so one file in six tells.
@pytest.mark.parametrize(
    ("name", "make"), (cases(uploads.customers) + cases(uploads.workbooks))[::6]
)
def test_rosters(cast: Cast, csm: Client, name: str, make: Made) -> None:
    """Columns of customers that a roster does not have are left out, so more of these come in."""
    path = cast.at(f"engagements/{cast.engagement.pk}/roster/import/")
    brought = bring(csm, path, name.removeprefix("read: "), make())
    with tenant_scope(cast.tenant.pk):
        assert RosterEntry.objects.exists() == brought.came_in
    if name.startswith("read"):
        assert brought.came_in, brought.errors
    assert brought.came_in or brought.errors


def test_days_of_both_epochs_are_the_days_excel_shows(cast: Cast, csm: Client) -> None:
    for props, day in (
        (b"", date(2023, 3, 15)),
        (b'<workbookPr date1904="1"/>', date(2027, 3, 16)),
    ):
        bring(csm, cast.at("customers/import/"), "days.xlsx", uploads.day_counted(props))
        with tenant_scope(cast.tenant.pk):
            assert Customer.objects.get(external_id="a").renewal_date == day


def known(cast: Cast) -> set[str]:
    with tenant_scope(cast.tenant.pk):
        return set(Customer.objects.values_list("external_id", flat=True))


@pytest.mark.parametrize(("name", "make"), cases(uploads.plans))
def test_plans(cast: Cast, csm: Client, name: str, make: Made) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/plan/import/")
    response = send(csm, path, name.removeprefix("read: "), make())
    if response.status_code == 302:
        # A table of other columns waits until they are named, and comes in no other way.
        with weighed() as weight:
            response = csm.post(response["Location"])
        assert_light(weight)
        problem = response.context["problem"] if response.status_code == 200 else ""
    else:
        problem = response.context["form"].errors["file"]
    with tenant_scope(cast.tenant.pk):
        if name.startswith("read"):
            assert response.status_code == 302, problem
            assert WorkPackage.objects.filter(plan=Plan.objects.get()).exists()
        else:
            assert response.status_code == 200
            assert problem
            assert not Plan.objects.exists()


@pytest.mark.parametrize(("name", "make"), cases(uploads.logs))
def test_logs(cast: Cast, csm: Client, name: str, make: Made) -> None:
    response = send(csm, cast.at("usage/imports/"), name.removeprefix("read: "), make())
    if response.status_code == 302 and response["Location"].endswith("/columns/"):
        response = confirm(csm, response["Location"])
    row = read(cast) if response.status_code == 302 else None
    with tenant_scope(cast.tenant.pk):
        if name.startswith("read"):
            assert row is not None
            assert row.state == UsageImport.State.DONE, row.problem
            assert row.rows_new + row.rows_wrong > 0
        else:
            assert row is None or row.problem
            assert row is None or row.state == UsageImport.State.REFUSED
            assert not Event.objects.exists()


def read(cast: Cast) -> UsageImport:
    """What became of the file that was sent, once a worker has read it."""
    run = JobRun.objects.latest("due_at")
    with weighed() as weight:
        run_job(run_id=str(run.pk))
    assert_light(weight)
    with tenant_scope(cast.tenant.pk):
        row = UsageImport.objects.get()
    # What can be read another way stays for a while.
    assert default_storage.exists(row.stored_as) == row.is_worth_keeping
    return row


def test_a_file_name_is_a_name_and_nothing_more(cast: Cast, csm: Client) -> None:
    """Whatever it says, it is shown as text and leads nowhere."""
    path = cast.at("usage/imports/")
    for name in ("../../etc/passwd", "a\r\nSet-Cookie: x=1.csv", "<img src=x>.csv", "x" * 400):
        file = SimpleUploadedFile("x.csv", b"a,b\n")
        file.name = name
        response = csm.post(path, {"file": file})
        assert response.status_code in {200, 302}
        assert "x" not in response.cookies
        page = csm.get(path).content.decode()
        assert "<img src=x>" not in page


@pytest.mark.parametrize(("name", "make"), cases(uploads.kept))
def test_files_people_keep(cast: Cast, csm: Client, name: str, make: Made) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/files/")
    content = make()
    file = SimpleUploadedFile("x", content)
    file.name = name.removeprefix("read: ")
    with weighed() as weight:
        response = csm.post(path, {"uploads": [file]})
    assert_light(weight)
    page = csm.get(path).content.decode()
    assert "<img src=x onerror" not in page
    with tenant_scope(cast.tenant.pk):
        row = StoredFile.objects.first()
        if not name.startswith("read"):
            assert response.status_code == 200
            assert response.context["taken"].refused or response.context["form"].errors
            assert row is None
            return
        assert row is not None, response.context["taken"]
        assert row.stored_as.startswith(f"attachments/{cast.tenant.pk}/")
        assert not set(row.name) & set("/\\\0\u202e\u200b<>")
        check_file(file_id=row.pk, now=timezone.now())
    answer = csm.get(cast.at(f"files/{row.pk}/download/"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer.getvalue() == content
