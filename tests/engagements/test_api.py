import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engagements import operations
from engagements.models import Customer, Engagement, LicenceSeats
from people.models import User
from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE, READING
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer, make_engagement
from tests.pages import assert_same_queries

CUSTOMER = {
    "external_id": "brightwater",
    "name": "Brightwater",
    "time_zone": "Europe/Dublin",
    "seats": 120,
    "renewal_date": "2027-05-01",
    "csm": "csm@example.org",
}

Ask = Callable[..., Any]


def asking(client: Client, prefix: str, key: str = "") -> Ask:
    """A function that sends JSON to the API and returns status and body."""
    by_key = {"Authorization": f"Bearer {key}"} if key else {}

    def ask(method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        data = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        # What is not about versions changes whatever there is.
        said = by_key | ({"If-Match": "*"} if method == "patch" else {}) | headers
        response = getattr(client, method)(
            prefix + path, data, content_type="application/json", headers=said
        )
        return response.status_code, response.json()

    return ask


@pytest.fixture
def api(cast: Cast) -> Ask:
    """By a key that may change data."""
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=EVERY_SCOPE, created_by=cast.admin
    )
    return asking(Client(), "/api/v1/", new.text)


@pytest.fixture
def reading_api(cast: Cast) -> Ask:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=READING, created_by=cast.admin
    )
    return asking(Client(), "/api/v1/", new.text)


def get(client: Client, path: str, key: str) -> Any:
    return client.get(path, headers={"Authorization": f"Bearer {key}"})


def test_a_customer_is_made_and_read_back(cast: Cast, api: Ask) -> None:
    status, made = api("post", "customers/", CUSTOMER)
    assert status == 201
    assert made["seats"] == 120
    status, read = api("get", f"customers/{made['id']}/")
    assert (status, read) == (200, made)
    assert {name: read[name] for name in CUSTOMER} == CUSTOMER
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(external_id="brightwater")
        history = LicenceSeats.objects.filter(customer=row)
        today = timezone.localdate(timezone=row.zone)
        assert [(seats.from_date, seats.seats) for seats in history] == [(today, 120)]


def test_seats_change_from_today_and_the_answer_says_so(cast: Cast, api: Ask) -> None:
    path = f"customers/{cast.customer.pk}/"
    assert api("get", path)[1]["seats"] == 100
    status, changed = api("patch", path, {"seats": 250, "name": "Halden AS"})
    assert (status, changed["seats"], changed["name"]) == (200, 250, "Halden AS")
    assert api("get", path)[1]["seats"] == 250
    with tenant_scope(cast.tenant.pk):
        history = LicenceSeats.objects.filter(customer=cast.customer)
        assert history.get(from_date=date(2020, 1, 1)).seats == 100


