"""Baselines, what-ifs and weekly copies on the real database."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from adoption import operations, queries
from adoption.imports import import_plan
from adoption.models import (
    Baseline,
    CheckItem,
    Dependency,
    PackageComment,
    Plan,
    PlanChange,
    PlanProgress,
    WorkPackage,
)
from adoption.operations.editing.applying import apply_edit
from adoption.operations.editing.desk import sheet_of
from engagements.models import Engagement, TimelineEntry
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_engagement

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TODAY = date(2026, 11, 18)
SUNDAY = date(2026, 11, 15)
LINE = b"""id,outline,name,duration,predecessors
1,1,Design,2d,
2,2,Approve,1d,1
3,3,Train,3d,2
"""


def bring_in(engagement: Engagement, content: bytes = LINE) -> Plan:
    engagement = Engagement.objects.select_related("customer").get(pk=engagement.pk)
    import_plan(
        engagement=engagement,
        source=io.BytesIO(content),
        file_name="plan.csv",
        imported_by=None,
        now=NOW,
    )
    return Plan.objects.select_related("engagement__customer", "customer").get(
        engagement=engagement
    )


def longer(plan: Plan, uid: str, days: int, cast: Cast) -> None:
    apply_edit(
        plan=plan,
        edit=lambda sheet: sheet.changed({uid: {"duration": days * 480}}),
        kind="changed",
        words=f"{uid} takes {days} days",
        by=cast.csm,
        now=NOW,
    )


def durations(plan: Plan) -> dict[str, int]:
    rows = WorkPackage.objects.filter(plan=plan).values_list("uid", "duration")
    return {uid: minutes // 480 for uid, minutes in rows}


def test_the_first_baseline_is_the_one_the_plan_is_held_against(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        first = operations.take_baseline(plan=plan, name=" Agreed ", by=cast.csm, now=NOW)
        ghosts = queries.get_ghosts(plan_id=plan.pk)
        second = operations.take_baseline(plan=plan, name="Second", by=cast.csm, now=NOW)
        longer(plan, "3", 5, cast)
        shown = queries.get_versions(engagement_id=cast.engagement.pk)
        assert AuditEntry.objects.filter(action="plan.baselined").count() == 2
        assert TimelineEntry.objects.filter(kind="plan.baselined").count() == 2
    assert (first.chosen, second.chosen) == (True, False)
    assert first.name == "Agreed"
    assert set(ghosts) == {"1", "2", "3"}
    assert shown is not None
    assert [(row.name, row.later_days) for row in shown.baselines] == [
        ("Second", 2), ("Agreed", 2),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["", "  ", "Agreed", "x" * 121])
def test_a_baseline_needs_a_name_of_its_own(cast: Cast, name: str) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        operations.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        with pytest.raises(ValidationError) as refused:
            operations.take_baseline(plan=plan, name=name, by=cast.csm, now=NOW)
    assert set(refused.value.message_dict) == {"name"}


def test_a_deleted_baseline_comes_back_as_it_was(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        row = operations.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        contents = row.contents
        operations.drop_baseline(baseline=row, now=NOW)
        assert queries.get_ghosts(plan_id=plan.pk) == {}
        with pytest.raises(ValidationError):
            operations.choose_baseline(baseline=row)
        operations.restore_baseline(baseline=row, choose=True)
        again = Baseline.objects.get(pk=row.pk)
    assert (again.contents, again.chosen, again.dropped_at) == (contents, True, None)


def test_a_file_that_replaces_a_plan_leaves_everything_that_hangs_on_it(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        operations.reschedule_plans(business_date=TODAY - timedelta(days=1), now=NOW)
        operations.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        train = WorkPackage.objects.get(plan=plan, uid="3")
        fields: dict[str, Any] = {"customer_id": plan.customer_id, "package": train}
        CheckItem.objects.create(**fields, text="Room booked")
        PackageComment.objects.create(**fields, text="Good", at=NOW)
        WorkPackage.objects.filter(pk=train.pk).update(deliverable="40 trained", percent=20)
        again = bring_in(cast.engagement, LINE.replace(b"Train,3d", b"Train,4d"))
        kept = WorkPackage.objects.get(plan=again, uid="3")
        assert (again.pk, kept.pk, again.version) == (plan.pk, train.pk, 2)
        assert (kept.duration, kept.deliverable, kept.percent) == (4 * 480, "40 trained", 20)
        assert PlanProgress.objects.filter(plan=again).count() == 1
        assert CheckItem.objects.filter(package=kept).count() == 1
        assert PackageComment.objects.filter(package=kept).count() == 1
        assert PlanChange.objects.get(plan=again).kind == "replaced"
        assert Dependency.objects.filter(plan=again).count() == 2
        names = {row.name for row in Baseline.objects.filter(plan=again)}
        assert names == {"Agreed", "Before plan.csv"}


def test_rows_of_another_plan_are_new_ones_though_their_numbers_are_the_same(cast: Cast) -> None:
    other = b"id,outline,name,duration,predecessors\n1,1,Move,2d,\n2,1.1,Pack,1d,\n3,2,Rest,1d,2\n"
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        before = set(WorkPackage.objects.filter(plan=plan).values_list("pk", flat=True))
        PackageComment.objects.create(
            customer_id=plan.customer_id,
            package=WorkPackage.objects.get(uid="2"),
            text="of the old plan",
            at=NOW,
        )
        again = bring_in(cast.engagement, other)
        rows = WorkPackage.objects.filter(plan=again)
        assert not before & set(rows.values_list("pk", flat=True))
        assert [row.is_summary for row in rows] == [True, False, False]
        assert not PackageComment.objects.exists()
        assert operations.reschedule([again], now=NOW) == 1


def test_a_what_if_is_no_plan_of_the_engagement(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        header = Engagement.objects.get(pk=cast.engagement.pk).forecast_finish_date
        what_if = operations.make_what_if(plan=plan, name="Two trainers", by=cast.csm, now=NOW)
        longer(what_if, "3", 9, cast)
        assert Plan.objects.get() == plan
        assert durations(plan)["3"] == 3
        assert durations(what_if)["3"] == 9
        steps = queries.get_next_steps(engagement_id=cast.engagement.pk, limit=10)
        assert len(steps) == 3
        assert Engagement.objects.get(pk=cast.engagement.pk).forecast_finish_date == header
        assert operations.reschedule_plans(business_date=TODAY, now=NOW) == 1
        assert PlanProgress.objects.filter(plan=what_if).count() == 0
        shown = queries.get_versions(engagement_id=cast.engagement.pk)
        found = queries.get_comparison(
            engagement_id=cast.engagement.pk, before="live", after=str(what_if.pk), today=TODAY
        )
        hidden = queries.get_comparison(
            engagement_id=cast.engagement.pk,
            before="live",
            after=str(what_if.pk),
            today=TODAY,
            what_ifs=False,
        )
    assert shown is not None
    assert found is not None
    assert [(row.name, row.later_days, row.changes) for row in shown.what_ifs] == [
        ("Two trainers", 6, 1)
    ]
    assert (found.found.finish_days, found.found.causes[0].name) == (6, "Train")
    assert hidden is None


def edits(plan: Plan, cast: Cast) -> None:
    """A few edits of every kind."""
    longer(plan, "3", 5, cast)
    common: dict[str, Any] = {"by": cast.csm, "now": NOW}
    approve = WorkPackage.objects.get(plan=plan, uid="2")
    made = operations.add_package(plan=plan, name="Print", after=approve, **common).made[0]
    printing = WorkPackage.objects.get(pk=made.id)
    operations.change_package(plan=plan, package=printing, fields={"duration": "4d"}, **common)
    train = WorkPackage.objects.get(plan=plan, uid="3")
    operations.add_link(plan=plan, before=printing, after=train, **common)
    operations.remove_packages(plan=plan, packages=[approve], **common)


def test_taking_a_what_if_over_equals_making_the_same_edits_live(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        twin = bring_in(cast.second_engagement)
        what_if = operations.make_what_if(plan=plan, name="Print first", by=cast.csm, now=NOW)
        edits(what_if, cast)
        edits(twin, cast)
        told = operations.take_over(what_if=what_if, by=cast.csm, now=NOW, store=False)
        assert "4" not in durations(plan)
        moves = operations.take_over(what_if=what_if, by=cast.csm, now=NOW)
        assert moves.finish_after == told.finish_after
        mine, theirs = sheet_of(plan), sheet_of(twin)
        assert [row._replace(id=plan.pk) for row in mine.rows] == [
            row._replace(id=plan.pk) for row in theirs.rows
        ]
        assert queries.get_version(plan=plan).rows == queries.get_version(plan=twin).rows
        assert not Plan.every.filter(what_if_of=plan).exists()
        assert Baseline.objects.get(plan=plan).name == "Before Print first"
        assert TimelineEntry.objects.filter(kind="plan.replaced").count() == 1
        change = PlanChange.objects.get(plan=plan)
        operations.undo_change(change=change, by=cast.csm, now=NOW)
        assert durations(plan) == {"1": 2, "2": 1, "3": 3}


def test_what_the_live_plan_was_given_since_stays_or_is_asked_about(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        first = operations.make_what_if(plan=plan, name="First", by=cast.csm, now=NOW)
        second = operations.make_what_if(plan=plan, name="Second", by=cast.csm, now=NOW)
        longer(first, "3", 5, cast)
        longer(second, "3", 6, cast)
        longer(plan, "1", 4, cast)
        operations.take_over(what_if=first, by=cast.csm, now=NOW)
        assert durations(plan) == {"1": 4, "2": 1, "3": 5}
        with pytest.raises(operations.StaleWhatIf, match="First"):
            operations.take_over(what_if=second, by=cast.csm, now=NOW)
        operations.take_over(what_if=second, by=cast.csm, now=NOW, anyway=True)
        assert durations(plan) == {"1": 4, "2": 1, "3": 6}


def test_rows_made_on_both_sides_get_keys_of_their_own(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        what_if = operations.make_what_if(plan=plan, name="More", by=cast.csm, now=NOW)
        for one, name in ((what_if, "Tried"), (plan, "Live")):
            operations.add_package(plan=one, name=name, by=cast.csm, now=NOW)
        tried = WorkPackage.objects.get(plan=what_if, name="Tried")
        CheckItem.objects.create(customer_id=plan.customer_id, package=tried, text="Book")
        operations.take_over(what_if=what_if, by=cast.csm, now=NOW)
        names = dict(WorkPackage.objects.filter(plan=plan).values_list("name", "uid"))
        assert CheckItem.objects.get().package.name == "Tried"
    assert {"Tried", "Live"} <= names.keys()
    assert len(set(names.values())) == 5


def test_a_dropped_what_if_comes_back_until_it_is_forgotten(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        what_if = operations.make_what_if(plan=plan, name="Try", by=cast.csm, now=NOW)
        with pytest.raises(ValidationError, match="nothing to take over"):
            operations.take_over(what_if=what_if, by=cast.csm, now=NOW)
        operations.drop_what_if(what_if=what_if, now=NOW)
        operations.restore_what_if(what_if=Plan.every.get(pk=what_if.pk))
        assert Plan.every.get(pk=what_if.pk).dropped_at is None
        operations.drop_what_if(what_if=what_if, now=NOW)
        operations.keep_versions(business_date=TODAY, now=NOW + timedelta(days=31))
        assert list(Plan.every.all()) == [plan]


def test_sundays_keep_a_copy_of_what_changed_for_half_a_year(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        weeks = Baseline.objects.filter(kind=Baseline.Kind.WEEK)
        operations.keep_versions(business_date=SUNDAY - timedelta(days=1), now=NOW)
        assert not weeks.exists()
        for _again in range(2):
            operations.keep_versions(business_date=SUNDAY, now=NOW)
        operations.keep_versions(business_date=SUNDAY + timedelta(days=7), now=NOW)
        assert [row.day for row in weeks.all()] == [SUNDAY]
        longer(plan, "3", 7, cast)
        friday = SUNDAY + timedelta(days=19)
        strip = queries.get_strip(plan_id=plan.pk, today=friday)
        assert strip is not None
        assert (strip.since, strip.found.finish_days) == (SUNDAY + timedelta(days=14), 4)
        assert queries.get_strip(plan_id=plan.pk, today=SUNDAY) is None
        operations.keep_versions(business_date=SUNDAY + timedelta(weeks=27), now=NOW)
        operations.keep_versions(business_date=SUNDAY + timedelta(weeks=28), now=NOW)
        assert [row.day for row in weeks.all()] == [SUNDAY + timedelta(weeks=27)]


def test_the_plan_in_force_when_adoption_began_is_kept_once(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        for day in (TODAY, TODAY + timedelta(days=1)):
            operations.keep_versions(business_date=day, now=NOW)
        row = Baseline.objects.get(plan=plan)
        assert (row.kind, row.chosen) == (Baseline.Kind.ADOPT, True)
        operations.drop_baseline(baseline=row, now=NOW)
        operations.keep_versions(business_date=TODAY, now=NOW)
        assert Baseline.objects.get(plan=plan).pk == row.pk


def test_a_sunday_costs_the_same_statements_for_many_plans(cast: Cast) -> None:
    def statements(sunday: date) -> int:
        with CaptureQueriesContext(connection) as captured:
            operations.keep_versions(business_date=sunday, now=NOW)
        return len(captured)

    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        operations.keep_versions(business_date=TODAY, now=NOW)
        few = statements(SUNDAY)
        for number in range(12):
            bring_in(
                make_engagement(cast.customer, f"MORE-{number}", phase="sell", sign_off_date=None)
            )
        longer(plan, "3", 7, cast)
        many = statements(SUNDAY + timedelta(days=7))
        assert Baseline.objects.filter(kind=Baseline.Kind.WEEK).count() == 14
    assert many == few
