"""How the API is described: scopes, versions, repeated calls and refusals of every call."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.permissions import SAFE_METHODS

from tenancy.rest.authentication import ScopeAuthentication
from tenancy.rest.errors import CONTENT_TYPE
from tenancy.rest.repeats import HEADER, LONGEST
from tenancy.rest.resources import Resource

TEXT = {"type": "string"}
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": {"type": "integer"},
        "title": TEXT,
        "detail": TEXT,
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": TEXT}},
        "changed": {"type": "array", "items": TEXT},
        "current": {"type": "object", "additionalProperties": {}},
    },
}
# What each refusal means, wherever it can be met.
REFUSALS = {
    400: _lazy("What was sent cannot be taken; “errors” says why, by field."),
    401: _lazy("No key, or one that opens nothing."),
    403: _lazy("The key does not open this, or the role does not include it."),
    404: _lazy("There is no such row in this workspace."),
    409: _lazy("The first call with this Idempotency-Key is still at work."),
    412: _lazy("Changed meanwhile; “changed” names the fields, “current” is the row by now."),
    413: _lazy("The body is too large."),
    415: _lazy("The body is of a kind this call does not take."),
    422: _lazy("This Idempotency-Key was used for another call."),
    428: _lazy("If-Match is missing."),
}
ANYWHERE = (400, 401, 403)
WITH_BODY = ("POST", "PUT", "PATCH")


class ScopeAuthenticationScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ScopeAuthentication
    name = "API key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "aiq_live_…"}


class ScopedSchema(AutoSchema):
    """Says of each call which scope a key needs for it, as `x-scope`, and what may be answered."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        area = getattr(self.view.permission_classes[0], "opened_by", "")
        if area:
            reach = "read" if self.method in SAFE_METHODS else "write"
            operation["x-scope"] = f"{area}:{reach}"
        if isinstance(self.view, Resource):
            operation.setdefault("parameters", []).extend(self._headers())
            self._say_versions(operation["responses"])
        for code in self._refusals():
            operation["responses"].setdefault(str(code), self._problem(code))
        return operation

    def get_summary(self) -> str | None:
        """What the call does with the rows the resource is named for."""
        said: str | None = super().get_summary()
        action = getattr(self.view, "action", "")
        if said or action not in WORDS:
            return said
        if isinstance(self.view, Resource):
            return str(WORDS[action]) % {"one": self.view.one, "many": self.view.many}
        return str(PLAIN[action])

    def _headers(self) -> list[dict[str, Any]]:
        if self.method == "GET":
            words = _("The ETag you have; 304 without a body when nothing is new.")
            return [_header("If-None-Match", words)]
        view: Any = self.view
        if self.method == "POST" and not view.repeatable:
            return []
        if self.method == "POST":
            words = _("Your own name for this call; sent again, it is answered again, not done.")
            return [_header(HEADER, words, longest=LONGEST)]
        words = _("The ETag of the version you change, or *.")
        return [_header("If-Match", words, required=True)]

    def _say_versions(self, responses: dict[str, Any]) -> None:
        tag = {"ETag": {"schema": TEXT, "description": _("The version answered.")}}
        for code, response in responses.items():
            if code in ("200", "201", "202"):
                response.setdefault("headers", {}).update(tag)
        if self.method == "GET":
            responses["304"] = {"description": _("Nothing is new since the ETag you sent.")}

    def _refusals(self) -> list[int]:
        codes = [*ANYWHERE]
        if "{" in self.path:
            codes.append(404)
        if self.method in WITH_BODY:
            codes += [413, 415]
        if isinstance(self.view, Resource):
            changing = [] if self.method == "GET" else [412, 428]
            codes += [409, 422] if self.method == "POST" else changing
        return sorted(codes)

    def _problem(self, code: int) -> dict[str, Any]:
        component = ResolvedComponent(  # type: ignore[no-untyped-call]
            "Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem"
        )
        self.registry.register_on_missing(component)
        return {
            "description": str(REFUSALS[code]),
            "content": {CONTENT_TYPE: {"schema": component.ref}},
        }


WORDS = {
    "list": _lazy("List %(many)s"),
    "create": _lazy("Add %(one)s"),
    "retrieve": _lazy("Read %(one)s"),
    "partial_update": _lazy("Change %(one)s"),
    "destroy": _lazy("Take %(one)s away"),
}
# The same where the rows have no name.
PLAIN = {
    "list": _lazy("List them"),
    "create": _lazy("Add one"),
    "retrieve": _lazy("Read one"),
    "partial_update": _lazy("Change one"),
    "destroy": _lazy("Take one away"),
}


def _header(
    name: str, words: str, *, required: bool = False, longest: int | None = None
) -> dict[str, Any]:
    schema = TEXT | ({"maxLength": longest} if longest else {})
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": words,
        "schema": schema,
    }
