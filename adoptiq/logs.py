"""Structured logs: one JSON object a line on stderr, with request id and workspace.

Values whose name says "secret" are masked before they are written, wherever they stand.
"""

import logging.config
import re
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponseBase
from uuid_utils import uuid7

SECRET_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|token|authori[sz]ation|cookie|api_?key|write_?key|otp", re.I
)
# Keys and links by mail, one-time parts of an address, passwords in addresses, credentials sent.
SECRET_VALUE = re.compile(
    r"aiq_[a-z]+_[A-Za-z0-9_-]+"
    r"|(?<=/reset/key/)[^/\s]+|(?<=/confirm-email/)[^/\s]+"
    r"|(?<=://)[^/@\s]+:[^/@\s]+(?=@)|(?<=Bearer )\S+|(?<=Basic )\S+"
)
MASK = "[masked]"


def masked(name: str, value: Any) -> Any:
    """The value as it may be logged: masked by its name, or by what it looks like."""
    if SECRET_NAME.search(name):
        return MASK
    if isinstance(value, str):
        return SECRET_VALUE.sub(MASK, value)
    if isinstance(value, dict):
        return {key: masked(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [masked(name, inner) for inner in value]
    return value


def mask_secrets(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return {key: masked(key, value) for key, value in event.items()}


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def settings(*, level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes to stderr as JSON."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED_PROCESSORS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    # Local variables may hold secrets, so a traceback shows lines only.
                    structlog.processors.format_exc_info,
                    mask_secrets,
                    structlog.processors.JSONRenderer(),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django.server": {"handlers": [], "propagate": True},
            "celery.app.trace": {"level": "WARNING"},
        },
    }


def configure(config: dict[str, Any]) -> None:
    structlog.configure(
        processors=[
            *SHARED_PROCESSORS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(config)


class RequestIdMiddleware:
    """Gives each request an id that its log lines and its answer carry."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = str(uuid7())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response["X-Request-Id"] = request_id
        return response
