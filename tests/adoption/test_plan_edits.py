# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Edits of a stored plan: what they move, keep, refuse and give back."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from adoption import operations, queries
from adoption.imports import import_plan
from adoption.models import CheckItem, Dependency, PackageComment, Plan, PlanChange, WorkPackage
from adoption.operations import VersionConflict, sheet_of
from adoption.scheduling import STANDARD
from engagements import operations as engagements
from tenancy.models import AuditEntry, Membership
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import HOUSEKEEPING, MOST_QUERIES

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
LINES = "Design; 5d\nBuild; 10d\nTrain; 2d\nLaunch; 0d"


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    with tenant_scope(cast.tenant.pk):
        yield cast


@pytest.fixture
def plan(inside: Cast) -> Plan:
    operations.make_plan(
        engagement=inside.engagement,
        name="Roll-out",
        start=date(2026, 11, 23),
        text=LINES,
        by=inside.csm,
        now=NOW,
    )
    return Plan.objects.get()


def named(name: str) -> WorkPackage:
    return WorkPackage.objects.select_related("plan").get(name=name)


def asked(cast: Cast, **more: Any) -> dict[str, Any]:
    return {"by": cast.csm, "now": NOW} | more


def outline() -> list[tuple[str, str]]:
    return [(row.outline, row.name) for row in WorkPackage.objects.all()]


def refused(error: pytest.ExceptionInfo[ValidationError], field: str) -> str:
    return " ".join(error.value.message_dict[field])


def test_a_list_of_steps_is_a_plan(inside: Cast, plan: Plan) -> None:
    assert outline() == [("1", "Design"), ("2", "Build"), ("3", "Train"), ("4", "Launch")]
    assert plan.start == datetime(2026, 11, 23, 8)
    assert plan.finish == datetime(2026, 12, 15, 17)
    assert all(row.critical for row in WorkPackage.objects.all())
    inside.engagement.refresh_from_db()
    assert inside.engagement.forecast_finish_date == date(2026, 12, 15)
    with pytest.raises(ValidationError, match="has a plan already"):
        operations.make_plan(
            engagement=inside.engagement,
            name="Again",
            start=date(2026, 11, 23),
            text=LINES,
            **asked(inside),
        )


def test_a_plan_can_be_looked_at_before_it_is_made(inside: Cast) -> None:
    moves = operations.make_plan(
        engagement=inside.engagement,
        name="Maybe",
        start=date(2026, 11, 23),
        text="Talk; 3d\nShow; 2026-12-04",
        store=False,
        **asked(inside),
    )
    assert [(row.name, row.finish) for row in moves.made] == [
        ("Talk", datetime(2026, 11, 25, 17)),
        ("Show", datetime(2026, 12, 4, 17)),
    ]
    assert not Plan.every.exists()


def test_looking_tells_what_saving_does(inside: Cast, plan: Plan) -> None:
    build = named("Build")
    operations.change_package(
        plan=plan,
        package=named("Launch"),
        fields={"deadline_at": date(2026, 12, 15)},
        **asked(inside),
    )
    change = {"plan": plan, "package": build, "fields": {"duration": "12d"}}
    told = operations.change_package(**change, **asked(inside), store=False)
    assert named("Build").duration == 10 * 480
    assert (told.finish_days, told.change_id) == (2, None)
    assert [(row.name, row.days) for row in told.moved] == [
        ("Build", 2),
        ("Train", 2),
        ("Launch", 2),
    ]
    assert [row.name for row in told.deadlines_broken] == ["Launch"]
    done = operations.change_package(**change, **asked(inside))
    assert (done.moved, done.changed, done.finish_after) == (
        told.moved,
        told.changed,
        told.finish_after,
    )
    plan.refresh_from_db()
    assert (plan.finish, plan.version) == (datetime(2026, 12, 17, 17), 3)
    assert PlanChange.objects.first().rows == {build.uid: {"duration": [4800, 5760]}}
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.facts["what"]) == ("plan.edited", "Build: duration")


