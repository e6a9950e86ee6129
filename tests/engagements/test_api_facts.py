"""What is said about an engagement over the API: the rules of the pages, in their words."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from engagements import operations
from engagements.models import Engagement
from tenancy import operations as tenancy
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast

JSON = "application/json"


@pytest.fixture
def program(cast: Cast) -> Client:
    return program_of(cast, "customers:write", "people:write", "money:write")


def program_of(cast: Cast, *scopes: str) -> Client:
    _row, new = tenancy.create_api_key(
        tenant=cast.tenant, name=" ".join(scopes)[:80], scopes=scopes, created_by=cast.admin
    )
    return Client(headers={"Authorization": f"Bearer {new.text}"})


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}/", json.dumps(body), content_type=JSON)


def patch(client: Client, path: str, **body: Any) -> Any:
    headers = {"If-Match": "*"}
    return client.patch(f"/api/v1/{path}/", json.dumps(body), content_type=JSON, headers=headers)


def named(cast: Cast, engagement: Engagement, name: str) -> str:
    with tenant_scope(cast.tenant.pk):
        person = operations.name_stakeholder(customer=engagement.customer, name=name)
    return str(person.pk)


def group_of(cast: Cast, engagement: Engagement) -> str:
    with tenant_scope(cast.tenant.pk):
        fields = {"name": "Crews", "size": 4}
        return str(operations.add_impact_group(engagement=engagement, fields=fields).pk)


# --- the rules of the forms -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "field", "words"),
    [
        (
            "quick-wins",
            {"result": "R", "evidence": "E", "reached_date": "2999-01-01"},
            "reached_date",
            "still to come",
        ),
        (
            "outcomes",
            {
                "kind": "churn",
                "decided_date": "2999-01-01",
                "yearly_amount": 1,
                "currency": "EUR",
                "reason": "R",
            },
            "decided_date",
            "still to come",
        ),
        ("criteria", {"statement": "S", "baseline": 4, "target": "4.0"}, "target", "baseline"),
        (
            "offerings",
            {
                "kind": "training",
                "name": "N",
                "offered_date": "2026-10-01",
                "offered_to": 3,
                "taken_by": 4,
            },
            "taken_by",
            "More people",
        ),
        (
            "roster",
            {"external_id": "u", "proficient_since": "2026-10-01"},
            "proficient_by",
            "Say which assessment",
        ),
        (
            "team",
            {
                "name": "N",
                "role": "trainer",
                "start_date": "2026-10-02",
                "end_date": "2026-10-01",
            },
            "end_date",
            "before the first",
        ),
        ("risks", {"title": "T", "probability": 6, "impact": 1}, "probability", "valid choice"),
    ],
)
def test_what_a_page_refuses_is_refused_in_its_words(
    cast: Cast, program: Client, path: str, body: dict[str, Any], field: str, words: str
) -> None:
    refused = post(program, path, engagement=str(cast.engagement.pk), **body)
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {field}
    assert words in refused.json()["errors"][field][0]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("services", {"name": "orders", "monthly_volume": 1}, "name"),
        ("impact-groups", {"name": "crews", "size": 1}, "name"),
    ],
)
def test_a_name_is_taken_whatever_its_letters(
    cast: Cast, program: Client, path: str, body: dict[str, Any], field: str
) -> None:
    engagement = str(cast.engagement.pk)
    first = body | {"name": body["name"].title()}
    assert post(program, path, engagement=engagement, **first).status_code == 201
    refused = post(program, path, engagement=engagement, **body)
    assert refused.status_code == 400
    assert "already" in refused.json()["errors"][field][0]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("roster", {"external_id": "u"}),
        (
            "offerings",
            {"kind": "support", "name": "N", "offered_date": "2026-10-01", "offered_to": 3},
        ),
        ("budget-lines", {"name": "N", "category": "travel", "amount": 4}),
    ],
)
def test_a_group_of_another_engagement_is_refused(
    cast: Cast, program: Client, path: str, body: dict[str, Any]
) -> None:
    other = group_of(cast, cast.second_engagement)
    refused = post(program, path, engagement=str(cast.engagement.pk), impact_group=other, **body)
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"impact_group"}


def test_the_owner_of_a_risk_is_one_and_of_this_customer(cast: Cast, program: Client) -> None:
    ours, theirs = "csm@example.org", named(cast, cast.engagement, "Eva")
    other = named(cast, cast.second_engagement, "Other")
    body = {"engagement": str(cast.engagement.pk), "title": "T", "probability": 1, "impact": 1}
    both = post(program, "risks", **body, owner=ours, owner_at_customer=theirs)
    assert set(both.json()["errors"]) == {"owner_at_customer"}
    foreign = post(program, "risks", **body, owner_at_customer=other)
    assert set(foreign.json()["errors"]) == {"owner_at_customer"}
    made = post(program, "risks", **body, owner=ours).json()
    moved = patch(program, f"risks/{made['id']}", owner_at_customer=theirs).json()
    assert (moved["owner"], moved["owner_at_customer"]) == (None, theirs)


def test_a_risk_is_closed_with_a_word_on_why(cast: Cast, program: Client) -> None:
    body = {"engagement": str(cast.engagement.pk), "title": "T", "probability": 4, "impact": 5}
    made = post(program, "risks", **body).json()
    assert (made["score"], made["band"], made["state"]) == (20, "act", "open")
    refused = patch(program, f"risks/{made['id']}", state="closed")
    assert set(refused.json()["errors"]) == {"note"}
    closed = patch(program, f"risks/{made['id']}", state="closed", note="Data came")
    assert closed.json()["state"] == "closed"
    history = program.get(f"/api/v1/risk-changes/?risk={made['id']}").json()["results"]
    assert [(row["state"], row["note"]) for row in history] == [
        ("closed", "Data came"),
        ("open", ""),
    ]


def test_an_outcome_is_of_an_engagement_or_of_a_customer_alone(cast: Cast, program: Client) -> None:
    body = {
        "kind": "renewal",
        "decided_date": "2026-10-01",
        "yearly_amount": "10",
        "currency": "EUR",
        "reason": "R",
    }
    assert set(post(program, "outcomes", **body).json()["errors"]) == {"customer"}
    alone = post(program, "outcomes", **body, customer=str(cast.customer.pk)).json()
    assert (alone["engagement"], alone["yearly_amount"]) == (None, "10.00")
    wrong = post(
        program,
        "outcomes",
        **body,
        customer=str(cast.customer.pk),
        engagement=str(cast.second_engagement.pk),
    )
    assert set(wrong.json()["errors"]) == {"engagement"}


# --- criteria -------------------------------------------------------------------------------


def test_a_criterion_is_written_agreed_changed_withdrawn_and_restored(
    cast: Cast, program: Client
) -> None:
    owner = named(cast, cast.engagement, "Eva")
    engagement = str(cast.engagement.pk)
    made = post(program, "criteria", engagement=engagement, statement="It is used").json()
    path = f"criteria/{made['id']}"
    assert made["state"] == "incomplete"
    assert made["missing"][0] == "owner"
    early = post(program, f"{path}/agree", agreed_date="2026-10-01", for_customer="Eva")
    assert "Still missing" in early.json()["errors"]["non_field_errors"][0]
    whole = {
        "owner": owner,
        "measured_by": "Count",
        "quality": "daily",
        "target": "40",
        "deadline": "2027-01-01",
    }
    assert patch(program, path, **whole).json()["state"] == "ready"
    future = post(program, f"{path}/agree", agreed_date="2999-01-01", for_customer="Eva")
    assert set(future.json()["errors"]) == {"agreed_date"}
    agreed = post(program, f"{path}/agree", agreed_date="2026-10-01", for_customer="Eva").json()
    assert (agreed["state"], agreed["agreed_for_customer"]) == ("agreed", "Eva")
    again = post(program, f"{path}/agree", agreed_date="2026-10-01", for_customer="Eva")
    assert "agreed already" in again.json()["errors"]["non_field_errors"][0]
    silent = patch(program, path, target="50")
    assert set(silent.json()["errors"]) == {"change_reason"}
    changed = patch(program, path, target="50", change_reason="More crews").json()
    assert (changed["number"], changed["state"], changed["target"]) == (2, "changed", "50.0000")
    found = program.get(f"/api/v1/criterion-versions/?criterion={made['id']}").json()["results"]
    assert [row["target"] for row in found] == ["50.0000", "40.0000"]
    gone = post(program, f"{path}/withdraw", because="Out of scope").json()
    assert (gone["state"], gone["withdrawn_because"]) == ("withdrawn", "Out of scope")
    assert post(program, f"{path}/restore").json()["state"] == "changed"


def test_an_agreement_sent_twice_is_made_once(cast: Cast, program: Client) -> None:
    engagement = str(cast.engagement.pk)
    made = post(program, "criteria", engagement=engagement, statement="It is used").json()
    path, headers = f"/api/v1/criteria/{made['id']}/withdraw/", {"Idempotency-Key": "w"}
    body = json.dumps({"because": "R"})
    first, again = (
        program.post(path, body, content_type=JSON, headers=headers) for _time in range(2)
    )
    assert again.content == first.content
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.filter(action="criterion.withdrawn").count() == 1


# --- people ---------------------------------------------------------------------------------


def test_a_place_on_a_roster_is_made_found_changed_and_left(cast: Cast, program: Client) -> None:
    engagement, group = str(cast.engagement.pk), group_of(cast, cast.engagement)
    body = {"engagement": engagement, "external_id": "u-1", "impact_group": group}
    made = post(program, "roster", **body, name="Ola", email="ola@example.org").json()
    place = f"roster/{made['id']}"
    for query, count in (
        ("has_access=false", 1),
        ("has_access=true", 0),
        ("is_proficient=false&external_id=u-1", 1),
        ("external_id=u-2", 0),
    ):
        rows = program.get(f"/api/v1/roster/?engagement={engagement}&{query}").json()["results"]
        assert len(rows) == count, query
    assert program.get("/api/v1/roster/?has_access=maybe").status_code == 400
    changed = patch(program, place, access_since="2026-10-01", name="Ola Nordmann").json()
    assert (changed["name"], changed["email"]) == ("Ola Nordmann", "ola@example.org")
    assert changed["access_since"] == "2026-10-01"
    assert changed["impact_group"] == group
    moved = patch(program, place, external_id="u-2")
    assert set(moved.json()["errors"]) == {"external_id"}
    left = program.delete(f"/api/v1/{place}/", headers={"If-Match": "*"})
    assert left.status_code == 204


def test_a_team_is_compared_with_its_template(cast: Cast, program: Client) -> None:
    path = f"/api/v1/engagements/{cast.engagement.pk}/team-departures/"
    assert program.get(path).json()["departures"] == []
    body = {"engagement": str(cast.engagement.pk), "name": "Kari", "role": "project_manager"}
    post(program, "team", **body, time="part")
    found = program.get(path).json()["departures"]
    assert {
        "profile": "initial",
        "role": "project_manager",
        "fault": "too_little_time",
        "wanted": 1,
        "found": 1,
        "names": ["Kari"],
    } in found
    assert "missing" in {row["fault"] for row in found}


# --- money ----------------------------------------------------------------------------------


def test_a_line_is_answered_with_its_arithmetic(cast: Cast, program: Client) -> None:
    body = {"name": "Trainers", "category": "training", "amount": "1000", "percent_done": 50}
    line = post(program, "budget-lines", engagement=str(cast.engagement.pk), **body).json()
    assert (line["currency"], line["remaining"], line["expected"]) == ("EUR", "1000.00", "0.00")
    for kind, amount in (("actual", "600.10"), ("committed", "50")):
        cost = post(program, "costs", line=line["id"], day="2026-10-01", kind=kind, amount=amount)
        assert cost.status_code == 201
    now = program.get(f"/api/v1/budget-lines/{line['id']}/").json()
    assert {name: now[name] for name in ("actual", "committed", "remaining")} == {
        "actual": "600.10",
        "committed": "50.00",
        "remaining": "349.90",
    }
    assert (now["earned"], now["deviation"], now["expected"]) == ("500.00", "100.10", "1200.20")
    taken = program.delete(f"/api/v1/costs/{cost.json()['id']}/", headers={"If-Match": "*"})
    assert taken.status_code == 204
    assert program.get(f"/api/v1/budget-lines/{line['id']}/").json()["committed"] == "0.00"


def test_what_is_paid_is_paid_already(cast: Cast, program: Client) -> None:
    body = {"name": "Trainers", "category": "training", "amount": "1000"}
    line = post(program, "budget-lines", engagement=str(cast.engagement.pk), **body).json()
    cost = {"line": line["id"], "day": "2999-01-01", "amount": "5"}
    assert set(post(program, "costs", **cost).json()["errors"]) == {"day"}
    assert post(program, "costs", **cost, kind="committed").status_code == 201


# --- who sees what --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "budget", "history", "amounts"),
    [
        ("csm", 200, 200, True),
        ("executive", 200, 200, True),
        ("lead", 200, 403, True),
        ("member", 403, 403, False),
    ],
)
def test_each_side_sees_what_its_pages_show(
    cast: Cast, person: str, budget: int, history: int, amounts: bool
) -> None:
    browser = cast.browser(getattr(cast, person))
    assert browser.get(cast.at("api/v1/budget-lines/")).status_code == budget
    assert browser.get(cast.at("api/v1/costs/")).status_code == budget
    assert browser.get(cast.at("api/v1/risk-changes/")).status_code == history
    assert browser.get(cast.at("api/v1/risks/")).status_code == 200
    said = browser.get(cast.at(f"api/v1/customers/{cast.customer.pk}/")).json()
    assert ("yearly_amount" in said, "monthly_amount" in said) == (amounts, amounts)


def test_a_key_opens_its_areas_only(cast: Cast) -> None:
    people = program_of(cast, "people:read")
    money = program_of(cast, "money:write")
    assert people.get("/api/v1/roster/").status_code == 200
    assert people.get("/api/v1/risks/").status_code == 403
    assert people.get("/api/v1/costs/").status_code == 403
    assert post(people, "stakeholders", name="N").status_code == 403
    assert money.get("/api/v1/costs/").status_code == 200
    assert money.get("/api/v1/roster/").status_code == 403


# --- customers ------------------------------------------------------------------------------


def test_seats_are_a_history_that_may_be_written(cast: Cast, program: Client) -> None:
    customer = str(cast.customer.pk)
    for day, seats in (("2021-01-01", 50), ("2999-01-01", 900)):
        made = post(program, "seats", customer=customer, from_date=day, seats=seats)
        assert made.status_code == 201
    found = program.get(f"/api/v1/seats/?customer={customer}").json()["results"]
    assert [row["seats"] for row in found] == [900, 50, 100]
    # What begins in future years is not in force today.
    assert program.get(f"/api/v1/customers/{customer}/").json()["seats"] == 50
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.filter(action="customer.seats_stated").count() == 2


def test_money_of_a_customer_is_exact(cast: Cast, program: Client) -> None:
    path = f"customers/{cast.customer.pk}"
    said = patch(program, path, yearly_amount="1000.10", currency="NOK", industry="Energy").json()
    assert (said["yearly_amount"], said["monthly_amount"]) == ("1000.10", "83.34")
    assert (said["currency"], said["industry"]) == ("NOK", "Energy")
    for wrong in ("1000.123", "-1", "NaN", 10**15):
        assert set(patch(program, path, yearly_amount=wrong).json()["errors"]) == {"yearly_amount"}


@pytest.fixture
def tier(cast: Cast) -> None:
    """A field of the workspace's own on customers, and one on engagements."""
    with tenant_scope(cast.tenant.pk):
        for kind in ("customer", "engagement"):
            fields = {"label": "Tier", "key": "tier", "type": "choice", "choices": ["A", "B"]}
            operations.add_custom_field(kind=kind, fields=fields)


