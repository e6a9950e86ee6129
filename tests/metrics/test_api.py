from datetime import timedelta

import pytest
from django.test import Client

from metrics.definitions import NEW_ROUTE_SHARE
from metrics.models import Agreement, Measure
from metrics.operations import agree_target, define_measure
from tenancy.access import EVERY_SCOPE, READING
from tenancy.operations import create_api_key
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW, grows
from tests.metrics.terms import DEADLINE, make_terms

JSON = "application/json"


@pytest.fixture
def program(used: Cast) -> Client:
    _row, key = create_api_key(
        tenant=used.tenant, name="BI", scopes=EVERY_SCOPE, created_by=used.admin
    )
    return Client(headers={"Authorization": f"Bearer {key.text}"})


def agreement(**changed: object) -> dict[str, object]:
    return {
        "quality": "people who open their orders",
        "amount": 150,
        "deadline": DEADLINE.isoformat(),
        "baseline_amount": 10,
        "baseline_date": FIRST.isoformat(),
        "for_customer": "Jonas Eide",
        "agreed_date": LAST.isoformat(),
        "milestones": [{"name": "Half", "amount": 80, "day": LAST.isoformat()}],
        **changed,
    }


def test_a_program_defines_agrees_and_reads(used, program) -> None:
    asked = {"engagement": str(used.engagement.pk), "definition": "active_users_28d"}
    made = program.post("/api/v1/measures/", asked, content_type=JSON)
    assert made.status_code == 201
    path = f"/api/v1/measures/{made.json()['id']}/"
    agreed = program.post(f"{path}agreements/", agreement(), content_type=JSON)
    assert agreed.status_code == 201
    assert agreed.json()["for_vendor"] is None
    found = program.get(path).json()
    assert found["target"]["amount"] == 150
    assert found["latest"]["amount"] == grows(83)
    assert found["milestones"][0]["outcome"] == "kept"
    assert found["forecast"]["day"] == DEADLINE.isoformat()
    assert found["forecast"]["low"] <= found["forecast"]["amount"] <= found["forecast"]["high"]
    assert program.get(f"{path}agreements/").json() == [agreed.json()]


def test_the_list_filters_by_engagement(used, program, measure) -> None:
    every = program.get("/api/v1/measures/").json()["results"]
    assert [row["id"] for row in every] == [str(measure.pk)]
    none = program.get("/api/v1/measures/", {"engagement": str(used.second_engagement.pk)})
    assert none.json()["results"] == []


def test_a_second_measure_of_a_definition_is_refused(used, program, measure) -> None:
    asked = {"engagement": str(used.engagement.pk), "definition": "active_users_28d"}
    refused = program.post("/api/v1/measures/", asked, content_type=JSON)
    assert refused.status_code == 400
    assert "already has the measure" in refused.json()["errors"]["definition"][0]


def test_an_engagement_of_somebody_else_is_not_there(used, program) -> None:
    asked = {"engagement": str(used.other_engagement.pk), "definition": "active_users_28d"}
    refused = program.post("/api/v1/measures/", asked, content_type=JSON)
    assert refused.status_code == 400
    with tenant_scope(used.other_tenant.pk):
        assert not Measure.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"quality": ""}, "(quality)"),
        ({"amount": None}, "(quantity)"),
        ({"deadline": None}, "(deadline)"),
        ({"amount": "nan"}, "valid number"),
        ({"amount": 1e15}, "too large"),
        ({"amount": 1}, "lies below the baseline"),
        ({"milestones": [{"name": "Half", "amount": 80}]}, "required"),
        ({"milestones": [{"name": "H", "amount": 80, "day": "2026-11-01"}] * 51}, "50"),
    ],
)
def test_ill_formed_agreements_are_refused_in_words(used, program, measure, changed, words) -> None:
    path = f"/api/v1/measures/{measure.pk}/agreements/"
    refused = program.post(path, agreement(**changed), content_type=JSON)
    assert refused.status_code == 400
    assert words in refused.content.decode()
    with tenant_scope(used.tenant.pk):
        assert not Agreement.objects.exists()


def test_readings_come_in_by_program_where_nothing_computes_them(used, program, measure) -> None:
    with tenant_scope(used.tenant.pk):
        row = define_measure(engagement=used.engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    path = f"/api/v1/measures/{row.pk}/readings/"
    reading = {"day": LAST.isoformat(), "amount": 12.5}
    assert program.post(path, reading, content_type=JSON).status_code == 201
    assert [item["amount"] for item in program.get(path).json()] == [12.5]
    ahead = {"day": (LAST + timedelta(days=9)).isoformat(), "amount": 12.5}
    assert program.post(path, ahead, content_type=JSON).status_code == 400
    computed = f"/api/v1/measures/{measure.pk}/readings/"
    assert program.post(computed, reading, content_type=JSON).status_code == 400


def test_the_customers_lead_reads_but_does_not_write(used, lead, measure) -> None:
    path = used.at(f"api/v1/measures/{measure.pk}/")
    assert lead.get(path).status_code == 200
    assert lead.post(f"{path}agreements/", agreement(), content_type=JSON).status_code == 403


def test_a_reading_key_does_not_write(used, measure) -> None:
    _row, key = create_api_key(
        tenant=used.tenant, name="Reader", scopes=READING, created_by=used.admin
    )
    reader = Client(headers={"Authorization": f"Bearer {key.text}"})
    path = f"/api/v1/measures/{measure.pk}/agreements/"
    assert reader.get(path).status_code == 200
    assert reader.post(path, agreement(), content_type=JSON).status_code == 403


def test_what_the_page_says_the_api_says(used, csm, measure) -> None:
    with tenant_scope(used.tenant.pk):
        agree_target(measure=measure, terms=make_terms(), agreed_by=used.csm)
    found = csm.get(used.at(f"api/v1/measures/{measure.pk}/")).json()
    page = csm.get(used.at(f"measures/{measure.pk}/")).content.decode()
    assert found["finding"] in page
    assert all(sentence in page for sentence in found["details"])
