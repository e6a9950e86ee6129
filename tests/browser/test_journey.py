"""The main job, as somebody new does it: from an empty workspace to the chart of a measure.

The figures are compared with a count of the same file by sets.
"""

import csv
import gzip
import io
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Visits, sign_in
from tests.paths import DATA

# New each time, so that a copy may be used again.
SLUG = f"mill-{secrets.token_hex(3)}"
CUSTOMER, KEY = "Mill Works", "MILL-1"
# Whichever is awake now: around midnight yesterday is not closed yet, or ends on the way.
ZONE = next(
    zone
    for zone in ("Europe/Oslo", "America/Vancouver")
    if 3 <= datetime.now(ZoneInfo(zone)).hour < 23
)
ADMIN, PASSWORD = f"jo@{SLUG}.example", "slow-barley-lantern-41"
COLUMNS = ("message_id", "timestamp", "customer_id", "user_id", "event", "feature")
HISTORY_DAYS = 70
PEOPLE = 12
# The first so many stop before the newest 28 days, so that the figure is not all people.
STOPPED, STOPPED_DAYS_AGO = 4, 31
TARGET = 10
IMPORT_MS = 60_000


def people_on(days_ago: int) -> list[int]:
    """Number n comes every n + 1 days; the first few came until a month ago."""
    if days_ago > HISTORY_DAYS:
        return []
    return [
        number
        for number in range(PEOPLE)
        if days_ago % (number + 1) == 0 and (number >= STOPPED or days_ago >= STOPPED_DAYS_AGO)
    ]


def active_in_28_days(days_ago: int = 1) -> int:
    return len({n for ago in range(days_ago, days_ago + 28) for n in people_on(ago)})


def usage_file(today: date) -> bytes:
    """One event a person and day, then a row repeated and a row whose time has no zone."""
    rows = [
        (f"{ago}-{number}", noon(today, ago), KEY, f"p{number}", "Opened", "Looms")
        for ago in range(HISTORY_DAYS, 0, -1)
        for number in people_on(ago)
    ]
    naive = ("naive", "2026-01-05T09:30:00", KEY, "p1", "Opened", "Looms")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows, rows[0], naive])
    return text.getvalue().encode()


def noon(today: date, ago: int) -> str:
    return datetime.combine(today - timedelta(days=ago), time(12), UTC).isoformat()


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def fill(page: Page, **fields: str) -> None:
    """Fills fields by their names."""
    for name, value in fields.items():
        page.locator(f"main [name={name}]").fill(value)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@dataclass