def test_own_fields_are_written_read_and_filtered(cast: Cast, program: Client, tier: None) -> None:
    customer, engagement = f"customers/{cast.customer.pk}", f"engagements/{cast.engagement.pk}"
    for path in (customer, engagement):
        assert program.get(f"/api/v1/{path}/").json()["custom"] == {"tier": None}
        assert patch(program, path, custom={"tier": "A"}).json()["custom"] == {"tier": "A"}
        wrong = patch(program, path, custom={"tier": "C"})
        unknown = patch(program, path, custom={"colour": "red"})
        assert set(wrong.json()["errors"]) == set(unknown.json()["errors"]) == {"custom"}
        everything = path.partition("/")[0]
        for value, count in (("A", 1), ("B", 0), ("nonsense", 0)):
            rows = program.get(f"/api/v1/{everything}/", {"custom.tier": value}).json()["results"]
            assert len(rows) == count
        assert program.get(f"/api/v1/{everything}/?custom.colour=A").status_code == 400
        assert patch(program, path, custom={"tier": None}).json()["custom"] == {"tier": None}


def test_own_fields_are_for_our_side(cast: Cast, lead: Client, tier: None) -> None:
    path = f"api/v1/customers/{cast.customer.pk}/"
    assert "custom" not in lead.get(cast.at(path)).json()
    assert lead.get(cast.at("api/v1/customers/?custom.tier=A")).status_code == 400


def test_everything_said_stands_in_the_tables(cast: Cast, program: Client) -> None:
    """Amounts as decimals, rows at their customer, whoever asked in the log."""
    body = {"name": "Trainers", "category": "training", "amount": "0.10"}
    post(program, "budget-lines", engagement=str(cast.engagement.pk), **body)
    with tenant_scope(cast.tenant.pk):
        line = cast.engagement.budget_lines.get()
        entry = AuditEntry.objects.get(action="budget.line_added")
    assert (line.amount, line.customer_id) == (Decimal("0.10"), cast.customer.pk)
    assert (entry.actor_kind, entry.about_customer_id) == ("key", cast.customer.pk)
