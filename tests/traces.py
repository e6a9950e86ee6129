"""Places where something may stay behind: log lines, mail, broker and cache, the database itself."""

import base64
import binascii
import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis
from django.conf import settings as configured

from adoptiq import logs
from tests.services import at


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged, from the chattiest level that runs in production, as written."""
    logging.config.dictConfig(logs.settings(level="INFO"))
    written = io.StringIO()
    root = logging.getLogger()
    handler = logging.StreamHandler(written)
    handler.setFormatter(root.handlers[0].formatter)
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


@pytest.fixture
def mail_folder(settings: Any, tmp_path: Path) -> Path:
    """The folder every mail lands in, written as the file backend writes it."""
    folder = tmp_path / "mail"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = folder
    return folder


def in_valkey(*, but: bytes = b"none") -> bytes:
    """Every key with its value, save those that begin with `but`; what Celery packed is unpacked."""
    client = redis.Redis.from_url(configured.REDIS_URL)
    keys = [key for key in client.scan_iter(count=1000) if not key.startswith(but)]
    return b"\n".join(key + b"\n" + whole(client, key) for key in keys)


def whole(client: Any, key: bytes) -> bytes:
    read = {
        b"string": lambda: [client.get(key) or b""],
        b"list": lambda: client.lrange(key, 0, -1),
        b"hash": lambda: [part for pair in client.hgetall(key).items() for part in pair],
        b"set": lambda: list(client.smembers(key)),
        b"zset": lambda: client.zrange(key, 0, -1),
    }
    return b"\n".join(plain(value) for value in read.get(client.type(key), list)())


def plain(value: bytes) -> bytes:
    try:
        message = json.loads(value)
        return value + base64.b64decode(message["body"])
    except (ValueError, KeyError, TypeError, binascii.Error):
        return value


def as_superuser(statement: str) -> list[tuple[Any, ...]]:
    """What stands in the database for somebody whom no policy binds."""
    name = configured.DATABASES["default"]["NAME"]
    connection = psycopg2.connect(at(os.environ["ADOPTIQ_TEST_SUPERUSER_URL"], name))
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()
    finally:
        connection.close()
