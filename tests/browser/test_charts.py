"""Figures in the browser: what they show, and what happens to them when the page changes."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits
from tests.browser.places import Places
from tests.browser.scenes import FULL

NARROW = {"width": 390, "height": 844}
LIGHT_INK, DARK_INK = "rgb(27, 29, 33)", "rgb(235, 236, 238)"
TRACE = "(box, name) => box.data.find((trace) => trace.name === name)"
WORDS = "(box) => box.layout.annotations.map((note) => note.text)"
# Where the point before the last stands on the page.
PLACE = """(box) => {
  const {_size: ground, xaxis, yaxis} = box._fullLayout;
  const {x, y} = box.data.find((trace) => trace.name === "actual");
  const at = x.length - 15, {left, top} = box.getBoundingClientRect();
  return [left + ground.l + xaxis.d2p(x[at]), top + ground.t + yaxis.d2p(y[at]), y[at]];
}"""
ON_PAPER = "(box) => [box.getBoundingClientRect().top + scrollY, box.offsetHeight]"
SHIFTS = """new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (moved += entry.value)))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => done(moved), 300);
})"""


def drawn(page: Page) -> Locator:
    box = page.locator('.drawn[data-state="drawn"]')
    expect(box).to_be_visible()
    return box


def trace(page: Page, name: str) -> dict[str, Any]:
    found: dict[str, Any] = drawn(page).evaluate(f"(box) => ({TRACE})(box, {name!r})")
    return found


def ink(page: Page) -> str:
    return str(trace(page, "actual")["line"]["color"])


@pytest.fixture
def measure(visits: Visits, places: Places) -> Page:
    page = visits.page("csm", color_scheme="light")
    page.goto(places.measure(FULL))
    drawn(page)
    return page


def test_tile_table_and_last_point_are_one_figure(measure: Page) -> None:
    last = trace(measure, "actual")["y"][-1]
    assert measure.locator(".tile b").first.inner_text() == f"{last:,}"
    measure.get_by_text("Table", exact=True).click()
    cell = measure.get_by_role("region", name="Readings").locator("tbody td").first
    expect(cell).to_have_text(f"{last:,}")


def test_the_pointer_reads_exact_values(measure: Page) -> None:
    drawn(measure).scroll_into_view_if_needed()
    across, down, amount = drawn(measure).evaluate(PLACE)
    measure.mouse.move(across - 4, down)
    measure.mouse.move(across, down)
    expect(measure.locator(".hoverlayer text")).to_contain_text(f"{amount:,} people")


def test_colours_follow_the_theme_and_paper_is_light(measure: Page) -> None:
    assert ink(measure) == LIGHT_INK
    measure.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    measure.wait_for_function(
        f"document.querySelector('.drawn').data.some((t) => t.line?.color === '{DARK_INK}')"
    )
    measure.evaluate("dispatchEvent(new Event('beforeprint'))")
    measure.wait_for_function(
        "document.querySelector('.drawn').data.some((t) => t.line?.color === '#1b1d21')"
    )


def test_words_follow_the_width(measure: Page) -> None:
    wide = drawn(measure).evaluate(WORDS)
    measure.set_viewport_size(NARROW)
    measure.wait_for_function(f"({WORDS})(document.querySelector('.drawn')).length !== {len(wide)}")
    narrow = drawn(measure).evaluate(WORDS)
    assert any(text.startswith("target ") and " by " in text for text in narrow)
    assert not any(text.startswith("by ") for text in narrow)


def test_a_refreshed_figure_is_drawn_again_and_keeps_the_focus(measure: Page) -> None:
    before = drawn(measure).element_handle()
    refresh = measure.get_by_role("link", name="Refresh")
    # As if the night had run since the page was opened.
    refresh.evaluate("(link) => link.setAttribute('hx-get', `${location.pathname}?seen=earlier`)")
    measure.evaluate("htmx.process(document.getElementById('measure_refresh'))")
    place = drawn(measure).evaluate(ON_PAPER)
    refresh.focus()
    measure.keyboard.press("Enter")
    measure.wait_for_function("(box) => !box.isConnected", arg=before)
    assert drawn(measure).evaluate(ON_PAPER) == place
    expect(measure.get_by_role("link", name="Refresh")).to_be_focused()


def test_nothing_moves_when_the_figure_comes(visits: Visits, places: Places) -> None:
    page = visits.page("csm")
    page.goto(places.measure(FULL))
    drawn(page)
    assert page.evaluate(SHIFTS) <= 0.05


def test_without_script_words_and_table_stand(visits: Visits, places: Places) -> None:
    page = visits.page("csm", java_script_enabled=False)
    page.goto(places.measure(FULL))
    expect(page.locator("#finding")).not_to_be_empty()
    expect(page.locator(".drawn")).to_be_hidden()
    page.get_by_text("Table", exact=True).click()
    expect(page.get_by_role("region", name="Readings")).to_be_visible()


def test_the_figure_of_use_is_drawn_after_a_swap_too(visits: Visits, places: Places) -> None:
    page = visits.page("csm")
    page.goto(places.engagement(FULL, "usage/"))
    before = drawn(page).element_handle()
    page.get_by_label("Days shown").select_option(label="365 days back")
    page.wait_for_function("(box) => !box.isConnected", arg=before)
    assert len(trace(page, "mau")["x"]) > 180
