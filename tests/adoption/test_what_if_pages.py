"""A copy of a plan is edited like the plan, at addresses that say which of the two they mean."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from adoption import operations
from adoption.models import Plan, PlanChange, WorkPackage
from tenancy.scope import tenant_scope
from tests.adoption.test_outline import SWAP, TABLE, bring
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def copy(cast: Cast) -> Plan:
    bring(cast, TABLE)
    with tenant_scope(cast.tenant.pk):
        return operations.make_what_if(plan=Plan.objects.get(), name="Try", by=cast.csm, now=NOW)


@pytest.fixture
def at(cast: Cast, copy: Plan) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/plan/") + f"?what_if={copy.pk}"


def rows_of(cast: Cast, plan: Plan) -> dict[str, int]:
    with tenant_scope(cast.tenant.pk):
        rows = WorkPackage.objects.filter(plan=plan)
        return {row.name: row.duration // 480 for row in rows if not row.is_summary}


def rows_of_plan(cast: Cast) -> dict[str, int]:
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get()
    return rows_of(cast, plan)


def address(cast: Cast, copy: Plan, step: str, rest: str = "") -> str:
    with tenant_scope(cast.tenant.pk):
        row = WorkPackage.objects.get(plan=copy, name=step)
    return cast.at(f"plan/packages/{row.pk}/{rest}")


def test_the_outline_of_a_copy_changes_the_copy(
    cast: Cast, csm: Client, copy: Plan, at: str
) -> None:
    before = rows_of_plan(cast)
    page = csm.get(at)
    assert "You are trying “Try”" in page.content.decode()
    # Every way to ask for other rows stays with the copy.
    assert f"?what_if={copy.pk}&amp;show=critical" in page.content.decode()
    plan_at, here = at.split("?")
    typed: dict[str, Any] = {"field": "duration", "value": "9d", "sure": "1", "at": here}
    swapped = csm.post(address(cast, copy, "Design", "cell/"), typed, **SWAP)
    assert "You are trying “Try”" in swapped.content.decode()
    csm.post(f"{plan_at}rows/new/", {"name": "Rehearse; 2d", "at": here}, **SWAP)
    csm.post(f"{plan_at}rows/paste/", {"text": "Breathe\t1d", "at": here, "sure": "1"}, **SWAP)
    changed = rows_of(cast, copy)
    assert (changed["Design"], changed["Rehearse"], changed["Breathe"]) == (9, 2, 1)
    assert rows_of_plan(cast) == before
    # Without script, and without saying where from: the row alone says which plan it is in.
    moved = csm.post(address(cast, copy, "Beside", "move/"), {"direction": "up"})
    assert f"what_if={copy.pk}" in moved["Location"]
    undone = csm.post(f"{plan_at}undo/", {"at": here})
    assert f"what_if={copy.pk}" in undone["Location"]
    with tenant_scope(cast.tenant.pk):
        assert not PlanChange.objects.filter(plan__what_if_of=None).exists()
        assert PlanChange.objects.filter(plan=copy).count() == 5
    assert csm.get(f"{plan_at}outline.csv?{here}").content.count(b"Rehearse") == 1
    assert csm.get(f"{plan_at}outline.csv").content.count(b"Rehearse") == 0


def test_a_package_of_a_copy_changes_the_copy(cast: Cast, csm: Client, copy: Plan, at: str) -> None:
    before = rows_of_plan(cast)
    opened = csm.get(address(cast, copy, "Design"))
    assert "You are trying “Try”" in opened.content.decode()
    assert at in opened.content.decode()
    shown = {field.html_name: field.value() for field in opened.context["form"]}
    form = {key: "" if value is None else value for key, value in shown.items()}
    csm.post(address(cast, copy, "Design"), form | {"duration": "7d", "sure": "1"})
    csm.post(address(cast, copy, "Beside", "progress/"), {"progress-percent": "50", "sure": "1"})
    assert rows_of(cast, copy)["Design"] == 7
    assert rows_of_plan(cast) == before
    with tenant_scope(cast.tenant.pk):
        assert WorkPackage.objects.get(plan=copy, name="Beside").percent == 50
        assert WorkPackage.objects.get(plan__what_if_of=None, name="Beside").percent == 0
    refused = csm.post(address(cast, copy, "Design", "comments/"), {"text": "Lost with the copy"})
    assert refused.status_code == 403


def test_a_copy_is_shown_to_whoever_may_change_the_plan(cast: Cast, copy: Plan, at: str) -> None:
    member, lead = cast.browser(cast.member), cast.browser(cast.lead)
    assert lead.get(at).status_code == 200
    assert member.get(at).status_code == 403
    assert member.get(address(cast, copy, "Design")).status_code == 404
    assert cast.browser(cast.stranger).get(at).status_code == 404
    package = address(cast, copy, "Design")
    with tenant_scope(cast.tenant.pk):
        operations.drop_what_if(what_if=copy, now=NOW)
    assert lead.get(at).status_code == 404
    assert lead.get(package).status_code == 404
    assert lead.get(f"{at.split('?')[0]}?what_if=nonsense").status_code == 404
