# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Small plans for tests, written the short way."""

import gzip
from datetime import datetime
from io import BytesIO

from adoption.scheduling import STANDARD, Activity, Calendar, Link, Plan
from tests.paths import DATA

START = datetime(2026, 1, 5, 8)
DAY = 480
WEEK = 5 * DAY

PROJECT_FILES = ("link_types_and_lags", "programme_64_packages", "programme_1840_packages")


def project_file(name: str) -> BytesIO:
    """A Microsoft Project file of tests/data/plans, unpacked."""
    return BytesIO(gzip.decompress((DATA / "plans" / f"{name}.xml.gz").read_bytes()))


def plan(
    *activities: Activity,
    links: tuple[Link, ...] = (),
    calendar: Calendar = STANDARD,
    start: datetime = START,
    status_at: datetime | None = None,
) -> Plan:
    return Plan(start, activities, links, calendar, status_at)


def step(key: str, days: float = 1, **fields: object) -> Activity:
    return Activity(key, fields.pop("name", key), round(days * DAY), **fields)  # type: ignore[arg-type]
