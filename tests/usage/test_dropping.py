"""Properties a workspace does not want to have: gone before anything is stored or shown."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tenancy import meters
from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage.adapters.bodies import read_lines, read_payload
from usage.adapters.canonical import UnreadableBody
from usage.adapters.dropping import without_properties
from usage.adapters.requests import Asked
from usage.forms import SourceForm
from usage.models import Event, Quarantined, Source
from usage.operations import create_source
from usage.queries import get_requests

NAMES = ("Card Number", "phone")
SAID = {"cardNumber": "4111", "PHONE": 555, "feature": "maps", "inner": [{"$phone": 1, "a": 2}]}
LEFT = {"feature": "maps", "inner": [{"a": 2}]}


def left(body: bytes, **query: str) -> Any:
    found = without_properties(Asked(body=body, query=query), NAMES)
    return read_payload(found.body, found.query)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            {"batch": [{"type": "track", "phone": "kept", "properties": SAID}], "context": SAID},
            {"batch": [{"type": "track", "phone": "kept", "properties": LEFT}], "context": LEFT},
        ),
        ([{"event": "e", "properties": SAID}], [{"event": "e", "properties": LEFT}]),
        ({"$distinct_id": "u", "$set": SAID}, {"$distinct_id": "u", "$set": LEFT}),
        (
            {"events": [{"user_properties": {"$set": SAID}}]},
            {"events": [{"user_properties": {"$set": LEFT}}]},
        ),
    ],
)
def test_what_is_listed_goes_wherever_it_is_said_and_protocol_stays(said: Any, wanted: Any) -> None:
    assert left(json.dumps(said).encode()).value == wanted


def test_a_form_stays_one_with_its_other_fields() -> None:
    said = base64.b64encode(json.dumps({"event": "e", "properties": SAID}).encode()).decode()
    found = left(urlencode({"data": said, "verbose": "1"}).encode(), api_key="k")
    assert (found.value, found.is_form) == ({"event": "e", "properties": LEFT}, True)
    assert (found.fields["verbose"], found.fields["api_key"]) == ("1", "k")
    in_address = left(b"", data=said)
    assert in_address.value == {"event": "e", "properties": LEFT}


def test_lines_are_read_each_by_itself() -> None:
    lines = b'{"event": "a", "properties": {"phone": 1}}\n{"event": "b"}'
    found = without_properties(Asked(body=lines), NAMES)
    assert read_lines(found.body) == [{"event": "a", "properties": {}}, {"event": "b"}]


CUT = b'{"event": "c", "properties": {"phone": 555, "pho'


def test_of_a_line_that_is_cut_nothing_is_kept() -> None:
    lines = b'{"event": "a"}\n' + CUT + b'\n{"event": "b", "properties": {"phone": 1}}'
    first, second, third = read_lines(without_properties(Asked(body=lines), NAMES).body)
    assert (first, third) == ({"event": "a"}, {"event": "b", "properties": {}})
    assert isinstance(second, str)
    assert "555" not in second


def test_a_body_that_is_cut_is_refused_as_before() -> None:
    found = without_properties(Asked(body=CUT), NAMES)
    assert b"555" not in found.body
    with pytest.raises(UnreadableBody, match="the body is not JSON"):
        read_payload(found.body, {})


def test_names_that_only_resemble_what_is_needed_are_dropped() -> None:
    said = {"properties": {"user.id": "5", "userId": "u", "device.id": "d"}}
    found = without_properties(Asked(body=json.dumps(said).encode()), ["user.id", "Device.ID"])
    assert json.loads(found.body) == {"properties": {"userId": "u"}}


def test_what_an_event_needs_is_never_dropped() -> None:
    said = {"properties": {"distinct_id": "u", "$insert_id": "i", "time": 1, "feature": "maps"}}
    asked = Asked(body=json.dumps(said).encode())
    assert without_properties(asked, ["Distinct ID", "insert_id", "time", "feature"]) is asked


def test_what_is_nested_beyond_reading_is_refused() -> None:
    deep = b'{"properties":' + b'{"a":' * 400 + b"1" + b"}" * 401
    with pytest.raises(UnreadableBody):
        without_properties(Asked(body=deep), NAMES)


@pytest.fixture
def key(cast: Cast) -> str:
    with tenant_scope(cast.tenant.pk):
        _source, key = create_source(
            name="web", creates_customers=True, dropped_properties=["salary", "company_size"]
        )
    return key.text


def send(key: str, *items: Any, status: int = 200) -> None:
    body = json.dumps({"batch": items})
    headers = {"Authorization": f"Bearer {key}"}
    answer = Client().post("/v1/batch", body, content_type="text/plain", headers=headers)
    assert answer.status_code == status


def track(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Call made",
        "userId": "ann",
        "messageId": f"m{number}",
        "properties": {"salary": "91000 a year", "feature": "calls"},
        "context": {"groupId": "halden"},
    } | fields


def test_nothing_of_it_is_stored_nor_shown(cast: Cast, key: str) -> None:
    for number in (1, 2):
        send(key, track(number))
    send(key, track(3, event=None), track(4, type="wrong"))
    send(key, "no object", track(5))
    meters.tell()
    with tenant_scope(cast.tenant.pk):
        source = Source.objects.get(name="web")
        assert list(Event.objects.values_list("feature", flat=True)) == ["calls"] * 3
        kept = str(list(Quarantined.objects.values_list("item", flat=True)))
        shown = get_requests(source_id=source.pk, only="").rows
    assert "feature" in kept
    assert "91000" not in kept
    assert len(shown) == 4
    assert not [one for one in shown if "91000" in one.body or "feature" not in one.body]


def test_a_request_nobody_can_read_is_shown_without_it(cast: Cast, key: str) -> None:
    body = json.dumps({"batch": {"properties": {"salary": "91000 a year", "other": "seen"}}})
    answer = Client().post(
        "/v1/batch", body, content_type="text/plain", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code in {200, 400}
    meters.tell()
    with tenant_scope(cast.tenant.pk):
        [shown] = get_requests(source_id=Source.objects.get(name="web").pk, only="").rows
    assert "seen" in shown.body
    assert "91000" not in shown.body


def test_nothing_of_a_cut_request_is_shown(cast: Cast, key: str) -> None:
    body = json.dumps({"batch": [track(1)]})[:-40]
    assert "91000" in body
    answer = Client().post(
        "/v1/batch", body, content_type="text/plain", headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 400
    meters.tell()
    with tenant_scope(cast.tenant.pk):
        [shown] = get_requests(source_id=Source.objects.get(name="web").pk, only="").rows
    assert "91000" not in shown.body
    assert "not JSON" in str(shown.why)


def test_what_a_source_wants_dropped_holds_from_the_next_request(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        source, key = create_source(name="web", creates_customers=True)
    send(key.text, track(1))
    send(key.text, track(2))
    with tenant_scope(cast.tenant.pk):
        Source.objects.update(dropped_properties=["salary"])
    send(key.text, track(3))
    meters.tell()
    with tenant_scope(cast.tenant.pk):
        newest, *before = get_requests(source_id=source.pk, only="").rows
    assert "91000" not in newest.body
    assert all("91000" in one.body for one in before)


@pytest.mark.parametrize(
    ("said", "problem"),
    [("phone, $Phone, E-mail", ""), ("phone, Distinct ID", "“Distinct ID” is needed to count")],
)
def test_names_are_listed_once_and_none_that_is_needed(cast: Cast, said: str, problem: str) -> None:
    with tenant_scope(cast.tenant.pk):
        form = SourceForm({"name": "web", "dropped_properties": said})
        assert form.is_valid() is not bool(problem)
    if problem:
        assert problem in str(form.errors["dropped_properties"])
    else:
        assert form.cleaned_data["dropped_properties"] == ["phone", "E-mail"]
