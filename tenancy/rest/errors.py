from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refusals of the domain as answers a caller can act on."""
    if isinstance(error, ValidationError):
        error = exceptions.ValidationError(
            detail=error.message_dict if hasattr(error, "error_dict") else error.messages
        )
    elif isinstance(error, PermissionDenied) and str(error):
        error = exceptions.PermissionDenied(detail=str(error))
    return exception_handler(error, context)
