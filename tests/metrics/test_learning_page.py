"""What tests say of groups, from the rows to page, CSV and API."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from adoption import operations as adoption
from adoption.models import Assessment, WorkPackage
from adoption.operations import NewScore
from engagements import operations as engagements
from engagements.models import EndUser, ImpactGroup
from metrics import queries
from metrics.queries import LearningView
from tenancy import operations as tenancy
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast
from tests.metrics.groups import AFTER, BEFORE, EFFORT, NAMES
from tests.pages import assert_same_queries, statuses

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
DAYS = {"before": date(2026, 9, 1), "after": date(2026, 11, 2)}
# Around the mean of a group, so that it stays what it is.
SPREAD = (-2, -1, 0, 1, 2)


def record(test: Assessment, *items: NewScore) -> None:
    adoption.record_scores(assessment=test, items=items, by=None, now=NOW, today=TODAY)


def add_group(cast: Cast, name: str, people: int = len(SPREAD)) -> ImpactGroup:
    """With people on the roster, the last of whom has no access."""
    group = engagements.add_impact_group(
        engagement=cast.engagement, fields={"name": name, "size": people or 9}
    )
    for number in range(people):
        access = None if number == people - 1 else DAYS["before"]
        engagements.put_on_roster(
            engagement=cast.engagement,
            external_id=f"{name}-{number}",
            fields={"impact_group": group, "access_since": access},
        )
    return group


def scores_of(group: ImpactGroup, before: float, after: float, people: int = 5) -> list[NewScore]:
    found = []
    for number in range(people):
        person = EndUser.objects.get(external_id=f"{group.name}-{number}")
        for stage, mean in (("before", before), ("after", after)):
            amount = Decimal(str(mean + SPREAD[number]))
            found.append(NewScore(stage, amount, DAYS[stage], end_user=person, group=group))
    return found


@pytest.fixture
def example(cast: Cast) -> Assessment:
    """The worked example: six groups of five people, what was paid for each, a barrier of C."""
    with tenant_scope(cast.tenant.pk):
        adoption.make_plan(
            engagement=cast.engagement,
            name="Roll-out",
            start=TODAY,
            text="\n".join(f"Train {name}; 2d" for name in NAMES),
            by=cast.csm,
            now=NOW,
        )
        test = adoption.add_assessment(engagement=cast.engagement, fields={"name": "Final task"})
        for name, before, after, effort in zip(NAMES, BEFORE, AFTER, EFFORT, strict=True):
            group = add_group(cast, name)
            record(test, *scores_of(group, before, after))
            rows = WorkPackage.objects.filter(name=f"Train {name}")
            rows.update(impact_group=group, cost=Decimal(effort))
        adoption.note_barrier(
            engagement=cast.engagement,
            groups=[ImpactGroup.objects.get(name="C")],
            fields={"kind": "no_time", "effect": "No hour", "since_date": DAYS["before"]},
            by=cast.csm,
        )
    return test


def view_of(cast: Cast, *, full: bool = True, **asked: Any) -> LearningView:
    with tenant_scope(cast.tenant.pk):
        return queries.get_learning(
            engagement_id=cast.engagement.pk,
            today=TODAY,
            names_people=full,
            tells_money=full,
            **asked,
        )


def at(cast: Cast, rest: str = "learning/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def test_only_c_fails_from_a_low_start_with_little_of_the_resources(
    cast: Cast, example: Assessment
) -> None:
    view = view_of(cast)
    (failing,) = view.found.below
    assert (failing.group.name, failing.gap, failing.gain) == ("C", 9, 40)
    assert round(failing.normalised_gain or 0, 2) == 0.48
    assert failing.group.effort == pytest.approx(0.08)
    assert failing.starts_lowest
    assert failing.hints == ("low_start", "low_effort", "low_access", "barrier")
    assert [result.group.name for result in view.found.met_before] == ["A"]
    gains = {one.result.group.name: one.result.normalised_gain or 0 for one in view.standings}
    assert min(gains, key=gains.__getitem__) == "E"
    assert (view.people.count, view.people.among) == (25, 30)
    assert [one.name for one in view.below] == ["C-0", "C-1", "C-2", "C-3", "C-4"]
    assert [one.has_access for one in view.below] == [True, True, True, True, False]


def test_page_csv_and_api_say_the_same(cast: Cast, csm: Client, example: Assessment) -> None:
    shown = csm.get(at(cast))
    page = shown.content.decode()
    assert "Only C is below the standard of 65: 9 short" in page
    assert "C started lowest, at 16, and gained +40" in page
    group = next(one for one in shown.context["view"].standings if one.result.gap)
    for link in ("barriers/?group=", "plan/?group=", "roster/?group="):
        assert f"{link}{group.group_id}" in page
    assert at(cast, "measures/resources/") in page
    text = csm.get(at(cast, "learning.csv")).content.decode("utf-8-sig")
    rows = {row["group"]: row for row in csv.DictReader(io.StringIO(text))}
    answer = csm.get(cast.at(f"api/v1/learning/{example.pk}/")).json()
    assert answer["finding"] == "Only C is below the standard of 65: 9 short"
    assert list(rows) == [one["name"] for one in answer["groups"]] == list(NAMES)
    for one in answer["groups"]:
        row = rows[one["name"]]
        for name in ("before", "after", "gap", "gain", "share_of_resources"):
            assert float(row[name]) == pytest.approx(one[name])
        assert f'<td class="right num">{one["before"]:g}</td>' in page
    assert (rows["C"]["gap"], rows["C"]["share_of_resources"]) == ("9", "0.08")
    assert rows["C"]["perhaps_why"].startswith("C started lowest")
    assert [one["external_id"] for one in answer["below"]] == [f"C-{n}" for n in range(5)]


def test_whoever_may_not_see_scores_is_told_of_groups_alone(
    cast: Cast, example: Assessment
) -> None:
    with tenant_scope(cast.tenant.pk):
        small = add_group(cast, "Small", people=4)
        record(example, *scores_of(small, 30, 40, people=4))
    lead, member = cast.browser(cast.lead), cast.browser(cast.member)
    told = lead.get(at(cast)).content.decode()
    assert "Small-0" in told
    page = member.get(at(cast)).content.decode()
    assert "C-0" not in page
    assert "fewer than five people took both tests: Small." in page
    assert ">8\N{NO-BREAK SPACE}%<" not in page
    text = member.get(at(cast, "learning.csv")).content.decode()
    assert "Small" not in text
    answer = member.get(cast.at(f"api/v1/learning/{example.pk}/")).json()
    assert (answer["below"], answer["hidden"]) == ([], ["Small"])
    assert {one["share_of_resources"] for one in answer["groups"]} == {None}
    assert answer["people_tested"] == 30


def test_everybody_sees_their_own_and_a_key_what_it_opens(cast: Cast, example: Assessment) -> None:
    names = ("csm", "executive", "lead", "member", "stranger")
    browsers = {name: cast.browser(getattr(cast, name)) for name in names}
    seen = dict.fromkeys(names, 200) | {"stranger": 404}
    for rest in ("learning/", "learning.csv", f"learning/?test={example.pk}"):
        assert statuses(browsers, "get", at(cast, rest)) == seen
    assert statuses(browsers, "get", cast.at(f"api/v1/learning/{example.pk}/")) == seen
    second = cast.at(f"engagements/{cast.second_engagement.pk}/learning/")
    assert browsers["lead"].get(second).status_code == 404
    assert browsers["csm"].get(f"{second}?test={example.pk}").status_code == 404
    assert browsers["csm"].get(at(cast, "learning/?test=none")).status_code == 404
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=["measures:read"], created_by=cast.admin
    )
    program = Client(headers={"Authorization": f"Bearer {new.text}"})
    answer = program.get(f"/api/v1/learning/{example.pk}/").json()
    assert answer["below"] == []
    assert {one["share_of_resources"] for one in answer["groups"]} == {None}


def test_only_matched_pairs_make_a_mean_and_unnamed_groups_count_as_they_are(
    cast: Cast, csm: Client
) -> None:
    with tenant_scope(cast.tenant.pk):
        crews = add_group(cast, "Crews", people=6)
        desk = add_group(cast, "Desk", people=0)
        test = adoption.add_assessment(engagement=cast.engagement, fields={"name": "Task"})
        record(test, *scores_of(crews, 40, 70))
        leaver = EndUser.objects.get(external_id="Crews-5")
        record(test, NewScore("before", Decimal(5), DAYS["before"], end_user=leaver, group=crews))
        for stage, people in (("before", 12), ("after", 9)):
            item = NewScore(stage, Decimal(60), DAYS[stage], group=desk, people=people)
            record(test, item)
    one, two = view_of(cast).standings
    assert (one.result.group.before, one.result.group.n, one.left_out) == (40, 5, 1)
    assert (two.result.group.before, two.result.gap, two.result.group.n) == (60, 5, 9)
    page = csm.get(at(cast)).content.decode()
    assert "People with both tests: 5. Left out, with one test only: 1." in page


def test_without_results_the_page_says_what_to_do(cast: Cast, csm: Client) -> None:
    assert at(cast, "tests/new/") in csm.get(at(cast)).content.decode()
    with tenant_scope(cast.tenant.pk):
        test = adoption.add_assessment(engagement=cast.engagement, fields={"name": "Task"})
    assert cast.at(f"tests/{test.pk}/") in csm.get(at(cast)).content.decode()
    answer = csm.get(cast.at(f"api/v1/learning/{test.pk}/")).json()
    assert answer["finding"] == "No group has been tested after training yet"


def test_the_page_costs_the_same_for_many(cast: Cast, csm: Client, example: Assessment) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for name in ("More", "Most"):
                record(example, *scores_of(add_group(cast, name), 30, 40))

    assert_same_queries(csm, at(cast), grow)
