"""What passes a door: how much of it may, what came last, and how much an hour.

Valkey counts, so that every process agrees. None of it is worth a lost event or a long wait: a
process asks for several passes at a time where a door lets many through, and what passed is told
in handfuls, a moment later. While Valkey is away everything is let in and nothing is noted.
"""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from uuid import uuid4

import redis
import structlog
from django.conf import settings

from tenancy.broker import Pause

log = structlog.get_logger(__name__)

KEPT_ENTRIES = 100
DAY_SECONDS = 86_400
ENTRIES_KEPT_SECONDS = DAY_SECONDS
HOURS_KEPT_SECONDS = 4 * DAY_SECONDS
# Senders stay away this long when a day is full: an administrator may raise the limit meanwhile.
DAY_IS_FULL_SECONDS = 300
# A process takes at most one in so many of a second's passes at once.
HANDFULS_A_SECOND = 100
TOLD_EVERY_SECONDS = 0.1
DOORS_REMEMBERED = 10_000

# One window a second by Valkey's own clock. The day is only looked at: it is counted by `note`.
ADMIT = """
local counted = redis.call('GET', KEYS[2])
if counted and tonumber(counted) >= tonumber(ARGV[2]) then return -1 end
local second = redis.call('TIME')[1]
local window = redis.call('HMGET', KEYS[1], 'second', 'count')
local before = 0
if window[1] == second then before = tonumber(window[2]) end
local taken = math.min(tonumber(ARGV[3]), tonumber(ARGV[1]) - before)
if taken <= 0 then return 0 end
redis.call('HSET', KEYS[1], 'second', second, 'count', before + taken)
redis.call('EXPIRE', KEYS[1], 5)
return taken
"""

_pause = Pause()


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one hour since `epoch` began; hours are counted from 1970."""

    hour: int
    epoch: str
    counts: Mapping[str, int]


@dataclass(slots=True)
class Handful:
    """Passes a process holds for a door, good for the second they were taken in."""

    left: int
    until: float


@dataclass(slots=True)
class Untold:
    """What passed one door and was not told yet."""

    entries: deque[bytes] = field(default_factory=lambda: deque(maxlen=KEPT_ENTRIES))
    hours: dict[int, Counter[str]] = field(default_factory=dict)
    days: Counter[date] = field(default_factory=Counter)


_handfuls: dict[str, Handful] = {}


def admit(*, door: str, a_second: int, a_day: int, day: date) -> int:
    """Let one request in, or say after how many seconds to come back; 0 lets it in."""
    if _pause.holds() or _had(door):
        return 0
    wanted = max(1, a_second // HANDFULS_A_SECOND)
    try:
        keys = [_key(door, "now"), _key(door, str(day))]
        taken = int(_script()(keys=keys, args=[a_second, a_day, wanted]))
    except redis.RedisError as error:
        _pause_after(error)
        return 0
    if taken > 1:
        if len(_handfuls) >= DOORS_REMEMBERED:
            _handfuls.clear()
        _handfuls[door] = Handful(taken - 1, time.monotonic() + 1)
    return 0 if taken > 0 else DAY_IS_FULL_SECONDS if taken < 0 else 1


def _had(door: str) -> bool:
    """Whether a pass was left. Two threads may both take the last one, which does no harm."""
    held = _handfuls.get(door)
    if held is None or not held.left or time.monotonic() > held.until:
        return False
    held.left -= 1
    return True


class Teller:
    """Gathers what passed and tells it from a thread of its own, in one message for all doors."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._untold: dict[str, Untold] = {}
        self._process = 0
        self._woken = threading.Event()

    def add(
        self, door: str, entry: bytes, counts: Mapping[str, int], hour: int, day: date, items: int
    ) -> None:
        with self._lock:
            if door not in self._untold and len(self._untold) >= DOORS_REMEMBERED:
                return
            untold = self._untold.setdefault(door, Untold())
            untold.entries.append(entry)
            untold.hours.setdefault(hour, Counter()).update(counts)
            untold.days[day] += items
            if self._process != os.getpid():
                self._process = os.getpid()
                threading.Thread(target=self._tell_on, daemon=True, name="meters").start()
        self._woken.set()

    def tell(self) -> None:
        """Tell now what is waiting."""
        with self._lock:
            untold, self._untold = self._untold, {}
        if not untold or _pause.holds():
            return
        line = _valkey().pipeline(transaction=False)
        for door, one in untold.items():
            _write(line, door, one)
        try:
            line.execute()
        except redis.RedisError as error:
            _pause_after(error)

    def _tell_on(self) -> None:
        while True:
            self._woken.wait()
            self._woken.clear()
            time.sleep(TOLD_EVERY_SECONDS)
            self.tell()


