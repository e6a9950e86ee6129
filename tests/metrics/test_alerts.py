"""Alerts as matters somebody works through: one a plan, one a person who owes readings."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client

from adoption import operations as adoption
from adoption.models import Plan, WorkPackage
from engagements.queries import get_next_action
from metrics.definitions import NEW_ROUTE_SHARE, latest_definitions
from metrics.models import Alert, Measure
from metrics.operations import (
    change_measure,
    define_measure,
    judge_engagements,
    remove_measure,
    resolve_alert,
)
from metrics.queries import AlertFilters, alert_row, get_alerts
from notifications.models import Notification
from tenancy.scope import tenant_scope
from tests.adoption.test_outline import TABLE, bring
from tests.factories import TODAY, Cast
from tests.metrics.conftest import NOW

DAY = NOW.date()
HTMX = {"HX-Request": "true"}


def night(days: int = 0) -> None:
    judge_engagements(business_date=DAY + timedelta(days=days), now=NOW)


@pytest.fixture
def planned(cast: Cast) -> Iterator[Cast]:
    """Halden's engagement has a plan and a baseline of it."""
    bring(cast, TABLE)
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get()
        baseline = adoption.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        adoption.choose_baseline(baseline=baseline)
        yield cast


def slip(cast: Cast, name: str, duration: str) -> None:
    plan = Plan.objects.get()
    package = WorkPackage.objects.get(plan=plan, name=name)
    adoption.change_package(
        plan=plan, package=package, fields={"duration": duration}, by=cast.csm, now=NOW
    )


def test_the_slips_of_a_plan_are_one_alert_whose_words_follow(planned: Cast) -> None:
    slip(planned, "Design", "8d")
    night()
    [alert] = Alert.objects.all()
    assert alert.reason.startswith("2 packages on the critical path slip: “1.1 Design” and")
    assert "; the finish moves from " in alert.reason
    assert len(alert_row(alert).parts) == 2
    slip(planned, "Design", "9d")
    night(1)
    [after] = Alert.objects.all()
    assert after.pk == alert.pk
    assert after.reason != alert.reason
    assert Notification.objects.filter(kind="alert.raised", user=planned.csm).count() == 1


def test_a_resolved_matter_comes_back_when_something_new_joins_it(planned: Cast) -> None:
    slip(planned, "Approve", "4d")
    night()
    [alert] = Alert.objects.all()
    resolve_alert(alert=alert, by=planned.csm, resolution="Agreed with them", now=NOW)
    slip(planned, "Approve", "5d")
    night(1)
    assert Alert.objects.get().by_hand, "the same package is what was resolved"
    slip(planned, "Design", "8d")
    night(2)
    back = Alert.objects.get()
    assert (back.is_open, back.by_hand, back.resolution) == (True, False, "")


def test_alerts_of_single_packages_end_with_the_night(planned: Cast) -> None:
    Alert.objects.create(
        customer=planned.customer,
        engagement=planned.engagement,
        kind=Alert.Kind.SLIP,
        key="package:2",
        said="“1.1 Design” is critical and ends late.",
        url="",
        opened_at=NOW,
        opened_date=DAY,
        seen_date=DAY,
    )
    slip(planned, "Design", "8d")
    night()
    assert [row.key for row in Alert.objects.filter(resolved_at=None)] == ["plan"]


def owe_two(cast: Cast) -> list[Measure]:
    keys = {definition.key: definition for definition in latest_definitions()}
    rows = [
        define_measure(engagement=cast.engagement, definition=definition, now=NOW)
        for definition in (NEW_ROUTE_SHARE, keys["how_to_tickets"])
    ]
    for row in rows:
        change_measure(measure=row, fields={"cadence": "weekly", "reader": cast.manager})
    Measure.objects.update(created_at=NOW - timedelta(days=60))
    return rows


