"""The API's documentation as values, read out of its OpenAPI description."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of a body."""

    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    words: str
    # What a key must open for it: "customers:read".
    scope: str
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Documentation:
    title: str
    words: str
    version: str
    groups: tuple[Group, ...]


@lru_cache(maxsize=1)
def get_documentation() -> Documentation:
    """What the description says, grouped by the thing an address is about."""
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    calls = [
        _call(schema, path, method, methods[method])
        for path, methods in schema["paths"].items()
        for method in METHODS
        if method in methods
    ]
    names = dict.fromkeys(_thing(call.path) for call in calls)
    return Documentation(
        title=schema["info"]["title"],
        words=schema["info"].get("description", ""),
        version=schema["info"]["version"],
        groups=tuple(
            Group(name, tuple(call for call in calls if _thing(call.path) == name))
            for name in names
        ),
    )


def _thing(path: str) -> str:
    return path.removeprefix("/api/v1/").split("/")[0]


def _call(schema: dict[str, Any], path: str, method: str, said: dict[str, Any]) -> Call:
    answers = [said["responses"][code] for code in said["responses"] if code.startswith("2")]
    return Call(
        anchor=said["operationId"],
        method=method.upper(),
        path=path,
        words=said.get("description", ""),
        scope=said.get("x-scope", ""),
        parameters=tuple(_parameter(entry) for entry in said.get("parameters", [])),
        body=_fields(schema, said.get("requestBody", {})),
        answer=_fields(schema, answers[0] if answers else {}),
    )


def _parameter(entry: dict[str, Any]) -> Field:
    return Field(
        entry["name"],
        f"{_kind(entry.get('schema', {}))}, {entry['in']}",
        entry.get("required", False),
        entry.get("description", ""),
    )


def _fields(schema: dict[str, Any], part: dict[str, Any]) -> tuple[Field, ...]:
    """The fields of a body or an answer; of a page of results, those of one result."""
    for content in part.get("content", {}).values():
        shape = _resolved(schema, content.get("schema", {}))
        properties = shape.get("properties", {})
        if "results" in properties:
            shape = _resolved(schema, properties["results"].get("items", {}))
        if shape.get("type") == "array":
            shape = _resolved(schema, shape.get("items", {}))
        return tuple(
            Field(
                name, _kind(entry), name in shape.get("required", []), entry.get("description", "")
            )
            for name, entry in shape.get("properties", {}).items()
        )
    return ()


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    name = shape.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else shape
    return found


def _kind(shape: dict[str, Any]) -> str:
    kind = shape.get("type") or ("one of" if "oneOf" in shape or "allOf" in shape else "object")
    if kind == "array":
        return f"list of {_kind(shape.get('items', {}))}"
    form = shape.get("format")
    return f"{kind} ({form})" if form else str(kind)
