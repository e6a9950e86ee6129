"""Names nobody expects: long ones, unbroken ones, other scripts, and text that looks like markup."""

import secrets

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import ROLES, Visits
from tests.browser.copies import Copy
from tests.browser.test_accessibility import resize, sideways

UNBROKEN = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunternehm"
MARKUP = "<b onload=alert(1)>&amp;{{ 7 }}</b> & Söhne"
ARABIC = "شركة الشحن البحري المتحدة للخدمات اللوجستية"
NAMES = (UNBROKEN, MARKUP, ARABIC, "W" * 120, "株式会社東京精密機械製作所第二工場設備保全部")
COLUMNS = "external_id,name,time_zone,seats,engagement_key,engagement_name,phase,spl"
WIDTHS = (1280, 390, 320)


@pytest.fixture(scope="module")
def workspace(copy: Copy) -> str:
    slug = f"ugly-{secrets.token_hex(3)}"
    admin, _password = copy.sign_ins[ROLES["admin"]]
    name = ("Unpronounceable " * 5).strip()
    copy.manage("create_workspace", slug, "--name", name, "--time-zone", "UTC", "--admin", admin)
    return slug


def import_names(page: Page, workspace: str) -> None:
    rows = [
        f'{"x" * 90}{number},"{name}",Pacific/Kiritimati,0,UGLY-{number},"{name}",adopt,"{name}"'
        for number, name in enumerate(NAMES)
    ]
    content = "\n".join([COLUMNS, *rows]).encode()
    payload: FilePayload = {"name": "ugly.csv", "mimeType": "text/csv", "buffer": content}
    page.goto(f"/w/{workspace}/customers/import/")
    page.locator("main input[type=file]").set_input_files(payload)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("button", name="Bring in").click()
    expect(page.get_by_text("Brought in:")).to_be_visible()


def test_ugly_names_stay_inside(visits: Visits, workspace: str) -> None:
    page = visits.page("admin")
    import_names(page, workspace)
    page.goto(f"/w/{workspace}/")
    links = [link.get_attribute("href") for link in page.locator("table.book a.who").all()]
    assert page.locator("table.book a.who").count() == len(NAMES)
    expect(page.get_by_role("link", name=MARKUP)).to_be_visible()
    faults = at_all_widths(page)
    for link in links:
        page.goto(str(link))
        faults += at_all_widths(page)
        page.locator(".crumb a").nth(1).click()
        faults += at_all_widths(page)
        page.get_by_role("link", name="Edit").first.click()
        faults += at_all_widths(page)
    assert faults == []


def at_all_widths(page: Page) -> list[str]:
    found = []
    page.wait_for_load_state()
    for width in WIDTHS:
        resize(page, width)
        found += [f"{page.title()[:40]}, {fault}" for fault in sideways(page)]
    return found
