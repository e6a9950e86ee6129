from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS

from tenancy.rest.authentication import ScopeAuthentication


class ScopeAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ScopeAuthentication
    name = "API key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "aiq_live_…"}


class ScopedSchema(AutoSchema):
    """Says of each call which scope a key needs for it, as `x-scope`."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        area = getattr(self.view.permission_classes[0], "opened_by", "")
        if operation is not None and area:
            reach = "read" if self.method in SAFE_METHODS else "write"
            operation["x-scope"] = f"{area}:{reach}"
        return operation
