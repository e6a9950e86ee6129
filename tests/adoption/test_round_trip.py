# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""A plan with everything in it goes out, comes in, and goes out again as the same bytes."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from adoption import exports, operations
from adoption.adapters import read_plan
from adoption.imports import import_plan, preview_plan
from adoption.models import Assignment, Plan, Resource, WorkPackage
from adoption.operations.staging import stage_plan
from adoption.queries.plan_files import get_plan_file
from adoption.scheduling.terms import ANY_TIME, DayRule, Terms, terms_to_json
from engagements.models import Engagement, ImpactGroup
from tenancy.scope import Realm, tenant_scope
from tests.adoption.test_plan_files import LINKS, plan_file
from tests.factories import Cast, make_engagement

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
START = datetime(2026, 1, 5, 8)
EVENINGS = Terms(
    week=(((1020, 1200),),) * 3 + ((), ((480, 720),), (), ()),
    region="NO",
    rules=(DayRule(date(2026, 1, 14), date(2026, 1, 16), (), "Away"),),
)
AWAY = Terms(ANY_TIME.week, rules=(DayRule(date(2026, 1, 6), date(2026, 1, 7), (), "Fair; “A”"),))
PLAN_TERMS = Terms(
    region="DE-BY",
    rules=(
        DayRule(date(2026, 1, 10), date(2026, 1, 10), ((480, 720),), "Move"),
        DayRule(date(2026, 12, 24), date(2026, 12, 31), (), "Closed"),
    ),
    name="Standard",
)


def written(engagement: Engagement) -> dict[str, bytes]:
    file = get_plan_file(engagement_id=engagement.pk)
    assert file is not None
    return {
        "plan.xml": b"".join(exports.plan_xml(file)),
        "plan.xlsx": exports.plan_xlsx(file),
        "plan.csv": exports.plan_csv(file),
    }


def bring_in(engagement: Engagement, content: bytes, name: str, **more: Any) -> Plan:
    engagement = Engagement.objects.select_related("customer").get(pk=engagement.pk)
    return import_plan(
        engagement=engagement,
        source=io.BytesIO(content),
        file_name=name,
        imported_by=None,
        now=NOW,
        **more,
    )


def full_plan(cast: Cast) -> Plan:
    """Every field, link, calendar and resource that a plan can have."""
    ImpactGroup.objects.create(
        engagement=cast.engagement, customer=cast.customer, name="Night crews", size=3
    )
    file = plan_file(PLAN_TERMS.calendar(around=START.date()))
    content = b"".join(exports.plan_xml(file))
    plan = bring_in(cast.engagement, content, "plan.xml")
    plan.calendar |= {"terms": terms_to_json(PLAN_TERMS)}
    plan.save()
    add = operations.add_resource
    ada = add(
        engagement=plan.engagement,
        fields={"name": "Ada Weaver", "kind": "person", "capacity": Decimal("0.5")},
        terms=AWAY,
    )
    room = add(engagement=plan.engagement, fields={"name": 'Room "1"; × 2', "kind": "place"})
    shared = add(engagement=None, fields={"name": "Van", "kind": "place", "capacity": Decimal(2)})
    add(engagement=plan.engagement, fields={"name": "Night crew", "kind": "role"}, terms=EVENINGS)
    message = WorkPackage.objects.get(plan=plan, uid="7")
    for resource, units in ((ada, "0.25"), (room, "1"), (shared, "12.5")):
        operations.assign_resource(
            package=message, resource=resource, units=Decimal(units), now=NOW
        )
    return plan


@pytest.mark.parametrize("name", ["plan.xml", "plan.xlsx", "plan.csv"])
def test_out_in_and_out_again_are_the_same_bytes(cast: Cast, name: str) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = full_plan(cast)
        first = written(cast.engagement)
        before = list(WorkPackage.objects.filter(plan=plan).values())
        bring_in(cast.engagement, first[name], name)
        assert written(cast.engagement) == first
        assert list(WorkPackage.objects.filter(plan=plan).values()) == before
        assert Assignment.objects.count() == 3


@pytest.mark.parametrize("name", ["plan.xml", "plan.xlsx"])
def test_another_engagement_is_given_the_same_plan(cast: Cast, name: str) -> None:
    with tenant_scope(cast.tenant.pk):
        full_plan(cast)
        first = written(cast.engagement)
        other = make_engagement(cast.customer, "HALDEN-2")
        ImpactGroup.objects.create(
            engagement=other, customer=cast.customer, name="Night crews", size=3
        )
        bring_in(other, first[name], name)
        assert written(other) == first
        assert Resource.objects.filter(engagement=None).count() == 1


