"""Every page in every state, light and dark, wide and narrow: axe, width, targets; and the keys."""

import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.places import WORKSPACE, Places
from tests.browser.scenes import SCENES, Scene

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RULES = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# What a theme changes is colours.
IN_THE_DARK = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
# What a narrow window changes is places; names, roles and order are those of the wide one.
WHEN_NARROW = {
    "runOnly": [
        "color-contrast",
        "link-in-text-block",
        "scrollable-region-focusable",
        "target-size",
    ],
    "resultTypes": ["violations"],
}
THEMES = ("light", "dark")
# Colours are the same at every width.
LOOKS = ((1280, "light", RULES), (1280, "dark", IN_THE_DARK), (390, "light", WHEN_NARROW))
NARROWEST = 320
LEAST_TARGET = 24
# Links within a sentence may be as low as their line.
CONTROLS = "button, summary, select, textarea, input:not([type=hidden]), .btn, .chip, nav a, .next"
# Colours on their way to the new ones belong to neither theme.
PUT_ON = """(theme) => {
  document.documentElement.dataset.bsTheme = theme;
  document.getAnimations().forEach((animation) => animation.finish());
}"""
CHECK = "async (rules) => (await axe.run(rules)).violations"


def open_scene(visits: Visits, places: Places, scene: Scene) -> Page:
    page = visits.tab(scene.role)
    address = scene.where(places)
    if scene.status != 200:
        visits.watch_of(page).expect_failure(address)
    answer = page.goto(address)
    assert answer
    assert answer.status == scene.status
    scene.act(page)
    return page


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_scene(rounds: Visits, places: Places, scene: Scene) -> None:
    page = open_scene(rounds, places, scene)
    page.evaluate(AXE_SCRIPT)
    faults = [fault for look in LOOKS for fault in faults_at(page, *look)]
    resize(page, NARROWEST)
    faults += sideways(page) + small_targets(page) + rounds.watch_of(page).taken()
    assert faults == []


def faults_at(page: Page, width: int, theme: str, rules: dict[str, Any]) -> list[str]:
    resize(page, width)
    page.evaluate(PUT_ON, theme)
    found = page.evaluate(CHECK, rules)
    return [told(violation, width, theme) for violation in found] + sideways(page)


def told(violation: dict[str, Any], width: int, theme: str) -> str:
    nodes = [f"{node['html'][:160]} {node['failureSummary']}" for node in violation["nodes"][:3]]
    return f"{violation['id']} at {width} {theme}: " + " | ".join(nodes)


def resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def sideways(page: Page) -> list[str]:
    """What reaches past the right edge, when the page scrolls sideways."""
    found: list[str] = page.evaluate(
        """() => {
          if (document.scrollingElement.scrollWidth <= innerWidth) return [];
          return [...document.querySelectorAll("body *")]
            .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
            .slice(0, 5)
            .map((part) => `${innerWidth} wide: ${part.outerHTML.slice(0, 120)}`);
        }"""
    )
    return found


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.evaluate(
        """([selector, least]) => [...document.querySelectorAll(selector)]
          .filter((part) => part.checkVisibility({ visibilityProperty: true }))
          .filter((part) => !part.closest(".visually-hidden, .skip"))
          .map((part) => [part, (part.closest("label") ?? part).getBoundingClientRect()])
          .filter(([part, box]) => box.height < least - 0.5 || box.width < least - 0.5)
          .map(([part, box]) => `${box.width}x${box.height}: ${part.outerHTML.slice(0, 120)}`)""",
        [CONTROLS, LEAST_TARGET],
    )
    return found


def focused(page: Page) -> str:
    name: str = page.evaluate("document.activeElement.id || document.activeElement.tagName")
    return name


def test_filters_keep_the_focus(visits: Visits) -> None:
    page = visits.page("csm")
    page.goto(f"{WORKSPACE}/")
    for chip in ("chip-act", "chip-watch", "chip-all"):
        page.locator(f"#{chip}").focus()
        with page.expect_response(
            lambda answer: answer.request.headers.get("hx-request") == "true"
        ):
            page.keyboard.press("Enter")
        expect(page.locator(f"#{chip}[aria-current=true]")).to_be_visible()
        assert focused(page) == chip


