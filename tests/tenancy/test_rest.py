"""What every resource of the API shares: versions, repeated calls, pages, refusals."""

import json
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from engagements.models import Risk, Stakeholder
from engagements.operations import raise_risk
from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE
from tenancy.models import StoredAnswer
from tenancy.rest import repeats, versions
from tenancy.rest.errors import flat
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_cast

JSON = "application/json"


def key_of(cast: Cast, name: str = "Key") -> str:
    _row, new = tenancy.create_api_key(
        tenant=cast.tenant, name=name, scopes=EVERY_SCOPE, created_by=cast.admin
    )
    return new.text


def program_of(cast: Cast, name: str = "Key") -> Client:
    return Client(headers={"Authorization": f"Bearer {key_of(cast, name)}"})


@pytest.fixture
def program(cast: Cast) -> Client:
    return program_of(cast)


@pytest.fixture
def risk(cast: Cast) -> Risk:
    with tenant_scope(cast.tenant.pk):
        return raise_risk(
            engagement=cast.engagement,
            fields={"title": "Late data", "probability": 3, "impact": 4},
            by=cast.csm,
        )


def at(risk: Risk) -> str:
    return f"/api/v1/risks/{risk.pk}/"


def patch(client: Client, path: str, body: Any, **headers: str) -> Any:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch(path, json.dumps(body), content_type=JSON, headers=said)


def post(client: Client, path: str, body: Any, **headers: str) -> Any:
    said = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(path, json.dumps(body), content_type=JSON, headers=said)


def new_risk(cast: Cast, **fields: Any) -> dict[str, Any]:
    usual = {"title": "Late data", "probability": 3, "impact": 4}
    return {"engagement": str(cast.engagement.pk)} | usual | fields


# --- versions -------------------------------------------------------------------------------


