"""The API's documentation as values, read out of its OpenAPI description."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator

from tenancy.access import AREAS

# An address, a method, and what the description says of the two.
Said = tuple[str, str, dict[str, Any]]

METHODS = ("get", "post", "put", "patch", "delete")
# A value of each kind, for examples.
SAMPLES = {
    "uuid": "01a20443-8e09-7300-9aa6-b8f445d7483f",
    "date": "2026-10-01",
    "date-time": "2026-10-01T09:00:00Z",
    "email": "you@example.org",
    "decimal": "100.00",
    "double": 1.5,
    "uri": "https://example.org",
}
OF_TYPES: dict[str, Any] = {"integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter or a field of a body."""

    name: str
    kind: str
    required: bool
    words: str
    # What it may be, when that is a list.
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    # What it does, in a few words, and what else there is to say.
    summary: str
    words: str
    # What a key must open for it: "customers:read".
    scope: str
    parameters: tuple[Field, ...]
    # Headers that mean something here, by name.
    headers: tuple[str, ...]
    body: tuple[Field, ...]
    answer: tuple[Field, ...]
    # What stands in front of the address when curl asks.
    curl: str


@dataclass(frozen=True, slots=True)
class Group:
    """The calls about one kind of thing that one area opens."""

    name: str
    area: str
    words: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """The groups that one choice on the page of keys opens."""

    name: str
    words: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Documentation:
    title: str
    words: str
    version: str
    areas: tuple[Area, ...]


def get_documentation() -> Documentation:
    """What the description says, in the reader's language, by the areas that keys open."""
    return _documentation(get_language())


@lru_cache(maxsize=4)
def _documentation(language: str | None) -> Documentation:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    groups = _groups(schema)
    areas = (
        Area(key, str(words), tuple(group for group in groups if group.area == key))
        for key, words in AREAS.items()
    )
    return Documentation(
        title=schema["info"]["title"],
        words=schema["info"].get("description", ""),
        version=schema["info"]["version"],
        areas=tuple(area for area in areas if area.groups),
    )


def _groups(schema: dict[str, Any]) -> list[Group]:
    said: dict[tuple[str, str], list[Said]] = {}
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if method in methods:
                area = methods[method].get("x-scope", "").partition(":")[0]
                said.setdefault((_thing(path), area), []).append((path, method, methods[method]))
    return [_group(schema, name, area, calls) for (name, area), calls in said.items()]


def _thing(path: str) -> str:
    return path.removeprefix("/api/v1/").split("/")[0]


def _group(schema: dict[str, Any], name: str, area: str, said: list[Said]) -> Group:
    words = said[0][2].get("description", "")
    calls = tuple(_call(schema, path, method, entry, words) for path, method, entry in said)
    return Group(name, area, words, calls)


def _call(
    schema: dict[str, Any], path: str, method: str, said: dict[str, Any], of_group: str
) -> Call:
    answers = [said["responses"][code] for code in said["responses"] if code.startswith("2")]
    words = said.get("description", "")
    parameters = said.get("parameters", [])
    body = said.get("requestBody", {})
    return Call(
        anchor=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary", ""),
        # Said once, over the calls of the group.
        words="" if words == of_group else words,
        scope=said.get("x-scope", ""),
        parameters=tuple(_parameter(entry) for entry in parameters if entry["in"] != "header"),
        headers=tuple(entry["name"] for entry in parameters if entry["in"] == "header"),
        body=_fields(schema, body, "readOnly"),
        answer=_fields(schema, answers[0] if answers else {}, "writeOnly"),
        curl=_curl(method.upper(), parameters, _example(schema, body, method)),
    )


def _curl(method: str, parameters: Iterable[Mapping[str, Any]], example: Any) -> str:
    options = ['-H "Authorization: Bearer $KEY"']
    if method != "GET":
        options.insert(0, f"-X {method}")
    needed = (p["name"] for p in parameters if p["in"] == "header" and p["required"])
    options += [f"-H '{name}: *'" for name in needed]
    if example is not None:
        body = json.dumps(example, ensure_ascii=False)
        options += ['-H "Content-Type: application/json"', f"-d '{body}'"]
    return " ".join(options)


def _example(schema: dict[str, Any], body: dict[str, Any], method: str) -> dict[str, Any] | None:
    """A small body that could be sent: what is needed, and for a change one field."""
    content = body.get("content", {}).get("application/json")
    if content is None:
        return None
    shape = _resolved(schema, content["schema"])
    fields = {
        name: entry
        for name, entry in shape.get("properties", {}).items()
        if not entry.get("readOnly")
    }
    needed = [name for name in fields if name in shape.get("required", [])]
    chosen = list(fields)[1:2] if method == "patch" else needed
    return {name: _sample(schema, fields[name]) for name in chosen}


def _sample(schema: dict[str, Any], shape: dict[str, Any]) -> Any:
    shape = _resolved(schema, shape)
    if "enum" in shape:
        return shape["enum"][0]
    usual = OF_TYPES.get(shape.get("type", ""), "…")
    return SAMPLES.get(shape.get("format", ""), usual)


def _parameter(entry: dict[str, Any]) -> Field:
    shape = entry.get("schema", {})
    return Field(
        entry["name"],
        _kind(shape),
        entry.get("required", False),
        _words(entry),
        _choices(shape),
    )


def _fields(schema: dict[str, Any], part: dict[str, Any], hidden: str) -> tuple[Field, ...]:
    """The fields of a body or an answer; of a page of results, those of one result."""
    for content in part.get("content", {}).values():
        shape = _row(schema, content.get("schema", {}))
        needed = shape.get("required", [])
        return tuple(
            Field(name, _kind(entry), name in needed, _words(entry), _choices(entry))
            for name, entry in shape.get("properties", {}).items()
            if not entry.get(hidden)
        )
    return ()


def _row(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    shape = _resolved(schema, shape)
    properties = shape.get("properties", {})
    if "results" in properties:
        shape = _resolved(schema, properties["results"].get("items", {}))
    if shape.get("type") == "array":
        shape = _resolved(schema, shape.get("items", {}))
    return shape


def _words(entry: dict[str, Any]) -> str:
    """What is said of a field, without the list of its choices."""
    text: str = entry.get("description", "")
    return text.partition("* `")[0].strip()


def _choices(shape: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(choice) for choice in shape.get("enum", ()) if choice not in ("", None))


def _resolved(schema: dict[str, Any], shape: dict[str, Any]) -> dict[str, Any]:
    name = shape.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"][name] if name else shape
    return found


def _kind(shape: dict[str, Any]) -> str:
    kind = shape.get("type") or ("one of" if "oneOf" in shape or "allOf" in shape else "object")
    if kind == "array":
        return f"list of {_kind(shape.get('items', {}))}"
    form = shape.get("format")
    return str(form) if form and kind == "string" else str(kind)