def test_rows_are_added_moved_and_numbered(inside: Cast, plan: Plan) -> None:
    moves = operations.add_package(
        plan=plan, name="Write course", under=named("Train"), **asked(inside)
    )
    added = named("Write course")
    assert [row.id for row in moves.made] == [added.pk]
    assert (added.outline, named("Train").is_summary) == ("3.1", True)
    operations.move_packages(plan=plan, packages=[named("Build")], way="indent", **asked(inside))
    assert not Dependency.objects.filter(after=named("Build")).exists()
    assert PlanChange.objects.latest("version").text.endswith(
        "no longer linked with what contains it"
    )
    operations.place_packages(plan=plan, packages=[added], under=named("Design"), **asked(inside))
    assert outline() == [
        ("1", "Design"),
        ("1.1", "Write course"),
        ("1.2", "Build"),
        ("2", "Train"),
        ("3", "Launch"),
    ]
    with pytest.raises(ValidationError) as error:
        operations.move_packages(plan=plan, packages=[named("Design")], way="up", **asked(inside))
    assert "stands first already" in refused(error, "way")


def test_a_circle_is_refused_by_name_and_nothing_is_kept(inside: Cast, plan: Plan) -> None:
    before = sheet_of(plan)
    with pytest.raises(ValidationError) as error:
        operations.add_link(
            plan=plan, before=named("Train"), after=named("Design"), **asked(inside)
        )
    assert "Design → Build → Train → Design" in refused(error, "links")
    assert sheet_of(plan) == before


def test_links_are_set_changed_and_removed(inside: Cast, plan: Plan) -> None:
    launch = named("Launch")
    operations.set_links(plan=plan, package=launch, text="1SS+2d; 3FS-4h", **asked(inside))
    links = Dependency.objects.filter(after=launch).order_by("type")
    assert [(link.before.name, link.type, link.lag) for link in links] == [
        ("Train", "FS", -240),
        ("Design", "SS", 960),
    ]
    link = links[0]
    operations.change_link(plan=plan, link=link, type="FF", lag="1ed", **asked(inside))
    link.refresh_from_db()
    assert (link.type, link.lag, link.elapsed) == ("FF", 1440, True)
    operations.remove_link(plan=plan, link=link, **asked(inside))
    assert not Dependency.objects.filter(pk=link.pk).exists()
    with pytest.raises(ValidationError) as error:
        operations.set_links(plan=plan, package=launch, text="99", **asked(inside))
    assert "no step “99”" in refused(error, "links")


def test_what_is_removed_comes_back_whole(inside: Cast, plan: Plan) -> None:
    train = named("Train")
    item = operations.add_check_item(package=train, text="Room booked", by=inside.csm, now=NOW)
    operations.tick_item(item=item, by=inside.lead, now=NOW)
    operations.comment_on_package(package=train, text="In March?", by=inside.lead, now=NOW)
    operations.add_package(plan=plan, name="Below", under=train, **asked(inside))
    before = sheet_of(plan)
    operations.remove_packages(plan=plan, packages=[train], **asked(inside))
    assert [name for _number, name in outline()] == ["Design", "Build", "Launch"]
    assert not CheckItem.objects.exists()
    change = queries.get_last_change(engagement_id=plan.engagement_id, by=inside.csm)
    assert change is not None
    operations.undo_change(change=change, by=inside.csm, now=NOW)
    assert sheet_of(plan) == before
    restored = CheckItem.objects.get()
    assert (restored.pk, restored.package_id, restored.done_by) == (
        item.pk,
        train.pk,
        inside.lead,
    )
    assert PackageComment.objects.get().text == "In March?"
    undo = PlanChange.objects.first()
    assert undo is not None
    operations.undo_change(change=undo, by=inside.csm, now=NOW)
    assert not WorkPackage.objects.filter(name="Train").exists()
    assert not CheckItem.objects.exists()


