"""The limiter: exact over a sliding window, under concurrency, and without Valkey."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

import pytest
import redis
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from tenancy import limits
from tenancy.broker import Pause
from tenancy.models import CountedTry

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LIMIT = limits.LIMITS["second_factor"]


@pytest.fixture(params=["valkey", "database"])
def counted_by(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, db: None) -> str:
    """Both footings hold to the same rules."""
    pause = Pause(seconds=3600)
    if request.param == "database":
        pause.begin()
    monkeypatch.setattr(limits, "_pause", pause)
    return str(request.param)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_so_many_and_no_more(counted_by: str) -> None:
    key = token_hex()
    verdicts = [limits.allow("second_factor", key, now=NOW) for _try in range(LIMIT.tries + 3)]
    assert [verdict.ok for verdict in verdicts] == [True] * LIMIT.tries + [False] * 3
    assert {verdict.retry_after_seconds for verdict in verdicts[-3:]} == {LIMIT.seconds}


def test_the_window_slides(counted_by: str) -> None:
    key = token_hex()
    for number in range(LIMIT.tries):
        assert limits.allow("second_factor", key, now=after(10 * number)).ok
    refused = limits.allow("second_factor", key, now=after(100))
    assert (refused.ok, refused.retry_after_seconds) == (False, LIMIT.seconds - 100)
    assert limits.allow("second_factor", key, now=after(LIMIT.seconds + 1)).ok
    assert not limits.allow("second_factor", key, now=after(LIMIT.seconds + 2)).ok


def test_keys_and_kinds_count_apart(counted_by: str) -> None:
    key = token_hex()
    for _try in range(LIMIT.tries):
        limits.allow("second_factor", key, now=NOW)
    assert limits.allow("second_factor", token_hex(), now=NOW).ok
    assert limits.allow("sign_in_pair", key, now=NOW).ok


def test_against_several_it_counts_for_all_or_none(counted_by: str) -> None:
    full, free = token_hex(), token_hex()
    for _try in range(LIMIT.tries):
        limits.allow("second_factor", full, now=NOW)
    for _try in range(20):
        both = [("second_factor", full), ("sign_in_address", free)]
        assert not limits.allow_all(both, now=NOW).ok
    assert limits.allow("sign_in_address", free, now=NOW).ok


def test_what_is_given_back_does_not_count(counted_by: str) -> None:
    key = token_hex()
    for _try in range(3 * LIMIT.tries):
        verdict = limits.allow_all([("second_factor", key), ("sign_in_pair", key)], now=NOW)
        assert verdict.ok
        limits.give_back(verdict)


def test_what_is_refused_does_not_count(counted_by: str) -> None:
    key = token_hex()
    for _try in range(LIMIT.tries + 50):
        limits.allow("second_factor", key, now=NOW)
    assert limits.allow("second_factor", key, now=after(LIMIT.seconds)).ok


def test_a_refusal_says_when_to_come_back(counted_by: str) -> None:
    key = token_hex()
    with pytest.raises(limits.TooManyTries) as refusal:
        for _try in range(LIMIT.tries + 1):
            limits.insist("second_factor", key)
    assert 0 < refusal.value.retry_after_seconds <= LIMIT.seconds


@hypothesis(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(gaps=st.lists(st.integers(0, 200), min_size=1, max_size=25))
def test_no_span_holds_more_than_its_limit(counted_by: str, gaps: list[int]) -> None:
    key, moment, taken = token_hex(), NOW, []
    for gap in gaps:
        moment += timedelta(seconds=gap)
        if limits.allow("second_factor", key, now=moment).ok:
            taken.append(moment)
    for first in taken:
        within = [one for one in taken if first <= one < first + timedelta(seconds=LIMIT.seconds)]
        assert len(within) <= LIMIT.tries


def ask_from_thread(key: str) -> bool:
    try:
        return limits.allow("second_factor", key).ok
    finally:
        connection.close()


def test_two_hundred_at_once_and_five_get_through(
    committed: None, monkeypatch: pytest.MonkeyPatch, counted_by_in_public: str
) -> None:
    key = token_hex()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask_from_thread, [key] * 200))
    assert sum(answers) == LIMIT.tries


@pytest.fixture(params=["valkey", "database"])
def counted_by_in_public(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, committed: None
) -> str:
    pause = Pause(seconds=3600)
    if request.param == "database":
        pause.begin()
    monkeypatch.setattr(limits, "_pause", pause)
    return str(request.param)


@pytest.fixture
def valkey_away(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(limits, "_pause", Pause())
    limits._valkey.cache_clear()
    yield
    limits._valkey.cache_clear()


def test_a_stopped_server_opens_nothing(db: None, valkey_away: None) -> None:
    key = token_hex()
    answers = [limits.allow("second_factor", key).ok for _try in range(LIMIT.tries + 5)]
    assert sum(answers) == LIMIT.tries
    assert CountedTry.objects.count() == LIMIT.tries


def test_nobodys_address_stands_in_the_server(db: None) -> None:
    limits.allow("letter_account", "canary@example.org")
    server = redis.Redis.from_url(settings.REDIS_URL)
    assert [key for key in server.scan_iter("*") if b"canary" in key] == []


def test_old_tries_are_forgotten(db: None, valkey_away: None) -> None:
    limits.allow("second_factor", token_hex(), now=NOW)
    limits.forget_old_tries(now=NOW + timedelta(hours=1))
    assert CountedTry.objects.count() == 1
    limits.forget_old_tries(now=NOW + timedelta(days=2))
    assert CountedTry.objects.count() == 0
