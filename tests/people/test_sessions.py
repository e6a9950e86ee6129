"""Sessions: listed, ended, and over by themselves."""

import time

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from people.middleware import SEEN_AT
from people.models import User
from people.proof import SIGNED_IN_AT
from tenancy.models import AuditEntry, Membership
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, Cast

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"


def sign_in(user: User, agent: str = FIREFOX, address: str = "192.0.2.7") -> Client:
    user.set_password(PASSWORD) if not user.has_usable_password() else None
    user.save()
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def is_in(client: Client, cast: Cast) -> bool:
    return client.get(cast.at("")).status_code == 200


@pytest.fixture
def pair(cast: Cast) -> tuple[Client, Client]:
    return sign_in(cast.csm), sign_in(cast.csm, SAFARI, "198.51.100.4")


def test_they_are_listed_by_device_and_address(cast: Cast, pair: tuple[Client, Client]) -> None:
    page = pair[0].get("/accounts/sessions/").content.decode()
    for words in ("Firefox on Windows", "Safari on iPhone", "192.0.2.7", "198.51.100.4"):
        assert words in page
    assert page.count("this one") == 1


def test_one_is_ended(cast: Cast, pair: tuple[Client, Client]) -> None:
    row = UserSession.objects.get(ip="198.51.100.4")
    page = pair[0].post(f"/accounts/sessions/{row.pk}/end/", follow=True).content.decode()
    assert "signed out" in page
    assert is_in(pair[0], cast) and not is_in(pair[1], cast)
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.filter(action="session.ended").count() == 1


def test_all_others_are_ended(cast: Cast, pair: tuple[Client, Client]) -> None:
    pair[0].post("/accounts/sessions/")
    assert is_in(pair[0], cast) and not is_in(pair[1], cast)


def test_nobody_ends_anothers_session(cast: Cast, pair: tuple[Client, Client]) -> None:
    row = UserSession.objects.get(ip="192.0.2.7")
    thief = sign_in(cast.stranger)
    assert thief.post(f"/accounts/sessions/{row.pk}/end/").status_code == 404
    assert is_in(pair[0], cast)


def test_a_new_password_ends_the_others(cast: Cast, pair: tuple[Client, Client]) -> None:
    new = PASSWORD + " indeed"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert pair[0].post("/accounts/password/change/", sent).status_code == 302
    assert is_in(pair[0], cast) and not is_in(pair[1], cast)


def set_back(client: Client, **seconds: float) -> None:
    session = client.session
    for name, ago in seconds.items():
        session[name] = time.time() - ago
    session.save()


def test_a_day_without_use_ends_it(cast: Cast) -> None:
    client = sign_in(cast.csm)
    set_back(client, **{SEEN_AT: 86_399 - 60})
    assert is_in(client, cast)
    set_back(client, **{SEEN_AT: 86_401})
    assert not is_in(client, cast)
    assert not UserSession.objects.exists()


def test_two_weeks_end_it_however_busy(cast: Cast) -> None:
    client = sign_in(cast.csm)
    set_back(client, **{SIGNED_IN_AT: 14 * 86_400 + 1, SEEN_AT: 5})
    assert not is_in(client, cast)
    assert not Session.objects.filter(session_key=client.session.session_key or "").exists()


def test_use_is_noted_once_a_minute(cast: Cast) -> None:
    client = sign_in(cast.csm)
    assert is_in(client, cast)
    before = UserSession.objects.get().last_seen_at
    is_in(client, cast)
    assert UserSession.objects.get().last_seen_at == before
    set_back(client, **{SEEN_AT: 61})
    is_in(client, cast)
    assert UserSession.objects.get().last_seen_at > before


def test_somebody_taken_out_is_out_with_the_next_request(cast: Cast) -> None:
    client = sign_in(cast.csm)
    assert is_in(client, cast)
    Membership.objects.filter(user=cast.csm).delete()
    assert client.get(cast.at("")).status_code == 404
    assert client.get(cast.at("api/v1/customers/")).status_code == 404


def test_somebody_switched_off_is_out_with_the_next_request(cast: Cast) -> None:
    client = sign_in(cast.csm)
    assert is_in(client, cast)
    User.objects.filter(pk=cast.csm.pk).update(is_active=False)
    assert client.get(cast.at("")).status_code == 302
    assert client.get(cast.at("api/v1/customers/")).status_code == 401


def test_signing_in_begins_a_new_session(cast: Cast) -> None:
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    planted = session.session_key
    client.cookies["session"] = planted or ""
    cast.csm.set_password(PASSWORD)
    cast.csm.save()
    client.post("/accounts/login/", {"login": cast.csm.email, "password": PASSWORD})
    assert client.session.session_key != planted