def test_an_engagement_is_made_and_changed(cast: Cast, api: Ask) -> None:
    body = {
        "key": "NEW-1",
        "customer": str(cast.customer.pk),
        "name": "Roll-out",
        "phase": "implement",
        "lead": "Jonas Eide",
        "csm": "csm@example.org",
        "go_live_date": "2026-10-05",
    }
    status, made = api("post", "engagements/", body)
    assert status == 201
    assert {name: made[name] for name in body} == body
    status, changed = api("patch", f"engagements/{made['id']}/", {"phase": "adopt", "lead": ""})
    assert (status, changed["phase"]) == (200, "adopt")
    assert api("get", f"engagements/{made['id']}/")[1] == changed
    with tenant_scope(cast.tenant.pk):
        assert Engagement.objects.get(key="NEW-1").lead is None


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"external_id": "halden"}, "external_id", "already"),
        ({"external_id": None}, "external_id", "null"),
        ({"name": "n" * 121}, "name", "120"),
        ({"name": "a\0b"}, "name", "Null characters"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "no time zone"),
        ({"seats": -1}, "seats", "greater than"),
        ({"seats": 10**12}, "seats", "less than"),
        ({"seats": "many"}, "seats", "integer"),
        ({"renewal_date": "01.02.2027"}, "renewal_date", "format"),
        ({"csm": "nobody@example.org"}, "csm", "does not exist"),
        ({"csm": "executive@example.org"}, "csm", "does not exist"),
    ],
)
def test_a_bad_customer_is_refused_by_field(
    cast: Cast, api: Ask, change: dict[str, Any], field: str, words: str
) -> None:
    status, said = api("post", "customers/", CUSTOMER | change)
    assert (status, set(said["errors"])) == (400, {field})
    assert words in " ".join(said["errors"][field])
    status, said = api("patch", f"customers/{cast.second_customer.pk}/", change)
    assert (status, set(said["errors"])) == (400, {field})
    with tenant_scope(cast.tenant.pk):
        names = set(Customer.objects.values_list("external_id", "name"))
    assert names == {("halden", "Halden"), ("solberg", "Solberg")}


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"key": "HALDEN-1"}, "key", "already"),
        ({"key": "not a key"}, "key", "capital letters"),
        ({"customer": "00000000-0000-0000-0000-000000000000"}, "customer", "does not exist"),
        ({"customer": "none"}, "customer", "valid"),
        ({"phase": "party"}, "phase", "not a valid choice"),
        ({"lead": "n" * 121}, "lead", "120"),
        (
            {"go_live_date": "2026-09-01", "hypercare_end_date": "2026-08-01"},
            "hypercare_end_date",
            "after go-live",
        ),
    ],
)
def test_a_bad_engagement_is_refused_by_field(
    cast: Cast, api: Ask, change: dict[str, Any], field: str, words: str
) -> None:
    body = {"key": "NEW-1", "customer": str(cast.customer.pk), "name": "Roll-out"}
    status, said = api("post", "engagements/", body | change)
    assert (status, set(said["errors"])) == (400, {field})
    assert words in " ".join(said["errors"][field])
    with tenant_scope(cast.tenant.pk):
        assert Engagement.objects.count() == 2


def test_what_is_missing_is_named(api: Ask) -> None:
    assert set(api("post", "customers/", {})[1]["errors"]) == {"external_id", "name"}
    assert set(api("post", "engagements/", {})[1]["errors"]) == {"key", "customer", "name"}


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "null", "\x00"])
def test_what_is_no_object_is_refused(api: Ask, body: str) -> None:
    status, said = api("post", "customers/", body)
    assert status == 400
    assert said["detail"]


def test_an_engagement_stays_with_its_customer(cast: Cast, api: Ask) -> None:
    path = f"engagements/{cast.engagement.pk}/"
    status, said = api("patch", path, {"customer": str(cast.second_customer.pk)})
    assert (status, set(said["errors"])) == (400, {"customer"})


def test_a_reading_key_reads_only(cast: Cast, reading_api: Ask) -> None:
    assert reading_api("get", "customers/")[0] == 200
    assert reading_api("post", "customers/", CUSTOMER)[0] == 403
    assert reading_api("patch", f"customers/{cast.customer.pk}/", {"name": "N"})[0] == 403
    assert reading_api("post", "engagements/", {})[0] == 403


def test_nothing_is_deleted_or_put(cast: Cast, api: Ask) -> None:
    for path in (f"customers/{cast.customer.pk}/", f"engagements/{cast.engagement.pk}/"):
        assert api("delete", path)[0] == 405
        assert api("put", path, {})[0] == 405


@pytest.mark.parametrize("text", ["", "aiq_live_x_y", "nonsense", "aiq_src_aaaaaaaa_b", "ä"])
def test_what_is_no_key_opens_nothing(cast: Cast, text: str) -> None:
    answer = get(Client(), "/api/v1/customers/", text)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert "API key" in answer.json()["detail"]


