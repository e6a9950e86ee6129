"""Secrets are shown where they are made, travel in the one mail that carries them, and stay nowhere.

Each is used the way people use it, rightly and wrongly; then everything that was written down is
searched for it: the database as a plain dump, logs and tracebacks, broker and cache, every mail.
"""

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from engagements import operations as engagements
from engagements.tasks import send_due_mail
from people.models import User
from people.operations import find_or_create_user
from people.tasks import send_waiting
from tenancy import operations as tenancy
from tenancy.models import Role
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_cast
from tests.tenancy.test_catalogue import tables
from tests.traces import as_superuser, in_valkey

PASSWORD = "Canary-Gegenwind-4711-lantern"
WRONG = "Canary-Wrong-0815-harvester"


@dataclass
class Secrets:
    """What was shown or sent, by what it is; and which mails may carry it."""

    values: dict[str, str] = field(default_factory=lambda: {"password": PASSWORD, "wrong": WRONG})
    in_mail: set[str] = field(default_factory=set)

    def note(self, what: str, text: str | None, *, mailed: bool = False) -> str:
        assert text, what
        self.values[what] = text
        if mailed:
            self.in_mail.add(what)
        return text

    def found_in(self, content: str) -> set[str]:
        """Which of them stand in it: as they are, in hexadecimal, or in base64."""
        return {
            what for what, text in self.values.items() if any(f in content for f in forms(text))
        }


def forms(text: str) -> Iterator[str]:
    # Of a key or a link the part that opens it: the rest names its row.
    secret = text.rpartition("_")[2] if text.startswith("aiq_") else text
    yield secret
    yield secret.encode().hex()
    for shift in range(3):
        packed = base64.b64encode(b" " * shift + secret.encode()).decode()
        # Without the ends, which depend on what stands beside it.
        yield packed[4:-4]


@pytest.fixture
def admin(committed: None, settings: Any) -> User:
    settings.ROOT_URLCONF = "tests.secret_urls"
    return find_or_create_user(email="canary-admin@example.org", name="A", password=PASSWORD)


@pytest.fixture
def cast(admin: User) -> Cast:
    cast = make_cast()
    tenancy.add_member(tenant=cast.tenant, user=admin, role=Role.ADMIN)
    return cast


def quiet_client() -> Client:
    # From an address of its own, which no other test has used up.
    return Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.44")


def found(pattern: str, text: str) -> str | None:
    match = re.search(pattern, text)
    return match[0] if match else None


def sign_in(secrets: Secrets, email: str) -> Client:
    client = quiet_client()
    client.post("/accounts/login/", {"login": email, "password": WRONG})
    answer = client.post("/accounts/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/accounts/profile/").status_code == 200
    return client


def use_keys(secrets: Secrets, client: Client, cast: Cast) -> None:
    fields = {"name": "Warehouse", "reads": ["customers"], "lasts_days": ""}
    page = client.post(cast.at("settings/keys/"), fields, follow=True).content.decode()
    key = secrets.note("API key", found(r"aiq_live_\w+", page))
    for text in (key, f"{key}x", f"{key[:-1]}_"):
        for path in ("/api/v1/customers/", "/api/v1/customers/?key={key}", f"/api/v1/{text}/"):
            quiet_client().get(path, headers={"Authorization": f"Bearer {text}"})


def use_sources(secrets: Secrets, client: Client, cast: Cast) -> None:
    page = client.post(cast.at("usage/sources/"), {"name": "Web"}, follow=True).content.decode()
    key = secrets.note("source key", found(r"aiq_src_\w+", page))
    basic = base64.b64encode(f"{key}:".encode()).decode()
    item = {"event": "Opened", "messageId": "m", "userId": "u", "writeKey": key}
    for body in (item, {"writeKey": key}, {"writeKey": key, "batch": [item, {"writeKey": key}, 7]}):
        for path in ("/v1/track", "/v1/batch"):
            assert send(path, json.dumps(body)) in {200, 400}
            assert send(path, json.dumps(body), Authorization=f"Basic {basic}") in {200, 400}
    send("/v1/track", f'{{"writeKey": "{key}", broken', Authorization=f"Bearer {key}")
    for path in (f"/v1/projects/{key}/settings", f"/v1/projects/{key}x/settings", f"/v1/{key}"):
        quiet_client().get(path)


def send(path: str, body: str, **headers: str) -> int:
    answer = quiet_client().post(path, body, content_type="application/json", headers=headers)
    return answer.status_code


def use_second_factor(secrets: Secrets, client: Client, cast: Cast) -> None:
    page = client.get("/accounts/2fa/totp/activate/", follow=True).content.decode()
    seed = secrets.note("TOTP seed", found(r"(?<![A-Z2-7])[A-Z2-7]{32}(?![A-Z2-7])", page))
    for code in ("000000", totp(seed)):
        client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert client.get("/accounts/2fa/totp/deactivate/").status_code == 200
    codes = client.get("/accounts/2fa/recovery-codes/", follow=True).content.decode()
    if code_found := found(r"\b[0-9a-f]{10}\b|\b\d{8}\b", codes):
        secrets.note("recovery code", code_found)


