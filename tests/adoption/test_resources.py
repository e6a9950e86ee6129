# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Resources, their working time, what needs them, and levelling: operations and pages."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError

from adoption import operations, queries
from adoption.imports import import_plan
from adoption.models import Assignment, Plan, Resource, WorkPackage
from adoption.queries.joins import joins_of
from adoption.queries.reasons import reasons_for
from adoption.queries.stored import get_schedule
from adoption.scheduling.terms import WHOLE_DAY, DayRule, Terms, terms_to_json
from adoption.views.saying import say_reason
from engagements.models import Stakeholder
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries

NOW = datetime(2027, 1, 2, 9, tzinfo=UTC)
AWAY = DayRule(date(2027, 1, 6), date(2027, 1, 15), (), "holiday")
PLAN = """id,outline,name,duration,predecessors
1,1,Training,,
2,1.1,Train Finance,3d,
3,1.2,Train Sales,3d,
4,1.3,Go live,0d,2;3
"""


def bring(cast: Cast, text: str = PLAN) -> Plan:
    return import_plan(
        engagement=cast.engagement,
        source=BytesIO(text.encode()),
        file_name="plan.csv",
        imported_by=cast.csm,
        now=NOW,
    )


@pytest.fixture
def planned(cast: Cast) -> Cast:
    """A plan that begins on Monday 4 January 2027."""
    with tenant_scope(cast.tenant.pk):
        cast.engagement.start_date = date(2027, 1, 4)
        cast.engagement.save()
        bring(cast)
    return cast


@pytest.fixture
def inside(planned: Cast) -> Iterator[Cast]:
    with tenant_scope(planned.tenant.pk):
        yield planned


def package(cast: Cast, outline: str) -> WorkPackage:
    rows = WorkPackage.objects.select_related("plan")
    return rows.get(plan__engagement=cast.engagement, outline=outline)


def instructor(cast: Cast, name: str = "Ana", **fields: object) -> Resource:
    return operations.add_resource(engagement=cast.engagement, fields={"name": name} | fields)


def need(cast: Cast, resource: Resource, *outlines: str, units: str = "1") -> None:
    for outline in outlines:
        operations.assign_resource(
            package=package(cast, outline), resource=resource, units=Decimal(units), now=NOW
        )


def page_of(cast: Cast, path: str = "") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/plan/{path}")


def test_work_waits_for_whom_it_needs_and_comes_back_when_they_do(inside: Cast) -> None:
    ana = instructor(inside)
    need(inside, ana, "1.1")
    before = package(inside, "1.1")
    operations.note_absence(resource=ana, rule=AWAY, now=NOW)
    waiting = package(inside, "1.1")
    assert (before.start, before.finish) == (datetime(2027, 1, 4, 8), datetime(2027, 1, 6, 17))
    assert (waiting.start, waiting.finish) == (datetime(2027, 1, 4, 8), datetime(2027, 1, 18, 17))
    early = DayRule(date(2027, 1, 4), date(2027, 1, 5))
    operations.note_absence(resource=ana, rule=early, now=NOW)
    stored = get_schedule(plan=Plan.objects.get())
    why = reasons_for(stored, 1, joins_of(stored.schedule))
    assert [reason.kind for reason in why.reasons] == ["start", "away"]
    assert say_reason(why.reasons[1]) == "It waits until all it needs is there, on 18 Jan 2027."
    operations.forget_absence(resource=ana, rule=early, now=NOW)
    assert Plan.objects.get().finish == datetime(2027, 1, 18, 17)
    operations.forget_absence(resource=ana, rule=AWAY, now=NOW)
    assert package(inside, "1.1").finish == before.finish
    assert package(inside, "1.1").calendar_key == ""
    operations.note_absence(resource=ana, rule=AWAY, now=NOW)
    operations.unassign_resource(assignment=Assignment.objects.get(), now=NOW)
    assert package(inside, "1.1").finish == before.finish


def test_a_usual_week_counts_and_two_who_never_meet_are_refused(inside: Cast) -> None:
    ana, room = instructor(inside), instructor(inside, "Room", kind="place")
    need(inside, ana, "1.1")
    need(inside, room, "1.1")
    mondays = Terms(week=(WHOLE_DAY,) + ((),) * 6)
    operations.change_resource(resource=ana, fields={}, terms=mondays, now=NOW)
    assert package(inside, "1.1").finish == datetime(2027, 1, 18, 17)
    tuesdays = Terms(week=((), WHOLE_DAY) + ((),) * 5)
    with pytest.raises(ValidationError, match="never there together"):
        operations.change_resource(resource=room, fields={}, terms=tuesdays, now=NOW)


