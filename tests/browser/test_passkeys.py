"""A passkey from end to end, with Chromium's virtual authenticator."""

from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits

PASSWORD = "four words that nobody guesses"


def with_authenticator(page: Page) -> tuple[Any, str]:
    """The page's browser with a device that verifies its user; what talks to it, and its id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


@pytest.fixture
def newcomer(visits: Visits) -> Iterator[tuple[Page, str]]:
    """Somebody who has just opened a workspace of their own, by the link in the mail."""
    page, word = visits.page(), token_hex(4)
    email = f"{word}@example.org"
    page.goto("/accounts/signup/")
    page.get_by_label("Your name").fill("Pia Keys")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Name of your company").fill(f"Keys {word}")
    expect(page.get_by_label("Short name")).to_have_value(f"keys-{word}")
    expect(page.get_by_text("is free")).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(mailed_link(visits, page, email))
    page.get_by_role("button", name="Open the workspace").click()
    page.wait_for_url(f"**/w/keys-{word}/")
    yield page, email


def mailed_link(visits: Visits, page: Page, email: str) -> str:
    """The link in the last mail to somebody; it is sent by a worker, so it may take a moment."""
    for _try in range(60):
        if has_mail(visits, email):
            lines = visits.copy.manage("last_mail", "--to", email)
            return next(line for line in lines if "/accounts/" in line)
        page.wait_for_timeout(500)
    pytest.fail("No mail came.")


def has_mail(visits: Visits, email: str) -> bool:
    """Other mail may come at any time, so it is not enough to look at the last."""
    written = (path.read_text() for path in (visits.copy.home / "mail").glob("*.log"))
    return any(f"To: {email}" in text for text in written)


def test_a_passkey_is_added_and_signs_in(visits: Visits, newcomer: tuple[Page, str]) -> None:
    page, email = newcomer
    session, authenticator = with_authenticator(page)
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".codes li").count() == 10
    page.goto("/accounts/2fa/webauthn/")
    expect(page.get_by_text("Work laptop")).to_be_visible()
    held = session.send("WebAuthn.getCredentials", {"authenticatorId": authenticator})
    assert len(held["credentials"]) == 1

    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/w/keys-*/")

    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="And the second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/w/keys-*/")


def test_a_passkey_that_is_not_used_is_said_in_words(
    visits: Visits, newcomer: tuple[Page, str]
) -> None:
    page, _email = newcomer
    session, authenticator = with_authenticator(page)
    session.send(
        "WebAuthn.setUserVerified", {"authenticatorId": authenticator, "isUserVerified": False}
    )
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("was not used")


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")