def test_a_key_with_another_secret_opens_nothing(cast: Cast) -> None:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=EVERY_SCOPE, created_by=cast.admin
    )
    wrong = new.text[:-1] + ("a" if new.text[-1] != "a" else "b")
    assert get(Client(), "/api/v1/customers/", new.text).status_code == 200
    assert get(Client(), "/api/v1/customers/", wrong).status_code == 401


def test_a_revoked_key_opens_nothing(cast: Cast) -> None:
    key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=EVERY_SCOPE, created_by=cast.admin
    )
    tenancy.revoke_api_key(key=key, now=timezone.now())
    assert get(Client(), "/api/v1/customers/", new.text).status_code == 401


def test_somebody_signed_in_asks_inside_the_workspace(cast: Cast) -> None:
    prefix = cast.at("api/v1/")
    by_csm = asking(cast.browser(cast.csm), prefix)
    by_executive = asking(cast.browser(cast.executive), prefix)
    by_lead = asking(cast.browser(cast.lead), prefix)
    assert by_csm("post", "customers/", CUSTOMER)[0] == 201
    assert by_executive("post", "customers/", CUSTOMER | {"external_id": "b"})[0] == 403
    assert by_lead("patch", f"customers/{cast.customer.pk}/", {"name": "Mine"})[0] == 403
    assert [row["name"] for row in by_lead("get", "customers/")[1]["results"]] == ["Halden"]
    assert by_lead("get", f"engagements/{cast.second_engagement.pk}/")[0] == 404


def test_a_change_from_another_site_is_refused(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.csm)
    status, said = asking(browser, cast.at("api/v1/"))("post", "customers/", CUSTOMER)
    assert status == 403
    assert "CSRF" in said["detail"]


def test_lists_come_in_pages_and_miss_nobody(cast: Cast, api: Ask) -> None:
    with tenant_scope(cast.tenant.pk):
        for number in range(5):
            make_customer(f"more{number}")
    status, page = api("get", "customers/?page_size=3")
    assert status == 200
    found = [row["external_id"] for row in page["results"]]
    while page["next"]:
        _status, page = api("get", page["next"].partition("/api/v1/")[2])
        found += [row["external_id"] for row in page["results"]]
    assert found == ["more4", "more3", "more2", "more1", "more0", "solberg", "halden"]


def test_lists_are_filtered(cast: Cast, api: Ask) -> None:
    found = api("get", "customers/?external_id=solberg")[1]["results"]
    assert [row["external_id"] for row in found] == ["solberg"]
    found = api("get", f"engagements/?customer={cast.customer.pk}")[1]["results"]
    assert [row["key"] for row in found] == ["HALDEN-1"]
    assert api("get", "engagements/?phase=party")[0] == 400
    assert api("get", "engagements/?customer=none")[0] == 400
    assert api("get", "customers/?cursor=none")[0] == 404


def test_an_archived_customer_is_not_listed(cast: Cast, api: Ask) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.archive_customer(customer=cast.customer, now=timezone.now())
    assert [row["name"] for row in api("get", "customers/")[1]["results"]] == ["Solberg"]
    assert api("get", f"customers/{cast.customer.pk}/")[0] == 404


@pytest.mark.parametrize("path", ["customers/", "engagements/"])
def test_lists_cost_the_same_queries_for_many(cast: Cast, path: str) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(3):
                person = User.objects.create_user(f"more{number}@example.org")
                customer = make_customer(f"more{number}", csm=person)
                lead = operations.name_stakeholder(customer=customer, name="Lead")
                make_engagement(customer, f"MORE-{number}", csm=person, lead=lead)

    assert_same_queries(cast.browser(cast.csm), cast.at(f"api/v1/{path}"), grow)


def test_the_schema_names_every_part(db: None, client: Client) -> None:
    schema = client.get("/api/schema/", headers={"Accept": "application/json"}).content.decode()
    assert "/api/v1/customers/{customer_id}/" in schema
    assert "/api/v1/engagements/{engagement_id}/" in schema
