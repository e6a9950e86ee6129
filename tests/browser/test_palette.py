"""The command palette and the shortcuts of one key, by hand on the keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.places import WORKSPACE, Places

FIELD = "#palette-field"
OPTION = "#results [role=option]:visible"


@pytest.fixture
def book(visits: Visits) -> Page:
    page = visits.page("csm")
    page.goto(f"{WORKSPACE}/")
    return page


def ask(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    with page.expect_response(lambda answer: f"q={words}" in answer.url):
        page.locator(FIELD).fill(words)
    expect(page.locator("#results .found").first).to_be_visible()


def chosen(page: Page) -> str:
    """The option that arrow keys have chosen, as a screen reader is told of it."""
    active = page.locator(FIELD).get_attribute("aria-activedescendant")
    assert active
    option = page.locator(f"#{active}")
    expect(option).to_have_attribute("aria-selected", "true")
    return option.locator("span").first.inner_text()


def test_a_customer_is_three_keys_away(book: Page) -> None:
    ask(book, "halden")
    expect(book.locator(FIELD)).to_be_focused()
    assert chosen(book) == "Halden Energy"
    book.keyboard.press("Enter")
    book.wait_for_url(re.compile(r"/customers/"))
    expect(book.get_by_role("heading", level=1)).to_contain_text("Halden Energy")


def test_enter_waits_for_what_was_just_typed(book: Page) -> None:
    book.keyboard.press("Control+k")
    book.keyboard.type("marlow")
    book.keyboard.press("Enter")
    book.wait_for_url(re.compile(r"/customers/"))
    expect(book.get_by_role("heading", level=1)).to_contain_text("Marlow Health")


def test_arrows_go_round_and_the_count_is_said(book: Page) -> None:
    ask(book, "halden")
    field = book.locator(FIELD)
    expect(field).to_have_attribute("aria-expanded", "true")
    count = book.locator(OPTION).count()
    expect(book.locator("[data-palette-says]")).to_have_text(f"{count} found")
    first = chosen(book)
    for _option in range(count):
        book.keyboard.press("ArrowDown")
    assert chosen(book) == first
    book.keyboard.press("ArrowUp")
    assert chosen(book) != first
    expect(field).to_be_focused()


def test_escape_closes_and_the_focus_returns(book: Page) -> None:
    chip = book.locator("#chip-all")
    chip.focus()
    book.keyboard.press("Control+k")
    expect(book.locator(FIELD)).to_be_focused()
    expect(book.locator(OPTION).first).to_be_visible()
    book.keyboard.press("Escape")
    expect(book.get_by_role("dialog")).to_have_count(0)
    expect(chip).to_be_focused()


def test_control_enter_opens_beside(book: Page) -> None:
    ask(book, "halden")
    with book.context.expect_page() as opened:
        book.keyboard.press("Control+Enter")
    opened.value.wait_for_url(re.compile(r"/customers/"))
    assert book.url.endswith(f"{WORKSPACE}/")


def test_the_button_opens_it_and_a_click_beside_closes_it(book: Page) -> None:
    book.locator(".find").click()
    expect(book.locator(OPTION).first).to_be_visible()
    book.mouse.click(5, 500)
    expect(book.get_by_role("dialog")).to_have_count(0)


def test_an_action_of_the_page_itself(book: Page) -> None:
    root = book.locator("html")
    before = root.get_attribute("data-bs-theme")
    ask(book, "theme")
    book.keyboard.press("Enter")
    expect(root).not_to_have_attribute("data-bs-theme", before or "")
    expect(book.get_by_role("dialog")).to_have_count(0)
    ask(book, "shortcuts")
    book.keyboard.press("Enter")
    expect(book.get_by_role("heading", name="Keyboard shortcuts")).to_be_visible()


def test_what_was_looked_at_comes_first(visits: Visits, places: Places) -> None:
    page = visits.page("manager")
    page.goto(places.customer("MARLOW-1"))
    page.keyboard.press("Control+k")
    expect(page.locator(OPTION).first).to_contain_text("Marlow Health")


def test_typing_on_leaves_only_the_last_answer(book: Page) -> None:
    book.keyboard.press("Control+k")
    book.locator(FIELD).press_sequentially("marlow", delay=30)
    expect(book.locator(OPTION).first).to_contain_text("Marlow Health")
    expect(book.locator("#results")).to_have_count(1)


def test_g_and_a_letter_go_places(book: Page) -> None:
    for letter, where in (("u", "/usage/"), ("i", "/inbox/"), ("m", "/settings/members/")):
        book.keyboard.press("g")
        book.keyboard.press(letter)
        book.wait_for_url(f"**{WORKSPACE}{where}")
    book.keyboard.press("g")
    book.keyboard.press("b")
    book.wait_for_url(f"**{WORKSPACE}/")


def test_j_and_k_walk_the_rows_and_enter_opens(book: Page) -> None:
    names = book.locator(".book .who")
    book.keyboard.press("j")
    expect(names.nth(0)).to_be_focused()
    book.keyboard.press("j")
    expect(names.nth(1)).to_be_focused()
    book.keyboard.press("k")
    expect(names.nth(0)).to_be_focused()
    name = names.nth(0).inner_text()
    book.keyboard.press("Enter")
    book.wait_for_url(re.compile(r"/engagements/"))
    expect(book.get_by_role("main")).to_contain_text(name)


def test_e_edits_n_makes_t_turns_slash_finds(book: Page, places: Places) -> None:
    root = book.locator("html")
    before = root.get_attribute("data-bs-theme")
    book.keyboard.press("t")
    expect(root).not_to_have_attribute("data-bs-theme", before or "")
    book.keyboard.press("/")
    expect(book.locator(FIELD)).to_be_focused()
    expect(book.locator(FIELD)).to_have_value("")
    expect(book.locator(OPTION).first).to_be_visible()
    book.keyboard.press("Escape")
    book.keyboard.press("n")
    book.wait_for_url("**/customers/new/")
    book.goto(places.customer("HALDEN-1"))
    book.keyboard.press("e")
    book.wait_for_url("**/edit/")


def test_nothing_fires_while_somebody_types(book: Page) -> None:
    book.goto(f"{WORKSPACE}/customers/new/")
    field = book.get_by_label("Name", exact=True)
    field.focus()
    book.keyboard.type("gu? t/jken")
    expect(field).to_have_value("gu? t/jken")
    expect(book.get_by_role("dialog")).to_have_count(0)
    assert book.url.endswith("/customers/new/")


def test_they_can_be_switched_off_for_good(book: Page) -> None:
    book.keyboard.press("?")
    book.get_by_role("checkbox", name="Shortcuts of one key").uncheck()
    book.keyboard.press("Escape")
    expect(book.get_by_role("dialog")).to_have_count(0)
    for _visit in range(2):
        book.keyboard.press("?")
        book.keyboard.press("g")
        book.keyboard.press("u")
        expect(book.get_by_role("dialog")).to_have_count(0)
        assert book.url.endswith(f"{WORKSPACE}/")
        book.reload()
    # What needs two keys at once stays, and leads back to the switch.
    ask(book, "shortcuts")
    book.keyboard.press("Enter")
    switch = book.get_by_role("checkbox", name="Shortcuts of one key")
    expect(switch).not_to_be_checked()
    switch.check()
    book.keyboard.press("Escape")
    expect(book.get_by_role("dialog")).to_have_count(0)
    book.keyboard.press("?")
    expect(switch).to_be_visible()


def test_the_inbox_is_read_by_keyboard_and_taken_back(book: Page) -> None:
    book.goto(f"{WORKSPACE}/inbox/")
    assert book.locator(".told .is-new").count(), "the demo tells of more than one thing"
    # The page shows the newest; the bell counts all.
    count = book.locator("#bell b").inner_text()
    book.get_by_role("button", name="Mark all as read").press("Enter")
    expect(book.get_by_role("heading", level=1)).to_have_text("Nothing is new to you")
    expect(book.locator("#bell b")).to_have_count(0)
    book.get_by_role("button", name="Undo").press("Enter")
    expect(book.locator("#bell b")).to_have_text(count)
    book.keyboard.press("j")
    expect(book.locator(".told a").first).to_be_focused()
    book.locator(".told a").first.press("Enter")
    # Whatever is newest leads to what it is about.
    book.wait_for_url(lambda url: "/inbox/" not in url)


def test_alerts_are_worked_through_by_keyboard(book: Page) -> None:
    book.goto(f"{WORKSPACE}/alerts/")
    rows = book.locator(".alert-row")
    count = rows.count()
    assert count > 1, "the demo's nights find more than one thing"
    book.keyboard.press("j")
    expect(rows.first.locator("a").first).to_be_focused()
    book.keyboard.press("j")
    book.keyboard.press("k")
    expect(rows.first.locator("a").first).to_be_focused()
    book.keyboard.press("s")
    expect(rows).to_have_count(count - 1)
    # Where the row was, the next one stands, so that the keys go on.
    expect(rows.first.locator("a").first).to_be_focused()
    book.get_by_role("button", name="Undo").first.press("Enter")
    expect(rows).to_have_count(count)
    book.goto(f"{WORKSPACE}/alerts/")
    theirs = rows.filter(has=book.locator("[data-key=t]")).first
    what = theirs.locator("a").first
    words = what.inner_text()
    what.focus()
    book.keyboard.press("t")
    expect(rows.filter(has_text=words).locator("[data-key=t]")).to_have_count(0)
    book.get_by_role("button", name="Undo").first.press("Enter")
    expect(rows.filter(has_text=words).locator("[data-key=t]")).to_have_count(1)
    rows.first.locator("a").first.focus()
    book.keyboard.press("e")
    book.wait_for_url("**/resolve/")
    expect(book.get_by_label("What was done")).to_be_visible()
    book.goto(f"{WORKSPACE}/alerts/")
    book.keyboard.press("j")
    book.keyboard.press("o")
    book.wait_for_url(lambda url: "/alerts/" not in url)
