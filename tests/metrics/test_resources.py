"""Where the money of a plan goes: the worked example from stored packages, one figure everywhere."""

import csv
import html
import io
import json
import re
from decimal import Decimal

import pytest
from django.test import Client

from adoption.models import WorkPackage
from adoption.operations import make_plan
from engagements.models import ImpactGroup
from engagements.operations import add_impact_group
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import LAST, NOW
from tests.metrics.groups import EFFORT, NAMES
from tests.pages import assert_same_queries, statuses


@pytest.fixture
def at(cast: Cast) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/measures/")


def make_groups(cast: Cast, names: str) -> None:
    with tenant_scope(cast.tenant.pk):
        for name in names:
            fields = {"name": name, "size": 10}
            add_impact_group(engagement=cast.engagement, fields=fields)


@pytest.fixture
def spent(cast: Cast) -> Cast:
    """A package for each of the six groups, with what it cost; each was planned at 20."""
    make_groups(cast, NAMES)
    with tenant_scope(cast.tenant.pk):
        make_plan(
            engagement=cast.engagement,
            name="Roll-out",
            start=LAST,
            text="\n".join(f"Train {name}; 2d" for name in NAMES),
            by=cast.csm,
            now=NOW,
        )
        for name, cost in zip(NAMES, EFFORT, strict=True):
            group = ImpactGroup.objects.get(name=name)
            rows = WorkPackage.objects.filter(name=f"Train {name}")
            rows.update(impact_group=group, budget=Decimal(20), cost=Decimal(cost))
    return cast


def ring_in(page: str) -> dict[str, float]:
    found = re.search(r'<template id="resources_figure">(.*?)</template>', page, re.DOTALL)
    assert found is not None
    [ring] = json.loads(html.unescape(found[1]))["data"]
    return dict(zip(ring["labels"], ring["values"], strict=True))


def test_ring_table_csv_and_api_are_the_shares_of_the_worked_example(
    spent: Cast, at: str, csm: Client
) -> None:
    page = csm.get(f"{at}resources/").content.decode()
    expected = dict(zip(NAMES, EFFORT, strict=True))
    assert ring_in(page) == expected
    assert "D had the largest part of the resources, 35\xa0%." in page
    text = csm.get(f"{at}resources.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["impact_group"]: float(row["spent"]) for row in rows} == expected
    path = f"api/v1/engagements/{spent.engagement.pk}/measures/resources/"
    api = csm.get(spent.at(path)).json()
    assert {row["name"]: float(row["spent"]) for row in api["groups"]} == expected
    assert [row["spent_share"] for row in api["groups"]] == [part / 100 for part in EFFORT]
    assert f"{api['finding']}." in page
    for part in EFFORT:
        assert f"{part}\xa0%</td>" in page


def test_planned_and_a_group_in_focus_are_in_the_address(spent: Cast, at: str, csm: Client) -> None:
    with tenant_scope(spent.tenant.pk):
        group = ImpactGroup.objects.get(name="C")
    focused = csm.get(f"{at}resources/?of=spent&group={group.pk}").content.decode()
    assert "C had 8\xa0% of the resources." in focused
    planned = csm.get(f"{at}resources/?of=planned&group={group.pk}").content.decode()
    assert "C is to have 17\xa0% of the resources." in planned
    assert set(ring_in(planned).values()) == {20.0}
    fragment = csm.get(f"{at}resources/?of=planned", headers={"HX-Request": "true"}).content
    assert fragment.lstrip().startswith(b'<div class="stack" id="resources"')


@pytest.mark.parametrize("asked", ["?of=nonsense&group=1", "?group=none", "?of="])
def test_what_the_address_says_wrongly_is_not_heard(
    spent: Cast, at: str, csm: Client, asked: str
) -> None:
    page = csm.get(f"{at}resources/{asked}").content.decode()
    assert "D had the largest part of the resources" in page


def test_groups_without_spending_are_named_and_work_without_a_group_counts(
    spent: Cast, at: str, csm: Client
) -> None:
    make_groups(spent, "GH")
    with tenant_scope(spent.tenant.pk):
        WorkPackage.objects.filter(name="Train F").update(impact_group=None)
    page = csm.get(f"{at}resources/").content.decode()
    assert "Nothing was spent on F, G and H." in page
    assert "Without a group" in page
    assert sum(ring_in(page).values()) == 100


def test_before_any_money_the_page_says_what_it_waits_for(cast: Cast, at: str, csm: Client) -> None:
    assert "No impact groups yet" in csm.get(f"{at}resources/").content.decode()
    make_groups(cast, "A")
    page = csm.get(f"{at}resources/").content.decode()
    assert "No work for a group has a budget yet." in page
    assert "The ring is drawn with the first" in page


def test_money_is_for_those_who_see_budgets(
    spent: Cast, at: str, csm: Client, lead: Client, stranger: Client
) -> None:
    member = spent.browser(spent.member)
    browsers = {"csm": csm, "lead": lead, "member": member, "stranger": stranger}
    expected = {"csm": 200, "lead": 200, "member": 403, "stranger": 404}
    api = spent.at(f"api/v1/engagements/{spent.engagement.pk}/measures/resources/")
    for path in (f"{at}resources/", f"{at}resources.csv", api):
        assert statuses(browsers, "get", path) == expected
    for client, shown in ((lead, True), (member, False)):
        assert (f'href="{at}resources/"' in client.get(at).content.decode()) is shown


def test_more_groups_cost_no_more_queries(spent: Cast, at: str, csm: Client) -> None:
    assert_same_queries(csm, f"{at}resources/", lambda: make_groups(spent, "WXYZ"))