def totp(seed: str) -> str:
    from allauth.mfa.totp.internal.auth import (
        format_hotp_value,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    return format_hotp_value(hotp_value(seed, next(iter(yield_hotp_counters_from_time()))))


def use_links(secrets: Secrets, client: Client, cast: Cast) -> None:
    # Somebody for whom no other test has asked for mail.
    user = find_or_create_user(email="canary-csm@example.org", name="C", password=PASSWORD)
    tenancy.add_member(tenant=cast.tenant, user=user, role=Role.CSM)
    quiet_client().post("/accounts/link/", {"email": user.email})
    quiet_client().post("/accounts/password/reset/", {"email": user.email})
    client.post(
        cast.at("settings/members/"),
        {"email": "canary-new@example.org", "name": "N", "role": "csm", "customer": ""},
    )
    send_waiting()
    texts = "\n".join(str(letter.body) for letter in mail.outbox)
    link = secrets.note("sign-in link", found(r"aiq_link_\w+", texts), mailed=True)
    reset = secrets.note("reset link", found(r"(?<=reset/key/)[^/\s]+", texts), mailed=True)
    invitation = secrets.note("invitation", found(r"aiq_invitation_\w+", texts), mailed=True)
    for path in (
        f"link/{link}/",
        f"link/{link}x/",
        f"link/{link}/x/",
        f"password/reset/key/{reset}/",
        f"password/reset/key/{reset}x/",
        f"password/reset/key/{reset}/x/",
        f"invitation/{invitation}/",
        f"invitation/{invitation}/x/",
    ):
        quiet_client().get(f"/accounts/{path}", follow=True)
    visitor = quiet_client()
    visitor.get(f"/accounts/link/{link}/")
    visitor.post(f"/accounts/link/{link}/")


def use_surveys(secrets: Secrets, client: Client, cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        survey = engagements.draft_survey(
            engagement=cast.engagement, fields={"title": "T", "instrument": "csat"}, by=None
        )
        people = [engagements.Asked("canary-asked@example.org")]
        engagements.invite_people(survey=survey, people=people)
    client.post(cast.at(f"surveys/{survey.pk}/open/"))
    now = timezone.now()
    send_due_mail(tenant_id=cast.tenant.pk, today=now.date(), clock=timezone.now)
    texts = "\n".join(str(letter.body) for letter in mail.outbox)
    link = secrets.note("survey link", found(r"aiq_answer_\w+", texts), mailed=True)
    for path in (f"{link}/", f"{link}x/", f"{link}/stop/", f"{link}/x/"):
        quiet_client().get(f"/answer/{path}")
    quiet_client().post(f"/answer/{link}/", {"q1": "9"})
    quiet_client().post(f"/answer/{link}/", {"q1": "4"})


def use_feeds(secrets: Secrets, client: Client, cast: Cast) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/plan/feed/")
    page = client.post(path).content.decode()
    token = secrets.note("calendar address", found(r"aiq_feed_\w+", page))
    statuses = [
        quiet_client().get(f"/calendar/{text}/plan.ics").status_code
        for text in (token, f"{token}x")
    ]
    assert statuses == [200, 404]


def go_wrong(secrets: Secrets, client: Client, cast: Cast) -> None:
    sent = {"password": PASSWORD, "note": secrets.values["TOTP seed"]}
    path = f"/fault/?token={secrets.values['API key']}"
    headers = {"Authorization": f"Bearer {secrets.values['API key']}"}
    answer = client.post(path, sent, headers=headers)
    assert answer.status_code == 500
    assert secrets.found_in(answer.content.decode()) == set()
    change = {"oldpassword": WRONG, "password1": PASSWORD, "password2": WRONG}
    page = client.post("/accounts/password/change/", change).content.decode()
    assert secrets.found_in(page) == set()


STEPS: tuple[Callable[[Secrets, Client, Cast], None], ...] = (
    use_keys,
    use_sources,
    use_second_factor,
    use_links,
    use_surveys,
    use_feeds,
    go_wrong,
)


@pytest.fixture
def secrets(cast: Cast, admin: User, log_lines: io.StringIO) -> Secrets:
    """After everything has been done with them."""
    found = Secrets()
    client = sign_in(found, admin.email)
    for step in STEPS:
        step(found, client, cast)
    return found


def dump() -> dict[str, str]:
    """Every row of the database as text, by table."""
    return {
        table: "\n".join(text for (text,) in as_superuser(f'SELECT t::text FROM "{table}" t'))
        for table in tables()
    }


def test_no_secret_stays_anywhere(secrets: Secrets, log_lines: io.StringIO) -> None:
    assert len(secrets.values) >= 8
    stored = dump()
    # The search sees the whole database.
    assert "canary-admin@example.org" in stored["people_user"]
    kept = {name: secrets.found_in(rows) for name, rows in stored.items()}
    assert {name: found for name, found in kept.items() if found} == {}
    said = log_lines.getvalue()
    assert '"exception"' in said
    assert "Broken" in said
    assert secrets.found_in(said) == set()
    assert secrets.found_in(in_valkey().decode(errors="replace")) == set()


def test_a_mail_carries_the_one_secret_it_is_for(secrets: Secrets) -> None:
    carried = [
        secrets.found_in(letter.message().as_string() + letter.body) for letter in mail.outbox
    ]
    assert set().union(*carried) == secrets.in_mail
    assert max(map(len, carried)) == 1
    subjects = " ".join(letter.subject for letter in mail.outbox)
    assert secrets.found_in(subjects) == set()


@pytest.mark.parametrize("text", ["plain", "aiq_live_prefix_Secret0123456789"])
def test_the_search_finds_a_secret_however_it_is_packed(text: str) -> None:
    secrets = Secrets({"it": text * 2})
    whole = (text * 2).rpartition("_")[2] if text.startswith("aiq_") else text * 2
    for content in (whole, whole.encode().hex(), base64.b64encode(f"x{whole}yz".encode()).decode()):
        assert secrets.found_in(f"before {content} after") == {"it"}
