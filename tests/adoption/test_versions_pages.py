"""The pages of versions, comparison and history, as each role has them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from adoption import operations
from adoption.models import Baseline, Plan, PlanChange, WorkPackage
from rendering.spreadsheets import read_table
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.adoption.test_versions import bring_in, durations, longer
from tests.factories import Cast
from tests.pages import assert_same_queries

NOW = datetime.now(UTC)
TODAY = NOW.date()


@pytest.fixture
def plan(cast: Cast) -> Plan:
    with tenant_scope(cast.tenant.pk):
        return bring_in(cast.engagement)


@pytest.fixture
def csm(cast: Cast) -> Client:
    return cast.browser(cast.csm)


def at(cast: Cast, page: str) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/plan/{page}")


def text_of(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_empty_pages_teach_what_they_are_for(cast: Cast, csm: Client) -> None:
    assert "A baseline keeps a plan as it was agreed" in text_of(csm, at(cast, "versions/"))
    assert "No plan yet" in text_of(csm, at(cast, "compare/"))
    assert "Nothing was changed yet" in text_of(csm, at(cast, "history/"))
    for name in ("versions.csv", "compare.csv", "history.csv"):
        assert csm.get(at(cast, name)).status_code == 404


def test_a_baseline_is_taken_chosen_deleted_and_brought_back(
    cast: Cast, csm: Client, plan: Plan
) -> None:
    taking = at(cast, "versions/baseline/")
    assert csm.post(taking, {"name": "Agreed"}, follow=True).status_code == 200
    again = csm.post(taking, {"name": "Agreed"})
    assert "There is a baseline of this name already" in again.content.decode()
    csm.post(taking, {"name": "Second"})
    with tenant_scope(cast.tenant.pk):
        first, second = Baseline.objects.get(name="Agreed"), Baseline.objects.get(name="Second")
    csm.post(cast.at(f"plan/baselines/{second.pk}/choose/"))
    deleted = csm.post(cast.at(f"plan/baselines/{second.pk}/delete/"), follow=True)
    assert f"/plan/baselines/{second.pk}/restore/?choose=1" in deleted.content.decode()
    assert "Second</a>" not in deleted.content.decode()
    csm.post(cast.at(f"plan/baselines/{second.pk}/restore/?choose=1"))
    with tenant_scope(cast.tenant.pk):
        assert list(Baseline.objects.filter(chosen=True)) == [second]
        longer(plan, "3", 5, cast)
    rows = read_table(csm.get(at(cast, "versions.csv")).content).rows
    assert [row.cells["live_finish_later_days"] for row in rows] == ["2.0", "2.0"]
    compared = text_of(csm, f"{at(cast, 'compare/')}?before={first.pk}&after=live")
    assert (
        "The finish moved 2 working days later, because Train goes on 2 working days longer."
        in (compared)
    )


def test_the_customers_member_reads_versions_and_tries_nothing(cast: Cast, plan: Plan) -> None:
    with tenant_scope(cast.tenant.pk):
        baseline = operations.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        what_if = operations.make_what_if(plan=plan, name="Secret try", by=cast.csm, now=NOW)
    member = cast.browser(cast.member)
    page = text_of(member, at(cast, "versions/"))
    assert "Agreed" in page
    assert "Secret try" not in page
    assert "Secret try" not in text_of(member, at(cast, "compare/"))
    assert (
        member.get(f"{at(cast, 'compare.csv')}?before=live&after={what_if.pk}").status_code == 404
    )
    assert member.get(cast.at(f"plan/what-ifs/{what_if.pk}/")).status_code == 403
    for path in (f"plan/baselines/{baseline.pk}/delete/", f"plan/what-ifs/{what_if.pk}/take-over/"):
        assert member.post(cast.at(path)).status_code == 403


def test_what_is_tried_stays_on_the_copy_until_it_is_taken_over(
    cast: Cast, csm: Client, plan: Plan
) -> None:
    made = csm.post(at(cast, "versions/what-if/"), {"name": "Two trainers"}, follow=True)
    path = made.redirect_chain[-1][0]
    assert "Both are the same." in made.content.decode()
    wrong = csm.post(path, {"length-3": "soon"})
    assert "Nothing was changed." in wrong.content.decode()
    tried = csm.post(path, {"length-3": "1d", "length-1": "2d", "drop-2": "on"}, follow=True)
    assert "The finish moved 4 working days earlier" in tried.content.decode()
    with tenant_scope(cast.tenant.pk):
        assert durations(plan) == {"1": 2, "2": 1, "3": 3}
        longer(plan, "3", 6, cast)
    asked = csm.post(f"{path}take-over/")
    assert "The plan was changed in the same places since" in asked.content.decode()
    assert "3 takes 6 days" in asked.content.decode()
    csm.post(f"{path}take-over/", {"anyway": "1"})
    with tenant_scope(cast.tenant.pk):
        assert durations(plan) == {"1": 2, "3": 1}
        assert PlanChange.objects.filter(plan=plan, kind="taken_over").count() == 1
    assert csm.get(path).status_code == 404


def test_a_dropped_what_if_comes_back_by_undo(cast: Cast, csm: Client, plan: Plan) -> None:
    with tenant_scope(cast.tenant.pk):
        what_if = operations.make_what_if(plan=plan, name="Try", by=cast.csm, now=NOW)
    path = cast.at(f"plan/what-ifs/{what_if.pk}/")
    dropped = csm.post(f"{path}drop/", follow=True).content.decode()
    assert f"{path}restore/" in dropped
    assert csm.get(path).status_code == 404
    csm.post(f"{path}restore/")
    assert csm.get(path).status_code == 200


def test_history_names_who_changed_what_and_offers_undo(
    cast: Cast, csm: Client, plan: Plan
) -> None:
    with tenant_scope(cast.tenant.pk):
        longer(plan, "3", 5, cast)
        package = WorkPackage.objects.get(plan=plan, uid="3")
        other = WorkPackage.objects.get(plan=plan, uid="1")
        change = PlanChange.objects.get(plan=plan)
    page = text_of(csm, at(cast, "history/"))
    assert "3 takes 5 days" in page
    assert f"/plan/changes/{change.pk}/undo/" in page
    assert "3 takes 5 days" in text_of(csm, f"{at(cast, 'history/')}?package={package.pk}")
    assert "No change of this kind" in text_of(csm, f"{at(cast, 'history/')}?package={other.pk}")
    assert "No change of this kind" in text_of(csm, f"{at(cast, 'history/')}?person={cast.lead.pk}")
    rows = read_table(csm.get(at(cast, "history.csv")).content).rows
    assert [(row.cells["by"], row.cells["what"]) for row in rows] == [("Csm", "3 takes 5 days")]
    assert "/undo/" not in text_of(cast.browser(cast.member), at(cast, "history/"))
    with tenant_scope(cast.tenant.pk):
        actions = AuditEntry.objects.filter(action__endswith="exported")
        assert list(actions.values_list("action", flat=True)) == ["plan_history.exported"]


def test_pages_cost_the_same_however_long_they_are(cast: Cast, csm: Client, plan: Plan) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        longer(plan, "3", 5, cast)
        what_if = operations.make_what_if(plan=plan, name="Try", by=cast.csm, now=NOW)
        longer(what_if, "3", 9, cast)

    def more() -> None:
        with tenant_scope(cast.tenant.pk):
            number = Baseline.objects.count()
            operations.take_baseline(plan=plan, name=f"B {number}", by=cast.csm, now=NOW)
            operations.make_what_if(plan=plan, name=f"W {number}", by=cast.csm, now=NOW)
            fields: dict[str, Any] = {"plan": what_if, "by": cast.csm, "now": NOW}
            for name in ("one", "two", "three"):
                operations.add_package(name=f"{name} {number}", **fields)
            longer(plan, "3", 5 + number, cast)

    assert_same_queries(csm, at(cast, "versions/"), more)
    assert_same_queries(csm, f"{at(cast, 'compare/')}?before=live&after={what_if.pk}", more)
    assert_same_queries(csm, at(cast, "history/"), more)
    assert_same_queries(csm, cast.at(f"plan/what-ifs/{what_if.pk}/"), more)


def test_the_plan_page_says_what_changed_since_last_week(
    cast: Cast, csm: Client, plan: Plan
) -> None:
    sunday = TODAY - timedelta(days=14 + TODAY.isoweekday() % 7)
    with tenant_scope(cast.tenant.pk):
        operations.keep_versions(business_date=sunday, now=NOW)
        longer(plan, "3", 5, cast)
    page = text_of(csm, at(cast, ""))
    assert "What changed since" in page
    assert "The finish moved 2 working days later" in page
