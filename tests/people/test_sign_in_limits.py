"""Wrong passwords: how many reach the check, and who still gets in meanwhile."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import connection
from django.test import Client

from people.models import User
from tenancy import limits
from tenancy.broker import Pause
from tests.factories import PASSWORD, Cast, make_user

WRONG = "certainly not the password"


class Checks:
    """Counts how often a password is hashed, which is what a try costs and what takes its time."""

    def __init__(self) -> None:
        self.count = 0


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Checks:
    found, real = Checks(), ScryptPasswordHasher.encode

    def counted(self: ScryptPasswordHasher, *args: Any, **kwargs: Any) -> str:
        found.count += 1
        return real(self, *args, **kwargs)

    monkeypatch.setattr(ScryptPasswordHasher, "encode", counted)
    return found


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def attempt(email: str, password: str = WRONG, address: str = "203.0.113.9") -> Any:
    client = Client(REMOTE_ADDR=address)
    return client.post("/accounts/login/", {"login": email, "password": password})


def attempt_in_thread(email: str) -> int:
    try:
        return int(attempt(email).status_code)
    finally:
        connection.close()


@pytest.fixture
def somebody(committed: None) -> User:
    return with_password(make_user("somebody"))


@pytest.fixture(params=["valkey", "database"])
def footing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    pause = Pause(seconds=3600)
    if request.param == "database":
        pause.begin()
    monkeypatch.setattr(limits, "_pause", pause)
    yield str(request.param)


def test_of_two_hundred_tries_at_once_few_reach_the_check(
    somebody: User, checks: Checks, footing: str, figure: Callable[[str, object], None]
) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = Counter(pool.map(attempt_in_thread, [somebody.email] * 200))
    figure(f"of 200 wrong passwords at concurrency 20, checked ({footing})", checks.count)
    assert checks.count <= 10
    assert answers == {200: checks.count, 429: 200 - checks.count}
    elsewhere = attempt(somebody.email, PASSWORD, "198.51.100.20")
    assert elsewhere.status_code == 302


def test_of_tries_from_many_addresses_few_reach_the_check(cast: Cast, checks: Checks) -> None:
    with_password(cast.csm)
    checks.count = 0
    for number in range(60):
        attempt(cast.csm.email, address=f"203.0.113.{number}")
    assert checks.count <= 10


def test_of_tries_at_many_accounts_few_reach_the_check(db: None, checks: Checks) -> None:
    for number in range(60):
        attempt(f"person{number}@example.org")
    assert checks.count <= 10


def test_a_known_device_gets_in_while_strangers_try(cast: Cast) -> None:
    with_password(cast.csm)
    device = Client(REMOTE_ADDR="192.0.2.1")
    right = {"login": cast.csm.email, "password": PASSWORD}
    device.post("/accounts/login/", right)
    device.post("/accounts/logout/")
    for number in range(60):
        attempt(cast.csm.email, address=f"203.0.113.{number}")
    assert attempt(cast.csm.email, PASSWORD, "198.51.100.20").status_code == 429
    assert device.post("/accounts/login/", right).status_code == 302


def test_a_known_device_is_counted_too(cast: Cast, checks: Checks) -> None:
    with_password(cast.csm)
    device = Client()
    device.post("/accounts/login/", {"login": cast.csm.email, "password": PASSWORD})
    device.post("/accounts/logout/")
    checks.count = 0
    for _try in range(20):
        device.post("/accounts/login/", {"login": cast.csm.email, "password": WRONG})
    assert checks.count == 5


def test_a_device_of_one_account_is_strange_to_another(cast: Cast, checks: Checks) -> None:
    with_password(cast.csm)
    with_password(cast.manager)
    device = Client(REMOTE_ADDR="192.0.2.1")
    device.post("/accounts/login/", {"login": cast.csm.email, "password": PASSWORD})
    device.post("/accounts/logout/")
    for number in range(60):
        attempt(cast.manager.email, address=f"203.0.113.{number}")
    answer = device.post("/accounts/login/", {"login": cast.manager.email, "password": PASSWORD})
    assert answer.status_code == 429


def test_a_forged_device_is_strange(cast: Cast) -> None:
    client = Client()
    client.cookies["device"] = "eyJpZCI6ICJ4In0:forged:signature"
    answer = client.post("/accounts/login/", {"login": cast.csm.email, "password": WRONG})
    assert answer.status_code == 200


def test_the_right_password_never_uses_it_up(cast: Cast) -> None:
    with_password(cast.csm)
    for _time in range(12):
        assert attempt(cast.csm.email, PASSWORD).status_code == 302


def test_known_and_unknown_cost_the_same_work(
    cast: Cast, checks: Checks, figure: Callable[[str, object], None]
) -> None:
    """A password takes its time in the hash; nothing else differs by more than a query."""
    with_password(cast.csm)
    gone = with_password(make_user("gone"))
    gone.is_active = False
    gone.save()
    costs = {}
    for email in (cast.csm.email, cast.lead.email, gone.email, "nobody@example.org"):
        before = checks.count
        attempt(email, address=f"192.0.2.{len(costs)}")
        costs[email] = checks.count - before
    figure("password hashes for known, passwordless, inactive, unknown", list(costs.values()))
    assert set(costs.values()) == {1}, costs


def test_a_refusal_says_when(cast: Cast) -> None:
    for _try in range(5):
        attempt(cast.csm.email)
    answer = attempt(cast.csm.email)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 300
    page = answer.content.decode()
    assert "Too many tries" in page and "5 minutes" in page


def test_nobodys_address_is_kept_where_it_is_counted(cast: Cast, settings: Any) -> None:
    attempt(cast.csm.email)
    server = redis.Redis.from_url(settings.REDIS_URL)
    for key in server.scan_iter("limit:*"):
        assert b"@" not in key
        assert all(b"@" not in member for member in server.zrange(key, 0, -1))


def test_a_password_asked_for_again_is_counted_too(cast: Cast) -> None:
    client = cast.browser(with_password(cast.csm))
    client.cookies.pop("device", None)
    answers = [
        client.post("/accounts/reauthenticate/", {"password": WRONG}).status_code
        for _try in range(7)
    ]
    assert answers == [200] * 5 + [429] * 2


def test_wrong_keys_of_programs_are_counted_by_address(cast: Cast) -> None:
    def ask(address: str) -> Any:
        headers = {"Authorization": "Bearer aiq_live_aaaaaaaa_bbbb"}
        return Client(REMOTE_ADDR=address).get("/api/v1/customers/", headers=headers)

    answers = Counter(ask("203.0.113.9").status_code for _try in range(65))
    assert answers == {401: 60, 429: 5}
    assert "Retry-After" in ask("203.0.113.9")
    assert ask("203.0.113.10").status_code == 401