def test_what_cannot_be_assigned_is_refused_in_words(inside: Cast) -> None:
    ana = instructor(inside)
    with pytest.raises(ValidationError, match="summary"):
        need(inside, ana, "1")
    need(inside, ana, "1.1")
    with pytest.raises(ValidationError, match="has this resource already"):
        need(inside, ana, "1.1")
    other = operations.add_resource(engagement=inside.second_engagement, fields={"name": "Else"})
    with pytest.raises(ValidationError, match="another engagement"):
        need(inside, other, "1.2")
    operations.archive_resource(resource=ana, now=NOW)
    with pytest.raises(ValidationError, match="archived"):
        need(inside, ana, "1.2")
    instructor(inside)
    with pytest.raises(ValidationError, match="name already"):
        operations.restore_resource(resource=ana)


def test_an_absence_is_previewed_in_words_and_moves_nothing(inside: Cast) -> None:
    ana = instructor(inside)
    need(inside, ana, "1.1")
    asked = f"resources/{ana.pk}/?first=2027-01-04&last=2027-01-15&kind=off&reason=holiday"
    shown = inside.browser(inside.csm).get(page_of(inside, asked)).content.decode()
    assert (
        "Ana is away 4 Jan 2027 to 15 Jan 2027; 1.1 Train Finance would start on 18 Jan 2027."
        in shown
    )
    assert package(inside, "1.1").start == datetime(2027, 1, 4, 8)
    saved = {"first": "2027-01-04", "last": "2027-01-15", "kind": "off", "reason": "holiday"}
    browser = inside.browser(inside.csm)
    assert browser.post(page_of(inside, f"resources/{ana.pk}/days/"), saved).status_code == 302
    assert package(inside, "1.1").start == datetime(2027, 1, 18, 8)
    browser.post(page_of(inside, f"resources/{ana.pk}/days/back/"), saved)
    assert package(inside, "1.1").start == datetime(2027, 1, 4, 8)


def test_who_is_asked_for_too_much_is_told_and_levelling_waits_for_a_click(inside: Cast) -> None:
    ana = instructor(inside)
    need(inside, ana, "1.1", "1.2")
    browser = inside.browser(inside.csm)
    listed = browser.get(page_of(inside, "resources/")).content.decode()
    assert "Ana is asked for 2 where there is 1, 4 Jan 2027 to 6 Jan 2027." in listed
    shown = browser.get(page_of(inside, "levelling/"))
    assert "1 work package would wait" in shown.content.decode()
    assert package(inside, "1.2").start == datetime(2027, 1, 4, 8)
    stale = browser.post(page_of(inside, "levelling/"), {"seen": "something else"})
    assert "has changed meanwhile" in stale.content.decode()
    seen = shown.context["shown"].fingerprint
    assert browser.post(page_of(inside, "levelling/"), {"seen": seen}).status_code == 302
    assert [package(inside, one).start.day for one in ("1.1", "1.2")] == [4, 7]
    assert package(inside, "1.2").constraint == "SNET"
    assert "Nobody is asked for more" in browser.get(page_of(inside, "levelling/")).content.decode()
    change = Plan.objects.get().changes.get(kind="levelled")
    browser.post(page_of(inside, f"levelling/undo/?change={change.pk}"))
    assert package(inside, "1.2").start == datetime(2027, 1, 4, 8)


def test_a_shared_resource_is_asked_for_by_every_plan(planned: Cast) -> None:
    with tenant_scope(planned.tenant.pk):
        ana = operations.add_resource(engagement=None, fields={"name": "Ana"})
        need(planned, ana, "1.1")
        planned.second_engagement.start_date = date(2027, 1, 4)
        planned.second_engagement.save()
        import_plan(
            engagement=planned.second_engagement,
            source=BytesIO(b"id,name,duration\n1,Elsewhere,1d\n"),
            file_name="other.csv",
            imported_by=None,
            now=NOW,
        )
        there = WorkPackage.objects.get(plan__engagement=planned.second_engagement)
        operations.assign_resource(package=there, resource=ana, now=NOW)
        loading = queries.get_loading(engagement_id=planned.engagement.pk, today=date(2027, 1, 4))
    (overload,) = loading.overloads
    assert overload.elsewhere == (planned.second_customer.name,)
    assert [named.outline for named in overload.packages] == ["1.1"]
    lead = planned.browser(planned.lead)
    shown = lead.get(page_of(planned, "resources/")).content.decode()
    assert planned.second_customer.name not in shown
    assert "Ana" not in shown
    assert lead.get(page_of(planned, f"resources/{ana.pk}/")).status_code == 404


