"""The page of a work package: its fields, links, progress, checklist and comments."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from adoption import operations
from adoption.models import CheckItem, Dependency, PackageComment, WorkPackage
from engagements.operations import name_stakeholder
from notifications.models import Notification
from tenancy.scope import tenant_scope
from tests.adoption.test_outline import SWAP, TABLE, bring, package_at, row_of
from tests.factories import Cast
from tests.pages import MOST_QUERIES, error_beside, queries_of

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def plan(cast: Cast) -> None:
    bring(cast, TABLE)


def filled(cast: Cast, browser: Client, step: str, /, **fields: Any) -> dict[str, Any]:
    """The package's form as the page shows it, with some of it filled in differently."""
    form = browser.get(package_at(cast, step)).context["form"]
    shown = {field.html_name: field.value() for field in form}
    return {key: "" if value is None else value for key, value in (shown | fields).items()}


def test_everything_about_a_package_is_filled_in(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        ana = name_stakeholder(customer=cast.customer, name="Ana")
    form = filled(
        cast,
        csm,
        "Beside",
        deliverable="A list",
        acceptance_test="Two people read it",
        person=f"stakeholder:{ana.pk}",
        kind="training",
        budget="1200",
        optimistic="0.5d",
        pessimistic="3d",
    )
    assert csm.post(package_at(cast, "Beside"), form).status_code == 302
    row = row_of(cast, "Beside")
    assert (row.deliverable, row.kind) == ("A list", "training")
    assert row.budget == Decimal(1200)
    assert (row.owner_stakeholder_id, row.optimistic, row.pessimistic) == (ana.pk, 240, 1440)
    page = csm.get(package_at(cast, "Beside")).content.decode()
    for words in ("A list", "Ana", "It waits for nothing and begins with the plan", "Undo"):
        assert words in page


def test_a_longer_duration_is_asked_about_first(cast: Cast, csm: Client) -> None:
    form = filled(cast, csm, "Design", duration="8d")
    page = csm.post(package_at(cast, "Design"), form).content.decode()
    assert "3 working days later" in page
    assert row_of(cast, "Design").duration == 5 * 480
    csm.post(package_at(cast, "Design"), form | {"sure": "1"})
    assert row_of(cast, "Design").duration == 8 * 480


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("duration", "soon", "duration"),
        ("name", "", "name"),
        ("constraint", "SNET", "constraint_day"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field(
    cast: Cast, csm: Client, field: str, value: str, beside: str
) -> None:
    form = filled(cast, csm, "Beside", **{field: value})
    assert error_beside(csm.post(package_at(cast, "Beside"), form), beside)


def test_the_second_editor_hears_of_the_first(cast: Cast, csm: Client) -> None:
    mine = filled(cast, csm, "Beside", deliverable="Mine")
    theirs = filled(cast, csm, "Beside", deliverable="Theirs", kind="support")
    csm.post(package_at(cast, "Beside"), theirs)
    told = csm.post(package_at(cast, "Beside"), mine)
    assert "Theirs" in error_beside(told, "deliverable")
    assert row_of(cast, "Beside").deliverable == "Theirs"


def test_links_are_made_changed_and_taken_away(cast: Cast, csm: Client) -> None:
    design, beside = row_of(cast, "Design"), row_of(cast, "Beside")
    url = package_at(cast, "Beside", "links/")
    sent = {"link-other": design.pk, "link-type": "FS", "link-lag": "1d", "sure": "1"}
    csm.post(url, sent)
    with tenant_scope(cast.tenant.pk):
        link = Dependency.objects.get(after=beside)
    assert (link.before_id, link.lag) == (design.pk, 480)
    assert "begins when it is finished" in csm.get(package_at(cast, "Beside")).content.decode()
    change = cast.at(f"plan/links/{link.pk}/")
    csm.post(change, {"type": "SS", "lag": "-3h", "sure": "1"})
    with tenant_scope(cast.tenant.pk):
        link.refresh_from_db()
    assert (link.type, link.lag) == ("SS", -180)
    csm.post(change, {"act": "remove", "sure": "1"})
    with tenant_scope(cast.tenant.pk):
        assert not Dependency.objects.filter(after=beside).exists()


def test_a_circle_is_refused_by_its_names(cast: Cast, csm: Client) -> None:
    sent = {"link-other": row_of(cast, "Launch").pk, "link-type": "FS", "link-lag": ""}
    page = csm.post(package_at(cast, "Design", "links/"), sent, follow=True).content.decode()
    assert "Design" in page.split('id="toasts"')[1]
    with tenant_scope(cast.tenant.pk):
        assert Dependency.objects.count() == 2


def test_progress_is_reported_and_a_click_completes(cast: Cast, csm: Client) -> None:
    url = package_at(cast, "Design", "progress/")
    csm.post(url, {"progress-percent": "40", "progress-actual_start": "2026-06-15", "sure": "1"})
    assert round(row_of(cast, "Design").done_percent) == 40
    wrong = csm.post(url, {"progress-percent": "140"}, follow=True).content.decode()
    assert "100" in wrong.split('id="toasts"')[1]
    csm.post(package_at(cast, "Prepare", "complete/"))
    assert row_of(cast, "Approve").done_percent == 100
    assert "It is done" not in csm.get(package_at(cast, "Approve")).content.decode()


def test_a_checklist_is_ticked_and_talked_about(cast: Cast, csm: Client) -> None:
    csm.post(package_at(cast, "Design", "checklist/"), {"text": "Read by two"})
    with tenant_scope(cast.tenant.pk):
        item = CheckItem.objects.get()
    tick = cast.at(f"plan/items/{item.pk}/")
    csm.post(tick)
    assert "1 of 1" in csm.get(package_at(cast, "Design")).content.decode()
    csm.post(tick)
    csm.post(package_at(cast, "Design", "comments/"), {"text": "Looks good"})
    page = csm.get(package_at(cast, "Design")).content.decode()
    assert "0 of 1" in page
    assert "Looks good" in page
    gone = csm.post(tick, {"act": "remove"}, follow=True).content.decode()
    assert f"{tick}?undo=1" in gone
    assert "Read by two" not in gone.split('id="checklist"')[1].split("</section>")[0]
    back = csm.post(f"{tick}?undo=1", follow=True).content.decode()
    assert "0 of 1" in back


def test_whoever_is_mentioned_in_a_comment_hears_of_it(cast: Cast, csm: Client) -> None:
    at = package_at(cast, "Design", "comments/")
    csm.post(at, {"text": "@manager and @lead, is <b>this</b> right?"})
    with tenant_scope(cast.tenant.pk):
        told = Notification.objects.filter(kind="mention.made").select_related("user")
        assert {row.user for row in told} == {cast.manager, cast.lead}
        assert {row.url for row in told} == {package_at(cast, "Design")}
        comment = PackageComment.objects.get()
    page = csm.get(package_at(cast, "Design")).content.decode()
    assert "<b>@Manager</b> and <b>@Lead</b>, is &lt;b&gt;this&lt;/b&gt; right?" in page
    taken = cast.at(f"plan/comments/{comment.pk}/")
    assert f"{taken}?undo=1" in csm.post(taken, follow=True).content.decode()
    with tenant_scope(cast.tenant.pk):
        assert not PackageComment.objects.exists()
    assert cast.browser(cast.manager).post(f"{taken}?undo=1").status_code == 403
    csm.post(f"{taken}?undo=1")
    with tenant_scope(cast.tenant.pk):
        assert PackageComment.objects.get().text == comment.text


def test_a_package_stands_beside_the_outline(cast: Cast, csm: Client) -> None:
    beside = csm.get(package_at(cast, "Design"), **SWAP).content.decode()
    assert "<html" not in beside
    assert 'id="side-title"' in beside
    assert "It waits for nothing and begins with the plan" in beside
    csm.post(package_at(cast, "Design", "checklist/"), {"text": "Read by two"}, **SWAP)
    row = row_of(cast, "Design")
    ticked = csm.get(package_at(cast, "Design"), **SWAP).content.decode()
    # The count in the outline follows.
    assert f'id="counts-{row.pk}" hx-swap-oob="true"' in ticked
    assert "✓ 0/1" in ticked


def test_a_member_of_the_customer_does_their_own(cast: Cast) -> None:
    member = cast.browser(cast.member)
    refused = member.post(package_at(cast, "Beside", "complete/"))
    assert refused.status_code == 403
    assert "belongs to somebody else" in refused.content.decode()
    assert "belongs to somebody else" in member.get(package_at(cast, "Beside")).content.decode()
    with tenant_scope(cast.tenant.pk):
        row = WorkPackage.objects.get(name="Beside")
        own = name_stakeholder(customer=cast.customer, name="Me", email=cast.member.email)
        WorkPackage.objects.filter(pk=row.pk).update(owner_stakeholder=own)
    assert "It is done" in member.get(package_at(cast, "Beside")).content.decode()
    assert member.post(package_at(cast, "Beside", "complete/")).status_code == 302
    assert row_of(cast, "Beside").done_percent == 100
    assert member.post(package_at(cast, "Design"), {"name": "X"}).status_code == 403
    assert member.post(package_at(cast, "Design", "comments/"), {"text": "Hm"}).status_code == 302
    with tenant_scope(cast.tenant.pk):
        comment = PackageComment.objects.get()
    taken = cast.at(f"plan/comments/{comment.pk}/")
    assert cast.browser(cast.lead).post(taken).status_code == 403
    assert member.post(taken).status_code == 302


def test_a_package_costs_the_same_whatever_stands_around_it(cast: Cast, csm: Client) -> None:
    url = package_at(cast, "Design")
    queries_of(csm, url)
    before = queries_of(csm, url)
    with tenant_scope(cast.tenant.pk):
        row = WorkPackage.objects.get(name="Design")
        for n in range(5):
            operations.add_check_item(package=row, text=f"Check {n}", by=cast.csm, now=NOW)
            operations.comment_on_package(package=row, text=f"Word {n}", by=cast.csm, now=NOW)
    queries_of(csm, url)
    after = queries_of(csm, url)
    assert after == before
    assert after <= MOST_QUERIES


def test_somebody_elses_package_is_not_found(cast: Cast) -> None:
    assert cast.browser(cast.stranger).get(package_at(cast, "Design")).status_code == 404
