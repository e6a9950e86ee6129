"""Files: brought, listed, shared, followed by versions, deleted, and gone after a week."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from engagements import operations, queries
from engagements.imports.stored_files import Shelving, Taken, take_in
from engagements.models import FileSpace, StoredFile, TimelineEntry
from notifications.models import Notification
from tenancy.models import AuditEntry
from tenancy.scope import Realm, tenant_scope
from tests.engagements import papers
from tests.factories import Cast
from tests.pages import assert_same_queries, queries_of

NOW = timezone.now()
WEEK = timedelta(days=7, minutes=1)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A folder of files for each test."""
    place = tmp_path / "files"
    options = settings.STORAGES["files"] | {"OPTIONS": {"location": place}}
    settings.STORAGES = settings.STORAGES | {"files": options}
    storages._storages.pop("files", None)  # type: ignore[attr-defined]
    yield place
    storages._storages.pop("files", None)  # type: ignore[attr-defined]


def at(cast: Cast, rest: str = "files/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def upload(name: str = "report.pdf", content: bytes = papers.PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def send(client: Client, path: str, *files: SimpleUploadedFile, **fields: str) -> Any:
    return client.post(path, {"uploads": list(files), **fields})


def keep(cast: Cast, name: str = "report.pdf", content: bytes = papers.PDF, **more: Any) -> Taken:
    with tenant_scope(cast.tenant.pk):
        shelving = Shelving(
            cast.customer,
            more.get("engagement", cast.engagement),
            more.get("shared", False),
            more.get("by", cast.csm),
            more.get("now", NOW),
        )
        return take_in(files=[upload(name, content)], shelving=shelving)


def kept(cast: Cast, **fields: Any) -> StoredFile:
    return keep(cast, **fields).kept[0]


def rows(cast: Cast) -> list[StoredFile]:
    with tenant_scope(cast.tenant.pk):
        return list(StoredFile.objects.order_by("uploaded_at", "version", "name"))


def lying(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# --- bringing files --------------------------------------------------------------------------


def test_several_files_are_kept_at_once(cast: Cast, csm: Client, folder: Path) -> None:
    response = send(csm, at(cast), upload(), upload("list.csv", b"a,b\n1,2\n"))
    assert response.status_code == 302
    found = {row.name: row for row in rows(cast)}
    assert {name: row.kind for name, row in found.items()} == {
        "report.pdf": "pdf",
        "list.csv": "table",
    }
    row = found["report.pdf"]
    assert (row.content_type, row.size_bytes) == ("application/pdf", len(papers.PDF))
    assert (row.shared, row.scan, row.uploaded_by_id) == (False, "unscanned", cast.csm.pk)
    assert row.stored_as.startswith(f"attachments/{cast.tenant.pk}/")
    assert (folder / row.stored_as).read_bytes() == papers.PDF
    assert "report" not in row.stored_as
    page = csm.get(at(cast)).content.decode()
    assert "report.pdf" in page
    assert "list.csv" in page


def test_a_refused_file_costs_no_other(cast: Cast, csm: Client, folder: Path) -> None:
    response = send(csm, at(cast), upload(), upload("photo.png", b"<svg onload=x()>"))
    assert response.status_code == 200
    said = response.content.decode()
    assert "One file was not kept." in said
    assert "photo.png" in said
    assert "Save it as PDF or PNG" in said
    assert [row.name for row in rows(cast)] == ["report.pdf"]
    assert len(lying(folder)) == 1


def test_a_name_that_lies_about_the_kind_gets_the_right_ending(cast: Cast) -> None:
    assert kept(cast, name="../run.exe", content=b"echo hello\n").name == "run.exe.txt"
    assert kept(cast, name="photo.png").name == "photo.png.pdf"


def test_a_file_too_large_is_refused(cast: Cast, settings: Any, folder: Path) -> None:
    settings.FILE_LIMIT_BYTES = 1024**2
    taken = keep(cast, content=papers.PDF + bytes(1024**2))
    assert [one.reason for one in taken.refused] == ["It is larger than 1 MB."]
    assert not lying(folder)


def test_a_kind_that_is_not_wanted_here_is_refused(cast: Cast, settings: Any) -> None:
    settings.FILE_KINDS = ["picture"]
    assert "PDF" in keep(cast).refused[0].reason
    assert keep(cast, content=papers.picture()).kept


def test_the_workspace_has_so_much_room(cast: Cast, settings: Any, folder: Path) -> None:
    settings.FILE_SPACE_BYTES = len(papers.PDF) + 5
    assert keep(cast).kept
    taken = keep(cast, content=papers.PDF + b"more")
    assert "no room left" in taken.refused[0].reason
    assert len(lying(folder)) == 1
    # Other workspaces have room of their own.
    with tenant_scope(cast.other_tenant.pk):
        shelving = Shelving(cast.other_customer, None, False, cast.stranger, NOW)
        assert take_in(files=[upload()], shelving=shelving).kept


def test_the_customer_side_counts_against_the_same_room(
    cast: Cast, lead: Client, settings: Any
) -> None:
    settings.FILE_SPACE_BYTES = len(papers.PDF) + 5
    kept(cast)
    response = send(lead, at(cast), upload("theirs.pdf", papers.PDF + b"more"))
    assert "no room left" in response.content.decode()


def test_the_same_file_again_is_noticed(cast: Cast) -> None:
    kept(cast)
    taken = keep(cast, name="copy.pdf")
    assert "same file as “report.pdf”" in taken.refused[0].reason
    # Another page of the customer may have it as well; once deleted it may come back here.
    assert keep(cast, engagement=None).kept
    with tenant_scope(cast.tenant.pk):
        operations.delete_file(
            file=StoredFile.objects.get(engagement=cast.engagement), now=timezone.now()
        )
    assert keep(cast).kept


def test_nothing_chosen_is_said_beside_the_field(cast: Cast, csm: Client) -> None:
    response = csm.post(at(cast), {})
    assert response.status_code == 200
    assert response.context["form"].errors["uploads"]
    many = [upload(f"{number}.txt", b"%d" % number) for number in range(21)]
    assert "at most 20" in str(send(csm, at(cast), *many).context["form"].errors["uploads"])


def test_who_may_not_add_files(cast: Cast, executive: Client) -> None:
    for browser in (executive, cast.browser(cast.member)):
        assert send(browser, at(cast), upload()).status_code == 403
        assert browser.get(at(cast)).status_code == 200
    assert rows(cast) == []


def test_what_was_brought_stands_on_the_timeline_and_in_the_log(cast: Cast, csm: Client) -> None:
    send(csm, at(cast), upload(), shared="on")
    with tenant_scope(cast.tenant.pk):
        entry = TimelineEntry.objects.get(kind="file.added")
        assert (entry.text, entry.shared) == ("“report.pdf” was added to the files.", True)
        logged = AuditEntry.objects.get(action="file.added")
    assert logged.subject_name == "report.pdf"
    assert logged.facts["sha256"] == rows(cast)[0].sha256
    assert logged.about_customer_id == cast.customer.pk


# --- who sees what ---------------------------------------------------------------------------


def test_the_customer_side_sees_what_is_shared(cast: Cast, lead: Client, csm: Client) -> None:
    hidden, shown = (
        kept(cast, name="hidden.pdf"),
        kept(cast, name="a.txt", content=b"a", shared=True),
    )
    page = lead.get(at(cast)).content.decode()
    assert "a.txt" in page
    assert "hidden.pdf" not in page
    for rest in ("", "download/"):
        assert lead.get(cast.at(f"files/{hidden.pk}/{rest}")).status_code == 404
        assert lead.get(cast.at(f"files/{shown.pk}/{rest}")).getvalue()
        assert (
            cast.browser(cast.stranger).get(cast.at(f"files/{shown.pk}/{rest}")).status_code == 404
        )
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert {row.name for row in StoredFile.objects.all()} == {"a.txt"}
    share = cast.at(f"files/{hidden.pk}/share/")
    toggled = csm.post(share, {"shared": "yes"}, follow=True)
    assert "The customer now sees" in toggled.content.decode()
    assert lead.get(cast.at(f"files/{hidden.pk}/download/")).getvalue() == papers.PDF
    assert "hidden.pdf" in lead.get(at(cast, "timeline/")).content.decode()
    # Two people hide it at once: hidden it stays.
    csm.post(share, {"shared": "no"})
    csm.post(share, {"shared": "no"})
    assert lead.get(cast.at(f"files/{hidden.pk}/")).status_code == 404
    assert "hidden.pdf" not in lead.get(at(cast, "timeline/")).content.decode()


def test_what_the_customer_brings_both_sides_see(cast: Cast, lead: Client, csm: Client) -> None:
    assert send(lead, at(cast), upload("theirs.pdf")).status_code == 302
    row = rows(cast)[0]
    assert row.shared
    assert "theirs.pdf" in csm.get(at(cast)).content.decode()
    assert "theirs.pdf" in lead.get(at(cast)).content.decode()


def test_the_customer_side_deletes_only_its_own(cast: Cast, lead: Client) -> None:
    ours = kept(cast, shared=True)
    theirs = kept(cast, name="t.txt", content=b"t", shared=True, by=cast.lead)
    assert lead.post(cast.at(f"files/{ours.pk}/delete/")).status_code == 403
    assert lead.post(cast.at(f"files/{theirs.pk}/delete/")).status_code == 302
    assert lead.post(cast.at(f"files/{ours.pk}/share/")).status_code == 403


# --- lists -----------------------------------------------------------------------------------


def names(response: Any) -> list[str]:
    return [row.name for row in response.context["shelf"].rows]


def test_the_list_is_filtered_and_sorted_by_its_address(
    cast: Cast, csm: Client, executive: Client
) -> None:
    kept(cast, name="b.pdf", now=NOW - timedelta(days=2))
    kept(cast, name="a.txt", content=b"a much longer text than that" * 9, shared=True)
    kept(cast, name="c.txt", content=b"c", by=cast.manager, now=NOW - timedelta(days=1))
    wanted = {
        "": ["a.txt", "c.txt", "b.pdf"],
        "?sort=oldest": ["b.pdf", "c.txt", "a.txt"],
        "?sort=name": ["a.txt", "b.pdf", "c.txt"],
        "?sort=largest": ["a.txt", "b.pdf", "c.txt"],
        "?kind=text": ["a.txt", "c.txt"],
        "?seen_by=customer": ["a.txt"],
        "?seen_by=staff&kind=pdf": ["b.pdf"],
        f"?uploader={cast.manager.pk}": ["c.txt"],
        "?kind=nonsense&sort=nonsense&uploader=nonsense&page=nonsense": ["a.txt", "c.txt", "b.pdf"],
    }
    assert {query: names(executive.get(at(cast) + query)) for query in wanted} == wanted
    none = csm.get(at(cast) + "?kind=text&seen_by=customer&uploader=" + str(cast.manager.pk))
    assert "No file fits these filters" in none.content.decode()
    table = csm.get(at(cast, "files.csv") + "?kind=text").content.decode("utf-8-sig")
    assert [row["name"] for row in csv.DictReader(io.StringIO(table))] == ["a.txt", "c.txt"]


def test_the_customers_page_has_the_files_of_all_engagements(cast: Cast, csm: Client) -> None:
    path = cast.at(f"customers/{cast.customer.pk}/files/")
    kept(cast)
    assert send(csm, path, upload("contract.pdf", papers.PDF + b"1")).status_code == 302
    page = csm.get(path)
    assert set(names(page)) == {"report.pdf", "contract.pdf"}
    assert "HALDEN-1" in page.content.decode()
    assert names(csm.get(at(cast))) == ["report.pdf"]
    table = csm.get(cast.at(f"customers/{cast.customer.pk}/files.csv")).content.decode()
    assert "contract.pdf" in table


def test_a_name_is_no_formula_in_the_spreadsheet(cast: Cast, csm: Client) -> None:
    kept(cast, name="=1+1.pdf")
    assert "'=1+1.pdf" in csm.get(at(cast, "files.csv")).content.decode()


def test_a_list_costs_the_same_for_many(cast: Cast, csm: Client) -> None:
    kept(cast, name="first.txt", content=b"first")

    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            StoredFile.objects.bulk_create(
                StoredFile(
                    customer=cast.customer,
                    engagement=cast.engagement,
                    name=f"{number}.txt",
                    kind="text",
                    content_type="text/plain",
                    size_bytes=1,
                    sha256="0" * 64,
                    stored_as=f"attachments/{number}",
                    series=operations.stored_files.new_id(),
                    scan="clean",
                    uploaded_by=cast.csm,
                    uploaded_at=NOW,
                )
                for number in range(1000)
            )

    assert_same_queries(csm, at(cast), grow)
    assert queries_of(csm, cast.at(f"customers/{cast.customer.pk}/files/")) <= 15
    page = csm.get(at(cast) + "?page=2")
    assert (len(names(page)), page.context["shelf"].pages) == (50, 21)


# --- versions, deletion ----------------------------------------------------------------------


def test_a_new_version_keeps_the_older(cast: Cast, csm: Client, folder: Path) -> None:
    first = kept(cast, shared=True)
    path = cast.at(f"files/{first.pk}/versions/")
    sent = {"file": upload("report-2.pdf", papers.PDF + b"2"), "shared": "on"}
    assert csm.post(path, sent).status_code == 302
    before, after = rows(cast)
    assert (after.version, after.series, after.shared) == (2, before.series, True)
    assert before.followed_at
    assert names(csm.get(at(cast))) == ["report-2.pdf"]
    assert len(lying(folder)) == 2
    old = csm.get(cast.at(f"files/{first.pk}/")).content.decode()
    assert "Version 2 came after this one." in old
    # Two people following the same version: the second is told.
    late = csm.post(path, {"file": upload("late.pdf", papers.PDF + b"3")})
    assert "Somebody added a newer version meanwhile" in late.content.decode()
    assert len(lying(folder)) == 2


def test_a_version_that_is_refused_changes_nothing(cast: Cast, csm: Client) -> None:
    first = kept(cast)
    path = cast.at(f"files/{first.pk}/versions/")
    response = csm.post(path, {"file": upload("x.pdf", b"<html>")})
    assert response.context["form"].errors["file"]
    assert [row.followed_at for row in rows(cast)] == [None]


def test_a_deleted_file_is_had_back_only_by_asking_for_it(cast: Cast, csm: Client) -> None:
    row = kept(cast)
    path = cast.at(f"files/{row.pk}/delete/")
    said = csm.post(path, follow=True).content.decode()
    assert f'action="{path}?undo=1"' in said
    csm.post(path)
    assert names(csm.get(at(cast))) == []
    assert csm.get(cast.at(f"files/{row.pk}/")).status_code == 404
    assert csm.get(cast.at(f"files/{row.pk}/download/")).status_code == 404
    csm.post(f"{path}?undo=1")
    assert names(csm.get(at(cast))) == ["report.pdf"]


def test_a_week_after_deletion_the_bytes_are_gone(cast: Cast, folder: Path) -> None:
    row, other = kept(cast), kept(cast, name="other.txt", content=b"other")
    with tenant_scope(cast.tenant.pk):
        operations.delete_file(file=row, now=NOW)
        assert operations.purge_files(now=NOW + timedelta(days=6)) == 0
        assert len(lying(folder)) == 2
        assert operations.purge_files(now=NOW + WEEK) == 1
        assert FileSpace.objects.get().used_bytes == other.size_bytes
    assert [path.read_bytes() for path in lying(folder)] == [b"other"]
    assert [one.name for one in rows(cast)] == ["other.txt"]


def test_every_version_goes_with_its_file(cast: Cast, csm: Client, folder: Path) -> None:
    row = kept(cast)
    sent = {"file": upload("b.pdf", papers.PDF + b"2")}
    csm.post(cast.at(f"files/{row.pk}/versions/"), sent)
    with tenant_scope(cast.tenant.pk):
        operations.delete_file(file=StoredFile.objects.get(version=2), now=NOW)
        assert operations.purge_files(now=NOW + WEEK) == 2
    assert not lying(folder)


def test_bytes_of_an_upload_that_broke_off_are_swept(cast: Cast, folder: Path) -> None:
    kept(cast)
    with tenant_scope(cast.tenant.pk):
        operations.file_bytes.store_bytes(io.BytesIO(b"half"))
        operations.purge_files(now=timezone.now())
        assert len(lying(folder)) == 2
        operations.purge_files(now=timezone.now() + timedelta(days=2))
    assert [path.read_bytes() for path in lying(folder)] == [papers.PDF]


def test_the_files_of_a_workspace_go_with_it(cast: Cast, folder: Path) -> None:
    kept(cast)
    with tenant_scope(cast.other_tenant.pk):
        shelving = Shelving(cast.other_customer, None, False, cast.stranger, NOW)
        take_in(files=[upload()], shelving=shelving)
    operations.forget_files(tenant_id=cast.tenant.pk)
    assert [path.parent.name for path in lying(folder)] == [str(cast.other_tenant.pk)]


def test_nobody_is_told_of_a_file_nobody_refused(cast: Cast) -> None:
    kept(cast)
    with tenant_scope(cast.tenant.pk):
        assert not Notification.objects.exists()
        assert queries.get_waiting_files() == []