def test_what_the_customer_cannot_see_still_counts_when_they_change(planned: Cast) -> None:
    with tenant_scope(planned.tenant.pk):
        ana = operations.add_resource(engagement=None, fields={"name": "Ana"})
        room = instructor(planned, "Room", kind="place")
        need(planned, ana, "1.1")
        need(planned, room, "1.2")
        operations.note_absence(resource=ana, rule=AWAY, now=NOW)
        finish = package(planned, "1.1").finish
    answer = planned.browser(planned.lead).post(
        page_of(planned, f"resources/{room.pk}/days/"), {"first": "2027-01-05", "kind": "off"}
    )
    assert answer.status_code == 302
    with tenant_scope(planned.tenant.pk):
        assert package(planned, "1.1").finish == finish
        assert package(planned, "1.2").finish == datetime(2027, 1, 7, 17)


def test_who_may_change_what(planned: Cast) -> None:
    with tenant_scope(planned.tenant.pk):
        mine = instructor(planned, "Mine", stakeholder=_stakeholder(planned))
        other = instructor(planned, "Other")
    member, executive = planned.browser(planned.member), planned.browser(planned.executive)
    listed = member.get(page_of(planned, "resources/")).content.decode()
    assert "Mine" in listed
    assert "Other" not in listed
    assert member.get(page_of(planned, f"resources/{mine.pk}/")).status_code == 200
    assert member.get(page_of(planned, f"resources/{other.pk}/")).status_code == 404
    for browser in (member, executive):
        for path in ("resources/new/", f"resources/{mine.pk}/archive/", "calendar/", "levelling/"):
            assert browser.post(page_of(planned, path)).status_code == 403
    lead = planned.browser(planned.lead)
    for done in ("archive", "restore"):
        path = page_of(planned, f"resources/{mine.pk}/{done}/")
        assert lead.post(path).status_code == 302


def _stakeholder(cast: Cast) -> Stakeholder:
    return Stakeholder.objects.create(
        customer=cast.customer, name="Member", email=cast.member.email.upper()
    )


def test_a_resource_is_made_edited_assigned_and_listed_on_the_pages(inside: Cast) -> None:
    browser = inside.browser(inside.csm)
    fields = {
        "name": "Ana",
        "kind": "person",
        "capacity": "0.5",
        "days": ["1", "2"],
        "hours": "9-12",
    }
    made = browser.post(page_of(inside, "resources/new/"), fields)
    ana = Resource.objects.get()
    assert made["Location"].endswith(f"resources/{ana.pk}/")
    sent = {"package": "1.2 Train Sales", "units": "0.5"}
    browser.post(page_of(inside, f"resources/{ana.pk}/needs/"), sent)
    assert package(inside, "1.2").finish == datetime(2027, 1, 26, 12)
    again = browser.post(
        page_of(inside, f"resources/{ana.pk}/edit/"), fields | {"days": [], "hours": ""}
    )
    assert again.status_code == 302
    assert package(inside, "1.2").finish == datetime(2027, 1, 6, 17)
    wrong = browser.post(
        page_of(inside, f"resources/{ana.pk}/needs/"), {"package": "9", "units": 1}
    )
    assert "No work package is known" in wrong.content.decode()
    table = browser.get(page_of(inside, "resources.csv?kind=person")).content.decode()
    assert table.splitlines()[1].startswith("Ana,person,,0.5,,1,1.5")
    assert "Ana" not in browser.get(page_of(inside, "resources.csv?kind=place")).content.decode()
    row = Assignment.objects.get()
    browser.post(page_of(inside, f"assignments/{row.pk}/end/"))
    assert not Assignment.objects.exists()


