import csv
import html
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from metrics.definitions import NEW_ROUTE_SHARE
from metrics.models import Agreement, Measure, Reading
from metrics.operations import agree_target, define_measure
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW, grows
from tests.metrics.terms import DEADLINE, make_terms

HTMX = {"HX-Request": "true"}
PARTS = ("quality", "quantity", "deadline")


@pytest.fixture
def agreed(used: Cast, measure: Measure) -> Measure:
    with tenant_scope(used.tenant.pk):
        agree_target(measure=measure, terms=make_terms(), agreed_by=used.csm)
    return measure


@pytest.fixture
def by_hand(used: Cast) -> Measure:
    with tenant_scope(used.tenant.pk):
        return define_measure(engagement=used.engagement, definition=NEW_ROUTE_SHARE, now=NOW)


def address(cast: Cast, measure: Measure, rest: str = "") -> str:
    return cast.at(f"measures/{measure.pk}/{rest}")


def fields(**changed: str) -> dict[str, str]:
    return {
        "quality": "people who open their orders",
        "amount": "150",
        "deadline": DEADLINE.isoformat(),
        "baseline_amount": "10",
        "baseline_date": FIRST.isoformat(),
        "baseline_note": "",
        "for_customer": "Jonas Eide",
        "agreed_date": LAST.isoformat(),
        "milestones-TOTAL_FORMS": "1",
        "milestones-INITIAL_FORMS": "0",
        "milestones-0-name": "",
        "milestones-0-amount": "",
        "milestones-0-due_date": "",
        **changed,
    }


def figure_in(page: str) -> dict:
    found = re.search(r'<template id="measure_figure">(.*?)</template>', page)
    assert found is not None
    return json.loads(html.unescape(found[1]))


def test_the_measure_page_shows_finding_agreement_and_table(used, csm, agreed) -> None:
    page = csm.get(address(used, agreed)).content.decode()
    assert "28-day active users rose from 65 to 93 in 4 weeks" in page
    assert "people who open their orders" in page
    assert "Jonas Eide for Halden" in page
    assert "All groups, 120" in page
    assert "Definition version 1." in page


def test_tile_last_point_table_csv_and_api_show_the_same_figure(used, csm, agreed) -> None:
    page = csm.get(address(used, agreed)).content.decode()
    traces = {trace["name"]: trace for trace in figure_in(page)["data"]}
    rows = csv_rows(csm, used, agreed)
    api = csm.get(used.at(f"api/v1/measures/{agreed.pk}/")).json()
    listed = csm.get(used.at(f"engagements/{used.engagement.pk}/measures/")).content.decode()
    assert traces["actual"]["y"][-1] == grows(83) == int(rows[-1]["amount"])
    assert api["latest"] == {"day": LAST.isoformat(), "amount": grows(83)}
    assert f"<b>{grows(83)}</b>" in page
    assert f'<td class="right">{grows(83)}</td>' in page
    assert f'<b class="num">{grows(83)}</b>' in listed
    assert [float(row["amount"]) for row in rows] == traces["actual"]["y"]
    readings = csm.get(used.at(f"api/v1/measures/{agreed.pk}/readings/")).json()
    assert [row["amount"] for row in readings] == traces["actual"]["y"]
    assert api["finding"] in page
    assert api["finding"] in listed


def csv_rows(client: Client, cast: Cast, measure: Measure) -> list[dict[str, str]]:
    answer = client.get(address(cast, measure, "readings.csv"))
    assert answer["Content-Disposition"].startswith('attachment; filename="HALDEN-1-active_users')
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_csv_rows_carry_share_and_version(used, csm, agreed) -> None:
    last = csv_rows(csm, used, agreed)[-1]
    assert last["share_of_the_way"] == "0.592857"
    assert (last["definition"], last["definition_version"]) == ("active_users_28d", "1")


def test_a_refresh_gets_the_fragment_and_nothing_when_nothing_changed(used, csm, agreed) -> None:
    page = csm.get(address(used, agreed), headers=HTMX).content.decode()
    assert page.lstrip().startswith('<section id="measure_chart"')
    seen = re.search(r"\?seen=([\w-]+)", page)
    assert seen is not None
    again = csm.get(address(used, agreed), {"seen": seen[1]}, headers=HTMX)
    assert (again.status_code, again.content) == (204, b"")
    with tenant_scope(used.tenant.pk):
        agree_target(measure=agreed, terms=make_terms(amount=200.0), agreed_by=None)
    changed = csm.get(address(used, agreed), {"seen": seen[1]}, headers=HTMX)
    assert changed.status_code == 200
    assert "200" in changed.content.decode()


def test_a_plain_visit_with_the_same_state_gets_the_page(used, csm, agreed) -> None:
    page = csm.get(address(used, agreed), {"seen": "x"})
    assert b"<!doctype html>" in page.content


def test_a_measure_without_anything_says_what_to_do_first(used, csm, by_hand) -> None:
    page = csm.get(address(used, by_hand)).content.decode()
    assert "No reading of “Work done in the new system” yet" in page
    assert "No target is agreed yet" in page
    assert csm.get(address(used, by_hand, "readings.csv")).status_code == 200


def test_an_engagement_without_measures_says_what_to_do_first(used, csm, lead) -> None:
    path = used.at(f"engagements/{used.engagement.pk}/measures/")
    assert b"Add the first measure" in csm.get(path).content
    assert b"Add the first measure" not in lead.get(path).content


