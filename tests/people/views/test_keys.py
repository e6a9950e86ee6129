"""Keys for programs: what they open, how they are followed by another, how they end."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tenancy import operations as tenancy
from tenancy.access import AREAS, EVERY_SCOPE, READING
from tenancy.models import ApiKey, AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_tenant
from tests.pages import error_beside

KEYS = "settings/keys/"
READER = {"reads": list(AREAS)}
# An address of each area that a key asks.
ASKED = {
    "customers": "/api/v1/customers/",
    "measures": "/api/v1/measures/",
    "usage": "/api/v1/usage/sources/",
}


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def make(cast: Cast, **fields: Any) -> tuple[ApiKey, str]:
    values = {"name": "Warehouse", "scopes": READING, "created_by": cast.admin} | fields
    key, new = tenancy.create_api_key(tenant=cast.tenant, **values)
    return key, new.text


def ask(text: str, path: str = "/api/v1/customers/", method: str = "get") -> Any:
    headers = {"Authorization": f"Bearer {text}"}
    if method == "post":
        return Client().post(path, {}, content_type="application/json", headers=headers)
    return Client().get(path, headers=headers)


def logged(cast: Cast) -> list[tuple[str, Any]]:
    with tenant_scope(cast.tenant.pk):
        rows = AuditEntry.objects.filter(action__startswith="key.").order_by("seq")
        return [(row.action, row.facts) for row in rows]


def test_a_key_opens_what_was_chosen_and_nothing_else(cast: Cast, admin: Client) -> None:
    form = {"name": "CRM", "writes": ["customers"]}
    text = admin.post(cast.at(KEYS), form).context["new_key"]
    assert ask(text).status_code == 200
    assert ask(text, method="post").status_code == 400
    refused = ask(text, ASKED["measures"])
    assert refused.status_code == 403
    assert "does not open “Measures and readings”" in refused.json()["detail"]
    plan = f"/api/v1/engagements/{cast.engagement.pk}/plan/"
    assert ask(text, plan).status_code == 403


@pytest.mark.parametrize("area", ASKED)
def test_a_key_that_reads_changes_nothing(cast: Cast, area: str) -> None:
    _key, text = make(cast, scopes=[f"{area}:read"])
    assert ask(text, ASKED[area]).status_code == 200
    refused = ask(text, ASKED[area], "post")
    assert refused.status_code == 403
    assert "may not change" in refused.json()["detail"]
    others = [path for name, path in ASKED.items() if name != area]
    assert [ask(text, path).status_code for path in others] == [403, 403]


def test_a_key_that_opens_nothing_is_not_made(cast: Cast, admin: Client) -> None:
    page = admin.post(cast.at(KEYS), {"name": "Idle"})
    assert "at least one area" in page.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_ends_by_itself(cast: Cast, admin: Client) -> None:
    admin.post(cast.at(KEYS), READER | {"name": "Trial", "lasts_days": "30"})
    key = ApiKey.objects.get()
    assert key.expires_at is not None
    assert abs(key.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    _key, text = make(cast, expires_at=timezone.now() + timedelta(hours=1))
    assert ask(text).status_code == 200
    ApiKey.objects.filter(name="Warehouse").update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ask(text).status_code == 401


def test_old_and_new_work_side_by_side_until_the_old_one_ends(cast: Cast, admin: Client) -> None:
    key, old = make(cast)
    page = admin.post(cast.at(f"{KEYS}{key.pk}/rotate/"), {"grace_days": "7"})
    new = page.context["new_key"]
    assert (ask(old).status_code, ask(new).status_code) == (200, 200)
    successor = ApiKey.objects.get(replaces=key)
    assert (successor.name, successor.scopes) == (key.name, key.scopes)
    key.refresh_from_db()
    assert key.expires_at is not None
    assert abs(key.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert (ask(old).status_code, ask(new).status_code) == (401, 200)


def test_a_third_beside_two_is_refused(cast: Cast, admin: Client) -> None:
    key, _text = make(cast)
    path = cast.at(f"{KEYS}{key.pk}/rotate/")
    admin.post(path, {"grace_days": "7"})
    again = admin.post(path, {"grace_days": "7"})
    assert "successor already" in again.content.decode()
    assert ApiKey.objects.live().count() == 2


def test_a_dead_key_has_no_successor(cast: Cast) -> None:
    key, _text = make(cast)
    tenancy.revoke_api_key(key=key, now=timezone.now())
    with pytest.raises(tenancy.NotLive):
        tenancy.rotate_api_key(
            key=key, now=timezone.now(), grace=timedelta(days=1), created_by=cast.admin
        )


def test_a_name_is_of_one_key_or_of_one_and_its_successor(cast: Cast, admin: Client) -> None:
    key, _text = make(cast)
    page = admin.post(cast.at(KEYS), READER | {"name": "Warehouse"})
    assert "Make its successor" in error_beside(page, "name")
    tenancy.revoke_api_key(key=key, now=timezone.now())
    assert admin.post(cast.at(KEYS), READER | {"name": "Warehouse"}).context["new_key"]


def test_successors_count_towards_the_limit(cast: Cast) -> None:
    first, _text = make(cast)
    for number in range(9):
        make(cast, name=f"Key {number}")
    with pytest.raises(tenancy.TooManyKeys):
        tenancy.rotate_api_key(
            key=first, now=timezone.now(), grace=timedelta(days=1), created_by=cast.admin
        )


def test_revoking_counts_from_the_next_request(cast: Cast, admin: Client) -> None:
    key, text = make(cast)
    assert ask(text).status_code == 200
    admin.post(cast.at(f"{KEYS}{key.pk}/revoke/"))
    assert ask(text).status_code == 401


def test_last_use_is_shown(cast: Cast, admin: Client) -> None:
    key, text = make(cast)
    assert "never" in admin.get(cast.at(KEYS)).content.decode()
    ask(text)
    key.refresh_from_db()
    assert key.last_used_at is not None
    assert key.last_used_at.isoformat() in admin.get(cast.at(KEYS)).content.decode()


def test_the_table_as_csv_holds_no_key(cast: Cast, admin: Client) -> None:
    key, text = make(cast, scopes=EVERY_SCOPE)
    answer = admin.get(cast.at(f"{KEYS}keys.csv"))
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("name,begins_with,scopes,state")
    assert key.prefix in lines[1]
    assert "customers:write" in lines[1]
    assert text.rpartition("_")[2] not in answer.content.decode()


def test_what_is_done_with_keys_is_written_down(cast: Cast, admin: Client) -> None:
    key, text = make(cast)
    admin.post(cast.at(f"{KEYS}{key.pk}/rotate/"), {"grace_days": "0"})
    admin.post(cast.at(f"{KEYS}{key.pk}/revoke/"))
    entries = logged(cast)
    assert [action for action, _facts in entries] == ["key.created", "key.rotated", "key.revoked"]
    assert entries[0][1]["scopes"] == sorted(READING)
    assert entries[1][1]["old_key"] == key.prefix
    assert text.rpartition("_")[2] not in str(entries)


def test_only_an_administrator_of_this_workspace(cast: Cast) -> None:
    key, _text = make(cast)
    for user in (cast.manager, cast.csm, cast.executive, cast.lead):
        browser = cast.browser(user)
        for path in (f"{KEYS}{key.pk}/", f"{KEYS}keys.csv"):
            assert browser.get(cast.at(path)).status_code == 403
        assert browser.post(cast.at(f"{KEYS}{key.pk}/rotate/")).status_code == 403
    other, _new = tenancy.create_api_key(
        tenant=make_tenant("third"), name="Theirs", scopes=READING, created_by=None
    )
    browser = cast.browser(cast.admin)
    assert browser.get(cast.at(f"{KEYS}{other.pk}/")).status_code == 404
    assert browser.post(cast.at(f"{KEYS}{other.pk}/rotate/")).status_code == 404


def test_every_endpoint_says_which_area_opens_it() -> None:
    from adoptiq.api import routes

    for pattern in routes():
        view = getattr(pattern.callback, "cls", None)
        areas = [permission.opened_by for permission in view.permission_classes]
        assert areas and set(areas) <= set(AREAS), pattern


def test_the_documentation_names_the_scope_of_each_call(db: None, client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    assert all(f"<code>{scope}</code>" in page for scope in EVERY_SCOPE - {"usage:write"})
    schema = client.get("/api/schema/", headers={"Accept": "application/json"}).content.decode()
    assert schema.count("x-scope") >= 10
