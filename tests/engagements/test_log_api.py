from typing import Any

import pytest
from django.test import Client

from engagements import operations
from engagements.models import ExpertQuestion, Interaction, Task
from tenancy.scope import tenant_scope
from tests.factories import Cast

JSON = "application/json"


def post(browser: Client, cast: Cast, path: str, body: dict[str, Any]) -> Any:
    return browser.post(cast.at(f"api/v1/{path}"), body, content_type=JSON)


def patch(browser: Client, cast: Cast, path: str, body: dict[str, Any]) -> Any:
    path = cast.at(f"api/v1/{path}")
    return browser.patch(path, body, content_type=JSON, headers={"If-Match": "*"})


@pytest.fixture
def told(cast: Cast) -> dict[str, Any]:
    """What the CSM wrote for both sides."""
    with tenant_scope(cast.tenant.pk):
        question = operations.ask_question(
            engagement=cast.engagement, fields={"text": "When?", "shared": True}, by=cast.csm
        )
        task = operations.add_task(
            fields={"title": "Call", "engagement": cast.engagement, "shared": True}, by=cast.csm
        )
    return {"questions": question, "tasks": task}


@pytest.mark.parametrize("name", ["executive", "lead", "member"])
@pytest.mark.parametrize(
    ("prefix", "change"), [("questions", {"text": "Mine"}), ("tasks", {"title": "Mine"})]
)
def test_what_others_wrote_is_theirs_to_change(
    cast: Cast, told: dict[str, Any], name: str, prefix: str, change: dict[str, str]
) -> None:
    browser = cast.browser(getattr(cast, name))
    assert patch(browser, cast, f"{prefix}/{told[prefix].pk}/", change).status_code == 403


def test_the_customers_side_asks_and_has_tasks(cast: Cast, lead: Client) -> None:
    body = {"engagement": str(cast.engagement.pk), "text": "Where?"}
    assert post(lead, cast, "questions/", body).status_code == 201
    assert post(lead, cast, "tasks/", {"title": "Theirs"}).status_code == 201
    with tenant_scope(cast.tenant.pk):
        question, task = ExpertQuestion.objects.get(), Task.objects.get()
    assert question.shared and task.shared
    assert task.customer_id == cast.customer.pk


def test_a_question_is_answered_and_closed(cast: Cast, csm: Client, told: dict[str, Any]) -> None:
    path = f"questions/{told['questions'].pk}/"
    answered = post(csm, cast, f"{path}answer/", {"text": "On Monday"}).json()
    assert [answer["text"] for answer in answered["answers"]] == ["On Monday"]
    assert post(csm, cast, f"{path}close/", {}).json()["state"] == "closed"
    refused = post(csm, cast, f"{path}answer/", {"text": "Again"})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["text"])


def test_a_task_is_done_and_opened_again(cast: Cast, csm: Client, told: dict[str, Any]) -> None:
    path = f"tasks/{told['tasks'].pk}/"
    assert post(csm, cast, f"{path}finish/", {}).json()["done_at"]
    assert post(csm, cast, f"{path}reopen/", {}).json()["done_at"] is None


def test_a_talk_names_who_took_part(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        host = operations.name_stakeholder(customer=cast.customer, name="Kari Lund")
        stranger = operations.name_stakeholder(customer=cast.second_customer, name="Else")
    body = {
        "engagement": str(cast.engagement.pk),
        "kind": "call",
        "summary": "Night shift",
        "staff": ["manager@example.org"],
        "stakeholders": [str(host.pk)],
    }
    made = post(csm, cast, "interactions/", body).json()
    assert made["participants"] == ["manager@example.org", str(host.pk)]
    patch(csm, cast, f"interactions/{made['id']}/", {"staff": []})
    with tenant_scope(cast.tenant.pk):
        row = Interaction.objects.get()
        assert [str(seat) for seat in row.participants.all()] == ["Kari Lund"]
    refused = post(csm, cast, "interactions/", body | {"stakeholders": [str(stranger.pk)]})
    assert list(refused.json()["errors"]) == ["stakeholders"]
