from typing import Any

from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request

from tenancy.models import ApiKey


class KeyHolder:
    """Stands where a user would when a program asks."""

    is_authenticated = True
    is_active = True
    pk = None

    def __init__(self, key: ApiKey) -> None:
        self.key = key


class ScopeAuthentication(SessionAuthentication):
    """Whoever the middleware let into the workspace: a key's holder or somebody signed in."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        asked: Any = request._request
        if getattr(asked, "api_key", None) is not None:
            return KeyHolder(asked.api_key), asked.api_key
        if getattr(asked, "membership", None) is None:
            return None
        self.enforce_csrf(request)
        return asked.user, asked.membership

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
