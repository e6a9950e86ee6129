"""People offered while somebody writes an at sign."""

from playwright.sync_api import expect

from tests.browser.conftest import Visits
from tests.browser.places import Places
from tests.browser.scenes import FULL


def test_somebody_is_mentioned_from_the_keyboard(visits: Visits, places: Places) -> None:
    page = visits.page("csm")
    page.goto(places.engagement(FULL, "timeline/"))
    box = page.get_by_label("What was said or happened")
    box.focus()
    page.keyboard.type("Tell @jo")
    option = page.get_by_role("option", name="Jonas Eide")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "mention-1")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Tell @jonas.eide ")
    page.keyboard.type("and @")
    expect(page.get_by_role("listbox", name="People to mention")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox", name="People to mention")).to_have_count(0)
    page.keyboard.type("nobody-like-that")
    expect(page.locator("#live")).to_have_text("Nobody fits.")