def test_an_undo_waits_for_what_came_later(inside: Cast, plan: Plan) -> None:
    build = named("Build")
    for by, days in ((inside.csm, "11d"), (inside.lead, "12d")):
        operations.change_package(
            plan=plan, package=build, fields={"duration": days}, by=by, now=NOW
        )
    operations.change_package(
        plan=plan, package=build, fields={"notes": "Beside it"}, by=inside.lead, now=NOW
    )
    mine = queries.get_last_change(engagement_id=plan.engagement_id, by=inside.csm)
    assert mine is not None
    with pytest.raises(ValidationError, match=r"Build: duration \(Lead\)"):
        operations.undo_change(change=mine, by=inside.csm, now=NOW)
    theirs = PlanChange.objects.get(version=mine.version + 1)
    operations.undo_change(change=theirs, by=inside.lead, now=NOW)
    operations.undo_change(change=mine, by=inside.csm, now=NOW)
    build.refresh_from_db()
    assert (build.duration, build.notes) == (4800, "Beside it")
    with pytest.raises(ValidationError, match="undone already"):
        operations.undo_change(change=mine, by=inside.csm, now=NOW)


def test_a_stale_page_hears_who_was_faster(inside: Cast, plan: Plan) -> None:
    build, seen = named("Build"), plan.version
    operations.change_package(
        plan=plan, package=build, fields={"duration": "11d"}, by=inside.lead, now=NOW
    )
    edit = {"plan": plan, "package": build, "by": inside.csm, "now": NOW, "version": seen}
    with pytest.raises(VersionConflict) as error:
        operations.change_package(fields={"duration": "9d"}, **edit)
    assert "Lead was faster: Build: duration" in refused(error, "version")
    operations.change_package(fields={"deliverable": "A build"}, **edit)
    build.refresh_from_db()
    assert (build.duration, build.deliverable) == (11 * 480, "A build")


def test_fields_are_checked_each_by_its_name(inside: Cast, plan: Plan) -> None:
    other = engagements.name_stakeholder(customer=inside.second_customer, name="Far away")
    group = engagements.add_impact_group(
        engagement=inside.second_engagement, fields={"name": "X", "size": 1}
    )
    with pytest.raises(ValidationError) as error:
        operations.change_package(
            plan=plan,
            package=named("Build"),
            fields={
                "duration": "soon",
                "budget": "much",
                "kind": "fun",
                "owner_member": inside.stranger,
                "owner_stakeholder": other,
                "impact_group": group,
                "priority": 1001,
                "done_percent": 3,
            },
            **asked(inside),
        )
    assert error.value.message_dict.keys() == {"done_percent"}
    wrong = {"duration": "soon", "budget": "much", "kind": "fun", "impact_group": group}
    people = {"owner_member": inside.stranger, "owner_stakeholder": other}
    with pytest.raises(ValidationError) as error:
        operations.change_package(
            plan=plan, package=named("Build"), fields=wrong | people, **asked(inside)
        )
    assert error.value.message_dict.keys() == {*wrong, *people}
    with pytest.raises(ValidationError) as error:
        operations.change_package(
            plan=plan,
            package=named("Build"),
            fields={"constraint": "SNET", "optimistic": "20d"},
            **asked(inside),
        )
    assert error.value.message_dict.keys() == {"constraint_at", "optimistic"}


def test_a_duration_passes_those_on_both_sides(inside: Cast, plan: Plan) -> None:
    build = named("Build")
    for fields in ({"optimistic": "8d", "pessimistic": "15d"}, {"duration": "6d"}):
        operations.change_package(plan=plan, package=build, fields=fields, **asked(inside))
    build.refresh_from_db()
    assert (build.optimistic, build.pessimistic) == (None, 15 * 480)
    assert PlanChange.objects.latest("version").rows[build.uid].keys() == {"duration", "optimistic"}


def test_a_package_has_one_owner_and_a_rule_its_day(inside: Cast, plan: Plan) -> None:
    person = engagements.name_stakeholder(customer=inside.customer, name="Kari")
    build = named("Build")
    first = {"owner_stakeholder": person, "budget": "1200.50", "kind": "technical"}
    operations.change_package(plan=plan, package=build, fields=first, **asked(inside))
    fields = {"owner_member": inside.csm, "constraint": "FNET", "constraint_at": "2026-12-18"}
    operations.change_package(plan=plan, package=build, fields=fields, **asked(inside))
    build.refresh_from_db()
    assert (build.owner_name, build.owner_stakeholder, build.budget) == (
        "Csm",
        None,
        Decimal("1200.50"),
    )
    assert (build.constraint_at, build.finish) == (datetime(2026, 12, 18, 17),) * 2
    operations.change_package(
        plan=plan, package=build, fields={"constraint": "ASAP"}, **asked(inside)
    )
    build.refresh_from_db()
    assert build.constraint_at is None


