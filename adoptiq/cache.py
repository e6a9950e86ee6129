"""The cache, which may be away: nothing is known then, and nothing fails."""

from collections.abc import Callable
from typing import Any

import redis
import structlog
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache

from tenancy.broker import Pause

log = structlog.get_logger(__name__)


class ForgivingCache(RedisCache):
    """Answers as an empty cache while the server is away, after one short wait in a while.

    `add` says yes and `incr` counts from nothing, so whatever limits people by the cache alone is
    open for that time: such a limit needs a second footing in the database.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._pause = Pause()

    def _ask(self, absent: Any, ask: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self._pause.holds():
            return absent
        try:
            return ask(*args, **kwargs)
        except redis.RedisError as error:
            self._pause.begin()
            log.warning("cache_away", error=type(error).__name__)
            return absent

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        return bool(self._ask(True, super().add, key, value, timeout, version))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._ask(default, super().get, key, default, version)

    def set(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        self._ask(None, super().set, key, value, timeout, version)

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask(False, super().touch, key, timeout, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(False, super().delete, key, version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        found: dict[Any, Any] = self._ask({}, super().get_many, keys, version)
        return found

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return bool(self._ask(False, super().has_key, key, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask(delta, super().incr, key, delta, version))

    def set_many(
        self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[Any]:
        missed: list[Any] = self._ask(list(data), super().set_many, data, timeout, version)
        return missed

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._ask(None, super().delete_many, keys, version)

    def clear(self) -> None:
        self._ask(None, super().clear)
