"""What waited too long is sent away in the words its library knows; people never are."""

import json
from typing import Any

import pytest
from django.test import Client

from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage.models import Event


@pytest.fixture
def late(settings: Any) -> None:
    """Every request counts as one that waited too long."""
    settings.INTAKE_PATIENCE_SECONDS = 0.0


@pytest.mark.parametrize("address", ["/v1/batch", "/v1/batch/", "/2/httpapi", "/track", "/i/v0/e/"])
def test_events_are_told_to_come_back(db: None, late: None, address: str) -> None:
    answer = Client().post(address, b"whatever it is", content_type="text/plain")
    assert answer.status_code == 503
    assert 2 <= int(answer["Retry-After"]) <= 5
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_answer_says_that_nothing_was_stored(cast: Cast, late: None) -> None:
    answer = Client().post("/v1/batch", {"batch": []}, content_type="application/json")
    assert json.loads(answer.content)["success"] is False
    assert "send it again" in json.loads(answer.content)["message"]
    with tenant_scope(cast.tenant.pk):
        assert not Event.objects.exists()


def test_people_are_never_sent_away(csm: Client, cast: Cast, late: None) -> None:
    assert csm.get(cast.at("")).status_code == 200
    assert Client().get("/v1/projects/none/settings").status_code == 404
