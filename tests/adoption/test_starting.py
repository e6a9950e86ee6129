"""A plan begun like that of another engagement."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from adoption import operations
from adoption.models import CheckItem, Dependency, Plan, WorkPackage
from engagements.models import ImpactGroup
from engagements.operations import name_stakeholder
from tenancy.scope import tenant_scope
from tests.adoption.test_outline import TABLE, bring, row_of
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def source(cast: Cast) -> Plan:
    """A plan with everything, under way, and its start."""
    bring(cast, TABLE)
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get()
        ana = name_stakeholder(customer=cast.customer, name="Ana")
        for engagement in (cast.engagement, cast.second_engagement):
            ImpactGroup.objects.get_or_create(
                customer_id=engagement.customer_id,
                engagement=engagement,
                name="Crews",
                defaults={"size": 9},
            )
        group = ImpactGroup.objects.get(engagement=cast.engagement, name="Crews")
        said: dict[str, Any] = {"plan": plan, "by": cast.csm, "now": NOW}
        design, beside = row_of(cast, "Design"), row_of(cast, "Beside")
        fields = {
            "owner_member": cast.csm,
            "budget": 1200,
            "cost": 900,
            "notes": "They are slow",
            "deliverable": "A list",
            "impact_group": group,
            "deadline_at": plan.start_at.date(),
        }
        operations.change_package(package=design, fields=fields, **said)
        operations.change_package(package=beside, fields={"owner_stakeholder": ana}, **said)
        operations.report_progress(package=design, percent=100, **said)
        item = operations.add_check_item(package=design, text="Read by two", by=None, now=NOW)
        operations.tick_item(item=item, by=cast.csm, now=NOW)
        return Plan.objects.get(pk=plan.pk)


def begun(cast: Cast, csm: Client, source: Plan, **more: str) -> dict[str, WorkPackage]:
    at = cast.at(f"engagements/{cast.second_engagement.pk}/plan/new/like/")
    form = {"source": str(source.pk), "name": "Again", "start": "2027-03-01", **more}
    looked = csm.post(at, form).content.decode()
    assert "5 steps, finished on" in looked
    with tenant_scope(cast.tenant.pk):
        assert Plan.objects.count() == 1
    assert csm.post(at, form | {"act": "make"}).status_code == 302
    with tenant_scope(cast.tenant.pk):
        rows = WorkPackage.objects.filter(plan__engagement=cast.second_engagement)
        return {row.name: row for row in rows.select_related("impact_group", "plan")}


def test_the_work_comes_along_and_what_was_done_does_not(
    cast: Cast, csm: Client, source: Plan
) -> None:
    rows = begun(cast, csm, source)
    assert [str(row) for row in rows.values()][:3] == ["1 Prepare", "1.1 Design", "1.2 Approve"]
    design = rows["Design"]
    assert (design.duration, design.deliverable) == (5 * 480, "A list")
    assert (design.percent, design.actual_finish, design.owner_name) == (0, None, "")
    assert (design.budget, design.cost, design.notes) == (None, None, "")
    assert design.impact_group is not None
    assert design.impact_group.engagement_id == cast.second_engagement.pk
    assert design.deadline_at is not None
    # As many days after the start as it was.
    assert design.deadline_at.date() == design.plan.start_at.date()
    with tenant_scope(cast.tenant.pk):
        links = Dependency.objects.filter(plan=design.plan).values_list("before__name", "lag")
        assert sorted(links) == [("Approve", 0), ("Design", 480)]
        item = CheckItem.objects.get(package=design)
        assert (item.text, item.done_at) == ("Read by two", None)
        assert Plan.objects.get(pk=source.pk).version == source.version
    assert design.plan.calendar["terms"]


def test_people_and_money_come_along_when_asked(cast: Cast, csm: Client, source: Plan) -> None:
    rows = begun(cast, csm, source, with_people="on", with_money="on")
    assert (rows["Design"].owner_member_id, rows["Design"].budget) == (cast.csm.pk, Decimal(1200))
    # Somebody of another customer stays unknown here.
    assert rows["Beside"].owner_name == ""


def test_the_customers_side_copies_its_own_plans_only(cast: Cast, source: Plan) -> None:
    at = cast.at(f"engagements/{cast.second_engagement.pk}/plan/new/like/")
    assert cast.browser(cast.lead).get(at).status_code == 404
    assert cast.browser(cast.executive).get(at).status_code == 403
    own = cast.at(f"engagements/{cast.engagement.pk}/plan/new/like/")
    assert "has a plan already" in cast.browser(cast.lead).get(own).content.decode()