_teller = Teller()
atexit.register(_teller.tell)


def note(
    *, door: str, entry: bytes, counts: Mapping[str, int], hour: int, day: date, items: int
) -> None:
    """Keep what passed: the entry among the last ones, its numbers in the hour and in the day."""
    if not _pause.holds():
        _teller.add(door, entry, counts, hour, day, items)


def tell() -> None:
    """Have everything this process noted counted now."""
    _teller.tell()


def _write(line: Any, door: str, untold: Untold) -> None:
    last = _key(door, "last")
    line.lpush(last, *untold.entries)
    line.ltrim(last, 0, KEPT_ENTRIES - 1)
    line.expire(last, ENTRIES_KEPT_SECONDS)
    for hour, counts in untold.hours.items():
        tally = _key(door, f"hour:{hour}")
        line.hsetnx(tally, "epoch", uuid4().hex)
        for name, number in counts.items():
            if number:
                line.hincrby(tally, name, number)
        line.expire(tally, HOURS_KEPT_SECONDS)
    for day, items in untold.days.items():
        line.incrby(_key(door, str(day)), items)
        line.expire(_key(door, str(day)), 2 * DAY_SECONDS)


def last_entries(*, door: str) -> list[bytes] | None:
    """What passed last, newest first; None while nobody can say."""
    tell()
    answer = _ask(lambda valkey: valkey.lrange(_key(door, "last"), 0, KEPT_ENTRIES - 1))
    return None if answer is None else list(answer)


def forget_entries(*, doors: Iterable[str]) -> None:
    """Forget what passed last; the counts stay."""
    tell()
    names = [_key(door, "last") for door in doors]
    if names:
        _ask(lambda valkey: valkey.delete(*names))


def tallies(*, door: str, hours: Sequence[int]) -> list[Tally]:
    """What was counted in those of the hours that are still known."""
    tell()

    def read(valkey: redis.Redis) -> Any:
        line = valkey.pipeline(transaction=False)
        for hour in hours:
            line.hgetall(_key(door, f"hour:{hour}"))
        return line.execute()

    found: Iterable[dict[bytes, bytes]] = _ask(read) or ()
    return [_tally(hour, fields) for hour, fields in zip(hours, found, strict=False) if fields]


def _tally(hour: int, fields: dict[bytes, bytes]) -> Tally:
    numbers = {name.decode(): value for name, value in fields.items()}
    epoch = numbers.pop("epoch", b"").decode()
    return Tally(hour, epoch, {name: int(value) for name, value in numbers.items()})


def _ask(question: Any) -> Any:
    if _pause.holds():
        return None
    try:
        return question(_valkey())
    except redis.RedisError as error:
        _pause_after(error)
        return None


def _pause_after(error: redis.RedisError) -> None:
    _pause.begin()
    log.warning("meters_pause", error=type(error).__name__)


def _key(door: str, what: str) -> str:
    return f"meter:{door}:{what}"


@cache
def _valkey() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=settings.BROKER_WAIT_SECONDS,
        socket_connect_timeout=settings.BROKER_WAIT_SECONDS,
    )


@cache
def _script() -> Any:
    return _valkey().register_script(ADMIT)
