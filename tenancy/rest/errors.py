"""Every refusal of the API in one shape: problem details (RFC 9457).

`status`, `title` and `detail` are always there; `errors` names the fields of what was sent, each
with sentences, and "non_field_errors" for what is wrong with all of it together.
"""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    ValidationError,
)
from django.http import JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import exception_handler

from tenancy.rest.parsers import TooLarge
from tenancy.rest.repeats import Repeated
from tenancy.rest.versions import ChangedMeanwhile

CONTENT_TYPE = "application/problem+json"


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of the domain as answers a caller can act on."""
    if isinstance(error, Repeated):
        return Response(error.answer.data, error.answer.status, headers=error.answer.headers)
    error = _as_api_error(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    said = response.data
    response.data = problem(response.status_code, said) | _versions(error)
    response.content_type = CONTENT_TYPE
    return response


def problem(status: int, said: Any) -> dict[str, Any]:
    """A refusal as it is answered; `said` is a sentence, or sentences by field."""
    title = HTTPStatus(status).phrase
    if isinstance(said, Mapping) and set(said) == {"detail"} and isinstance(said["detail"], str):
        return {"status": status, "title": title, "detail": _sayable(said["detail"])}
    errors = flat(said)
    detail = _("What was sent cannot be taken: see “errors”.")
    return {"status": status, "title": title, "detail": detail, "errors": errors}


def refusal(status: int, detail: str) -> JsonResponse:
    """A refusal by whoever stands in front of the API."""
    said = problem(status, {"detail": detail})
    return JsonResponse(said, status=status, content_type=CONTENT_TYPE)


def _as_api_error(error: Exception) -> Exception:
    if isinstance(error, ValidationError):
        said = error.message_dict if hasattr(error, "error_dict") else error.messages
        return exceptions.ValidationError(detail=said)
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, PermissionDenied) and str(error):
        return exceptions.PermissionDenied(detail=str(error))
    return error


def _versions(error: Exception) -> dict[str, Any]:
    if isinstance(error, ChangedMeanwhile):
        return {"changed": error.changed, "current": error.current}
    return {}


def flat(said: Any) -> dict[str, list[str]]:
    """Sentences by the path of their field: `milestones.0.day`."""
    found: dict[str, list[str]] = {}
    for path, words in _sentences(said, ()):
        name = ".".join(path) or api_settings.NON_FIELD_ERRORS_KEY
        found.setdefault(name, []).append(words)
    return found


def _sentences(said: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(said, Mapping):
        for name, inner in said.items():
            step = () if name in _WHOLE else (str(name),)
            yield from _sentences(inner, path + step)
    elif isinstance(said, list | tuple):
        nested = any(isinstance(entry, Mapping | list) for entry in said)
        for number, inner in enumerate(said):
            yield from _sentences(inner, path + ((str(number),) if nested else ()))
    else:
        yield path, _sayable(said)


def _sayable(said: Any) -> str:
    # A sentence may repeat what was sent, and half a character cannot be sent back.
    return str(said).encode("utf-8", "replace").decode()


_WHOLE = frozenset({NON_FIELD_ERRORS, api_settings.NON_FIELD_ERRORS_KEY})
