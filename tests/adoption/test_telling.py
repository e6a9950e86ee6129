"""Who hears of baselines, what-ifs and packages that move."""

from datetime import UTC, date, datetime

import pytest

from adoption import operations
from adoption.models import Plan, WorkPackage
from engagements.models import Stakeholder
from notifications.models import Notification
from notifications.queries import group_of
from people.models import User
from tenancy.scope import tenant_scope
from tests.adoption.test_versions import LINE, bring_in
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    with tenant_scope(cast.tenant.pk):
        operations.make_plan(
            engagement=cast.engagement, name="Plan", start=date(2026, 11, 23),
            text="Design; 5d\nTrain; 5d\nLaunch; 1d", by=cast.csm, now=NOW,
        )  # fmt: skip
        return Plan.objects.select_related("engagement__customer", "customer").get()


def own(plan: Plan, name: str, **owner: object) -> None:
    package = WorkPackage.objects.get(plan=plan, name=name)
    operations.change_package(plan=plan, package=package, fields=owner, by=None, now=NOW)


def lengthen(plan: Plan, days: int, by: User) -> None:
    package = WorkPackage.objects.get(plan=plan, name="Design")
    operations.change_package(
        plan=plan, package=package, fields={"duration": days * 480}, by=by, now=NOW
    )


def told(kind: str) -> dict[str, str]:
    rows = Notification.objects.filter(kind=kind).select_related("user")
    return {row.user.email.partition("@")[0]: row.text for row in rows}


def test_owners_hear_of_it_when_somebody_else_moves_their_packages(cast: Cast, plan: Plan) -> None:
    with tenant_scope(cast.tenant.pk):
        person = Stakeholder.objects.create(
            customer=cast.customer, name="Lead", email=cast.lead.email.upper()
        )
        own(plan, "Train", owner_member=cast.member)
        own(plan, "Launch", owner_stakeholder=person)
        lengthen(plan, 6, cast.csm)
        assert told("package.moved") == {}
        lengthen(plan, 9, cast.csm)
        assert set(told("package.moved")) == {"member", "lead"}
        assert told("package.moved")["lead"].startswith(
            "Halden: work packages of yours move by more than a day. Csm: "
        )
        lengthen(plan, 12, cast.member)
        told_of = [Notification.objects.filter(user=one) for one in (cast.member, cast.lead)]
        assert [rows.count() for rows in told_of] == [1, 2]
    assert group_of("package.moved") == "yours"


def test_what_is_done_or_only_tried_moves_nobody(cast: Cast, plan: Plan) -> None:
    with tenant_scope(cast.tenant.pk):
        own(plan, "Train", owner_member=cast.member)
        copy = operations.make_what_if(plan=plan, name="Later", by=cast.csm, now=NOW)
        lengthen(copy, 12, cast.csm)
        assert told("package.moved") == {}
        operations.take_over(what_if=copy, by=cast.csm, now=NOW)
        assert set(told("package.moved")) == {"member"}
        assert told("what_if.taken_over") == {
            "lead": "Halden: Csm took over the what-if “Later”, finish 16 Dec 2026."
        }


def test_owners_hear_of_it_when_a_file_moves_their_packages(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        step = WorkPackage.objects.get(plan=plan, uid="3")
        fields = {"owner_member": cast.member}
        operations.change_package(plan=plan, package=step, fields=fields, by=None, now=NOW)
        bring_in(cast.engagement)
        assert told("package.moved") == {}
        bring_in(cast.engagement, LINE.replace(b"Train,3d", b"Train,6d"))
        assert set(told("package.moved")) == {"member"}
        assert "Plan replaced by plan.csv" in told("package.moved")["member"]


def test_whoever_plans_there_hears_of_a_baseline(cast: Cast, plan: Plan) -> None:
    with tenant_scope(cast.tenant.pk):
        cast.engagement.csm = cast.csm
        cast.engagement.save()
        plan.engagement.refresh_from_db()
        operations.take_baseline(plan=plan, name="Agreed", by=cast.lead, now=NOW)
        assert set(told("baseline.set")) == {"csm"}
        assert "set the baseline “Agreed”" in told("baseline.set")["csm"]