def test_from_nothing_to_an_agreed_measure(used, csm) -> None:
    path = used.at(f"engagements/{used.engagement.pk}/measures/new/")
    made = csm.post(path, {"definition": "active_users_28d"})
    with tenant_scope(used.tenant.pk):
        row = Measure.objects.get()
    assert made["Location"] == address(used, row, "agree/")
    agreed = csm.post(made["Location"], fields())
    assert agreed["Location"] == address(used, row)
    assert b"150" in csm.get(agreed["Location"]).content


def test_a_second_measure_of_the_same_about_the_same_is_refused(used, csm, measure) -> None:
    path = used.at(f"engagements/{used.engagement.pk}/measures/new/")
    refused = csm.post(path, {"definition": "active_users_28d"})
    assert refused.status_code == 200
    assert "already has the measure “28-day active users”" in refused.content.decode()
    with tenant_scope(used.tenant.pk):
        assert Measure.objects.count() == 1


def test_a_target_is_refused_with_every_missing_part_named(used, csm, measure) -> None:
    lacking = fields(quality="", amount="", deadline="")
    page = csm.post(address(used, measure, "agree/"), lacking).content.decode()
    assert all(part in page for part in PARTS)
    with tenant_scope(used.tenant.pk):
        assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"amount": "5"}, "lies below the baseline"),
        ({"amount": "many"}, "Enter a number"),
        ({"amount": "1e400"}, "Enter a number"),
        ({"deadline": "9999-12-31"}, "more than ten years"),
        ({"baseline_date": "0001-01-01"}, "before 1990"),
        ({"agreed_date": (LAST + timedelta(days=9)).isoformat()}, "dated in the future"),
        ({"milestones-0-name": "Half"}, "A milestone has a name, an amount and a day."),
        ({"milestones-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_a_wrong_agreement_is_explained_and_nothing_saved(
    used, csm, measure, changed, words
) -> None:
    answer = csm.post(address(used, measure, "agree/"), fields(**changed))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    with tenant_scope(used.tenant.pk):
        assert not Agreement.objects.exists()


def test_milestones_are_typed_or_plain_shares_of_the_way(used, csm, measure) -> None:
    typed = {
        "milestones-0-name": "Half",
        "milestones-0-amount": "80",
        "milestones-0-due_date": LAST.isoformat(),
    }
    csm.post(address(used, measure, "agree/"), fields(**typed))
    csm.post(address(used, measure, "agree/"), fields(use_plain="on"))
    with tenant_scope(used.tenant.pk):
        first, second = Agreement.objects.all()
        assert [goal.name for goal in first.milestones.all()] == ["Half"]
        assert [(goal.name, goal.amount) for goal in second.milestones.all()] == [
            ("25% of the way", 45),
            ("50% of the way", 80),
            ("75% of the way", 115),
        ]


def test_the_form_starts_from_the_agreement_in_force(used, csm, agreed) -> None:
    page = csm.get(address(used, agreed, "agree/")).content.decode()
    assert 'value="First groups"' in page
    assert 'value="150"' in page


def test_a_reading_by_hand_is_recorded_and_refused_in_words(used, csm, by_hand, measure) -> None:
    path = address(used, by_hand, "readings/new/")
    assert csm.get(path).status_code == 200
    good = csm.post(path, {"day": LAST.isoformat(), "amount": "42.5"})
    assert good.status_code == 302
    bad = csm.post(path, {"day": LAST.isoformat(), "amount": "420"})
    assert "at least 0 and at most 100" in bad.content.decode()
    computed = csm.post(
        address(used, measure, "readings/new/"), {"day": LAST.isoformat(), "amount": "5"}
    )
    assert "read from usage every night" in computed.content.decode()
    with tenant_scope(used.tenant.pk):
        assert [row.amount for row in Reading.objects.filter(measure=by_hand)] == [42.5]


def test_names_people_typed_stay_text(used, csm, measure) -> None:
    odd = fields(quality="<script>alert(1)</script>", for_customer="</script><b>x")
    odd |= {
        "milestones-0-name": "</script><i>",
        "milestones-0-amount": "80",
        "milestones-0-due_date": LAST.isoformat(),
    }
    csm.post(address(used, measure, "agree/"), odd)
    page = csm.get(address(used, measure)).content.decode()
    assert "<script>alert" not in page
    assert "</script><i>" not in page
    assert "</script><b>" not in page
    assert figure_in(page)["data"]


@pytest.mark.parametrize("rest", ["agree/", "readings/new/"])
def test_only_staff_who_look_after_customers_change_measures(
    used, measure, lead, executive, rest
) -> None:
    for client in (lead, executive):
        assert client.get(address(used, measure)).status_code == 200
        assert client.get(address(used, measure, rest)).status_code == 403
        assert client.post(address(used, measure, rest), fields()).status_code == 403


def test_a_stranger_and_another_customer_find_nothing(used, measure, stranger, lead) -> None:
    assert stranger.get(address(used, measure)).status_code == 404
    with tenant_scope(used.tenant.pk):
        other = define_measure(
            engagement=used.second_engagement, definition=NEW_ROUTE_SHARE, now=NOW
        )
    for rest in ("", "readings.csv"):
        assert lead.get(address(used, other, rest)).status_code == 404
    assert stranger.get(f"/w/{used.other_tenant.slug}/measures/{measure.pk}/").status_code == 404
