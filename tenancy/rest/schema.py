from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from tenancy.rest.authentication import ScopeAuthentication


class ScopeAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ScopeAuthentication
    name = "API key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "aiq_live_…"}
