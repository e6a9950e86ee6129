"""The second factor: asked for by every way in, used once, and never talked around."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client

from people.models import User
from tenancy import operations as tenancy
from tenancy.access import READING
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, Cast
from tests.people.factors import SECRET, code_now, give_app, give_recovery_codes
from tests.people.mailbox import deliver, link_in

AUTHENTICATE = "/accounts/2fa/authenticate/"


@pytest.fixture
def guarded(cast: Cast) -> User:
    """The CSM, with a password and an app."""
    cast.csm.set_password(PASSWORD)
    cast.csm.save()
    give_app(cast.csm)
    return cast.csm


def by_password(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def by_link(user: User) -> Client:
    client = Client()
    client.post("/accounts/link/", {"email": user.email})
    deliver()
    client.post(link_in())
    return client


def by_reset(user: User) -> Client:
    client = Client()
    client.post("/accounts/password/reset/", {"email": user.email})
    deliver()
    form = client.get(link_in(), follow=True)
    new = {"password1": PASSWORD + " 2", "password2": PASSWORD + " 2"}
    client.post(form.request["PATH_INFO"], new)
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD + " 2"})
    return client


def is_in(client: Client, cast: Cast) -> bool:
    page = client.get(cast.at("settings/members/")).status_code
    api = client.get(cast.at("api/v1/customers/")).status_code
    assert (page, api) in [(200, 200), (302, 401)]
    return page == 200


@pytest.mark.parametrize("way", [by_password, by_link, by_reset])
def test_no_way_in_leads_around_it(cast: Cast, guarded: User, way: object) -> None:
    client = way(guarded)  # type: ignore[operator]
    assert not is_in(client, cast)
    assert client.get(AUTHENTICATE).status_code == 200
    client.post(AUTHENTICATE, {"code": code_now()})
    assert is_in(client, cast)


def test_an_invitation_leads_not_around_it(cast: Cast, guarded: User) -> None:
    sent = {"email": guarded.email, "name": "x", "role": "csm"}
    cast.browser(cast.stranger).post("/w/rival/settings/members/", sent)
    deliver()
    client = Client()
    client.post(link_in(), {"name": "x", "password": PASSWORD})
    assert not is_in(client, cast)
    assert "You have an account already" in client.get(link_in()).content.decode()


def test_opening_a_workspace_leads_not_around_it(cast: Cast, guarded: User) -> None:
    client = Client()
    client.post(
        "/accounts/signup/",
        {
            "email": guarded.email,
            "name": "x",
            "password": "another long sentence",
            "workspace_name": "Mine",
            "slug": "mine",
            "time_zone": "UTC",
        },
    )
    deliver()
    client.post(link_in(), {"slug": "mine"})
    assert not is_in(client, cast)
    guarded.refresh_from_db()
    assert guarded.check_password(PASSWORD)


def test_a_new_password_keeps_the_factor(cast: Cast, guarded: User) -> None:
    by_reset(guarded)
    assert Authenticator.objects.filter(user=guarded, type=Authenticator.Type.TOTP).exists()


def test_a_code_works_once(cast: Cast, guarded: User) -> None:
    code = code_now()
    assert is_in_after(code, by_password(guarded), cast)
    again = by_password(guarded)
    page = again.post(AUTHENTICATE, {"code": code}).content.decode()
    assert "used already" in page or "Incorrect code" in page
    assert not is_in(again, cast)


def is_in_after(code: str, client: Client, cast: Cast) -> bool:
    client.post(AUTHENTICATE, {"code": code})
    return is_in(client, cast)


def test_an_older_code_than_the_last_is_refused(cast: Cast, guarded: User) -> None:
    assert is_in_after(code_now(ahead=1), by_password(guarded), cast)
    assert not is_in_after(code_now(), by_password(guarded), cast)


def test_the_step_is_kept_in_the_database(cast: Cast, guarded: User) -> None:
    """So that a code stays used when the cache forgets."""
    is_in_after(code_now(), by_password(guarded), cast)
    data = Authenticator.objects.get(user=guarded, type=Authenticator.Type.TOTP).data
    assert data["last_step"] > 0


def test_five_wrong_codes_and_no_more(cast: Cast, guarded: User) -> None:
    client = by_password(guarded)
    answers = [client.post(AUTHENTICATE, {"code": "000000"}).status_code for _try in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert client.post(AUTHENTICATE, {"code": code_now()}).status_code == 429
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.filter(action="second_factor.failed").count() == 5


def test_a_recovery_code_works_once(cast: Cast, guarded: User) -> None:
    code = give_recovery_codes(guarded)[0]
    assert is_in_after(code, by_password(guarded), cast)
    assert not is_in_after(code, by_password(guarded), cast)


def test_the_seed_stands_encrypted(cast: Cast, guarded: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert all(SECRET not in text for (text,) in cursor.fetchall())


def ask_of(cast: Cast, rule: str) -> None:
    Tenant.objects.filter(pk=cast.tenant.pk).update(second_factor=rule)


@pytest.mark.parametrize(
    ("rule", "led"),
    [
        ("", []),
        ("admins", ["admin"]),
        ("staff", ["admin", "manager", "csm", "executive"]),
    ],
)
def test_a_workspace_asks_for_it(cast: Cast, rule: str, led: list[str]) -> None:
    ask_of(cast, rule)
    names = ("admin", "manager", "csm", "executive", "lead", "member")
    answers = {
        name: cast.browser(getattr(cast, name)).get(cast.at("no-such-page/")) for name in names
    }
    found = [name for name, answer in answers.items() if answer.status_code == 302]
    assert found == led
    assert {answers[name]["Location"] for name in led} <= {"/accounts/2fa/"}


def test_nothing_of_that_workspace_answers_without_it(cast: Cast) -> None:
    ask_of(cast, "staff")
    client = cast.browser(cast.csm)
    for path in ("", "settings/members/", f"engagements/{cast.engagement.pk}/"):
        assert client.get(cast.at(path)).status_code == 302
        assert client.post(cast.at(path)).status_code == 302
    api = client.get(cast.at("api/v1/customers/"))
    assert api.status_code == 403
    assert "second factor" in api.json()["detail"]
    fragment = client.get(cast.at(""), headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment["HX-Redirect"]) == (204, "/accounts/2fa/")


def test_the_page_it_leads_to_says_why_and_leads_back(cast: Cast) -> None:
    ask_of(cast, "staff")
    client = cast.browser(cast.csm)
    assert b"Acme asks for a second factor." in client.get(cast.at(""), follow=True).content
    give_app(cast.csm)
    assert b"Go on to Acme" in client.get("/accounts/2fa/").content
    assert client.get(cast.at("")).status_code == 200


def test_a_program_with_a_key_has_no_second_factor(cast: Cast) -> None:
    ask_of(cast, "staff")
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=READING, created_by=cast.admin
    )
    headers = {"Authorization": f"Bearer {new.text}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 200


def set_up(client: Client) -> object:
    page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    return client.post("/accounts/2fa/totp/activate/", {"code": code_now(secret=secret)})


def test_setting_up_an_app_ends_sessions_that_began_without(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    cast.csm.set_password(PASSWORD)
    cast.csm.save()
    one, other = by_password(cast.csm), by_password(cast.csm)
    assert is_in(other, cast)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        set_up(one)
    assert is_in(one, cast)
    assert not is_in(other, cast)
    assert "An authenticator app was set up." in str(mail.outbox[-1].body)
    with tenant_scope(cast.tenant.pk):
        noted = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"person.signed_in", "second_factor.added", "session.ended"} <= noted