def test_sorting_keeps_the_focus(visits: Visits) -> None:
    page = visits.page("csm")
    page.goto(f"{WORKSPACE}/")
    page.locator("#sort-2").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#sort-2[aria-current=true]")).to_be_visible()
    assert focused(page) == "sort-2"
    expect(page.locator("#live")).to_have_text("15 customers shown")


def test_usage_ranges_keep_the_focus(visits: Visits, places: Places) -> None:
    page = visits.page("csm")
    page.goto(places.engagement("HALDEN-1", "usage/"))
    shown = page.get_by_label("Days shown")
    shown.focus()
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        shown.select_option(label="90 days back")
    expect(page).to_have_url(re.compile("first="))
    expect(page.get_by_label("Days shown").locator("option:checked")).to_have_text("90 days back")
    expect(page.get_by_label("Days shown")).to_be_focused()


def test_a_refresh_keeps_the_focus(visits: Visits, places: Places) -> None:
    page = visits.page("csm")
    page.goto(places.measure("HALDEN-1"))
    page.locator("#measure_refresh").focus()
    with page.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        page.keyboard.press("Enter")
    assert focused(page) == "measure_refresh"


def test_escape_closes_the_menu(visits: Visits) -> None:
    page = visits.page("csm")
    page.goto(f"{WORKSPACE}/")
    summary = page.locator("details.menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_skip_link_skips(visits: Visits) -> None:
    page = visits.page("csm")
    page.goto(f"{WORKSPACE}/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert focused(page) == "main"


def test_the_splitter_moves_by_keys(visits: Visits, places: Places) -> None:
    page = visits.page("csm")
    page.goto(places.engagement("HALDEN-1", "plan/"))
    splitter = page.get_by_role("separator")
    before = page.locator(".outline").bounding_box()
    splitter.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    after = page.locator(".outline").bounding_box()
    assert before
    assert after
    assert after["width"] < before["width"]
    assert splitter.get_attribute("aria-valuenow") == "48"


# A table of a month has a link for each of its numbers.
MOST_STOPS = 300
WALKED = ("book", "engagement", "plan", "measure", "usage", "new customer")


@pytest.mark.parametrize("name", WALKED)
def test_every_stop_shows_where_it_is(visits: Visits, places: Places, name: str) -> None:
    scene = next(scene for scene in SCENES if scene.name == name)
    page = open_scene(visits, places, scene)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    hidden = []
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOK_AT_STOP)
        if stop is None:
            break
        if not (stop["ring"] and stop["seen"]):
            hidden.append(stop)
    else:
        pytest.fail("The focus never leaves the page.")
    assert hidden == []


# Seen: the point in the middle of what is focused belongs to it, not to a bar above it.
LOOK_AT_STOP = """() => {
  const part = document.activeElement;
  if (part === document.body) return null;
  const box = part.getBoundingClientRect();
  const style = getComputedStyle(part);
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
    || style.boxShadow !== "none";
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const at = document.elementFromPoint(box.left + box.width / 2, (top + bottom) / 2);
  const seen = Boolean(at) && (part.contains(at) || at.contains(part) || at.closest("label"));
  return { html: part.outerHTML.slice(0, 120), ring, seen: Boolean(seen) };
}"""


@pytest.mark.parametrize("scheme", THEMES)
def test_the_theme_is_kept(visits: Visits, scheme: str) -> None:
    """Without a choice the system decides; a choice holds on the next page, from the server."""
    other = THEMES[scheme == "light"]
    page = visits.page("csm", color_scheme=scheme)
    page.goto(f"{WORKSPACE}/")
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", scheme)
    page.locator("[data-theme-choice]:visible").click()
    expect(root).to_have_attribute("data-bs-theme", other)
    assert f'data-bs-theme="{other}"' in page.request.get(f"{WORKSPACE}/").text()
