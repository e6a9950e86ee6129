"""Tests of people: what is recorded, what is refused, and who sees whose."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from adoption import operations, queries
from adoption.models import Assessment, AssessmentResult
from adoption.operations import NewScore, ScoresTaken
from engagements import operations as engagements
from engagements.models import EndUser, Engagement, ImpactGroup, TimelineEntry
from tenancy.scope import tenant_scope
from tests.adoption.test_api_packages import program, send
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside, statuses

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
DAY = date(2026, 11, 2)
HEAD = "external_id,impact_group,people,stage,score,day\n"


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    with tenant_scope(cast.tenant.pk):
        yield cast


def add_group(engagement: Engagement, name: str, people: int = 0) -> ImpactGroup:
    """With people on the roster called like it."""
    group = engagements.add_impact_group(
        engagement=engagement, fields={"name": name, "size": people or 9}
    )
    for number in range(people):
        engagements.put_on_roster(
            engagement=engagement,
            external_id=f"{name}-{number}",
            fields={"impact_group": group, "access_since": DAY},
        )
    return group


def add_test(engagement: Engagement, name: str = "Final task", **fields: Any) -> Assessment:
    return operations.add_assessment(engagement=engagement, fields={"name": name} | fields)


def person(name: str) -> EndUser:
    return EndUser.objects.get(external_id=name)


def record(test: Assessment, *items: NewScore) -> ScoresTaken:
    return operations.record_scores(assessment=test, items=items, by=None, now=NOW, today=TODAY)


def score(amount: float, stage: str = "after", **of: Any) -> NewScore:
    return NewScore(stage, Decimal(str(amount)), of.pop("day", DAY), **of)


def test_a_later_result_replaces_the_earlier_and_keeps_it(inside: Cast) -> None:
    group = add_group(inside.engagement, "Crews", people=2)
    test, ana = add_test(inside.engagement), person("Crews-0")
    first = score(50, end_user=ana, group=group)
    assert record(test, first, score(30, "before", end_user=ana, group=group)).new == 2
    assert record(test, first) == ScoresTaken(0, 0, 1)
    assert record(test, score(70, end_user=ana, group=group)) == ScoresTaken(0, 1, 0)
    scores = queries.get_scores(assessment_id=test.pk)
    assert [
        (one.before and one.before.score, one.after and one.after.score) for one in scores.people
    ] == [(30, 70)]
    kept = queries.get_replaced_results(assessment_id=test.pk).get()
    assert (kept.score, kept.replaced_at) == (50, NOW)
    said = TimelineEntry.objects.filter(kind="assessment.scored").values_list("text", flat=True)
    assert "Final task: one result recorded (After training)." in said


def test_what_cannot_be_is_refused_and_nothing_of_it_kept(inside: Cast) -> None:
    group, other = add_group(inside.engagement, "Crews", 1), add_group(inside.engagement, "Desk")
    test = add_test(inside.engagement, impact_group=group)
    good = score(50, end_user=person("Crews-0"), group=group)
    for field, bad in (
        ("score", score(100.5, group=group, people=4)),
        ("score", score(-1, group=group, people=4)),
        ("day", score(50, group=group, people=4, day=date(2026, 11, 19))),
        ("people", score(50, group=group)),
        ("people", score(50, end_user=person("Crews-0"), group=group, people=3)),
        ("impact_group", score(50, group=other, people=4)),
        ("impact_group", score(50, people=4)),
    ):
        with pytest.raises(ValidationError) as refusal:
            record(test, good, bad)
        assert set(refusal.value.message_dict) == {field}
    assert not AssessmentResult.objects.exists()


def test_a_standard_lies_within_the_scores_and_names_are_unique(inside: Cast) -> None:
    test = add_test(inside.engagement)
    assert (test.minimum, test.highest) == (65, 100)
    with pytest.raises(ValidationError, match="above the highest"):
        add_test(inside.engagement, "Second", minimum=12, highest=10)
    with pytest.raises(ValidationError, match="this name already"):
        add_test(inside.engagement, "FINAL task")
    group = add_group(inside.engagement, "Crews")
    record(test, score(90, group=group, people=6))
    with pytest.raises(ValidationError, match="higher score"):
        operations.change_assessment(assessment=test, fields={"highest": Decimal(80)})


@pytest.fixture
def tested(cast: Cast) -> Assessment:
    """Somebody of two has a result."""
    with tenant_scope(cast.tenant.pk):
        group = add_group(cast.engagement, "Crews", people=2)
        test = add_test(cast.engagement)
        record(test, score(50, end_user=person("Crews-0"), group=group))
        record(test, score(71, group=add_group(cast.engagement, "Desk"), people=6))
    return test


def at(cast: Cast, test: Assessment, rest: str = "") -> str:
    return cast.at(f"tests/{test.pk}/{rest}")


def test_a_result_is_recorded_by_hand(cast: Cast, csm: Client, tested: Assessment) -> None:
    path = at(cast, tested, "scores/new/")
    posted = {"person": "Crews-1", "stage": "after", "score": "64.5", "day": "2026-11-03"}
    assert csm.post(path, posted).status_code == 302
    shown = csm.get(at(cast, tested)).content.decode()
    assert "64.5" in shown
    assert "Crews-1" in shown
    wrong = csm.post(path, posted | {"person": "nobody", "score": "640"})
    assert error_beside(wrong, "person") == "Nobody on the roster of this engagement has this id."
    high = csm.post(path, posted | {"score": "640"})
    assert error_beside(high, "score") == "A score of this test lies between 0 and 100."
    assert "Name a person" in error_beside(csm.post(path, posted | {"person": ""}), "person")


def test_a_table_is_looked_through_first_and_comes_in_whole(
    cast: Cast, csm: Client, tested: Assessment
) -> None:
    path = at(cast, tested, "scores/import/")
    text = f"{HEAD}Crews-0,,,after,80,2026-11-04\nCrews-1,,,Before,40,2026-10-01\n,desk,6,after,71,2026-11-02\n"
    looked = csm.post(path, {"text": text})
    assert "New: 1, replacing others: 1, the same as before: 1" in looked.content.decode()
    with tenant_scope(cast.tenant.pk):
        assert AssessmentResult.objects.count() == 2
    sealed = looked.context["bring_in"].initial["scores"]
    assert csm.post(path, {"scores": sealed}).status_code == 302
    with tenant_scope(cast.tenant.pk):
        scores = queries.get_scores(assessment_id=tested.pk)
        assert [one.after.score if one.after else None for one in scores.people] == [80, None]
    other = csm.post(path, {"scores": sealed[:-2]}, follow=True)
    assert "Send it again" in other.content.decode()


def test_a_table_with_faults_names_row_and_column_and_brings_nothing(
    cast: Cast, csm: Client, tested: Assessment
) -> None:
    rows = (
        "nobody,,,after,50,2026-11-01",
        ",,,after,50,2026-11-01",
        "Crews-1,,,later,five,tomorrow",
        "Crews-1,Nowhere,,after,,2026-11-01",
        "Crews-1,,,after,500,2026-11-01",
        "Crews-0,,,before,50,2026-11-01",
        "Crews-0,,,before,51,2026-11-01",
    )
    shown = csm.post(at(cast, tested, "scores/import/"), {"text": HEAD + "\n".join(rows)})
    faults = [(fault.row, fault.column) for fault in shown.context["faults"]]
    assert faults == [
        (2, "external_id"),
        (3, "external_id"),
        (4, "stage"),
        (4, "score"),
        (4, "day"),
        (5, "impact_group"),
        (5, "score"),
        (6, "score"),
        (8, "stage"),
    ]
    assert "bring_in" not in shown.context
    path = at(cast, tested, "scores/import/")
    assert "There is no column" in error_beside(csm.post(path, {"text": "id,x\n1,2\n"}), "text")
    assert "is missing" in error_beside(csm.post(path, {"text": "stage,day\n1,2\n"}), "text")
    assert "paste" in error_beside(csm.post(path, {}), "file")


def test_the_csv_comes_back_as_it_went(cast: Cast, csm: Client, tested: Assessment) -> None:
    text = csm.get(at(cast, tested, "scores.csv")).content.decode("utf-8-sig")
    looked = csm.post(at(cast, tested, "scores/import/"), {"text": text})
    assert "New: 0, replacing others: 0, the same as before: 2" in looked.content.decode()


def test_our_side_and_the_lead_record_and_members_see_no_single_score(
    cast: Cast, tested: Assessment
) -> None:
    names = ("csm", "executive", "lead", "member", "stranger")
    browsers = {name: cast.browser(getattr(cast, name)) for name in names}
    seen = {"csm": 200, "executive": 200, "lead": 200, "member": 403, "stranger": 404}
    assert statuses(browsers, "get", at(cast, tested)) == seen
    assert statuses(browsers, "get", at(cast, tested, "scores.csv")) == seen
    assert statuses(browsers, "get", at(cast, tested, "scores/new/")) == seen | {"executive": 403}
    listed = cast.at(f"engagements/{cast.engagement.pk}/tests/")
    assert statuses(browsers, "get", listed) == seen | {"member": 200}
    with tenant_scope(cast.tenant.pk):
        theirs = add_test(cast.second_engagement)
    assert browsers["lead"].get(at(cast, theirs)).status_code == 404


def test_pages_cost_the_same_for_many(cast: Cast, csm: Client, tested: Assessment) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            group = add_group(cast.engagement, "More", people=4)
            record(
                tested, *(score(60, end_user=person(f"More-{n}"), group=group) for n in range(4))
            )
            add_test(cast.engagement, "Another")

    assert_same_queries(csm, at(cast, tested), grow)
    assert csm.get(cast.at(f"engagements/{cast.engagement.pk}/tests.csv")).status_code == 200


def test_tests_and_results_over_the_api(cast: Cast, tested: Assessment) -> None:
    client, at_tests = program(cast), "/api/v1/assessments/"
    body = {
        "engagement": str(cast.engagement.pk),
        "name": "Shift",
        "kind": "simulation",
        "minimum": "60",
    }
    made = send(client, "POST", at_tests, body)
    assert (made.status_code, made.json()["minimum"]) == (201, "60.00"), made.content
    assert "name" in send(client, "POST", at_tests, body).json()["errors"]
    path = f"{at_tests}{made.json()['id']}/"
    changed = send(client, "PATCH", path, {"name": "Night shift"}, made["ETag"])
    assert changed.json()["name"] == "Night shift"
    results = "/api/v1/assessment-results/"
    sent = {
        "assessment": str(tested.pk),
        "external_id": "Crews-0",
        "stage": "after",
        "score": "66",
        "day": "2026-11-05",
    }
    first = send(client, "POST", results, sent)
    assert (first.status_code, first.json()["score"]) == (201, "66.00"), first.content
    group = {"assessment": str(tested.pk), "stage": "before", "score": "30", "day": "2026-11-05"}
    with tenant_scope(cast.tenant.pk):
        desk = ImpactGroup.objects.get(name="Desk")
    assert "external_id" in send(client, "POST", results, group).json()["errors"]
    assert (
        "people"
        in send(client, "POST", results, group | {"impact_group": str(desk.pk)}).json()["errors"]
    )
    whole = send(client, "POST", results, group | {"impact_group": str(desk.pk), "people": 6})
    assert whole.json()["end_user"] is None
    listed = client.get(f"{results}?assessment={tested.pk}&stage=after").json()["results"]
    assert sorted(row["score"] for row in listed) == ["66.00", "71.00"]
    member = cast.browser(cast.member)
    assert member.get(cast.at("api/v1/assessments/")).status_code == 200
    assert member.get(cast.at("api/v1/assessment-results/")).status_code == 403
    stranger = cast.browser(cast.stranger)
    assert stranger.get(cast.at("api/v1/assessments/")).status_code == 404
