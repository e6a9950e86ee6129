"""What passes the door of a source: limits, what is remembered of it, and how much came."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tenancy import meters
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage.models import Event, IntakeHour, Source, SourceKey
from usage.operations import create_source, keep_hours, revoke_source_key
from usage.queries import get_requests, get_volume

EMAIL = "ann.lee@halden.example"


def make(cast: Cast, **limits: int) -> tuple[Source, str]:
    with tenant_scope(cast.tenant.pk):
        source, key = create_source(name="web")
        Source.objects.filter(pk=source.pk).update(**limits)
    return source, key.text


def item(number: int = 1, **fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Report Exported",
        "userId": EMAIL,
        "messageId": f"m{number}",
        "context": {"groupId": "halden", "library": {"name": "analytics-python", "version": "2"}},
        "properties": {"feature": "Reports", "email": EMAIL, "firstName": "Ann", "ip": "192.0.2.7"},
    } | fields


def send(key: str, *items: Any, path: str = "/v1/batch", **extra: Any) -> Any:
    body = {"writeKey": key, "batch": list(items)}
    return Client().post(path, json.dumps(body), content_type="text/plain", **extra)


def requests_of(cast: Cast, source: Source, only: str = "") -> list[Any]:
    with tenant_scope(cast.tenant.pk):
        return list(get_requests(source_id=source.pk, only=only).rows)


def test_beyond_its_requests_a_second_a_source_is_asked_to_wait(cast: Cast) -> None:
    source, key = make(cast, requests_a_second=3)
    answers = [send(key, item(number)) for number in range(12)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert {answer["Retry-After"] for answer in refused} == {"1"}
    assert {answer.status_code for answer in answers} == {200, 429}
    assert [row.status for row in requests_of(cast, source, "refused")] == [429] * len(refused)
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == 12 - len(refused)


def test_a_full_day_is_said_in_the_words_of_the_library(cast: Cast) -> None:
    _source, key = make(cast, events_a_day=2, requests_a_second=50)
    assert send(key, item(1), item(2), item(3)).status_code == 200
    meters.tell()
    body = {"api_key": key, "events": []}
    answer = Client().post("/2/httpapi", json.dumps(body), content_type="application/json")
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert answer.json()["code"] == 429


def test_two_processes_share_one_count() -> None:
    door, day = str(uuid4()), timezone.localdate()
    waits = [meters.admit(door=door, a_second=2, a_day=10, day=day) for _time in range(30)]
    assert waits.count(0) < 30
    assert set(waits) == {0, 1}


def test_without_the_counter_everything_is_let_in(
    cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, key = make(cast, requests_a_second=1)
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    for remembered in (meters._valkey, meters._script):
        remembered.cache_clear()
    monkeypatch.setattr(meters, "_pause", meters.Pause())
    try:
        assert [send(key, item(number)).status_code for number in range(4)] == [200] * 4
        with tenant_scope(cast.tenant.pk):
            assert not get_requests(source_id=source.pk).is_known
            assert Event.objects.count() == 4
    finally:
        for remembered in (meters._valkey, meters._script):
            remembered.cache_clear()


def test_a_request_is_remembered_with_what_became_of_it(cast: Cast) -> None:
    source, key = make(cast)
    send(key, item(1), item(2, context={"groupId": "nobody"}), 7)
    send(key, item(1))
    second, first = requests_of(cast, source)
    assert first.counts == {
        "accepted": 1,
        "repeated": 0,
        "put_aside": 2,
        "told": 0,
        "left_out": 0,
    }
    assert {reason for reason, _n in first.why} == {
        "No customer has the external id “nobody”.",
        "the item is not a JSON object",
    }
    assert (first.library, first.path, first.state) == ("analytics-python 2", "/v1/batch", "aside")
    assert first.first["group"] == "halden"
    assert (second.counts["repeated"], second.state) == (1, "taken")


def test_keys_and_people_are_unreadable_in_what_is_remembered(cast: Cast) -> None:
    source, key = make(cast)
    send(key, item(1), item(2, userId="bo", traits={"name": "Bo Berg", "phone": "+47 22"}))
    form = {"data": json.dumps([{"event": "E", "properties": {"token": key, "$email": EMAIL}}])}
    Client().post("/track", urlencode(form), content_type="application/x-www-form-urlencoded")
    raw = b"".join(meters.last_entries(door=str(source.pk)) or [])
    assert len(requests_of(cast, source)) == 2
    for secret in (key, "ann.lee", "Ann", "192.0.2.7", "Bo Berg", "+47 22"):
        assert secret.encode() not in raw
    assert b"halden.example" in raw
    assert b"Reports" in raw


def test_refused_requests_show_where_a_header_names_the_source(cast: Cast) -> None:
    source, key = make(cast)
    bearer = {"authorization": f"Bearer {key}"}
    Client().post("/v1/batch", b"not json", content_type="text/plain", headers=bearer)
    with tenant_scope(cast.tenant.pk):
        Source.objects.update(allowed_origins=["https://app.example.com"])
    send(key, item(1), headers={"origin": "https://elsewhere.example"})
    newest, oldest = requests_of(cast, source, "refused")
    assert (oldest.status, oldest.why) == (400, (("the body is not JSON", 1),))
    assert (newest.status, newest.items) == (403, 0)


def test_a_key_knows_when_it_was_used_and_is_dead_when_revoked(cast: Cast) -> None:
    source, key = make(cast)
    send(key, item(1))
    row = SourceKey.objects.get()
    assert row.last_used_at is not None
    with tenant_scope(cast.tenant.pk):
        revoke_source_key(source=source, prefix=row.prefix, now=timezone.now())
    assert send(key, item(2)).status_code == 401


def test_a_revoked_key_shows_at_its_source_and_says_nothing_to_its_sender(cast: Cast) -> None:
    source, key = make(cast)
    prefix = SourceKey.objects.get().prefix
    with tenant_scope(cast.tenant.pk):
        revoke_source_key(source=source, prefix=prefix, now=timezone.now())
    unknown = send("aiq_src_unknown1_secret", item(1))
    refused = [send(key, item(number)) for number in range(2)]
    assert {answer.content for answer in refused} == {unknown.content}
    assert {answer.status_code for answer in refused} == {unknown.status_code} == {401}
    first, _second = requests_of(cast, source, "refused")
    assert (first.status, first.library, first.items) == (401, "", 0)
    assert f"aiq_src_{prefix}… was revoked" in first.why[0][0]
    assert "Report Exported" in first.body
    assert SourceKey.objects.get().is_still_tried
    with tenant_scope(cast.tenant.pk):
        assert not Event.objects.exists()
        keep_hours(business_date=timezone.localdate(), now=timezone.now())
        assert (IntakeHour.objects.get().wrong_key, IntakeHour.objects.get().refused) == (2, 2)
    page = cast.browser(cast.admin).get(cast.at(f"usage/sources/{source.pk}/")).content.decode()
    assert "2 of them came with keys that open nothing." in page
    assert f"aiq_src_{prefix}…" in page


def test_a_key_that_only_begins_like_ours_shows_nothing_of_its_sender(cast: Cast) -> None:
    source, key = make(cast)
    send(key[:-3], item(1), path="/v1/batch?from=me")
    (row,) = requests_of(cast, source)
    assert (row.status, row.body, row.path, row.library, row.size) == (401, "", "", "", 0)
    assert "was it cut off?" in row.why[0][0]
    assert SourceKey.objects.get().last_used_at is None


@pytest.mark.parametrize("text", ["aiq_src_nobodys1_x", "aiq_src_\0_x", "aiq_live_a_b", "", "x"])
def test_any_other_wrong_key_leaves_no_trace(cast: Cast, text: str) -> None:
    source, _key = make(cast)
    assert send(text, item(1)).status_code == 401
    assert requests_of(cast, source) == []


def test_what_comes_for_a_workspace_that_is_closed_is_not_noted(cast: Cast) -> None:
    source, key = make(cast)
    Tenant.objects.filter(pk=cast.tenant.pk).update(delete_after=timezone.now())
    assert send(key, item(1)).status_code == 401
    assert not meters.last_entries(door=str(source.pk))


def test_hours_are_written_down_once_however_often(cast: Cast) -> None:
    source, key = make(cast)
    send(key, item(1), item(2))
    now = timezone.now()
    with tenant_scope(cast.tenant.pk):
        for _time in range(2):
            keep_hours(business_date=now.date(), now=now)
            assert IntakeHour.objects.get().accepted == 2
    send(key, item(2), item(3, context={"groupId": "nobody"}))
    with tenant_scope(cast.tenant.pk):
        for by_hour in (True, False):
            total = get_volume(
                source_id=source.pk, by_hour=by_hour, time_zone="Europe/Oslo", now=now
            ).total
            assert (total.requests, total.accepted, total.repeated) == (2, 2, 1)
            assert (total.put_aside, total.items) == (1, 4)


def test_a_counter_that_began_anew_adds_to_what_was_written_down(cast: Cast) -> None:
    source, key = make(cast)
    send(key, item(1))
    now = timezone.now()
    with tenant_scope(cast.tenant.pk):
        keep_hours(business_date=now.date(), now=now)
        hour = int(now.timestamp()) // 3600
        meters._valkey().delete(*(f"meter:{source.pk}:hour:{hour + step}" for step in (-1, 0, 1)))
    send(key, item(2))
    with tenant_scope(cast.tenant.pk):
        keep_hours(business_date=now.date(), now=now + timedelta(seconds=1))
        volume = get_volume(source_id=source.pk, by_hour=False, time_zone="UTC", now=timezone.now())
        assert volume.total.accepted == 2
