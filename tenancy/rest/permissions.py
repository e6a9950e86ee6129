from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from tenancy.access import AREAS, may, opens
from tenancy.models import ApiKey, Membership


class DenyUnlessStated(BasePermission):
    """The default: an endpoint that does not say who may use it lets nobody in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


def allows(*, area: str, read: str, write: str) -> type[BasePermission]:
    """A permission for an endpoint: the area keys need, and what members ask for to read or write.

    Raises KeyError for an area that no key can be made for.
    """
    name = AREAS[area]

    class Allows(BasePermission):
        opened_by = area

        def has_permission(self, request: Request, view: Any) -> bool:
            reading = request.method in SAFE_METHODS
            if isinstance(request.auth, ApiKey):
                return self._opens(request.auth, to_write=not reading)
            if not isinstance(request.auth, Membership):
                return False
            return may(request.auth, read if reading else write)

        def _opens(self, key: ApiKey, *, to_write: bool) -> bool:
            words = (
                _("This key may not change “%(area)s”.")
                if to_write
                else _("This key does not open “%(area)s”.")
            )
            self.message = words % {"area": name}
            return opens(key.scopes, area, to_write=to_write)

    return Allows
