"""Reading and forms without JavaScript: what the page offers by itself."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROLES, Visits, sign_in
from tests.browser.places import WORKSPACE, Places


@pytest.fixture
def plain(visits: Visits) -> Page:
    """A page of the CSM, in a browser that runs no script."""
    return visits.page("csm", java_script_enabled=False)


def test_signing_in_and_out(visits: Visits) -> None:
    page = visits.page(java_script_enabled=False)
    email, password = visits.copy.sign_ins[ROLES["csm"]]
    sign_in(page, email, password)
    expect(page.get_by_role("heading", level=1)).to_contain_text("today")
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_book_filters_sorts_and_finds(plain: Page) -> None:
    plain.goto(f"{WORKSPACE}/")
    plain.get_by_role("link", name=re.compile("Needs me today")).click()
    shown = plain.locator(".chip[aria-current]")
    expect(shown).to_contain_text("Needs me today")
    rows = plain.locator("table.book a.who")
    assert rows.count() == int(shown.locator("b").inner_text())
    plain.goto(f"{WORKSPACE}/")
    plain.get_by_role("link", name="by name").click()
    names = rows.all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    plain.get_by_role("link", name="Find a customer or an action").click()
    plain.get_by_role("searchbox").fill("halden")
    plain.get_by_role("searchbox").press("Enter")
    expect(plain.get_by_role("link", name="Halden Energy").first).to_be_visible()


def test_the_book_of_one_person(plain: Page) -> None:
    plain.goto(f"{WORKSPACE}/")
    everybody = plain.locator("table.book a.who").count()
    plain.get_by_label("Whose customers").select_option(label="Tomáš Beran")
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("#whose option:checked")).to_have_text("Tomáš Beran")
    assert 0 < plain.locator("table.book a.who").count() < everybody


def test_a_refused_form_says_why(plain: Page) -> None:
    plain.goto(f"{WORKSPACE}/customers/new/")
    plain.get_by_label("Name", exact=True).fill("Second Halden")
    plain.get_by_label("External id").fill("halden-energy")
    plain.get_by_role("button", name="Add customer").click()
    expect(plain.get_by_role("alert")).to_contain_text("One thing needs another look.")
    expect(plain.get_by_text("Another customer has this external id already.")).to_be_visible()
    expect(plain.get_by_label("Name", exact=True)).to_have_value("Second Halden")


def test_a_form_saves(plain: Page, places: Places) -> None:
    address = places.engagement("BRIGHT-1", "edit/")
    plain.goto(address)
    before = plain.locator("[name=name]").input_value()
    for name in ("Outage desk, second talks", before):
        plain.goto(address)
        plain.locator("[name=name]").fill(name)
        plain.get_by_role("button", name="Save").click()
        expect(plain.get_by_text("Saved.")).to_be_visible()
        expect(plain.get_by_text(name)).to_be_visible()


def test_the_theme(plain: Page) -> None:
    plain.goto(f"{WORKSPACE}/customers/new/?from=book")
    plain.get_by_role("button", name="Dark theme").click()
    expect(plain.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert plain.url.endswith("/customers/new/?from=book")
    plain.get_by_role("button", name="Light theme").click()
    expect(plain.locator("html")).to_have_attribute("data-bs-theme", "light")


def test_the_plan_reads(plain: Page, places: Places) -> None:
    plain.goto(places.engagement("HALDEN-1", "plan/"))
    expect(plain.get_by_text("The plan finishes on")).to_be_visible()
    outline = plain.get_by_role("region", name="Outline")
    expect(outline.get_by_role("rowheader", name=re.compile("Sign-off"))).to_be_visible()
    expect(plain.locator("svg.timeline")).to_be_visible()
    plain.get_by_role("link", name=re.compile("^Critical")).click()
    assert outline.locator("tbody tr.critical").count() > 0


@pytest.mark.parametrize("tab", ["measure", "usage"])
def test_figures_read_as_words_and_table(plain: Page, places: Places, tab: str) -> None:
    """No empty box where the chart would be drawn; the table opens by itself."""
    places_of = {"measure": places.measure, "usage": lambda key: places.engagement(key, "usage/")}
    plain.goto(places_of[tab]("HALDEN-1"))
    expect(plain.locator(".drawn")).to_be_hidden()
    expect(plain.get_by_text(re.compile("(rose|fell|held) (from|at) ")).first).to_be_visible()
    plain.locator("details.as-table > summary").click()
    table = plain.locator("details.as-table table")
    expect(table).to_be_visible()
    assert table.locator("tbody tr").count() > 5


def test_the_use_of_a_customer_is_a_link(plain: Page, places: Places) -> None:
    plain.goto(places.customer("HALDEN-1"))
    plain.get_by_role("link", name="See how the software is used").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("Halden Energy")
