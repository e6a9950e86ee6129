"""One running copy and one Chromium for all browser tests; a page per test, watched for faults.

The fixtures last for this folder and not for the whole run: while Playwright runs in a thread,
Django refuses that thread its database.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.browser.copies import Copy, running_copy
from tests.browser.places import Places, find_places
from tests.browser.watching import Watch

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing but the copy is ever asked for anything.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
ROLES = {
    "admin": "Administrator",
    "manager": "CS manager",
    "csm": "CSM",
    "executive": "Executive",
    "lead": "Customer lead (SPL)",
    "member": "Customer member",
}
WIDE = {"width": 1280, "height": 900}
PATIENCE_MS = 20_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def copy() -> Iterator[Copy]:
    with running_copy() as running:
        yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "Chromium is missing; on Debian: sudo apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        browser.close()


@dataclass
class Visits:
    """Opens pages of the copy as anybody, and knows what went wrong on them."""

    copy: Copy
    chromium: Browser
    known: dict[str, StorageState]
    contexts: list[BrowserContext] = field(default_factory=list)
    watches: list[Watch] = field(default_factory=list)
    tabs: dict[str, Page] = field(default_factory=dict)

    def page(self, role: str = "", **options: object) -> Page:
        """A page with a context of its own, signed in unless there is no role."""
        state = self._signed_in(role) if role else None
        settings = {"viewport": WIDE, "reduced_motion": "reduce", "locale": "en-GB"} | options
        context = self.chromium.new_context(
            base_url=self.copy.address, storage_state=state, **settings
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        self.watches.append(Watch.on(context))
        return context.new_page()

    def watch_of(self, page: Page) -> Watch:
        return self.watches[self.contexts.index(page.context)]

    def tab(self, role: str) -> Page:
        """The one page this role goes on with, wide again: what was loaded stays loaded."""
        if role not in self.tabs:
            self.tabs[role] = self.page(role)
            # What was typed and not saved may be left.
            self.tabs[role].on("dialog", lambda dialog: dialog.accept())
        self.tabs[role].set_viewport_size(WIDE)
        return self.tabs[role]

    def close(self) -> list[str]:
        """Closes everything; returns the faults seen."""
        for context in self.contexts:
            context.close()
        return [fault for watch in self.watches for fault in watch.faults]

    def _signed_in(self, role: str) -> StorageState:
        if role not in self.known:
            context = self.chromium.new_context(base_url=self.copy.address)
            sign_in(context.new_page(), *self.copy.sign_ins[ROLES[role]])
            self.known[role] = context.storage_state()
            context.close()
        return self.known[role]


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/accounts/" not in address)


@pytest.fixture(scope="package")
def known() -> dict[str, StorageState]:
    """Who is signed in already, for all tests."""
    return {}


@pytest.fixture
def visits(copy: Copy, chromium: Browser, known: dict[str, StorageState]) -> Iterator[Visits]:
    opened = Visits(copy, chromium, known)
    yield opened
    faults = opened.close()
    assert faults == []


@pytest.fixture(scope="module")
def rounds(copy: Copy, chromium: Browser, known: dict[str, StorageState]) -> Iterator[Visits]:
    """For tests that look at many pages and leave nothing behind in the browser."""
    opened = Visits(copy, chromium, known)
    yield opened
    assert opened.close() == []


@pytest.fixture(scope="package")
def places(copy: Copy, chromium: Browser, known: dict[str, StorageState]) -> Places:
    opened = Visits(copy, chromium, known)
    found = find_places(opened.page("csm"))
    opened.close()
    return found