def test_the_calendar_shows_previews_and_saves(inside: Cast) -> None:
    browser = inside.browser(inside.csm)
    asked = "do=add&first=2027-01-05&last=2027-01-05&kind=off&reason=Audit"
    shown = browser.get(page_of(inside, f"calendar/?year=2027&{asked}")).content.decode()
    assert "The plan would finish on 7 Jan 2027 instead of 6 Jan 2027" in shown
    assert package(inside, "1.1").finish.day == 6
    saved = dict(part.split("=") for part in asked.split("&"))
    assert browser.post(page_of(inside, "calendar/"), saved).status_code == 302
    assert package(inside, "1.1").finish.day == 7
    listed = browser.get(page_of(inside, "calendar/?year=2027")).content.decode()
    assert "Audit" in listed
    week = {"do": "week", "region": "NO", **{f"day_{day}": "08:00-16:00" for day in (2, 3, 4)}}
    assert browser.post(page_of(inside, "calendar/"), week).status_code == 302
    assert package(inside, "1.1").start == datetime(2027, 1, 6, 8)
    time = queries.get_plan_time(plan=Plan.objects.get())
    assert [rule.reason for rule in time.terms.rules] == ["Audit"]
    assert time.terms.region == "NO"
    wrong = browser.get(page_of(inside, "calendar/?do=week&day_1=25-26")).content.decode()
    assert "Write hours such as" in wrong
    nothing = browser.get(page_of(inside, "calendar/?do=week")).content.decode()
    assert "at least one day" in nothing
    browser.post(page_of(inside, "calendar/"), saved | {"do": "remove"})
    assert not queries.get_plan_time(plan=Plan.objects.get()).terms.rules


def test_lists_ask_as_much_for_a_thousand_rows_as_for_ten(inside: Cast) -> None:
    browser = inside.browser(inside.csm)

    def fill(count: int = 150) -> None:
        plan, have = Plan.objects.get(), Resource.objects.count()
        rows = [
            Resource(
                name=f"Person {have + n}", customer=inside.customer, engagement=inside.engagement
            )
            for n in range(count)
        ]
        Resource.objects.bulk_create(rows)
        Assignment.objects.bulk_create(
            Assignment(customer=inside.customer, package=one, resource=row)
            for one in WorkPackage.objects.filter(plan=plan, is_summary=False)
            for row in rows
        )

    fill(10)
    for path in ("resources/", "levelling/", "calendar/"):
        assert_same_queries(browser, page_of(inside, path), fill)
    one = Resource.objects.first()
    assert one is not None
    assert browser.get(page_of(inside, f"resources/{one.pk}/")).status_code == 200


def test_a_year_is_drawn_with_its_holidays_and_days_off(inside: Cast) -> None:
    terms = Terms(
        region="NO",
        rules=(AWAY, DayRule(date(2027, 2, 6), date(2027, 2, 6), ((480, 720),), "Fair")),
    )
    calendar = terms.calendar(around=date(2027, 1, 1))
    operations.set_calendar(
        plan=Plan.objects.get(), calendar=calendar, terms=terms_to_json(terms), by=None, now=NOW
    )
    reasons = queries.get_plan_time(plan=Plan.objects.get()).reasons(2027)
    assert reasons[date(2027, 5, 17)][0] == "holiday"
    assert reasons[date(2027, 1, 6)] == ("off", "holiday")
    assert reasons[date(2027, 2, 6)] == ("extra", "Fair")
    assert date(2027, 1, 9) not in reasons
    assert calendar.on(date(2027, 2, 6)) == ((480, 720),)


def test_levelling_says_that_what_is_not_shown_is_left_out(planned: Cast) -> None:
    with tenant_scope(planned.tenant.pk):
        hidden = operations.add_resource(engagement=None, fields={"name": "Ana"})
        need(planned, hidden, "1.1", "1.2")
    theirs = planned.browser(planned.lead).get(page_of(planned, "levelling/")).content.decode()
    assert "2 work packages also need somebody or something of the supplier’s" in theirs
    assert "Ana" not in theirs
    ours = planned.browser(planned.csm).get(page_of(planned, "levelling/")).content.decode()
    assert "of the supplier’s" not in ours


def test_a_place_has_a_calendar_that_everybody_there_keeps_to(inside: Cast) -> None:
    site = Terms(week=(((480, 720),),) * 2 + ((),) * 5, region="NO")
    oslo = operations.add_resource(
        engagement=None,
        fields={"name": "Oslo site", "kind": "place", "capacity": Decimal(1000)},
        terms=site,
    )
    need(inside, oslo, "1.1", "1.2")
    found = {one: package(inside, one) for one in ("1.1", "1.2")}
    assert len({row.calendar_key for row in found.values()}) == 1
    # Six half days of Mondays and Tuesdays.
    assert {row.finish for row in found.values()} == {datetime(2027, 1, 19, 12)}
