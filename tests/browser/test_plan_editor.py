"""Planning by hand on the keyboard, as in a sheet; and by dragging, pasting and taking back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visits
from tests.browser.places import Places
from tests.browser.scenes import SELLING

STEPS = "1\tPrepare\t2d\n2\tTrain the crews\t5d\t1\n3\tCoach on the floor\t10d\t2"


def row(page: Page, name: str) -> Locator:
    return page.locator("tr[data-row]", has=page.get_by_role("link", name=name, exact=True))


def name_of(page: Page, name: str) -> Locator:
    return row(page, name).locator("[data-cell=name]")


def outline(page: Page) -> list[str]:
    rows = page.locator("tr[data-row]")
    return [
        f"{one.locator('.wbs').inner_text()} {one.locator('a.t').inner_text()}"
        for one in rows.all()
    ]


def expect_outline(page: Page, *rows: str) -> None:
    """The whole outline as numbers and names, once the server has answered."""
    for words in rows:
        number, _space, name = words.partition(" ")
        expect(row(page, name).locator(".wbs")).to_have_text(number)
    expect(page.locator("tr.pending")).to_have_count(0)
    assert outline(page) == list(rows)


@pytest.fixture
def plan(visits: Visits, places: Places) -> Page:
    """A plan of three steps, whatever an earlier test left of it."""
    page = visits.page("csm")
    page.goto(places.engagement(SELLING, "plan/new/"))
    if page.get_by_label("Steps").count():
        page.get_by_label("Steps").fill("Prepare; 2d")
        page.get_by_label("Begins on").fill("2030-01-07")
        page.get_by_role("button", name="See the dates").click()
        expect(page.get_by_text("One step, finished on")).to_be_visible()
        page.get_by_role("button", name="Make this plan").click()
    page.goto(places.engagement(SELLING, "plan/"))
    for box in page.locator("[data-grid] input[name=row]").all():
        box.check()
    page.locator("#bulk [value=remove]").click()
    expect(page.get_by_text("The plan has no steps")).to_be_visible()
    page.get_by_role("link", name="Paste rows").click()
    page.get_by_label("Rows").fill(STEPS)
    page.get_by_role("button", name="See what is understood").click()
    page.get_by_role("button", name="Add these 3 rows").click()
    expect(page.get_by_role("treegrid")).to_be_visible()
    return page


def test_a_plan_is_made_and_edited_on_the_keyboard(plan: Page) -> None:
    expect_outline(plan, "1 Prepare", "2 Train the crews", "3 Coach on the floor")
    name_of(plan, "Prepare").focus()
    plan.keyboard.press("Enter")
    for words in ("Invite; 1d", "Book rooms; 1d", "Print; 2d"):
        plan.keyboard.type(words)
        plan.keyboard.press("Enter")
    plan.keyboard.press("Escape")
    expect_outline(
        plan,
        *("1 Prepare", "2 Invite", "3 Book rooms", "4 Print", "5 Train the crews"),
        "6 Coach on the floor",
    )

    name_of(plan, "Book rooms").focus()
    plan.keyboard.press("Tab")
    expect(row(plan, "Book rooms").locator(".wbs")).to_have_text("2.1")
    expect(name_of(plan, "Book rooms")).to_be_focused()
    expect(row(plan, "Invite")).to_have_attribute("aria-expanded", "true")
    plan.keyboard.press("Shift+Tab")
    expect(row(plan, "Book rooms").locator(".wbs")).to_have_text("3")

    plan.keyboard.press("Alt+ArrowDown")
    expect(row(plan, "Book rooms").locator(".wbs")).to_have_text("4")
    plan.keyboard.press("Delete")
    expect(row(plan, "Book rooms")).to_have_count(0)
    assert plan.evaluate("document.activeElement.closest('[data-grid]') !== null")
    plan.keyboard.press("Control+z")
    expect(row(plan, "Book rooms").locator(".wbs")).to_have_text("4")

    name_of(plan, "Print").focus()
    plan.keyboard.press("F2")
    plan.keyboard.type("Print the cards")
    plan.keyboard.press("Enter")
    expect(name_of(plan, "Print the cards")).to_be_focused()
    plan.keyboard.press("?")
    expect(plan.get_by_role("dialog", name="Keys of the outline")).to_be_visible()
    plan.keyboard.press("Escape")
    plan.keyboard.press("Escape")
    plan.keyboard.press("Tab")
    assert not plan.evaluate("document.activeElement.matches('[data-grid] tbody *')")


def test_what_would_move_is_shown_before_it_is_saved(plan: Page) -> None:
    days = row(plan, "Prepare").locator("[data-cell=duration]")
    days.focus()
    plan.keyboard.type("4d")
    plan.keyboard.press("Enter")
    question = plan.get_by_role("group", name="2 working days later")
    expect(question).to_be_visible()
    expect(plan.get_by_role("button", name="Save")).to_be_focused()
    plan.keyboard.press("Escape")
    expect(question).to_have_count(0)
    expect(days).to_have_text("2")
    days.dblclick()
    plan.keyboard.type("4d")
    plan.keyboard.press("Enter")
    plan.get_by_role("button", name="Save").press("Enter")
    expect(days).to_have_text("4")
    plan.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(days).to_have_text("2")
    days.focus()
    plan.keyboard.type("soon")
    plan.keyboard.press("Enter")
    expect(plan.locator("#toasts [role=alert]")).to_be_visible()
    expect(plan.locator(".cell-edit")).to_have_value("soon")
    plan.keyboard.press("Escape")


def test_rows_are_pasted_dragged_and_changed_together(plan: Page) -> None:
    name_of(plan, "Prepare").focus()
    text = "Ask\\t1d\\nBook\\t1d\\nCall\\t2d\\nDraw\\t1d\\nEat\\t1d"
    plan.evaluate(
        f"""() => {{
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", "{text}");
            const paste = {{ clipboardData, bubbles: true, cancelable: true }};
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", paste));
        }}"""
    )
    expect(plan.get_by_role("heading", name="5 rows were understood")).to_be_visible()
    plan.get_by_role("button", name="Add these 5 rows").click()
    expect(row(plan, "Eat").locator(".wbs")).to_have_text("6")

    row(plan, "Eat").hover()
    grip = row(plan, "Eat").locator("[data-grip]").bounding_box()
    goal = row(plan, "Ask").bounding_box()
    assert grip
    assert goal
    plan.mouse.move(grip["x"] + 5, grip["y"] + 5)
    plan.mouse.down()
    plan.mouse.move(goal["x"] + 80, goal["y"] + 30)
    plan.mouse.move(goal["x"] + 80, goal["y"] + 2)
    plan.mouse.up()
    expect(row(plan, "Eat").locator(".wbs")).to_have_text("2")

    for name in ("Book", "Call"):
        row(plan, name).get_by_role("checkbox").check()
    expect(plan.locator("[data-bulk-count]")).to_have_text("2 rows chosen")
    name_of(plan, "Book").focus()
    plan.keyboard.press("Tab")
    expect(row(plan, "Book").locator(".wbs")).to_have_text("3.1")
    expect(row(plan, "Call").locator(".wbs")).to_have_text("3.2")
    plan.keyboard.press("Shift+Tab")
    expect(row(plan, "Call").locator(".wbs")).to_have_text("5")
    expect(plan.locator("[data-bulk-count]")).to_have_text("2 rows chosen")
    plan.get_by_label("Set", exact=True).select_option("kind")
    plan.locator("#bulk-kind").select_option("training")
    with plan.expect_response("**/rows/change/"):
        plan.get_by_role("button", name="Change", exact=True).click()
    plan.goto(f"{plan.url.split('#')[0].split('?')[0]}?show=all&kind=training")
    assert [words.split(" ", 1)[1] for words in outline(plan)] == ["Book", "Call"]


def test_a_package_is_looked_at_beside_the_outline(plan: Page) -> None:
    cell = name_of(plan, "Train the crews")
    cell.focus()
    plan.keyboard.press("Control+Enter")
    beside = plan.get_by_role("complementary", name="Train the crews")
    expect(beside.get_by_role("heading", name="Train the crews")).to_be_focused()
    expect(beside).to_contain_text("Prepare")
    beside.get_by_label("To check").fill("Room booked")
    plan.keyboard.press("Enter")
    beside.get_by_role("button", name="Done: Room booked").click()
    expect(row(plan, "Train the crews").locator(".counts")).to_have_text("✓ 1/1")
    plan.keyboard.press("Escape")
    expect(plan.locator("#side")).to_be_hidden()
    expect(cell).to_be_focused()
    expect_outline(plan, "1 Prepare", "2 Train the crews", "3 Coach on the floor")