def test_pasting_takes_all_rows_or_none(inside: Cast, plan: Plan) -> None:
    text = "1\tPrepare\t\t\t\n1.1\tBook rooms\t2d\t2\tAna\n1.2\tInvite\t1d\t1.1FS+1d\tBo\n"
    operations.paste_rows(plan=plan, text=text, after=named("Build"), **asked(inside))
    assert ("3.2", "Invite") in outline()
    links = Dependency.objects.filter(after=named("Invite"))
    assert [(link.before.name, link.lag) for link in links] == [("Book rooms", 480)]
    assert [link.before.name for link in Dependency.objects.filter(after=named("Book rooms"))] == [
        "Build"
    ]
    count = WorkPackage.objects.count()
    with pytest.raises(ValidationError) as error:
        operations.paste_rows(plan=plan, text="A\t1d\nB\t1d\t77", **asked(inside))
    assert "Row 2, column predecessors" in refused(error, "text")
    assert WorkPackage.objects.count() == count


def test_progress_follows_from_what_is_said(inside: Cast, plan: Plan) -> None:
    late = datetime(2026, 12, 1, 14, tzinfo=UTC)
    design = named("Design")

    def report(package: WorkPackage, **said: Any) -> WorkPackage:
        operations.report_progress(plan=plan, package=package, by=inside.csm, now=late, **said)
        package.refresh_from_db()
        return package

    report(design, percent=40)
    assert (design.percent, design.actual_start) == (40, datetime(2026, 11, 23, 8))
    report(design, remaining="1d")
    assert (design.percent, design.remaining) == (80, 480)
    report(design, actual_finish=date(2026, 11, 27))
    assert (design.done_percent, design.actual_finish) == (100, datetime(2026, 11, 27, 17))
    report(design, percent=0)
    assert (design.actual_start, design.actual_finish, design.remaining) == (None, None, None)
    for said, field in (
        ({"percent": 101}, "percent"),
        ({"actual_start": date(2027, 1, 1)}, "actual_start"),
        ({"remaining": "some"}, "remaining"),
    ):
        with pytest.raises(ValidationError) as error:
            report(design, **said)
        assert error.value.message_dict.keys() == {field}


def test_a_summary_is_complete_when_all_below_it_is(inside: Cast, plan: Plan) -> None:
    for name in ("Build", "Train"):
        operations.move_packages(plan=plan, packages=[named(name)], way="indent", **asked(inside))
    design = named("Design")
    with pytest.raises(ValidationError, match="packages below it"):
        operations.report_progress(plan=plan, package=design, percent=50, **asked(inside))
    operations.complete_package(plan=plan, package=named("Build"), **asked(inside))
    design.refresh_from_db()
    assert 0 < design.done_percent < 100
    operations.complete_package(plan=plan, package=design, **asked(inside))
    assert {row.done_percent for row in WorkPackage.objects.exclude(name="Launch")} == {100}


def test_many_packages_change_as_one(inside: Cast, plan: Plan) -> None:
    rows = [named("Design"), named("Train")]
    moves = operations.change_many(
        plan=plan, packages=rows, fields={"kind": "training"}, shift_days=3, **asked(inside)
    )
    assert [row.start_after for row in moves.moved][:1] == [datetime(2026, 11, 26, 8)]
    assert {row.kind for row in WorkPackage.objects.filter(pk__in=[r.pk for r in rows])} == {
        "training"
    }
    change = PlanChange.objects.first()
    assert change is not None
    assert change.text == "2 work packages: kind, 3 working days later"
    operations.undo_change(change=change, by=inside.csm, now=NOW)
    plan.refresh_from_db()
    assert plan.finish == datetime(2026, 12, 15, 17)
    assert {row.kind for row in WorkPackage.objects.all()} == {""}


