"""Whether the parts of AdoptIQ are alive: database, broker, worker and beat.

Worker and beat say so themselves: each writes a key again and again from the very loop that does
its work, so that a process that hangs falls silent. How long ago that was is read from what is left
of the key's life, by the broker's clock alone.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
import redis
from django.conf import settings
from django.utils.translation import gettext as _
from redis.backoff import NoBackoff
from redis.retry import Retry

HEARTBEAT_EVERY_SECONDS = 1.0
SILENT_AFTER_SECONDS = 5
REMEMBERED_SECONDS = 24 * 60 * 60
ANSWER_WITHIN_SECONDS = 2
WORKER = "worker"
BEAT = "beat"
PARTS = ("database", "broker", WORKER, BEAT)


@dataclass(frozen=True)
class Part:
    """One part, how it is in words, and how many seconds ago worker or beat was heard of."""

    ok: bool
    detail: str
    heard: float | None = None


@dataclass(frozen=True)
class Health:
    """All parts. `ok` when every one is, `ready` when a page can be served.

    Pages and intake need no broker: what cannot be handed to the workers now is handed over later.
    """

    database: Part
    broker: Part
    worker: Part
    beat: Part

    @property
    def parts(self) -> dict[str, Part]:
        return {name: getattr(self, name) for name in PARTS}

    @property
    def ok(self) -> bool:
        return all(part.ok for part in self.parts.values())

    @property
    def ready(self) -> bool:
        return self.database.ok


def check() -> Health:
    """Looks at every part; takes a few seconds at most, whatever hangs."""
    broker, worker, beat = _check_broker()
    return Health(database=_check_database(), broker=broker, worker=worker, beat=beat)


def write_heartbeat(name: str) -> None:
    """Says that `name` is alive. A broker that is away is no reason to fail: silence tells it."""
    with contextlib.suppress(redis.RedisError), _broker() as client:
        client.set(_key(name), "1", ex=REMEMBERED_SECONDS)


def forget_heartbeats() -> None:
    """Drops what worker and beat of an earlier life said last, so that it is not taken for new."""
    with contextlib.suppress(redis.RedisError), _broker() as client:
        client.delete(_key(WORKER), _key(BEAT))


def _key(name: str) -> str:
    return f"heartbeat:{name}"


@contextlib.contextmanager
def _broker() -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=ANSWER_WITHIN_SECONDS,
        socket_connect_timeout=ANSWER_WITHIN_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    with client:
        yield client


def _check_broker() -> tuple[Part, Part, Part]:
    try:
        with _broker() as client:
            left = [int(client.pttl(_key(name))) for name in (WORKER, BEAT)]
    except redis.RedisError:
        unknown = Part(False, _("unknown while the broker is away"))
        return Part(False, _("does not answer")), unknown, unknown
    worker, beat = (_alive(milliseconds) for milliseconds in left)
    return Part(True, _("answers")), worker, beat


def _alive(left: int) -> Part:
    if left < 0:
        return Part(False, _("not heard of"))
    heard = REMEMBERED_SECONDS - left / 1000
    if heard <= SILENT_AFTER_SECONDS:
        return Part(True, _("alive"), heard)
    return Part(False, _("silent for %(seconds)d seconds") % {"seconds": heard}, heard)


def _check_database() -> Part:
    """Asks through a connection of its own, with every wait limited; Django's may hang."""
    wanted = settings.DATABASES["default"]
    try:
        connection = psycopg2.connect(
            dbname=wanted["NAME"],
            user=wanted["USER"],
            password=wanted["PASSWORD"],
            host=wanted["HOST"],
            port=wanted["PORT"] or None,
            connect_timeout=ANSWER_WITHIN_SECONDS,
            tcp_user_timeout=ANSWER_WITHIN_SECONDS * 1000,
            application_name="adoptiq health",
        )
    except psycopg2.OperationalError:
        return Part(False, _("does not answer"))
    connection.close()
    return Part(True, _("answers"))
