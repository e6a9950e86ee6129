from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from adoptiq.navigation import navigation
from tenancy.models import Membership, Role
from tests.factories import Cast


def shown(cast: Cast, role: str, path: str = "") -> dict[str, Any]:
    request: HttpRequest = RequestFactory().get(cast.at(path))
    user = getattr(cast, role)
    request.membership = Membership.objects.get(tenant=cast.tenant, user=user)  # type: ignore[attr-defined]
    return navigation(request)


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        ("admin", ["Book", "Customers", "Tasks", "Alerts", "Usage", "Settings"]),
        ("manager", ["Book", "Customers", "Tasks", "Alerts", "Usage", "Settings"]),
        ("csm", ["Book", "Customers", "Tasks", "Alerts", "Usage", "Settings"]),
        ("executive", ["Book", "Customers", "Tasks", "Alerts", "Usage", "Settings"]),
        ("lead", ["Overview", "Tasks"]),
        ("member", ["Overview", "Tasks"]),
    ],
)
def test_everybody_is_shown_what_is_open_to_them(cast: Cast, role: str, labels: list[str]) -> None:
    assert [str(item["label"]) for item in shown(cast, role)["nav"]] == labels


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_what_is_shown_opens(cast: Cast, role: str) -> None:
    browser = cast.browser(getattr(cast, role))
    for item in shown(cast, role)["nav"]:
        assert browser.get(item["url"], follow=True).status_code == 200


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("", "Book"),
        ("customers/", "Customers"),
        ("customers/new/", "Customers"),
        ("tasks/", "Tasks"),
        ("engagements/x/usage/", "Book"),
        ("measures/x/", "Book"),
        ("alerts/", "Alerts"),
        ("usage/", "Usage"),
        ("usage/sources/", "Usage"),
        ("settings/members/", "Settings"),
        ("settings/keys/", "Settings"),
    ],
)
def test_one_item_is_the_current_one(cast: Cast, path: str, label: str) -> None:
    items = shown(cast, "admin", path)["nav"]
    assert [str(item["label"]) for item in items if item["current"]] == [label]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("settings/", "Workspace"),
        ("settings/look/", "Workspace"),
        ("settings/calendar/", "Working calendar"),
        ("settings/fields/x/", "Fields"),
        ("settings/members/", "Members"),
        ("settings/keys/x/", "API keys"),
        ("settings/data/errands/x/", "Your data"),
    ],
)
def test_one_page_of_the_settings_is_the_current_one(cast: Cast, path: str, label: str) -> None:
    items = shown(cast, "admin", path)["settings_nav"]
    assert [str(item["label"]) for item in items if item["current"]] == [label]


@pytest.mark.parametrize(
    ("role", "first"), [("admin", "Workspace"), ("manager", "Members"), ("lead", None)]
)
def test_settings_open_at_the_first_page_somebody_may_see(
    cast: Cast, role: str, first: str | None
) -> None:
    items = shown(cast, role)["settings_nav"]
    assert [str(item["label"]) for item in items[:1]] == ([first] if first else [])


def test_outside_a_workspace_there_is_none(cast: Cast, client: Client) -> None:
    assert navigation(RequestFactory().get("/")) == {}
    assert client.get("/accounts/login/").status_code == 200


def test_only_the_demo_offers_its_removal_and_only_to_an_administrator(cast: Cast) -> None:
    assert not shown(cast, "admin")["may_remove_demo"]
    cast.tenant.is_demo = True
    cast.tenant.save()
    assert shown(cast, "admin")["may_remove_demo"]
    assert not shown(cast, "manager")["may_remove_demo"]
