"""Usage logs as people bring them: upload, columns, progress, and what is left out."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries
from tests.usage.columns import confirm
from usage import operations
from usage.models import Event, FileLayout, UsageImport
from usage.tasks import IMPORT_JOB, perform_import

HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
ROW = "m1,2026-01-01T10:00:00Z,acme,ann,Used,a\n"
FOREIGN = "When;Account;Who;What\n1.7.2026 9:30;acme;ann;Used\n2.7.2026 9:30;acme;bob;Used\n"


def send(cast: Cast, csm: Client, content: str | bytes, name: str = "log.csv") -> Any:
    text = content.encode() if isinstance(content, str) else content
    upload = SimpleUploadedFile(name, text)
    return csm.post(cast.at("usage/imports/"), {"file": upload})


def latest(cast: Cast) -> UsageImport:
    with tenant_scope(cast.tenant.pk):
        return UsageImport.objects.latest("created_at")


def at(cast: Cast, row: UsageImport, part: str = "") -> str:
    return cast.at(f"usage/imports/{row.pk}/{part}")


def read(cast: Cast) -> UsageImport:
    perform_import(JobRun.objects.filter(job=IMPORT_JOB).latest("due_at"))
    return latest(cast)


def test_an_upload_in_our_own_words_is_noted_queued_and_read(cast: Cast, csm: Client) -> None:
    response = send(cast, csm, HEADER + ROW + "short\n")
    row = latest(cast)
    assert response["Location"] == at(cast, row)
    waiting = csm.get(at(cast, row)).content.decode()
    assert 'hx-trigger="load delay:1s"' in waiting
    assert at(cast, row, "stop/") in waiting
    read(cast)
    page = csm.get(at(cast, row), headers={"hx-request": "true"}).content.decode()
    assert page.strip().startswith('<div id="import"')
    assert "hx-trigger" not in page
    assert "1 values, 6 were expected" in page
    faults = csm.get(at(cast, row, "rows.csv")).content.decode("utf-8-sig")
    assert faults.splitlines()[1].startswith("3,,,")
    assert not default_storage.exists(row.stored_as)
    perform_import(JobRun.objects.get(job=IMPORT_JOB))
    assert latest(cast).rows_new == 1


def test_other_columns_are_guessed_shown_confirmed_and_remembered(cast: Cast, csm: Client) -> None:
    response = send(cast, csm, FOREIGN)
    row = latest(cast)
    columns = at(cast, row, "columns/")
    assert response["Location"] == columns
    assert not JobRun.objects.filter(job=IMPORT_JOB).exists()
    page = csm.get(columns)
    assert [line["cells"][2] for line in page.context["becomes"]] == ["ann", "bob"]
    assert page.context["form"]["time_zone"].value() == cast.tenant.time_zone
    refused = confirm(csm, columns, column_2="-")
    assert refused.status_code == 200
    assert "Say which column holds this: User." in refused.content.decode()
    fragment = csm.post(columns, {"time_format": "iso"}, headers={"hx-request": "true"})
    assert fragment.content.decode().strip().startswith('<section id="becomes"')
    assert confirm(csm, columns, keep_as="Weekly")["Location"] == at(cast, row)
    assert csm.get(columns)["Location"] == at(cast, row)
    assert read(cast).rows_new == 2
    send(cast, csm, FOREIGN.replace("ann", "eve"))
    named = csm.get(at(cast, latest(cast), "columns/")).context["named"]
    assert named.name == "Weekly"


def test_remembered_columns_are_forgotten_and_offered_again(cast: Cast, csm: Client) -> None:
    send(cast, csm, FOREIGN)
    confirm(csm, at(cast, latest(cast), "columns/"), keep_as="Weekly")
    with tenant_scope(cast.tenant.pk):
        layout = FileLayout.objects.get()
    forget = cast.at(f"usage/layouts/{layout.pk}/forget/")
    csm.post(forget)
    csm.post(forget)
    assert "Weekly" not in [
        kept.name for kept in csm.get(cast.at("usage/imports/")).context["kept"]
    ]
    csm.post(f"{forget}?undo=1")
    assert [kept.name for kept in csm.get(cast.at("usage/imports/")).context["kept"]] == ["Weekly"]


def test_counts_of_days_are_confirmed_as_such(cast: Cast, csm: Client) -> None:
    send(cast, csm, "date,customer,dau,hits\n2026-01-01,acme,3,40\n")
    row = latest(cast)
    page = csm.get(at(cast, row, "columns/"))
    assert page.context["kind"] == "daily"
    assert csm.get(at(cast, row, "columns/") + "?kind=events").context["kind"] == "events"
    confirm(csm, at(cast, row, "columns/"))
    done = read(cast)
    assert (done.state, done.kind, done.rows_new) == ("done", "daily", 1)
    assert "One count is new." in csm.get(at(cast, row)).content.decode()


def test_a_refused_file_is_read_again_once_its_columns_are_named(cast: Cast, csm: Client) -> None:
    send(cast, csm, FOREIGN)
    row = latest(cast)
    confirm(csm, at(cast, row, "columns/"), time_format="mdy")
    with tenant_scope(cast.tenant.pk):
        UsageImport.objects.update(mapping={"Gone": "event"})
    assert read(cast).is_mendable
    assert at(cast, row, "again/") in csm.get(at(cast, row)).content.decode()
    response = csm.post(at(cast, row, "again/"))
    again = latest(cast)
    assert response["Location"] == at(cast, again, "columns/")
    confirm(csm, at(cast, again, "columns/"))
    assert read(cast).rows_new == 2
    assert csm.post(at(cast, row, "again/"))["Location"] == at(cast, row)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "submitted file is empty"),
        (b"PK\x03\x04 and more", "workbook is damaged or not an Excel file"),
        (gzip.compress(HEADER.encode(), mtime=0)[:-9], "ends too early"),
        (b"\x00\x01\x02\n", "not text"),
    ],
)
def test_a_file_that_is_no_log_is_refused_at_the_form(
    cast: Cast, csm: Client, content: bytes, words: str
) -> None:
    response = send(cast, csm, content)
    assert response.status_code == 200
    assert words in response.content.decode()
    with tenant_scope(cast.tenant.pk):
        assert not UsageImport.objects.exists()


def test_a_file_is_stopped_or_discarded_and_stays_so(cast: Cast, csm: Client) -> None:
    send(cast, csm, HEADER + ROW)
    row = latest(cast)
    csm.post(at(cast, row, "stop/"))
    csm.post(at(cast, row, "stop/"))
    stopped = read(cast)
    assert stopped.state == "cancelled"
    assert "Reading was stopped" in csm.get(at(cast, row)).content.decode()
    csm.post(at(cast, row, "discard/"))
    assert latest(cast).pk == row.pk
    send(cast, csm, FOREIGN)
    new = latest(cast)
    csm.post(at(cast, new, "discard/"))
    assert latest(cast).pk == row.pk
    with tenant_scope(cast.tenant.pk):
        assert not Event.objects.exists()


def test_another_sheet_of_a_workbook_is_looked_at(cast: Cast, csm: Client, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["nothing", "here"])
    sheet = book.create_sheet("Log")
    sheet.append(["timestamp", "customer", "user", "action"])
    sheet.append(["2026-01-01 10:00", "acme", "ann", "Used"])
    book.save(tmp_path / "log.xlsx")
    send(cast, csm, (tmp_path / "log.xlsx").read_bytes(), "log.xlsx")
    row = latest(cast)
    assert csm.get(at(cast, row, "columns/")).context["looked"].columns == ("nothing", "here")
    csm.post(at(cast, row, "sheet/"), {"sheet": "1"})
    csm.post(at(cast, row, "sheet/"), {"sheet": "7"})
    confirm(csm, at(cast, row, "columns/"))
    assert read(cast).rows_new == 1


def test_the_list_of_files_asks_no_more_for_many(cast: Cast, csm: Client) -> None:
    def begin(number: int) -> None:
        with tenant_scope(cast.tenant.pk):
            for _file in range(number):
                operations.start_import(
                    file_name="log.csv", stored_as="", mapping={}, created_by=cast.csm
                )

    begin(1)
    assert_same_queries(csm, cast.at("usage/imports/"), lambda: begin(60))
    assert "log.csv" in csm.get(cast.at("usage/imports.csv?state=waiting")).content.decode()
    assert csm.get(cast.at("usage/imports/?state=done")).context["state"] == "done"


def test_only_those_who_may_import_bring_files(cast: Cast, lead: Client, csm: Client) -> None:
    send(cast, csm, FOREIGN)
    row = latest(cast)
    for part in ("", "columns/"):
        assert lead.get(at(cast, row, part)).status_code in {403, 404}
    assert lead.get(cast.at("usage/imports/")).status_code == 403
