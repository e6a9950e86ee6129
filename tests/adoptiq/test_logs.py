import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client

from adoptiq import logs
from tests.factories import Cast

KEY = "aiq_live_abcd1234_secretsecret"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What the configured handler writes, instead of to stderr."""
    formatter_settings = settings.LOGGING["formatters"]["json"]
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=formatter_settings["foreign_pre_chain"],
            processors=formatter_settings["processors"],
        )
    )
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def found(lines: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_request_and_workspace(
    cast: Cast, csm: Client, lines: StringIO
) -> None:
    answer = csm.get(cast.at("customers/00000000-0000-0000-0000-000000000000/"))
    line = found(lines)[-1]
    assert line["event"].startswith("Not Found")
    assert line["request_id"] == answer["X-Request-Id"]
    assert line["workspace"] == str(cast.tenant.pk)
    assert line["level"] == "warning"


def test_each_request_has_an_id_of_its_own(db: None, client: Client) -> None:
    ids = {client.get("/accounts/login/")["X-Request-Id"] for _time in range(3)}
    assert len(ids) == 3


def test_a_traceback_is_part_of_the_line_and_shows_no_values(lines: StringIO) -> None:
    secret_value = "hunter2-in-a-local"
    try:
        raise ValueError(f"refused {KEY}")
    except ValueError:
        structlog.get_logger("test").exception("it_failed")
    line = found(lines)[-1]
    assert "ValueError" in line["exception"]
    assert secret_value not in lines.getvalue()
    assert KEY not in lines.getvalue()


def test_plain_python_logging_is_masked_too(lines: StringIO) -> None:
    logging.getLogger("other").warning("called with %s", f"Bearer {KEY}")
    assert KEY not in lines.getvalue()
    assert logs.MASK in found(lines)[-1]["event"]


@pytest.mark.parametrize(
    "name",
    ["password", "new_password1", "passphrase", "client_secret", "csrf_token", "Authorization",
     "authorisation", "set-cookie", "api_key", "apikey", "write_key", "writeKey", "otp"],
)  # fmt: skip
def test_values_are_masked_by_their_name(name: str) -> None:
    assert logs.masked(name, "value") == logs.MASK
    assert logs.masked("body", {"deep": [{name: "value"}]}) == {"deep": [{name: logs.MASK}]}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (f"key {KEY} used", "key [masked] used"),
        ("aiq_src_abcd1234_secret", "[masked]"),
        ("postgres://user:pass@host/db", "postgres://[masked]@host/db"),
        ("Bearer abc.def", "Bearer [masked]"),
        ("Basic dXNlcjpwYXNz", "Basic [masked]"),
        ("nothing to hide", "nothing to hide"),
        (7, 7),
        (None, None),
    ],
)
def test_values_are_masked_by_what_they_look_like(value: object, shown: object) -> None:
    assert logs.masked("event", value) == shown
    assert logs.masked("event", [value]) == [shown]
