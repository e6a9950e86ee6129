"""Use that was really recorded, for tests of measures in the database."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from metrics.definitions import ACTIVE_USERS
from metrics.models import Measure
from metrics.operations import define_measure
from tenancy.scope import tenant_scope
from tests.factories import Cast
from usage.operations import close_days, import_usage_file

NOW = datetime.now(UTC)
# The workspace and its customers are in Europe, so this day is over everywhere they are.
LAST = NOW.date() - timedelta(days=1)
FIRST = LAST - timedelta(days=83)

Use = Callable[[int], int]


def record_use(cast: Cast, folder: Path, people: Use, *, customer: str = "halden") -> None:
    """Over 84 days `people(day)` of p0, p1, … are around, each acting on the first day and then
    every 14 days; then the night closes them."""
    joined: dict[int, int] = {}
    path = folder / f"{customer}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["message_id", "timestamp", "customer_id", "user_id", "event", "feature"])
        for day in range(84):
            moment = f"{FIRST + timedelta(days=day)}T10:00:00Z"
            for person in range(people(day)):
                if (day - joined.setdefault(person, day)) % 14:
                    continue
                message = f"{customer}-{day}-{person}"
                writer.writerow([message, moment, customer, f"p{person}", "opened", "orders"])
    import_usage_file(
        tenant_id=cast.tenant.pk,
        path=path,
        mapping={},
        now=NOW,
        report=lambda outcome, percent: None,
        note=lambda errors: None,
    )
    with tenant_scope(cast.tenant.pk):
        close_days(business_date=LAST, now=NOW)


def grows(day: int) -> int:
    """One more person a day, from ten."""
    return 10 + day


@pytest.fixture
def used(cast: Cast, tmp_path: Path) -> Cast:
    """The cast, with 84 days of growing use at Halden."""
    record_use(cast, tmp_path, grows)
    return cast


@pytest.fixture
def measure(used: Cast) -> Measure:
    """Active users of Halden's engagement, without an agreement."""
    with tenant_scope(used.tenant.pk):
        return define_measure(engagement=used.engagement, definition=ACTIVE_USERS, now=NOW)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)
