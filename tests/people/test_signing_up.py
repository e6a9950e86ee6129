"""Opening a workspace of one's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from people.models import Registration, User
from tenancy.models import AuditEntry, Membership, Role, Tenant
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, Cast, make_tenant
from tests.pages import error_beside
from tests.people.mailbox import addressees, deliver, link_in

FIELDS = {
    "name": "Ann Founder",
    "email": "Ann@Example.org",
    "password": PASSWORD,
    "workspace_name": "Northern Lights",
    "slug": "northern-lights",
    "time_zone": "Europe/Oslo",
}


def sign_up(**change: str) -> str:
    """Fills the page; returns the path of the link in the mail."""
    answer = Client().post("/accounts/signup/", FIELDS | change)
    assert answer.status_code == 302, answer.content.decode()
    assert answer["Location"] == "/accounts/link/sent/"
    deliver()
    return link_in()


def test_from_the_form_to_the_first_page(db: None) -> None:
    path, client = sign_up(), Client()
    page = client.get(path).content.decode()
    assert "Northern Lights" in page
    assert not Tenant.objects.exists()
    answer = client.post(path, {"slug": "northern-lights"})
    assert answer["Location"] == "/w/northern-lights/"
    assert client.get("/w/northern-lights/").status_code == 200
    tenant, user = Tenant.objects.get(), User.objects.get()
    assert (tenant.name, tenant.time_zone) == ("Northern Lights", "Europe/Oslo")
    assert (user.email, user.name) == ("ann@example.org", "Ann Founder")
    assert user.check_password(PASSWORD)
    assert Membership.objects.get().role == Role.ADMIN
    with tenant_scope(tenant.pk):
        actions = list(AuditEntry.objects.values_list("action", flat=True))
    assert {"workspace.opened", "person.signed_in"} == set(actions)


def test_a_scanner_that_follows_the_link_opens_nothing(db: None) -> None:
    path = sign_up()
    for _time in range(5):
        Client().get(path)
    assert not Tenant.objects.exists()


def test_the_link_works_once_and_for_a_day(db: None) -> None:
    path = sign_up()
    Registration.objects.update(expires_at=timezone.now())
    assert Client().post(path, {"slug": "x"}).status_code == 410
    Registration.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    assert Client().post(path, {"slug": "x"}).status_code == 302
    assert Client().post(path, {"slug": "y"}).status_code == 410
    assert Tenant.objects.count() == 1


def test_the_answer_does_not_tell_who_is_known(cast: Cast) -> None:
    sign_up(email="csm@example.org")
    sign_up(email="nobody@example.org", slug="another")
    assert addressees() == ["csm@example.org", "nobody@example.org"]


def test_somebody_known_keeps_name_and_password(cast: Cast) -> None:
    cast.csm.set_password("quite another sentence")
    cast.csm.save()
    path, client = sign_up(email="CSM@example.org"), Client()
    client.post(path, {"slug": "mine"})
    cast.csm.refresh_from_db()
    assert cast.csm.name == "Csm"
    assert cast.csm.check_password("quite another sentence")
    assert Membership.objects.get(tenant__slug="mine").user == cast.csm


def test_a_short_name_taken_meanwhile_is_asked_for_again(db: None) -> None:
    path, client = sign_up(), Client()
    make_tenant("northern-lights")
    assert "Short name" in client.get(path).content.decode()
    refused = client.post(path, {"slug": "northern-lights"})
    assert "Choose another" in error_beside(refused, "slug")
    assert client.post(path, {"slug": "northern-lights-2"}).status_code == 302


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": "nobody"}, "email", "valid email"),
        ({"name": ""}, "name", "required"),
        ({"password": "short"}, "password", "at least 12"),
        ({"password": "ann-founder-1"}, "password", "similar"),
        ({"password": "password12345678"}, "password", "tried first"),
        ({"slug": "acme"}, "slug", "Choose another"),
        ({"slug": "No Good"}, "slug", "lower-case letters"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "valid choice"),
        ({"workspace_name": ""}, "workspace_name", "required"),
    ],
)
def test_what_is_wrong_is_said(cast: Cast, change: dict[str, str], field: str, words: str) -> None:
    answer = Client().post("/accounts/signup/", FIELDS | change)
    assert answer.status_code == 200
    assert words in error_beside(answer, field)
    assert not Registration.objects.exists()


def test_the_password_is_not_kept_in_the_clear(db: None) -> None:
    sign_up()
    assert Registration.objects.get().password.startswith("scrypt$")


def test_it_can_be_closed(db: None, settings: Any) -> None:
    settings.SIGN_UP_OPEN = False
    for answer in (Client().get("/accounts/signup/"), Client().post("/accounts/signup/", FIELDS)):
        assert b"By invitation" in answer.content
    assert not Registration.objects.exists()
    assert b"Open a workspace" not in Client().get("/accounts/login/").content


def test_it_is_not_endless(db: None) -> None:
    answers = [
        Client().post("/accounts/signup/", FIELDS | {"email": f"p{number}@example.org"}).status_code
        for number in range(12)
    ]
    assert answers == [302] * 10 + [429] * 2


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"workspace_name": "Ærø Færgen & Co"}, "free"),
        ({"slug": "acme"}, "Choose another"),
        ({"slug": "No Good"}, "lower-case"),
        ({"slug": "fine-1"}, "“fine-1” is free"),
    ],
)
def test_a_short_name_is_looked_at_while_it_is_typed(
    cast: Cast, asked: dict[str, str], words: str
) -> None:
    page = Client().get("/accounts/signup/short-name/", asked).content.decode()
    assert words in page


def test_with_nothing_typed_it_says_nothing(db: None) -> None:
    page = Client().get("/accounts/signup/short-name/").content.decode()
    assert "free" not in page and 'data-wanted=""' in page