class Journey:
    """One person on one page after the other; `events` counts the rows that are new."""

    visits: Visits
    page: Page
    today: date = field(default_factory=lambda: datetime.now(ZoneInfo(ZONE)).date())

    @property
    def events(self) -> int:
        return sum(len(people_on(ago)) for ago in range(1, HISTORY_DAYS + 1))

    def come_in(self) -> None:
        """The administrator of a new workspace sets a password and signs in."""
        made = self.visits.copy.manage(
            "create_workspace", SLUG, "--name", CUSTOMER, "--time-zone", ZONE, "--admin", ADMIN
        )
        self.page.goto(made[-1])
        for place in self.page.locator("main input[type=password]").all():
            place.fill(PASSWORD)
        self.page.locator("main .btn-primary").click()
        self.page.wait_for_url("**/done/")
        sign_in(self.page, ADMIN, PASSWORD)
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Your book is empty")

    def add_customer(self) -> None:
        self.page.get_by_role("link", name="New customer").click()
        fill(self.page, name=CUSTOMER, external_id=KEY, seats="20")
        press(self.page, "Add customer")
        expect(self.page.get_by_role("heading", name=CUSTOMER, level=1)).to_be_visible()

    def begin_engagement(self) -> None:
        self.page.get_by_role("link", name="New engagement").click()
        start = self.today - timedelta(days=HISTORY_DAYS + 10)
        fill(
            self.page,
            name="Looms on every floor",
            key=KEY,
            lead_name="Ada Weaver",
            start_date=start.isoformat(),
            go_live_date=(start + timedelta(days=9)).isoformat(),
            sign_off_date=(self.today + timedelta(days=60)).isoformat(),
        )
        self.page.locator("main [name=phase]").select_option("adopt")
        press(self.page, "Begin engagement")
        expect(self.page.get_by_text("Ada Weaver").first).to_be_visible()

    def import_plan(self) -> None:
        content = gzip.decompress((DATA / "plans" / "programme_64_packages.xml.gz").read_bytes())
        self.tab("Plan")
        self.page.get_by_role("link", name="Bring in a plan").click()
        self.page.locator("main input[type=file]").set_input_files(file("plan.xml", content))
        press(self.page, "Read the file")
        press(self.page, "Bring in")
        expect(self.page.get_by_text("The plan finishes on")).to_be_visible()
        outline = self.page.get_by_role("region", name="Outline")
        assert outline.locator("tr.critical").count() > 0
        expect(self.page.locator("svg.timeline")).to_be_visible()

    def import_usage(self) -> None:
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Usage").click()
        self.page.get_by_role("link", name="Import a usage log").click()
        content = gzip.compress(usage_file(self.today))
        self.page.locator("main input[type=file]").set_input_files(file("use.csv.gz", content))
        press(self.page, "Read the file")
        done = self.page.get_by_text(f"{self.events} events are new.")
        expect(done).to_be_visible(timeout=IMPORT_MS)
        assert texts(self.page, "Rows") == [self.events + 2, self.events, 1, 1]
        fault = self.page.get_by_role("region", name="Rows left out").locator("tbody tr")
        expect(fault).to_have_count(1)
        expect(fault).to_contain_text("timestamp")

    def run_the_night(self) -> None:
        self.visits.copy.manage("nightly", "--workspace", SLUG, "--wait")

    def see_usage(self) -> None:
        """Page, CSV and API agree with the count."""
        self.open_engagement()
        self.tab("Usage")
        expected = active_in_28_days()
        assert texts(self.page, "Figures")[0] == expected
        expect(self.page.locator(".drawn[data-state=drawn]")).to_be_visible()
        newest = self.download("CSV")[-1]
        yesterday = (self.today - timedelta(days=1)).isoformat()
        assert (newest["day"], newest["mau"]) == (yesterday, str(expected))
        span = f"first={yesterday}&last={yesterday}"
        [row] = self.ask(f"usage/?{span}")
        assert row.pop("customer") == KEY
        assert float(newest.pop("dau_mau_ratio")) > 0
        assert {key: str(value) for key, value in row.items()} == newest

    def define_measure(self) -> None:
        self.tab("Measures")
        self.page.get_by_role("link", name="Add the first measure").click()
        self.page.locator("main [name=definition]").select_option(label="28-day active users")
        press(self.page, "Measure this")
        expect(self.page.get_by_role("heading", name="Agree a target")).to_be_visible()

    def agree(self) -> None:
        """First without saying how much, which is refused by name, then whole."""
        deadline = self.today + timedelta(days=60)
        fill(
            self.page,
            quality="weavers who plan their work in it",
            amount="",
            deadline=deadline.isoformat(),
            baseline_amount="1",
            baseline_date=(self.today - timedelta(days=HISTORY_DAYS + 11)).isoformat(),
            for_customer="Ada Weaver",
            agreed_date=self.today.isoformat(),
        )
        fill(
            self.page,
            **{
                "milestones-0-name": "Half the floor",
                "milestones-0-amount": "6",
                "milestones-0-due_date": (self.today + timedelta(days=20)).isoformat(),
            },
        )
        self.page.locator("main form").evaluate("form => { form.noValidate = true; }")
        press(self.page, "Record the agreement")
        expect(self.page.get_by_text("Say how much (quantity).")).to_be_visible()
        fill(self.page, amount=str(TARGET))
        press(self.page, "Record the agreement")
        expect(self.page.get_by_role("complementary")).to_contain_text("Half the floor")

    def see_measure(self) -> None:
        """The chart, its table, the CSV and the API show the figures of the count."""
        expect(self.page.locator(".drawn[data-state=drawn] svg").first).to_be_visible()
        expected = active_in_28_days()
        assert texts(self.page, "Figures")[:3] == [expected, TARGET, 1]
        readings = self.download("CSV")
        counted = {self.day(ago): active_in_28_days(ago) for ago in range(1, HISTORY_DAYS + 1)}
        read = {row["day"]: float(row["amount"]) for row in readings}
        assert {day: read[day] for day in counted} == counted
        assert self.drawn() >= set(counted.items())
        measure = self.page.url.rstrip("/").rpartition("/")[2]
        told = self.ask(f"measures/{measure}/readings/")
        assert {row["day"]: row["amount"] for row in told} == read
        self.see_table(expected)

    def see_table(self, expected: int) -> None:
        table = self.page.get_by_role("region", name="Readings")
        expect(table).to_be_hidden()
        self.page.locator("details.as-table > summary").click()
        expect(table.locator("tbody tr").first.locator("td").first).to_have_text(str(expected))

    # --- on the way -------------------------------------------------------------------------

    def day(self, ago: int) -> str:
        return (self.today - timedelta(days=ago)).isoformat()

    def tab(self, name: str) -> None:
        tabs = self.page.get_by_role("navigation", name="Engagement")
        tabs.get_by_role("link", name=name, exact=True).click()

    def open_engagement(self) -> None:
        self.page.goto(f"/w/{SLUG}/")
        book = self.page.get_by_role("region", name="Customers")
        book.get_by_role("link", name=CUSTOMER, exact=True).click()

    def download(self, link: str) -> list[dict[str, str]]:
        with self.page.expect_download() as waiting:
            self.page.locator(".under").get_by_role("link", name=link).click()
        text = waiting.value.path().read_text(encoding="utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    def ask(self, address: str) -> Any:
        answer = self.page.request.get(f"/w/{SLUG}/api/v1/{address}")
        assert answer.ok, answer.text()
        return answer.json()

    def drawn(self) -> set[tuple[str, float]]:
        """Every point of the lines in the chart."""
        points = self.page.locator(".drawn").evaluate(
            "box => box.data.flatMap((line) => line.x.map((x, n) => [x, line.y[n]]))"
        )
        return {(str(x)[:10], y) for x, y in points}


def texts(page: Page, name: str) -> Sequence[float]:
    """The figures of the tiles with that name."""
    found = page.get_by_role("list", name=name, exact=True).locator("b").all_inner_texts()
    return [float(re.sub(r"[^\d.,-]", "", text).replace(",", "") or "nan") for text in found]


def test_journey(visits: Visits) -> None:
    journey = Journey(visits, visits.page())
    journey.come_in()
    journey.add_customer()
    journey.begin_engagement()
    journey.import_plan()
    journey.import_usage()
    journey.run_the_night()
    journey.see_usage()
    journey.define_measure()
    journey.agree()
    journey.see_measure()
