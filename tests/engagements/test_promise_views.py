import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client

from engagements import operations
from engagements.models import CriterionVersion, Engagement, ScopeService, SuccessCriterion
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries, error_beside

CRITERION = {
    "statement": "Crews close work orders on the phone",
    "measured_by": "Closed orders, weekly",
    "quality": "Closed the same day",
    "unit": "%",
    "baseline": "12.5",
    "baseline_note": "June count",
    "target": "80",
    "deadline": "2026-12-18",
    "value": "250000",
}


def owner_of(cast: Cast) -> str:
    with tenant_scope(cast.tenant.pk):
        person = operations.name_stakeholder(customer=cast.customer, name="Jonas Eide")
    return str(person.pk)


def at(cast: Cast, rest: str) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def written(cast: Cast, browser: Client, **changes: str) -> SuccessCriterion:
    data = CRITERION | {"owner": owner_of(cast)} | changes
    assert browser.post(at(cast, "criteria/new/"), data).status_code == 302
    with tenant_scope(cast.tenant.pk):
        return SuccessCriterion.objects.latest("created_at")


def newest(cast: Cast, criterion: SuccessCriterion) -> CriterionVersion:
    with tenant_scope(cast.tenant.pk):
        return CriterionVersion.objects.filter(criterion=criterion)[:1].get()


def act(cast: Cast, criterion: SuccessCriterion, verb: str = "") -> str:
    return cast.at(f"criteria/{criterion.pk}/{verb}")


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_an_empty_promise_says_what_to_do_first(cast: Cast, csm: Client, lead: Client) -> None:
    page = text(csm.get(at(cast, "promise/")))
    assert "Nothing is promised yet that anybody could check." in page
    assert "Write the first criterion" in page
    assert "Write the first criterion" not in text(lead.get(at(cast, "promise/")))


def test_a_criterion_is_written_agreed_and_shown(cast: Cast, csm: Client) -> None:
    criterion = written(cast, csm)
    agreement = {"agreed_date": "2026-06-10", "for_customer": "Jonas Eide"}
    page = text(csm.post(act(cast, criterion, "agree/"), agreement, follow=True))
    assert "The one criterion of success is agreed." in page
    for words in ("Crews close work orders on the phone", "12.5", "80", "Jonas Eide for the"):
        assert words in page
    assert newest(cast, criterion).agreed_for_vendor == cast.csm