def test_a_row_is_answered_with_its_version_and_not_twice(program: Client, risk: Risk) -> None:
    first = program.get(at(risk))
    tag = first["ETag"]
    assert tag.startswith('"')
    assert tag.endswith('"')
    again = program.get(at(risk), headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    weakened = program.get(at(risk), headers={"If-None-Match": f"W/{tag}"})
    assert weakened.status_code == 304
    assert "private" in first["Cache-Control"]


def test_the_version_changes_with_the_row_and_with_nothing_else(
    cast: Cast, program: Client, risk: Risk
) -> None:
    before = program.get(at(risk))["ETag"]
    assert patch(program, f"/api/v1/customers/{cast.customer.pk}/", {"segment": "S"}, If_Match="*")
    assert program.get(at(risk))["ETag"] == before
    changed = patch(program, at(risk), {"impact": 5}, If_Match=before)
    assert changed.status_code == 200
    assert changed["ETag"] != before
    assert program.get(at(risk))["ETag"] == changed["ETag"]


def test_a_change_without_a_version_is_not_made(program: Client, risk: Risk) -> None:
    refused = patch(program, at(risk), {"impact": 5})
    assert refused.status_code == 428
    assert "If-Match" in refused.json()["detail"]
    assert program.get(at(risk)).json()["impact"] == 4


def test_a_change_of_an_older_version_names_what_changed(program: Client, risk: Risk) -> None:
    old = program.get(at(risk))["ETag"]
    patch(program, at(risk), {"impact": 5, "mitigation": "Ask weekly"}, If_Match=old)
    refused = patch(program, at(risk), {"impact": 1}, If_Match=old)
    said = refused.json()
    assert refused.status_code == 412
    assert refused["Content-Type"] == "application/problem+json"
    # The score is a field of the answer, too.
    assert set(said["changed"]) == {"impact", "mitigation", "score", "band"}
    assert said["current"]["impact"] == 5
    assert program.get(at(risk)).json()["impact"] == 5


@pytest.mark.parametrize("tag", ['"x"', '""', '"' + "A" * 200 + '"'])
def test_a_tag_from_nowhere_is_an_older_version(program: Client, risk: Risk, tag: str) -> None:
    refused = patch(program, at(risk), {"impact": 1}, If_Match=tag)
    assert refused.status_code == 412
    assert "impact" in refused.json()["changed"]


def test_a_star_changes_whatever_there_is(program: Client, risk: Risk) -> None:
    assert patch(program, at(risk), {"impact": 1}, If_Match="*").json()["impact"] == 1


def test_one_of_several_versions_will_do(program: Client, risk: Risk) -> None:
    tag = program.get(at(risk))["ETag"]
    assert patch(program, at(risk), {"impact": 1}, If_Match=f'"old", {tag}').status_code == 200


def test_of_two_changes_at_once_one_is_made(committed: None) -> None:
    cast = make_cast()
    with tenant_scope(cast.tenant.pk):
        fields = {"title": "Late data", "probability": 3, "impact": 4}
        row = raise_risk(engagement=cast.engagement, fields=fields, by=cast.csm)
    key, answers = key_of(cast), []
    client = Client(headers={"Authorization": f"Bearer {key}"})
    tag = client.get(at(row))["ETag"]

    def change(impact: int) -> None:
        own = Client(headers={"Authorization": f"Bearer {key}"})
        answers.append(patch(own, at(row), {"impact": impact}, If_Match=tag))
        connection.close()

    threads = [Thread(target=change, args=[impact]) for impact in (1, 2, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]
    (made,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert client.get(at(row)).json() == made


VALUES = st.none() | st.booleans() | st.integers() | st.text()
OBJECTS = st.dictionaries(st.text(min_size=1), VALUES, max_size=6)


@given(OBJECTS, OBJECTS)
def test_two_answers_have_one_tag_only_when_they_are_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    same = versions.as_text(one) == versions.as_text(other)
    assert (versions.tag_of(one) == versions.tag_of(other)) is same


# --- calls sent again -----------------------------------------------------------------------


def test_a_call_sent_again_is_answered_again_and_done_once(cast: Cast, program: Client) -> None:
    first = post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one")
    again = post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert again["Idempotency-Replayed"] == "true"
    assert not first.has_header("Idempotency-Replayed")
    with tenant_scope(cast.tenant.pk):
        assert Risk.objects.count() == 1


def test_a_key_is_for_one_call(cast: Cast, program: Client) -> None:
    post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one")
    other = post(program, "/api/v1/risks/", new_risk(cast, title="T"), Idempotency_Key="one")
    elsewhere = post(program, "/api/v1/seats/", new_risk(cast), Idempotency_Key="one")
    assert (other.status_code, elsewhere.status_code) == (422, 422)
    with tenant_scope(cast.tenant.pk):
        assert Risk.objects.count() == 1


def test_keys_are_each_callers_own(cast: Cast, program: Client) -> None:
    for client in (program, program_of(cast, "Other")):
        answer = post(client, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one")
        assert not answer.has_header("Idempotency-Replayed")
    browser = cast.browser(cast.csm)
    path = cast.at("api/v1/risks/")
    assert post(browser, path, new_risk(cast), Idempotency_Key="one").status_code == 201
    assert post(browser, path, new_risk(cast), Idempotency_Key="one")["Idempotency-Replayed"]
    with tenant_scope(cast.tenant.pk):
        assert Risk.objects.count() == 3


def test_a_refusal_is_not_stored(cast: Cast, program: Client) -> None:
    wrong = post(program, "/api/v1/risks/", new_risk(cast, impact=9), Idempotency_Key="one")
    assert wrong.status_code == 400
    mended = post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one")
    assert mended.status_code == 201


@pytest.mark.parametrize("key", ["k" * 256, "a\x01b"])
def test_a_key_of_no_use_is_refused(cast: Cast, program: Client, key: str) -> None:
    refused = post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key=key)
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"Idempotency-Key"}


def test_answers_are_kept_for_a_day(cast: Cast, program: Client) -> None:
    post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one")
    post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key="two")
    now = timezone.now()
    with tenant_scope(cast.tenant.pk):
        old = StoredAnswer.objects.filter(key="one")
        old.update(created_at=now - repeats.KEPT)
        anew = post(program, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one")
        assert not anew.has_header("Idempotency-Replayed")
        old.update(created_at=now - repeats.KEPT - timedelta(minutes=1))
        repeats.drop_expired(business_date=now.date(), now=now)
        assert list(StoredAnswer.objects.values_list("key", flat=True)) == ["two"]


def test_what_is_asked_twice_at_once_is_done_once(committed: None) -> None:
    cast = make_cast()
    key, answers = key_of(cast), []

    def ask() -> None:
        client = Client(headers={"Authorization": f"Bearer {key}"})
        answers.append(post(client, "/api/v1/risks/", new_risk(cast), Idempotency_Key="one"))
        connection.close()

    threads = [Thread(target=ask) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [answer.status_code for answer in answers]
    assert set(found) <= {201, 409}
    assert all(answer["Retry-After"] for answer in answers if answer.status_code == 409)
    with tenant_scope(cast.tenant.pk):
        row = Risk.objects.get()
    assert {a.json()["id"] for a in answers if a.status_code == 201} == {str(row.pk)}


# --- pages and parameters -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stat=open", "stat"),
        ("page_size=0", "page_size"),
        ("page_size=many", "page_size"),
        ("page_size=501", "page_size"),
        ("order=best", "order"),
        ("state=party", "state"),
        ("engagement=%00", "engagement"),
    ],
)
def test_a_parameter_of_no_use_is_named(program: Client, query: str, field: str) -> None:
    refused = program.get(f"/api/v1/risks/?{query}")
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {field}


def test_the_parameters_there_are_are_said(program: Client, risk: Risk) -> None:
    said = program.get("/api/v1/risks/?stat=open").json()["errors"]["stat"][0]
    assert "state" in said
    assert "page_size" in said
    assert program.get(f"{at(risk)}?state=open").status_code == 400


def test_a_list_is_read_to_its_end_while_it_grows(cast: Cast, program: Client) -> None:
    for number in range(5):
        post(program, "/api/v1/risks/", new_risk(cast, title=f"Risk {number}"))
    page = program.get("/api/v1/risks/?page_size=2").json()
    post(program, "/api/v1/risks/", new_risk(cast, title="Later"))
    found = [row["title"] for row in page["results"]]
    while page["next"]:
        page = program.get(page["next"]).json()
        found += [row["title"] for row in page["results"]]
    assert found == [f"Risk {number}" for number in (4, 3, 2, 1, 0)]


def test_a_list_is_synced_by_what_changed(cast: Cast, program: Client) -> None:
    path = "/api/v1/engagements/?order=changed"
    first, last = cast.engagement, cast.second_engagement
    patch(program, f"/api/v1/engagements/{first.pk}/", {"name": "Renamed"}, If_Match="*")
    rows = program.get(path).json()["results"]
    assert [row["id"] for row in rows] == [str(last.pk), str(first.pk)]
    since = {"order": "changed", "changed_since": rows[-1]["changed_at"]}
    found = program.get("/api/v1/engagements/", since).json()["results"]
    assert [row["id"] for row in found] == [str(first.pk)]
    assert program.get("/api/v1/engagements/?changed_since=yesterday").status_code == 400
    assert program.get("/api/v1/customers/?order=changed").status_code == 400


# --- refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status"),
    [
        ("post", "/api/v1/risks/", "{", JSON, 400),
        ("post", "/api/v1/risks/", "[" * 200_000, JSON, 400),
        ("post", "/api/v1/risks/", '{"title": NaN}', JSON, 400),
        ("post", "/api/v1/risks/", b"\xff\xfe{", JSON, 400),
        ("post", "/api/v1/risks/", "a=b", "text/csv", 415),
        ("put", "/api/v1/risks/", "{}", JSON, 405),
        ("get", "/api/v1/risks/00000000-0000-0000-0000-000000000000/", "", JSON, 404),
        ("post", "/api/v1/risks/", f'"{"a" * 7_000_000}"', JSON, 413),
    ],
)
def test_every_refusal_has_one_shape(
    program: Client, method: str, path: str, body: Any, kind: str, status: int
) -> None:
    ask = program.get(path) if method == "get" else None
    answer = ask or getattr(program, method)(path, body, content_type=kind)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]


def test_sentences_stand_at_the_path_of_their_field() -> None:
    said = {"name": ["Needed."], "goals": [{}, {"day": ["No day."]}], "__all__": ["Both."]}
    assert flat(said) == {
        "name": ["Needed."],
        "goals.1.day": ["No day."],
        "non_field_errors": ["Both."],
    }
    assert flat(["No."]) == {"non_field_errors": ["No."]}


def test_what_is_refused_changes_nothing(cast: Cast, program: Client) -> None:
    body = {"key": "NEW-1", "customer": str(cast.customer.pk), "name": "N", "lead": "New lead"}
    body |= {"go_live_date": "2026-09-01", "sign_off_date": "2026-08-01"}
    assert post(program, "/api/v1/engagements/", body).status_code == 400
    with tenant_scope(cast.tenant.pk):
        assert not Stakeholder.objects.filter(name="New lead").exists()