def test_readings_somebody_owes_are_one_alert_told_once(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        owe_two(cast)
        for days in range(3):
            night(days)
        [alert] = Alert.objects.all()
        told = Notification.objects.filter(kind="alert.raised")
        assert (alert.owner, alert.measure) == (cast.manager, None)
        assert alert.reason.startswith("2 readings are overdue, the first since ")
        assert [row.user for row in told] == [cast.manager]


def test_overdue_readings_are_what_is_to_be_done_next(cast: Cast, csm: Client) -> None:
    lead = cast.browser(cast.lead)
    with tenant_scope(cast.tenant.pk):
        rows = owe_two(cast)
        night()
        found = get_next_action(engagement=cast.engagement)
    assert found is not None
    assert (found.kind, found.text) == ("reading", "2")
    page = cast.at(f"engagements/{cast.engagement.pk}/measures/")
    words = "Record 2 readings that are overdue"
    assert words in csm.get(page).content.decode()
    assert words not in lead.get(page).content.decode()
    with tenant_scope(cast.tenant.pk):
        for row in rows:
            remove_measure(measure=row, now=NOW)
        night(1)
        after = get_next_action(engagement=cast.engagement)
    assert after is None or after.kind != "reading"


def make_alert(cast: Cast, key: str = "plan", **fields: object) -> Alert:
    with tenant_scope(cast.tenant.pk):
        return Alert.objects.create(
            customer=cast.customer,
            engagement=cast.engagement,
            kind=Alert.Kind.SLIP,
            key=key,
            said=f"{key} slips.",
            url=f"engagements/{cast.engagement.pk}/plan/",
            opened_at=NOW,
            opened_date=DAY,
            seen_date=DAY,
            **fields,
        )


def owner_of(cast: Cast, alert: Alert) -> object:
    with tenant_scope(cast.tenant.pk):
        return Alert.objects.get(pk=alert.pk).owner


def test_an_alert_is_given_to_somebody_who_is_told(cast: Cast, csm: Client) -> None:
    alert = make_alert(cast, owner=cast.csm)
    give = cast.at(f"alerts/{alert.pk}/owner/")
    assert "Whose is it?" in csm.get(give).content.decode()
    told = csm.post(f"{give}?whose=mine", {"owner": str(cast.manager.pk)}, follow=True)
    assert told.request["QUERY_STRING"] == "whose=mine"
    assert owner_of(cast, alert) == cast.manager
    with tenant_scope(cast.tenant.pk):
        [row] = Notification.objects.filter(kind="alert.assigned")
    assert (row.user, row.words.partition(":")[0]) == (
        *(cast.manager, f"{cast.csm} gave you an alert. {cast.customer}"),
    )
    csm.post(f"{give}?undo=1&owner={cast.csm.pk}")
    assert owner_of(cast, alert) == cast.csm


def test_taking_one_answers_with_the_list_and_is_taken_back(cast: Cast, csm: Client) -> None:
    alert = make_alert(cast, owner=cast.manager)
    take = cast.at(f"alerts/{alert.pk}/take/")
    part = csm.post(f"{take}?whose=mine", headers=HTMX)
    assert 'id="alerts"' in part.content.decode()
    assert "plan slips." in part.content.decode()
    assert f"owner={cast.manager.pk}" in part["HX-Trigger"]
    csm.post(f"{take}?undo=1&owner={cast.manager.pk}")
    assert owner_of(cast, alert) == cast.manager
    for odd in ("nobody", "nonsense", str(cast.stranger.pk), str(cast.lead.pk)):
        csm.post(f"{take}?undo=1&owner={odd}")
        assert owner_of(cast, alert) is None


def test_mine_and_nobodys_stand_in_the_address_with_their_counts(cast: Cast, csm: Client) -> None:
    make_alert(cast, "mine", owner=cast.csm)
    make_alert(cast, "theirs", owner=cast.manager)
    make_alert(cast, "free")
    with tenant_scope(cast.tenant.pk):
        found = {
            whose: [row.key for row in get_alerts(filters=filters, today=TODAY)]
            for whose in ("mine", "nobody", "")
            for filters in [AlertFilters(whose=whose, asked_by=cast.csm.pk)]
        }
    assert found == {"mine": ["mine"], "nobody": ["free"], "": ["mine", "theirs", "free"]}
    page = csm.get(cast.at("alerts/?whose=nobody")).content.decode()
    assert "free slips." in page
    assert "theirs slips." not in page
    for chip in ("Everybody’s 3", "Mine 1", "Nobody’s 1", "Open 1"):
        assert chip in page
    assert '<b class="count">1<span class="visually-hidden"> yours' in page


def test_what_removes_a_measure_names_what_hangs_on_it(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        row = define_measure(engagement=cast.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
        change_measure(measure=row, fields={"reported_in": "Steering committee"})
    remove = cast.at(f"measures/{row.pk}/remove/")
    assert "It appears in “Steering committee”." in csm.get(remove).content.decode()
    listed = csm.post(remove, follow=True).content.decode()
    assert "One measure that was removed" in listed
    assert csm.get(cast.at(f"measures/{row.pk}/")).status_code == 404
    assert csm.get(remove).status_code == 404
    csm.post(f"{remove}?undo=1")
    assert csm.get(cast.at(f"measures/{row.pk}/")).status_code == 200


def test_removing_is_for_those_who_edit_measures(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        row = define_measure(engagement=cast.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    remove = cast.at(f"measures/{row.pk}/remove/")
    for person, status in ((cast.lead, 403), (cast.executive, 403), (cast.stranger, 404)):
        assert cast.browser(person).post(remove).status_code == status
