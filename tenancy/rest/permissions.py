from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from tenancy.access import may
from tenancy.models import ApiKey, Membership


class DenyUnlessStated(BasePermission):
    """The default: an endpoint that does not say who may use it lets nobody in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


def allows(*, read: str, write: str) -> type[BasePermission]:
    """A permission for an endpoint: the action that reading asks for, and the one for writing."""

    class Allows(BasePermission):
        def has_permission(self, request: Request, view: Any) -> bool:
            reading = request.method in SAFE_METHODS
            if isinstance(request.auth, ApiKey):
                return reading or request.auth.can_write
            if not isinstance(request.auth, Membership):
                return False
            return may(request.auth, read if reading else write)

    return Allows
