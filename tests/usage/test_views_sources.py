"""The pages of a source, and of what is stored of people."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.testcases import LiveServerThread
from django.utils import timezone

from tenancy.scope import tenant_scope
from tests import factories
from tests.conftest import empty_every_table
from tests.factories import Cast
from tests.pages import assert_same_queries
from tests.usage.stage import make_event, receive
from usage.adapters.snippets import snippets
from usage.models import Event, Retention, Source, SourceKey
from usage.operations import create_source
from usage.queries import get_first_request

SDK_PYTHON = Path(__file__).parent.parent / "sdk" / ".venv" / "bin" / "python"


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


@pytest.fixture
def made(cast: Cast) -> tuple[Source, str]:
    with tenant_scope(cast.tenant.pk):
        source, key = create_source(name="web")
    return source, key.text


def send(key: str, number: int, group: str = "halden", **headers: str) -> Any:
    item = {
        "event": "Report Exported",
        "userId": "ann",
        "messageId": f"m{number}",
        "writeKey": key,
        "context": {"groupId": group},
        "properties": {"feature": "Reports"},
    }
    return Client().post("/v1/track", json.dumps(item), content_type="text/plain", headers=headers)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    text: str = response.content.decode()
    return text


def test_the_first_event_is_told_with_what_was_understood(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    source, key = made
    start = cast.at(f"usage/sources/{source.pk}/start/")
    since = timezone.now().isoformat()
    fragment = {"headers": {"HX-Request": "true"}, "query_params": {"since": since}}
    waiting = text_of(admin.get(start, **fragment))
    assert "Waiting for an event" in waiting
    assert "<html" not in waiting
    send(key, 1)
    told = text_of(admin.get(start, **fragment))
    assert "One event was taken in" in told
    assert "Halden" in told and "Reports" in told
    assert "hx-trigger" not in told


def test_an_unknown_customer_is_told_with_its_mend(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    source, key = made
    since = timezone.now().isoformat()
    send(key, 1, "brand-new")
    told = text_of(
        admin.get(cast.at(f"usage/sources/{source.pk}/start/"), query_params={"since": since})
    )
    assert "No customer has the external id “brand-new”." in told
    assert "groups/new/?group=brand-new" in told


def test_the_page_stops_asking_by_itself(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    for page in ("requests", "start"):
        path = cast.at(f"usage/sources/{made[0].pk}/{page}/")
        assert "hx-trigger" in text_of(admin.get(path))
        assert "load delay" not in text_of(admin.get(path, {"asked": "120"}))


def test_requests_are_listed_narrowed_and_opened(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    source, key = made
    send(key, 1)
    send(key, 2, "nobody")
    path = cast.at(f"usage/sources/{source.pk}/requests/")
    assert text_of(admin.get(path)).count("/requests/one/") == 2
    aside = text_of(admin.get(path, {"only": "aside"}))
    assert aside.count("/requests/one/") == 1
    with tenant_scope(cast.tenant.pk):
        found = get_first_request(source_id=source.pk, since=timezone.now().replace(year=2020))
    assert found is not None
    one = text_of(admin.get(f"{path}one/", {"id": found.request.id}))
    assert "&quot;groupId&quot;: &quot;nobody&quot;" in one
    assert key not in one
    assert "not among the last hundred" in text_of(admin.get(f"{path}one/", {"id": "other"}))


def test_volume_is_shown_as_bars_table_and_csv(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    source, key = made
    path = cast.at(f"usage/sources/{source.pk}/")
    assert "Nothing came yet" in text_of(admin.get(path))
    for number in range(3):
        send(key, number)
    assert_same_queries(admin, path, lambda: send(key, 9, "nobody"))
    shown = text_of(admin.get(path, {"by": "hours"}))
    assert "3 events arrived in two days" in shown
    assert 'class="v-accepted"' in shown
    rows = text_of(admin.get(f"{path}volume.csv")).splitlines()
    assert rows[0].lstrip("\ufeff").startswith("starts_at,requests,accepted")
    assert rows[-1].split(",")[1:3] == ["4", "3"]


def test_only_administrators_set_limits(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    source, _key = made
    path = cast.at(f"usage/sources/{source.pk}/settings/")
    fields = {"name": "web", "requests_a_second": "7", "events_a_day": "900"}
    cast.browser(cast.manager).post(path, fields)
    with tenant_scope(cast.tenant.pk):
        assert Source.objects.get(pk=source.pk).requests_a_second == 1_000
    assert admin.post(path, fields).status_code == 302
    with tenant_scope(cast.tenant.pk):
        row = Source.objects.get(pk=source.pk)
        assert (row.requests_a_second, row.events_a_day) == (7, 900)
    zero = admin.post(path, fields | {"requests_a_second": "0"})
    assert "greater than or equal to 1" in text_of(zero)


def test_a_key_is_revoked_after_a_question(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    source, key = made
    prefix = SourceKey.objects.get().prefix
    path = cast.at(f"usage/sources/{source.pk}/revoke/")
    assert "It is the only key" in text_of(admin.get(path, {"prefix": prefix}))
    assert send(key, 1).status_code == 200
    admin.post(path, {"prefix": prefix})
    assert send(key, 2).status_code == 401
    assert admin.get(path, {"prefix": prefix}).status_code == 302


def test_personal_data_is_for_administrators(cast: Cast) -> None:
    for person in (cast.manager, cast.csm, cast.lead):
        assert cast.browser(person).get(cast.at("usage/personal-data/")).status_code == 403


def test_a_person_is_found_taken_along_and_erased_after_a_question(
    cast: Cast, admin: Client, made: tuple[Source, str]
) -> None:
    with tenant_scope(cast.tenant.pk):
        receive(made[0], [make_event("m1"), make_event("m2", "bo")])
    path = cast.at("usage/personal-data/")
    assert "Nothing is stored of “nobody”" in text_of(admin.post(path, {"said": "nobody"}))
    assert "Erase it" in text_of(admin.post(path, {"said": "ann"}))
    archive = admin.post(f"{path}export/", {"said": "ann"})
    assert archive["Content-Type"] == "application/zip"
    assert "cannot be undone" in text_of(admin.post(f"{path}erase/", {"said": "ann"}))
    with tenant_scope(cast.tenant.pk):
        assert Event.objects.count() == 2
    admin.post(f"{path}erase/", {"said": "ann", "sure": "yes"})
    with tenant_scope(cast.tenant.pk):
        assert list(Event.objects.values_list("end_user__external_id", flat=True)) == ["bo"]


def test_the_workspace_says_how_long_events_stay(cast: Cast, admin: Client) -> None:
    path = cast.at("usage/personal-data/retention/")
    admin.post(path, {"months": "25"})
    with tenant_scope(cast.tenant.pk):
        assert Retention.objects.get().months == 25
    assert "for 25 months" in text_of(admin.get(cast.at("usage/personal-data/")))
    admin.post(path, {"months": ""})
    with tenant_scope(cast.tenant.pk):
        assert not Retention.objects.exists()


# --- the snippets, run as they are printed ------------------------------------------------------


def test_every_snippet_holds_key_and_host_and_nothing_left_to_fill() -> None:
    made = snippets(host="https://use.example/", write_key="aiq_src_a_b")
    assert len({snippet.key for snippet in made}) == len(made) >= 10
    for snippet in made:
        assert "aiq_src_a_b" in snippet.code
        assert "https://use.example" in snippet.code
        assert "@" not in snippet.code.replace("@segment", "").replace("@rudderstack", "")


PRINTED = ("curl", "segment-python", "rudder-python", "posthog-python", "mixpanel-python")


def test_the_snippets_bring_an_event_in_as_they_are_printed(committed: None) -> None:
    """curl in a shell, the Python ones by the libraries themselves."""
    tenant = factories.make_tenant("acme")
    with tenant_scope(tenant.pk):
        factories.make_customer("acme")
        keys = {name: create_source(name=name)[1].text for name in PRINTED}
    server = LiveServerThread("127.0.0.1", lambda handler: handler)
    server.start()
    server.is_ready.wait(60)
    try:
        for name in PRINTED:
            run(name, f"http://127.0.0.1:{server.port}", keys[name])
        with tenant_scope(tenant.pk):
            found = Event.objects.values_list("source__name", "name", "feature")
            assert sorted(found) == sorted((name, "Report Exported", "Reports") for name in PRINTED)
    finally:
        server.terminate()
        empty_every_table()


def run(name: str, host: str, key: str) -> None:
    (snippet,) = (one for one in snippets(host=host, write_key=key) if one.key == name)
    call = ["sh", "-c"] if snippet.language == "Shell" else [str(SDK_PYTHON), "-c"]
    done = subprocess.run(
        [*call, snippet.code], capture_output=True, text=True, timeout=60, env={"PATH": "/usr/bin"}
    )
    assert done.returncode == 0, f"{name}: {done.stderr}"
