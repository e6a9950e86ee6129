"""How often something may be tried, counted over a sliding window in one atomic step.

Valkey counts, by one script; while it is away the database does, so that nobody gets in by
stopping a server. Keys are hashed under the secret key: neither holds an address of anybody.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from math import ceil
from uuid import uuid4

import redis
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tenancy.broker import Pause
from tenancy.models import CountedTry

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within any span of so many seconds."""

    tries: int
    seconds: int


FIVE_MINUTES, HOUR, DAY = 300, 3600, 86_400
LIMITS = {
    # Wrong passwords. A device somebody has signed in from counts for itself, so that strangers
    # who try cannot lock the person out.
    "sign_in_pair": Limit(5, FIVE_MINUTES),
    "sign_in_address": Limit(10, FIVE_MINUTES),
    "sign_in_account": Limit(10, FIVE_MINUTES),
    "sign_in_device": Limit(5, FIVE_MINUTES),
    "second_factor": Limit(5, FIVE_MINUTES),
    # Mail that anybody may cause.
    "letter_account": Limit(5, 900),
    "letter_address": Limit(30, 900),
    "sign_up_address": Limit(10, HOUR),
    "short_name_address": Limit(60, 60),
    "invitation_workspace": Limit(100, HOUR),
    "invitation_account": Limit(5, DAY),
    # Wrong keys of programs and usage sources.
    "wrong_key": Limit(60, 60),
    # Links to surveys: guessed from one address; and one person's answers sent over and over.
    "wrong_answer_link": Limit(60, 60),
    "survey_answer": Limit(20, HOUR),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a try may go on, and else after how many seconds to try again."""

    ok: bool
    retry_after_seconds: int = 0
    # What `give_back` needs to know; no keys when the database counted.
    attempt: str = ""
    keys: tuple[bytes, ...] = ()


class TooManyTries(Exception):
    """A limit was reached. Answered with status 429 and Retry-After."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Try again in {retry_after_seconds} s.")
        self.retry_after_seconds = retry_after_seconds


# Times in milliseconds. All limits are looked at before any of them counts the try.
SCRIPT = """
local now = tonumber(ARGV[1])
if now < 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local wait = 0
for number, key in ipairs(KEYS) do
  local tries, span = tonumber(ARGV[2 * number + 1]), tonumber(ARGV[2 * number + 2])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - span)
  if redis.call('ZCARD', key) >= tries then
    local oldest = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
    wait = math.max(wait, tonumber(oldest[2]) + span - now)
  end
end
if wait > 0 then return math.ceil(wait) end
for number, key in ipairs(KEYS) do
  redis.call('ZADD', key, now, ARGV[2])
  redis.call('PEXPIRE', key, ARGV[2 * number + 2])
end
return 0
"""

_pause = Pause()


def allow(name: str, key: str, *, now: datetime | None = None) -> Verdict:
    """Count one try of that kind by that key, unless its limit is reached."""
    return allow_all([(name, key)], now=now)


def allow_all(tries: Sequence[tuple[str, str]], *, now: datetime | None = None) -> Verdict:
    """Count one try against several limits, or against none when one of them is reached."""
    limits = [LIMITS[name] for name, _key in tries]
    keys = tuple(_hashed(name, key) for name, key in tries)
    attempt = uuid4().hex
    if not _pause.holds():
        try:
            return _verdict(_ask_valkey(keys, limits, attempt, now), attempt, keys)
        except redis.RedisError as error:
            _pause_after(error)
    return _verdict(_ask_database(keys, limits, attempt, now or timezone.now()), attempt)


def insist(name: str, key: str) -> Verdict:
    """Count one try. Raises TooManyTries when the limit is reached."""
    return insist_all([(name, key)])


def insist_all(tries: Sequence[tuple[str, str]]) -> Verdict:
    """Count one try against several limits. Raises TooManyTries when one is reached."""
    verdict = allow_all(tries)
    if not verdict.ok:
        raise TooManyTries(verdict.retry_after_seconds)
    return verdict


def give_back(verdict: Verdict) -> None:
    """Forget a try that turned out to be none, such as a password that was right."""
    if not verdict.keys:
        CountedTry.objects.filter(attempt=verdict.attempt).delete()
        return
    try:
        with _valkey().pipeline() as pipeline:
            for key in verdict.keys:
                pipeline.zrem(_name(key), verdict.attempt)
            pipeline.execute()
    except redis.RedisError as error:
        _pause_after(error)


def _pause_after(error: redis.RedisError) -> None:
    _pause.begin()
    log.warning("limits_by_database", error=type(error).__name__)


def _verdict(wait_ms: int, attempt: str, keys: tuple[bytes, ...] = ()) -> Verdict:
    return Verdict(wait_ms <= 0, ceil(max(wait_ms, 0) / 1000), attempt, keys)


def _hashed(name: str, key: str) -> bytes:
    words = f"limit {name} {key}".encode()
    return hmac.digest(settings.SECRET_KEY.encode(), words, hashlib.sha256)


def _name(key: bytes) -> str:
    return f"limit:{key.hex()}"


@cache
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.BROKER_WAIT_SECONDS,
        socket_connect_timeout=settings.BROKER_WAIT_SECONDS,
    )


def _ask_valkey(
    keys: Iterable[bytes], limits: Sequence[Limit], attempt: str, now: datetime | None
) -> int:
    """Milliseconds to wait; 0 when the try is counted."""
    names = [_name(key) for key in keys]
    arguments: list[str | int] = [-1 if now is None else int(now.timestamp() * 1000), attempt]
    for limit in limits:
        arguments += [limit.tries, limit.seconds * 1000]
    return int(_valkey().eval(SCRIPT, len(names), *names, *arguments))


@transaction.atomic
def _ask_database(
    keys: Sequence[bytes], limits: Sequence[Limit], attempt: str, now: datetime
) -> int:
    # In one order everywhere, or two tries could wait for each other.
    pairs = sorted(zip(keys, limits, strict=True), key=lambda pair: pair[0])
    waits = [_wait_for(key, limit, now) for key, limit in pairs]
    if any(waits):
        return max(waits)
    CountedTry.objects.bulk_create(
        CountedTry(attempt=attempt, key_hash=key, tried_at=now) for key in keys
    )
    return 0


def _wait_for(key: bytes, limit: Limit, now: datetime) -> int:
    span = timedelta(seconds=limit.seconds)
    with connection.cursor() as cursor:
        # Held until the transaction ends; whoever waits then sees what it counted.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(key[:8], signed=True)])
    counted = CountedTry.objects.filter(key_hash=key, tried_at__gt=now - span)
    times = list(counted.order_by("-tried_at").values_list("tried_at", flat=True)[: limit.tries])
    if len(times) < limit.tries:
        return 0
    return max(1, int((times[-1] + span - now).total_seconds() * 1000))


def forget_old_tries(*, now: datetime) -> None:
    """Delete what no limit looks at any more."""
    longest = max(limit.seconds for limit in LIMITS.values())
    CountedTry.objects.filter(tried_at__lt=now - timedelta(seconds=longest)).delete()