def test_working_time_and_start_are_changes_too(inside: Cast, plan: Plan) -> None:
    before = sheet_of(plan)
    calendar = STANDARD.with_holidays([date(2026, 11, 24)])
    moves = operations.set_calendar(
        plan=plan, calendar=calendar, terms={"region": "NO"}, **asked(inside)
    )
    assert moves.finish_days == 1
    plan.refresh_from_db()
    assert plan.calendar["terms"] == {"region": "NO"}
    operations.change_plan(
        plan=plan, fields={"start_at": date(2026, 11, 30), "name": "Later"}, **asked(inside)
    )
    plan.refresh_from_db()
    assert (plan.name, plan.start) == ("Later", datetime(2026, 11, 30, 8))
    for change in list(PlanChange.objects.exclude(kind="begun")):
        operations.undo_change(change=change, by=inside.csm, now=NOW)
    assert sheet_of(plan) == before


def test_a_key_is_never_given_twice(inside: Cast, plan: Plan) -> None:
    operations.remove_packages(plan=plan, packages=[named("Launch")], **asked(inside))
    moves = operations.add_package(plan=plan, name="New", **asked(inside))
    assert [row.uid for row in moves.made] == ["5"]


@pytest.mark.parametrize(
    ("who", "wish", "owned", "said"),
    [
        ("csm", "change", False, ""),
        ("lead", "change", False, ""),
        ("member", "change", True, "Ask one of them"),
        ("member", "progress", True, ""),
        ("member", "progress", False, "belongs to somebody else"),
        ("member", "tick", True, ""),
        ("member", "comment", False, ""),
        ("executive", "progress", True, "reads plans"),
        ("executive", "comment", False, ""),
    ],
)
def test_each_refusal_says_why_and_who_can(
    inside: Cast, plan: Plan, who: str, wish: str, owned: bool, said: str
) -> None:
    user = getattr(inside, who)
    package = named("Build")
    if owned:
        person = engagements.name_stakeholder(
            customer=inside.customer, name="Owner", email=user.email.upper()
        )
        operations.change_package(
            plan=plan, package=package, fields={"owner_stakeholder": person}, **asked(inside)
        )
        package = named("Build")
    membership = Membership.objects.get(tenant=inside.tenant, user=user)
    refusal = queries.get_refusal(membership=membership, package=package, wish=wish)
    assert (said in refusal) if said else refusal == ""


def large_plan(cast: Cast, packages: int) -> Plan:
    """Twenty packages a stream, each waiting for two of the forty before it."""
    rng = random.Random(7)
    lines = ["id,outline,name,duration,predecessors"]
    for i in range(packages):
        before = ";".join(map(str, rng.sample(range(max(0, i - 40), i), min(i, 2))))
        lines.append(f"{i},{i // 20 + 1}.{i % 20 + 1},Step {i},{rng.randrange(1, 9)}d,{before}")
    import_plan(
        engagement=cast.engagement,
        source=BytesIO("\n".join(lines).encode()),
        file_name="large.csv",
        imported_by=None,
        now=NOW,
    )
    return Plan.objects.get()


def test_an_edit_of_a_large_plan_takes_few_statements(inside: Cast) -> None:
    plan = large_plan(inside, 600)
    first = WorkPackage.objects.get(plan=plan, uid="0")
    edits: list[Any] = [
        lambda: operations.change_package(
            plan=plan, package=first, fields={"duration": "20d"}, **asked(inside)
        ),
        lambda: operations.add_package(plan=plan, name="New", after=first, **asked(inside)),
        lambda: operations.remove_packages(plan=plan, packages=[first], **asked(inside)),
        lambda: operations.undo_change(change=PlanChange.objects.first(), by=inside.csm, now=NOW),
    ]
    for edit in edits:
        with CaptureQueriesContext(connection) as captured:
            edit()
        asked_for = [q["sql"] for q in captured if not HOUSEKEEPING.search(q["sql"])]
        assert len(asked_for) <= MOST_QUERIES, "\n".join(asked_for)
