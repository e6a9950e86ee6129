"""Files beside what they are evidence for: risks, criteria of success, quick wins."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from engagements import operations, queries
from engagements.models import Attachment, QuickWin, StoredFile
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.engagements import papers
from tests.engagements.test_stored_files import NOW, WEEK, at, folder, kept, rows, upload
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries

__all__ = ["folder"]


@pytest.fixture
def targets(cast: Cast) -> dict[str, str]:
    """One row of each kind, as an address names it."""
    with tenant_scope(cast.tenant.pk):
        risk = make_risk(cast)
        version = operations.write_criterion(
            engagement=cast.engagement, fields={"statement": "Half of all crews"}, by=cast.csm
        )
        concern = operations.raise_concern(
            engagement=cast.engagement,
            fields={"text": "It takes too long", "shared": True},
            by=cast.csm,
            now=NOW,
        )
        win = operations.record_quick_win(
            engagement=cast.engagement,
            fields={"result": "Answers in a day", "evidence": "Log", "reached_date": TODAY},
            by=cast.csm,
        )
    return {
        "risk": f"risk:{risk.pk}",
        "criterion": f"criterion:{version.criterion_id}",
        "quick_win": f"quick_win:{win.pk}",
        "concern": f"concern:{concern.pk}",
    }


def make_risk(cast: Cast, title: str = "No signal") -> Any:
    return operations.raise_risk(
        engagement=cast.engagement,
        fields={"title": title, "probability": 3, "impact": 3},
        by=cast.csm,
    )


def path_to(cast: Cast, key: str) -> str:
    return at(cast, f"files/attach/?to={key}")


@pytest.mark.parametrize(
    ("kind", "page", "label"),
    [
        ("risk", "risks/", "No signal"),
        ("criterion", "promise/", "Half of all crews"),
        ("quick_win", "promise/", "Answers in a day"),
        ("concern", "feedback/", "It takes too long"),
    ],
)
def test_a_file_is_attached_and_stands_beside_the_row(
    cast: Cast, csm: Client, targets: dict[str, str], kind: str, page: str, label: str
) -> None:
    row = kept(cast)
    path = path_to(cast, targets[kind])
    asked = csm.get(path).content.decode()
    assert label in asked
    assert "report.pdf" in asked
    assert csm.post(path, {"file": [str(row.pk)]}).status_code == 302
    sent = {"uploads": [upload("new.txt", b"new")]}
    assert csm.post(path, sent).status_code == 302
    shown = csm.get(at(cast, page)).content.decode()
    assert f"files/{row.pk}/download/" in shown
    assert "new.txt" in shown
    about = csm.get(cast.at(f"files/{row.pk}/")).content.decode()
    assert label in about
    # Attached once, however often it is asked for.
    csm.post(path, {"file": [str(row.pk)]})
    with tenant_scope(cast.tenant.pk):
        assert Attachment.objects.filter(file=row).count() == 1
        assert AuditEntry.objects.filter(action="file.attached").count() == 2


def test_what_is_refused_is_not_attached(cast: Cast, csm: Client, targets: dict[str, str]) -> None:
    sent = {"uploads": [upload("a.txt", b"a"), upload("b.png", b"<svg>")]}
    response = csm.post(path_to(cast, targets["risk"]), sent)
    assert "One file was not kept." in response.content.decode()
    with tenant_scope(cast.tenant.pk):
        assert [row.file.name for row in Attachment.objects.select_related("file")] == ["a.txt"]
    nothing = csm.post(path_to(cast, targets["risk"]), {})
    assert nothing.context["form"].errors["uploads"]


def test_taking_a_file_off_is_undone_only_by_asking_for_it(
    cast: Cast, csm: Client, lead: Client, targets: dict[str, str]
) -> None:
    row = kept(cast, shared=True)
    csm.post(path_to(cast, targets["risk"]), {"file": [str(row.pk)]})
    with tenant_scope(cast.tenant.pk):
        tie = Attachment.objects.get()
    path = cast.at(f"attachments/{tie.pk}/remove/")
    assert lead.post(path).status_code == 403
    csm.post(path)
    assert f'action="{path}?undo=1"' in csm.post(path, follow=True).content.decode()
    assert "report.pdf" not in csm.get(at(cast, "risks/")).content.decode()
    csm.post(f"{path}?undo=1")
    assert "report.pdf" in csm.get(at(cast, "risks/")).content.decode()


def test_the_customer_side_sees_shared_evidence_only(
    cast: Cast, csm: Client, lead: Client, targets: dict[str, str]
) -> None:
    hidden, shown = kept(cast), kept(cast, name="shown.txt", content=b"s", shared=True)
    csm.post(path_to(cast, targets["quick_win"]), {"file": [str(hidden.pk), str(shown.pk)]})
    page = lead.get(at(cast, "promise/")).content.decode()
    assert "shown.txt" in page
    assert "report.pdf" not in page
    offered = lead.get(path_to(cast, targets["risk"])).content.decode()
    assert "shown.txt" in offered
    assert "report.pdf" not in offered
    csm.post(cast.at(f"files/{shown.pk}/share/"), {"shared": "no"})
    lead.post(path_to(cast, targets["risk"]), {"file": [str(hidden.pk), str(shown.pk)]})
    with tenant_scope(cast.tenant.pk):
        assert not Attachment.objects.filter(kind="risk").exists()


def test_nothing_is_attached_across_customers(
    cast: Cast, csm: Client, targets: dict[str, str]
) -> None:
    with tenant_scope(cast.tenant.pk):
        theirs = operations.raise_risk(
            engagement=cast.second_engagement,
            fields={"title": "Theirs", "probability": 1, "impact": 1},
            by=cast.csm,
        )
    row = kept(cast)
    for key in (f"risk:{theirs.pk}", f"risk:{uuid4()}", "risk:x", "nonsense", f"note:{uuid4()}"):
        assert csm.get(path_to(cast, key)).status_code == 404
        assert csm.post(path_to(cast, key), {"file": [str(row.pk)]}).status_code == 404
    with tenant_scope(cast.tenant.pk):
        target = queries.get_target(key=f"risk:{theirs.pk}")
        assert target is not None
        with pytest.raises(operations.OtherCustomer):
            operations.attach_file(file=row, to=target, by=cast.csm)
    # An id of another customer's file is as if it were not there.
    foreign = at(cast, "files/attach/").replace(
        str(cast.engagement.pk), str(cast.second_engagement.pk)
    )
    answer = csm.post(f"{foreign}?to=risk:{theirs.pk}", {"file": [str(row.pk)]})
    assert answer.status_code == 200
    with tenant_scope(cast.tenant.pk):
        assert not Attachment.objects.exists()


def test_evidence_stays_at_its_version(cast: Cast, csm: Client, targets: dict[str, str]) -> None:
    first = kept(cast)
    csm.post(path_to(cast, targets["risk"]), {"file": [str(first.pk)]})
    sent = {"file": upload("report-2.pdf", papers.PDF + b"2")}
    csm.post(cast.at(f"files/{first.pk}/versions/"), sent)
    page = csm.get(at(cast, "risks/")).content.decode()
    assert f"files/{first.pk}/download/" in page
    assert "report-2.pdf" not in page


def test_what_is_deleted_is_no_longer_shown_and_goes_with_its_file(
    cast: Cast, csm: Client, targets: dict[str, str]
) -> None:
    row = kept(cast)
    csm.post(path_to(cast, targets["risk"]), {"file": [str(row.pk)]})
    with tenant_scope(cast.tenant.pk):
        operations.delete_file(file=row, now=NOW)
        assert queries.get_attachments(kind="risk", row_ids=[targets["risk"][5:]]) == {}
        operations.purge_files(now=NOW + WEEK + timedelta(days=1))
        assert not Attachment.objects.exists()
    assert rows(cast) == []


def test_attachments_of_many_rows_take_one_query(cast: Cast, csm: Client) -> None:
    row = kept(cast)
    with tenant_scope(cast.tenant.pk):
        ids = [make_risk(cast, f"Risk {number}").pk for number in range(20)]
        for one in ids:
            target = queries.get_target(key=f"risk:{one}")
            assert target is not None
            operations.attach_file(file=row, to=target, by=cast.csm)
        with CaptureQueriesContext(connection) as captured:
            found = queries.get_attachments(kind="risk", row_ids=ids)
    assert len(captured) == 1
    assert {len(files) for files in found.values()} == {1}

    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(20):
                make_risk(cast, f"More {number}")

    assert_same_queries(csm, at(cast, "risks/"), grow)


def test_a_file_page_costs_the_same_for_many(
    cast: Cast, csm: Client, targets: dict[str, str]
) -> None:
    row = kept(cast)
    csm.post(path_to(cast, targets["risk"]), {"file": [str(row.pk)]})

    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(20):
                target = queries.get_target(key=f"risk:{make_risk(cast, str(number)).pk}")
                assert target is not None
                operations.attach_file(
                    file=StoredFile.objects.get(pk=row.pk), to=target, by=cast.csm
                )

    assert_same_queries(csm, cast.at(f"files/{row.pk}/"), grow)
    with tenant_scope(cast.tenant.pk):
        assert QuickWin.objects.count() == 1


def test_a_file_goes_with_a_note(cast: Cast, csm: Client, lead: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        note = operations.write_note(
            engagement=cast.engagement, fields={"text": "They want it by May"}, by=cast.csm
        )
    row = kept(cast, name="mail.txt", content=b"mail", shared=True)
    csm.post(path_to(cast, f"note:{note.pk}"), {"file": [str(row.pk)]})
    address = f"files/{row.pk}/download/"
    assert address in csm.get(at(cast, "timeline/")).content.decode()
    # The note is not for the customer's side, so nothing is said of what goes with it either.
    assert address not in lead.get(at(cast, "timeline/")).content.decode()
    assert lead.get(path_to(cast, f"note:{note.pk}")).status_code == 404


def test_the_customers_page_shows_its_newest_files(cast: Cast, csm: Client, lead: Client) -> None:
    kept(cast)
    path = cast.at(f"customers/{cast.customer.pk}/")
    assert "report.pdf" in csm.get(path).content.decode()
    assert "report.pdf" not in lead.get(path).content.decode()
