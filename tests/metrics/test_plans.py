"""What measures are about, when they are read, what they leave open, and their definitions."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from adoption.models import WorkPackage
from adoption.operations import make_plan
from engagements.operations import add_impact_group, write_criterion
from metrics.definitions import ACTIVE_USERS, NEW_ROUTE_SHARE
from metrics.models import Agreement, Measure, OwnDefinition, Reading, ReadingChange
from metrics.operations import (
    agree_target,
    change_definition,
    define_measure,
    record_reading,
    write_definition,
)
from metrics.queries import Place, get_gaps, get_measurement_plan, get_places
from notifications.models import Notification
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW
from tests.metrics.terms import make_terms
from tests.pages import assert_same_queries

TODAY = LAST + timedelta(days=1)
WORDS = {"label": "Checks passed", "unit": "checks", "counting": "From the list on the wall."}


@pytest.fixture
def planned(cast: Cast) -> Cast:
    """A plan of two steps, the first long and critical."""
    with tenant_scope(cast.tenant.pk):
        make_plan(
            engagement=cast.engagement,
            name="Roll-out",
            start=TODAY,
            text="Train everybody; 40d\nAsk around; 2d",
            by=cast.csm,
            now=NOW,
        )
    return cast


def place_of(cast: Cast, name: str) -> Place:
    return next(p for p in get_places(engagement_id=cast.engagement.pk) if name in p.name)


def at_package(cast: Cast, name: str = "Train") -> Measure:
    return define_measure(
        engagement=cast.engagement,
        definition=NEW_ROUTE_SHARE,
        now=NOW,
        place=place_of(cast, name),
    )


def test_a_definition_measures_several_things_and_each_once(planned: Cast) -> None:
    with tenant_scope(planned.tenant.pk):
        first, second = at_package(planned), at_package(planned, "Ask")
        assert {first.about_name, second.about_name} == {"1 Train everybody", "2 Ask around"}
        gaps = get_gaps(engagement_id=planned.engagement.pk)
        assert (gaps.packages, gaps.with_target) == (2, 0)
        agree_target(measure=first, terms=make_terms(amount=90.0, milestones=()), agreed_by=None)
        gaps = get_gaps(engagement_id=planned.engagement.pk)
        assert [one.name for one in gaps.without_target] == ["2 Ask around"]
        assert [one.name for one in gaps.without_milestones] == ["1 Train everybody"]
        assert len(gaps.unreported) == 2
        assert [one.id for one in gaps.unconfirmed] == [first.pk]


def test_critical_work_is_read_more_often_and_a_what_if_saves_nothing(planned: Cast) -> None:
    with tenant_scope(planned.tenant.pk):
        critical, quick = at_package(planned), at_package(planned, "Ask")
        WorkPackage.objects.filter(uid=quick.about_key).update(critical=False, total_float=99_999)
        plan = get_measurement_plan(engagement_id=planned.engagement.pk, today=TODAY)
        found = {line.id: line for line in plan.lines}
        assert found[critical.pk].cadence == "weekly"
        assert found[quick.pk].cadence == "end"
        assert plan.load.minutes == plan.load.readings * NEW_ROUTE_SHARE.minutes


def test_the_page_of_the_plan_tries_a_cadence_and_keeps_it(planned: Cast, csm: Client) -> None:
    with tenant_scope(planned.tenant.pk):
        row = at_package(planned)
    path = planned.at(f"engagements/{planned.engagement.pk}/measures/plan/")
    tried = csm.get(path, {f"cadence-{row.pk}": "monthly"}).content.decode()
    assert "Nothing is saved yet" in tried
    with tenant_scope(planned.tenant.pk):
        assert Measure.objects.get().cadence == ""
    csm.post(f"{path}keep/", {f"cadence-{row.pk}": "monthly"})
    with tenant_scope(planned.tenant.pk):
        assert Measure.objects.get().cadence == "monthly"


@pytest.mark.parametrize("page", ["measures/", "measures/plan/", "measures/gaps/", "health/"])
def test_the_pages_cost_the_same_for_many(planned: Cast, csm: Client, page: str) -> None:
    with tenant_scope(planned.tenant.pk):
        engagement = planned.engagement
        group = add_impact_group(engagement=engagement, fields={"name": "Crews", "size": 4})
        write_criterion(engagement=engagement, fields={"statement": "It works"}, by=None)
        agree_target(
            measure=at_package(planned),
            terms=make_terms(amount=90.0, milestones=()),
            agreed_by=None,
        )
        for name in (group.name, "It works"):
            at_package(planned, name)

    def grow() -> None:
        with tenant_scope(planned.tenant.pk):
            for number in range(9):
                own = write_definition(fields=WORDS | {"label": f"Checks {number}"}, by=None)
                define_measure(
                    engagement=engagement,
                    definition=own.value,
                    now=NOW,
                    place=place_of(planned, "Ask"),
                )

    assert_same_queries(csm, planned.at(f"engagements/{engagement.pk}/{page}"), grow)


def test_usage_is_not_measured_of_one_group(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        group = add_impact_group(engagement=cast.engagement, fields={"name": "Crews", "size": 4})
    path = cast.at(f"engagements/{cast.engagement.pk}/measures/new/")
    answer = csm.post(path, {"definition": ACTIVE_USERS.key, "place": f"group:{group.pk}"})
    assert "counted for the whole customer" in answer.content.decode()


def test_a_changed_definition_is_a_version_and_readings_keep_theirs(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        own = write_definition(fields=WORDS, by=cast.csm)
        row = define_measure(engagement=cast.engagement, definition=own.value, now=NOW)
        for day, amount in ((FIRST, 3), (LAST, 4)):
            if day == LAST:
                change_definition(definition=own, fields={"counting": "By two people."}, by=None)
                row.refresh_from_db()
            record_reading(
                measure=row, day=day, amount=amount, now=NOW, today=TODAY, recorded_by=None
            )
        versions = Reading.objects.order_by("day").values_list("definition_version", flat=True)
        assert list(versions) == [1, 2]
        assert Measure.objects.get().definition.counting == "By two people."


def test_definitions_are_kept_by_managers_and_a_name_is_taken_once(cast: Cast, csm: Client) -> None:
    manager = cast.browser(cast.manager)
    path = cast.at("settings/measures/new/")
    fields = WORDS | {
        "direction": "rising", "source": "hand", "window_days": "1", "valid_days": "35",
        "decimals": "0", "small_count": "0", "minutes": "10", "lowest": "", "highest": "",
    }  # fmt: skip
    assert csm.get(path).status_code == 403
    assert manager.post(path, fields).status_code == 302
    assert b"has this name already" in manager.post(path, fields).content
    with tenant_scope(cast.tenant.pk):
        row = OwnDefinition.objects.get()
    edit = cast.at(f"settings/measures/{row.pk}/")
    assert manager.post(edit, fields | {"unit": "ticks"}).status_code == 302
    with tenant_scope(cast.tenant.pk):
        assert OwnDefinition.objects.latest("version").unit == "ticks"
    manager.post(f"{edit}withdraw/")
    offered = csm.get(cast.at(f"engagements/{cast.engagement.pk}/measures/new/")).content.decode()
    assert "Checks passed" not in offered
    manager.post(f"{edit}withdraw/?undo=1")
    offered = csm.get(cast.at(f"engagements/{cast.engagement.pk}/measures/new/")).content.decode()
    assert "Checks passed" in offered


def test_the_lead_confirms_what_is_in_force_and_the_csm_hears(used, measure, csm, lead) -> None:
    with tenant_scope(used.tenant.pk):
        old = agree_target(measure=measure, terms=make_terms(), agreed_by=used.csm)
        new = agree_target(measure=measure, terms=make_terms(amount=99.0, milestones=()), agreed_by=used.csm)  # fmt: skip
        assert Notification.objects.filter(kind="target.agreed", user=used.lead).count() == 2
    page, path = used.at(f"measures/{measure.pk}/"), used.at(f"measures/{measure.pk}/confirm/")
    assert b"Yes, this is what we agreed" in lead.get(page).content
    assert b"Yes, this is what we agreed" not in csm.get(page).content
    assert csm.post(path, {"agreed": new.pk}).status_code == 403
    lead.post(path, {"agreed": old.pk})
    with tenant_scope(used.tenant.pk):
        assert not Agreement.objects.filter(confirmed_at__isnull=False).exists()
    for _time in range(2):
        lead.post(path, {"agreed": new.pk})
    with tenant_scope(used.tenant.pk):
        assert Agreement.objects.get(confirmed_at__isnull=False) == new
        assert Notification.objects.filter(kind="target.confirmed", user=used.csm).count() == 1
    assert b"Confirmed by Lead" in lead.get(page).content


def send(client: Client, cast: Cast, text: str) -> Any:
    path = cast.at(f"engagements/{cast.engagement.pk}/measures/readings/")
    return client.post(path, {"file": SimpleUploadedFile("r.csv", text.encode())})


def test_a_file_comes_in_whole_after_it_was_shown(used, csm, measure) -> None:
    with tenant_scope(used.tenant.pk):
        row = define_measure(engagement=used.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    lines = f'{NEW_ROUTE_SHARE.key},{FIRST},"12,5",first\n{row.pk},{LAST},40,\n'
    page = send(csm, used, f"measure,day,amount,note\n{lines}")
    sealed = page.context["bring_in"].initial["readings"]
    with tenant_scope(used.tenant.pk):
        assert not Reading.objects.filter(measure=row).exists()
    path = used.at(f"engagements/{used.engagement.pk}/measures/readings/")
    assert csm.post(path, {"readings": sealed, "reason": ""}).status_code == 302
    again = send(csm, used, f"measure,day,amount\n{row.pk},{LAST},41\n").context
    csm.post(path, {"readings": again["bring_in"].initial["readings"], "reason": "Miscounted"})
    with tenant_scope(used.tenant.pk):
        found = dict(Reading.objects.filter(measure=row).values_list("day", "amount"))
        [change] = ReadingChange.objects.filter(measure=row)
    assert found == {FIRST: 12.5, LAST: 41}
    assert (change.before, change.after, change.reason) == (40, 41, "Miscounted")
    assert change.changed_by == used.csm
    text = csm.get(used.at(f"measures/{row.pk}/corrections.csv")).content.decode("utf-8-sig")
    assert [line["reason"] for line in csv.DictReader(io.StringIO(text))] == ["Miscounted"]


def test_one_bad_row_keeps_the_whole_file_out_and_is_named(used, csm, measure) -> None:
    with tenant_scope(used.tenant.pk):
        row = define_measure(engagement=used.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    lines = "\n".join(
        [
            f"{row.pk},{LAST},40",
            f"{row.pk},{LAST},41",
            f'{row.pk},{FIRST},"1,000"',
            f"{row.pk},yesterday,4",
            f"{row.pk},{FIRST},140",
            f"{measure.pk},{FIRST},4",
            f"nothing,{FIRST},4",
        ]
    )
    page = send(csm, used, f"measure,day,amount\n{lines}\n").content.decode()
    for words in (
        "A row above has a reading of this measure for the same day.",
        "may be thousands or decimals",
        "“yesterday” is not a day",
        "140 cannot occur",
        "read from usage every night",
        "No measure of this engagement is called “nothing”",
    ):
        assert words in page
    assert "Bring them in" not in page
    with tenant_scope(used.tenant.pk):
        assert not Reading.objects.filter(measure=row).exists()


def test_readings_sealed_for_one_engagement_do_not_enter_another(used, csm) -> None:
    path = used.at(f"engagements/{used.second_engagement.pk}/measures/readings/")
    with tenant_scope(used.tenant.pk):
        row = define_measure(engagement=used.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    sealed = send(csm, used, f"measure,day,amount\n{row.pk},{LAST},40\n").context["bring_in"]
    csm.post(path, {"readings": sealed.initial["readings"]})
    csm.post(path, {"readings": "made up"})
    with tenant_scope(used.tenant.pk):
        assert not Reading.objects.filter(measure=row).exists()
