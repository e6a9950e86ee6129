"""The API's description and the page drawn from it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from adoptiq.documentation import Call, get_documentation


@pytest.fixture(scope="module")
def schema() -> Any:
    GENERATOR_STATS.reset()
    with translation.override("en"):
        return SchemaGenerator().get_schema(request=None, public=True)


def calls() -> list[Call]:
    docs = get_documentation()
    return [call for area in docs.areas for group in area.groups for call in group.calls]


def test_the_description_is_valid_and_leaves_nothing_open(schema: Any) -> None:
    assert not GENERATOR_STATS, "warnings: manage.py spectacular --validate names them"
    validate_schema(schema)


def test_every_call_of_the_description_is_on_the_page(schema: Any) -> None:
    described = {
        (method.upper(), path)
        for path, methods in schema["paths"].items()
        for method in methods
        if method in ("get", "post", "put", "patch", "delete")
    }
    assert {(call.method, call.path) for call in calls()} == described
    assert len({call.anchor for call in calls()}) == len(described)


def test_calls_of_one_address_say_what_each_does() -> None:
    said: dict[tuple[str, str], list[str]] = {}
    for call in calls():
        if call.summary:
            said.setdefault((call.path, ""), []).append(call.summary)
    assert all(len(set(words)) == len(words) for words in said.values())


def test_an_example_can_be_sent_as_it_stands() -> None:
    by_path = {(call.method, call.path): call for call in calls()}
    change = by_path["PATCH", "/api/v1/risks/{risk_id}/"]
    assert "-X PATCH" in change.curl
    assert "'If-Match: *'" in change.curl
    assert change.headers == ("If-Match",)
    made = by_path["POST", "/api/v1/risks/"]
    assert re.search(r'"probability": 1\b', made.curl)
    assert "Content-Type: application/json" in made.curl
    assert {field.name for field in made.body if field.required} == {
        "engagement",
        "title",
        "probability",
        "impact",
    }
    state = next(field for field in made.answer if field.name == "state")
    assert state.choices == ("open", "mitigated", "occurred", "closed")
    assert "score" not in {field.name for field in made.body}
    assert "note" not in {field.name for field in made.answer}


def test_the_page_explains_what_holds_for_every_call(db: None, client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    for word in ("If-None-Match", "If-Match: *", "Idempotency-Key", "application/problem+json"):
        assert word in page
    for area in get_documentation().areas:
        assert str(area.words) in page
    assert page.count('data-copy="curl-') >= len(calls())
