"""Showing again who is there, before what matters."""

import time

import pytest
from django.test import Client

from people.models import User
from people.proof import SIGNED_IN_AT
from tenancy.models import Membership, Role
from tests.factories import PASSWORD, Cast
from tests.people.factors import code_now, give_app
from tests.people.mailbox import deliver, link_in


def grow_old(client: Client, seconds: float = 601) -> Client:
    session = client.session
    session[SIGNED_IN_AT] = time.time() - seconds
    session.save()
    return client


def membership(cast: Cast, user: User) -> Membership:
    return Membership.objects.get(tenant=cast.tenant, user=user)


def change(cast: Cast, client: Client, **headers: str) -> object:
    where = cast.at(f"settings/members/{membership(cast, cast.csm).pk}/")
    came_from = f"http://testserver{where}"
    return client.post(where, {"role": "manager"}, headers={"Referer": came_from} | headers)


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def test_a_fresh_sign_in_is_proof(cast: Cast, admin: Client) -> None:
    change(cast, grow_old(admin, 570))
    assert membership(cast, cast.csm).role == Role.MANAGER


def test_an_older_one_leads_to_the_question_and_back(cast: Cast, admin: Client) -> None:
    cast.admin.set_password(PASSWORD)
    cast.admin.save()
    admin = grow_old(cast.browser(cast.admin))
    answer = change(cast, admin)
    back = cast.at(f"settings/members/{membership(cast, cast.csm).pk}/")
    asked = answer["Location"]  # type: ignore[index]
    assert asked.startswith("/accounts/reauthenticate/?next=")
    assert membership(cast, cast.csm).role == Role.CSM
    assert "Is it you?" in admin.get(asked).content.decode()
    proved = admin.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": back})
    assert proved["Location"] == back
    change(cast, admin)
    assert membership(cast, cast.csm).role == Role.MANAGER


def test_a_wrong_password_proves_nothing(cast: Cast) -> None:
    cast.admin.set_password(PASSWORD)
    cast.admin.save()
    admin = grow_old(cast.browser(cast.admin))
    admin.post("/accounts/reauthenticate/", {"password": "no", "next": "/"})
    change(cast, admin)
    assert membership(cast, cast.csm).role == Role.CSM


def test_a_fragment_is_led_there_as_a_page(cast: Cast, admin: Client) -> None:
    where = f"http://testserver{cast.at('settings/members/')}?side=staff"
    answer = change(cast, grow_old(admin), **{"HX-Request": "true", "HX-Current-URL": where})
    assert answer.status_code == 204  # type: ignore[attr-defined]
    to = answer["HX-Redirect"]  # type: ignore[index]
    assert to.endswith("?next=%2Fw%2Facme%2Fsettings%2Fmembers%2F%3Fside%3Dstaff")


@pytest.mark.parametrize("came_from", ["https://evil.example/x", "", "javascript:alert(1)"])
def test_back_is_never_elsewhere(cast: Cast, admin: Client, came_from: str) -> None:
    answer = change(cast, grow_old(admin), Referer=came_from)
    assert answer["Location"].endswith("?next=%2F")  # type: ignore[index]


def test_with_a_second_factor_it_is_that_which_is_asked_for(cast: Cast) -> None:
    cast.admin.set_password(PASSWORD)
    cast.admin.save()
    give_app(cast.admin)
    admin = grow_old(cast.browser(cast.admin))
    answer = change(cast, admin)
    assert answer["Location"].startswith("/accounts/2fa/reauthenticate/")  # type: ignore[index]
    admin.post("/accounts/reauthenticate/", {"password": PASSWORD})
    change(cast, admin)
    assert membership(cast, cast.csm).role == Role.CSM
    admin.post("/accounts/2fa/reauthenticate/", {"code": code_now()})
    change(cast, admin)
    assert membership(cast, cast.csm).role == Role.MANAGER


def test_without_either_a_link_proves_it(cast: Cast, admin: Client) -> None:
    back = cast.at("settings/members/")
    answer = change(cast, grow_old(admin))
    assert answer["Location"].startswith("/accounts/link/prove/")  # type: ignore[index]
    admin.post("/accounts/link/prove/", {"next": back})
    deliver()
    path = link_in()
    elsewhere = Client()
    assert elsewhere.post(path).status_code == 403
    assert elsewhere.get(cast.at("")).status_code == 302
    assert cast.browser(cast.csm).post(path).status_code == 403
    assert admin.post(path)["Location"] == back
    change(cast, admin)
    assert membership(cast, cast.csm).role == Role.MANAGER


def test_a_link_to_sign_in_is_no_way_for_another_account(cast: Cast, admin: Client) -> None:
    """It signs in as whom it was sent to, and proves nothing for the session that was there."""
    admin.post("/accounts/link/", {"email": cast.csm.email})
    deliver()
    admin.post(link_in())
    assert change(cast, admin).status_code == 403  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "path",
    [
        "2fa/totp/activate/",
        "2fa/webauthn/add/",
        "2fa/recovery-codes/generate/",
    ],
)
def test_changing_how_one_signs_in_wants_it_too(cast: Cast, path: str) -> None:
    client = grow_old(cast.browser(cast.csm))
    for answer in (client.get(f"/accounts/{path}"), client.post(f"/accounts/{path}")):
        assert answer["Location"].startswith("/accounts/link/prove/")


def test_a_first_password_and_another_address_want_it_too(cast: Cast) -> None:
    client = grow_old(cast.browser(cast.csm))
    new = {"password1": PASSWORD, "password2": PASSWORD}
    assert "prove" in client.post("/accounts/password/set/", new)["Location"]
    moved = {"action_add": "", "email": "new@example.org"}
    assert "prove" in client.post("/accounts/email/", moved)["Location"]
    cast.csm.refresh_from_db()
    assert not cast.csm.has_usable_password()