def test_the_preview_names_who_is_new_and_what_is_not_taken(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        full_plan(cast)
        first = written(cast.engagement)
        other = cast.second_engagement
        seen = preview_plan(
            engagement=other, content=first["plan.xlsx"], file_name="plan.xlsx", names=None, now=NOW
        )
        plan = bring_in(other, first["plan.xlsx"], "plan.xlsx")
    assert seen.new_resources == ("Ada Weaver", "Night crew", 'Room "1"; × 2')
    assert "Impact groups that are not known here: Night crews." in seen.plan_file.warnings
    # Ada is away on Tuesday and Wednesday; whoever looked was told so.
    assert (seen.start, seen.finish) == (plan.start, plan.finish)


def test_a_file_that_says_nothing_of_needs_leaves_them(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        full_plan(cast)
        lines = written(cast.engagement)["plan.csv"].decode("utf-8-sig").replace("needs", "mood")
        bring_in(cast.engagement, lines.encode(), "plan.csv")
        assert Assignment.objects.count() == 3


def test_what_somebody_may_not_see_is_neither_told_nor_taken_away(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        full_plan(cast)
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        theirs = written(cast.engagement)
        bring_in(cast.engagement, theirs["plan.xlsx"], "plan.xlsx")
        assert written(cast.engagement) == theirs
    assert b"Van" not in theirs["plan.csv"] + theirs["plan.xml"]
    with tenant_scope(cast.tenant.pk):
        assert Assignment.objects.filter(resource__name="Van").count() == 1


def test_a_project_file_brings_who_does_its_work(cast: Cast) -> None:
    xml = b"""<Project xmlns="http://schemas.microsoft.com/project">
    <StartDate>2026-01-05T08:00:00</StartDate><CalendarUID>1</CalendarUID>
    <Tasks><Task><UID>1</UID><Name>Train</Name><OutlineLevel>1</OutlineLevel>
    <Duration>PT8H0M0S</Duration></Task></Tasks>
    <Resources><Resource><UID>1</UID><Name>Ada</Name><Type>1</Type><MaxUnits>2</MaxUnits>
    </Resource><Resource><UID>2</UID><Name>Chalk</Name><Type>0</Type></Resource></Resources>
    <Assignments><Assignment><TaskUID>1</TaskUID><ResourceUID>1</ResourceUID><Units>1.5</Units>
    </Assignment><Assignment><TaskUID>1</TaskUID><ResourceUID>2</ResourceUID></Assignment>
    </Assignments></Project>"""
    read = read_plan(io.BytesIO(xml), "plan.xml")
    assert "Material and cost resources are not taken: Chalk." in read.warnings
    with tenant_scope(cast.tenant.pk):
        bring_in(cast.engagement, xml, "plan.xml")
        row = Assignment.objects.select_related("resource").get()
        assert (row.resource.name, row.resource.capacity, row.units) == ("Ada", 2, Decimal("1.5"))


def test_resources_that_never_meet_are_refused_and_nothing_is_kept(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        full_plan(cast)
        first = written(cast.engagement)["plan.csv"].decode("utf-8-sig")
        operations.add_resource(
            engagement=cast.engagement,
            fields={"name": "Sunday"},
            terms=Terms(week=((),) * 6 + (((480, 720),),)),
        )
        with pytest.raises(ValueError, match=r"needs is never there together|too little"):
            bring_in(
                cast.engagement,
                first.replace("Ada Weaver × 0.25", "Night crew; Sunday").encode(),
                "plan.csv",
            )
        assert Assignment.objects.filter(resource__name="Ada Weaver").exists()


def test_a_file_may_be_looked_at_before(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        full_plan(cast)
        content = written(cast.engagement)["plan.xml"]
        staged = stage_plan(
            engagement=cast.engagement,
            file_name="p.xml",
            content=content,
            names=None,
            by=cast.csm,
            now=NOW,
        )
        seen = preview_plan(
            engagement=cast.engagement, content=content, file_name="p.xml", names=None, now=NOW
        )
    assert staged.pk
    assert seen.replacement is not None
    assert (seen.replacement.moved, seen.replacement.changed) == ((), ())
    assert len(LINKS) == len(seen.plan_file.links)