def test_an_incomplete_criterion_is_flagged_and_not_agreed(cast: Cast, csm: Client) -> None:
    criterion = written(cast, csm, deadline="", quality="")
    assert "Missing: what counts, deadline" in text(csm.get(at(cast, "promise/")))
    agreement = {"agreed_date": "2026-06-10", "for_customer": "Jonas Eide"}
    answer = text(csm.post(act(cast, criterion, "agree/"), agreement))
    assert "It cannot be agreed yet. Still missing: what counts, deadline." in answer
    assert newest(cast, criterion).agreed_date is None


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"statement": ""}, "statement", "required"),
        ({"target": "12.50"}, "target", "nothing would have to change"),
        ({"target": "many"}, "target", "number"),
        ({"value": "-1"}, "value", "greater than or equal to 0"),
        ({"value": "1.234"}, "value", "2 decimal places"),
        ({"deadline": "soon"}, "deadline", "valid date"),
        ({"owner": "not-a-person"}, "owner", "valid"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    response = csm.post(at(cast, "criteria/new/"), CRITERION | change)
    assert words in error_beside(response, field)
    with tenant_scope(cast.tenant.pk):
        assert not SuccessCriterion.objects.exists()


def test_an_agreed_criterion_asks_for_a_reason_before_it_changes(cast: Cast, csm: Client) -> None:
    criterion = written(cast, csm)
    csm.post(act(cast, criterion, "agree/"), {"agreed_date": "2026-06-10", "for_customer": "Jonas"})
    changed = CRITERION | {"owner": owner_of(cast), "target": "70"}
    refusal = csm.post(act(cast, criterion), changed)
    assert "Say why it changes" in error_beside(refusal, "change_reason")
    page = text(
        csm.post(act(cast, criterion), changed | {"change_reason": "Two depots left"}, follow=True)
    )
    assert "Changed since agreed" in page and "Two depots left" in page
    assert "One earlier wording" in page


def test_an_agreement_is_not_dated_ahead(cast: Cast, csm: Client) -> None:
    criterion = written(cast, csm)
    response = csm.post(
        act(cast, criterion, "agree/"), {"agreed_date": "2099-01-01", "for_customer": "Jonas"}
    )
    assert "still to come" in error_beside(response, "agreed_date")


def test_a_withdrawn_criterion_leaves_with_its_reason_and_comes_back(
    cast: Cast, csm: Client
) -> None:
    criterion = written(cast, csm)
    assert "required" in error_beside(
        csm.post(act(cast, criterion, "withdraw/"), {"because": ""}), "because"
    )
    page = text(csm.post(act(cast, criterion, "withdraw/"), {"because": "Merged"}, follow=True))
    assert "One withdrawn criterion" in page and "Merged" in page
    assert "One withdrawn criterion" not in text(
        csm.post(act(cast, criterion, "withdraw/?undo=1"), follow=True)
    )


def test_the_scope_says_what_phase_1_covers(cast: Cast, csm: Client) -> None:
    for name, volume, stage in (("Access", "750", "1"), ("Laptops", "250", "2")):
        csm.post(
            at(cast, "services/new/"), {"name": name, "monthly_volume": volume, "stage": stage}
        )
    page = text(csm.get(at(cast, "promise/")))
    assert "Phase 1 covers 75" in page
    again = csm.post(
        at(cast, "services/new/"), {"name": "access", "monthly_volume": "1", "stage": "1"}
    )
    assert "This service is in the scope already." in text(again)


def test_a_service_changes_and_leaves(cast: Cast, csm: Client) -> None:
    csm.post(at(cast, "services/new/"), {"name": "Access", "monthly_volume": "750", "stage": "2"})
    with tenant_scope(cast.tenant.pk):
        service = ScopeService.objects.get()
    path = cast.at(f"services/{service.pk}/")
    csm.post(path, {"name": "Access", "monthly_volume": "800", "stage": "1"})
    with tenant_scope(cast.tenant.pk):
        assert ScopeService.objects.get().monthly_volume == 800
    assert "left the scope" in text(csm.post(path + "remove/", follow=True))
    with tenant_scope(cast.tenant.pk):
        assert not ScopeService.objects.exists()


def test_problem_quick_win_and_outcome_are_recorded(cast: Cast, csm: Client) -> None:
    csm.post(at(cast, "problem/"), {"problem": "Orders come back on paper, days late."})
    csm.post(
        at(cast, "quick-wins/new/"),
        {
            "result": "Access in 1 day, not 9",
            "evidence": "Count of May",
            "reached_date": "2026-05-31",
            "earned": "Phase 2",
        },
    )
    csm.post(
        at(cast, "outcomes/new/"),
        {
            "kind": "expansion",
            "decided_date": "2026-06-30",
            "yearly_amount": "48000",
            "currency": "NOK",
            "reason": "More depots",
        },
    )
    page = text(csm.get(at(cast, "promise/")))
    for words in (
        "on paper, days late",
        "Access in 1 day, not 9",
        "It earned: Phase 2",
        "Expansion",
    ):
        assert words in page
    assert "48,000" in page


def test_the_csv_says_what_the_page_says(cast: Cast, csm: Client) -> None:
    written(cast, csm, statement="=1+1")
    response = csm.get(at(cast, "criteria.csv"))
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row["statement"] == "'=1+1"
    assert (row["state"], row["target"], row["deadline"]) == ("ready", "80.0000", "2026-12-18")
    assert "attachment" in response["Content-Disposition"]


def test_only_doers_change_the_promise(
    cast: Cast, csm: Client, lead: Client, executive: Client
) -> None:
    criterion = written(cast, csm)
    for browser in (lead, executive):
        assert browser.get(at(cast, "promise/")).status_code == 200
        for path in (
            at(cast, "criteria/new/"),
            at(cast, "problem/"),
            act(cast, criterion),
            act(cast, criterion, "agree/"),
        ):
            assert browser.post(path, CRITERION).status_code == 403


def test_two_people_change_the_problem_and_nothing_is_lost(cast: Cast, csm: Client) -> None:
    form = csm.get(at(cast, "problem/")).context["form"]
    opened = form["opened_with"].value()
    with tenant_scope(cast.tenant.pk):
        Engagement.objects.filter(pk=cast.engagement.pk).update(problem="Hers")
    response = csm.post(at(cast, "problem/"), {"problem": "Mine", "opened_with": opened})
    assert "“Hers”" in error_beside(response, "problem")
    with tenant_scope(cast.tenant.pk):
        assert Engagement.objects.get(pk=cast.engagement.pk).problem == "Hers"


def test_the_page_costs_the_same_for_many_criteria(cast: Cast, csm: Client) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(8):
                made = operations.write_criterion(
                    engagement=cast.engagement, fields={"statement": f"c{number}"}, by=None
                )
                operations.reword_criterion(
                    criterion=made.criterion, fields={"deadline": date(2027, 1, 1)}, by=None
                )

    written(cast, csm)
    assert_same_queries(csm, at(cast, "promise/"), grow)
