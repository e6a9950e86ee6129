"""The demo: the same each time, a story worth reading, and gone without a trace."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from adoption.queries import get_plan
from adoptiq.demo import activity, loading, story
from engagements.models import Engagement, Phase
from metrics.models import Reading
from people.models import User
from reviews.queries import Book, BookRow, Filters, get_book
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.conftest import empty_every_table
from tests.factories import make_cast
from tests.services import at
from usage.models import Event

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
SLUGS = ("northwind", "fjord")
# All of one kind, so that they run in a row and share what was loaded.
pytestmark = pytest.mark.django_db

Counts = dict[str, int]


@dataclass(frozen=True)
class Loads:
    """What was there before, what two loads in a row made, and what removal left between them."""

    before: Counts
    first: dict[str, Any]
    left: Counts
    second: dict[str, Any]


@pytest.fixture(scope="module")
def loads(django_db_blocker: Any) -> Iterator[Loads]:
    """The demo beside somebody else's workspaces, really committed; it stays for the tests."""
    with django_db_blocker.unblock():
        make_cast()
        before = counts()
        loading.load_demo(now=NOW, report=lambda line: None)
        first = told()
        loading.remove_demo()
        left = counts()
        loading.load_demo(now=NOW, report=lambda line: None)
        try:
            yield Loads(before, first, left, told())
        finally:
            loading.remove_demo()
            empty_every_table()


def counts() -> Counts:
    """Rows of every table, as the one role sees them that row security does not bind."""
    url = at(os.environ["ADOPTIQ_TEST_SUPERUSER_URL"], connection.settings_dict["NAME"])
    with psycopg2.connect(url) as everything, everything.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found: Counts = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]  # type: ignore[index]
    everything.close()
    return found


def told() -> dict[str, Any]:
    """The figures of both workspaces, without ids."""
    figures: dict[str, Any] = {}
    for slug in SLUGS:
        with tenant_scope(Tenant.objects.get(slug=slug).pk):
            figures[slug] = {
                "events": Event.objects.count(),
                "book": [figures_of(row) for row in book().rows],
                "readings": list(
                    Reading.objects.order_by("day", "amount").values_list("day", "amount")
                ),
                "plans": [plan_figures(row) for row in Engagement.objects.order_by("key")],
            }
    return figures


def book() -> Book:
    return get_book(filters=Filters(), today=NOW.date())


def figures_of(row: BookRow) -> tuple[Any, ...]:
    return (row.name, row.band, row.attention, row.active, row.before, row.points, row.seats)


def plan_figures(engagement: Engagement) -> list[tuple[Any, ...]]:
    plan = get_plan(engagement_id=engagement.pk)
    rows = plan.rows if plan else ()
    return [(row.name, row.start, row.finish, row.total_float_days, row.percent) for row in rows]


@pytest.fixture
def rows(loads: Loads) -> dict[str, BookRow]:
    """The book of the larger workspace, by customer."""
    with tenant_scope(Tenant.objects.get(slug="northwind").pk):
        return {row.name: row for row in book().rows}


def test_two_loads_tell_the_same(loads: Loads) -> None:
    assert loads.second == loads.first


def test_removal_leaves_nothing_and_touches_nobody(loads: Loads) -> None:
    changed = {
        table: (loads.before[table], rows)
        for table, rows in loads.left.items()
        if rows != loads.before.get(table, 0)
    }
    assert changed == {}


def test_there_is_a_year_of_use(loads: Loads) -> None:
    assert loads.second["northwind"]["events"] >= 100_000
    first = min(day for day, _amount in loads.second["northwind"]["readings"])
    assert (NOW.date() - first).days > 200


def test_there_are_customers_in_every_phase(rows: dict[str, BookRow]) -> None:
    assert len(rows) >= 12
    assert {row.phase for row in rows.values()} == {phase.value for phase in Phase}


def test_the_second_workspace_is_another_one(loads: Loads) -> None:
    with tenant_scope(Tenant.objects.get(slug="fjord").pk):
        assert {row.name for row in book().rows} == {"Bergen Buss", "Skog Paper", "Vik Hotels"}


def test_the_book_tells_who_is_late_silent_and_new(rows: dict[str, BookRow]) -> None:
    told = {name: (row.band, row.attention.headline) for name, row in rows.items()}
    assert told["Vantage Bank"] == ("act", "late")
    assert told["Marlow Health"] == ("act", "silent")
    assert told["Lumen Schools Trust"] == ("act", "never_used")
    assert told["Solberg Shipping"] == ("good", "rising")
    assert {band for band, _headline in told.values()} == {"act", "watch", "good"}


def test_the_recovering_one_was_down_and_came_back(rows: dict[str, BookRow]) -> None:
    points = [point for point in rows["Solberg Shipping"].points if point is not None]
    assert points[-1] > 1.3 * min(points)


def test_figures_are_possible(rows: dict[str, BookRow]) -> None:
    for row in rows.values():
        assert row.seats is None or row.active <= row.seats, row.name


def test_nothing_lies_in_the_future(loads: Loads) -> None:
    for slug in SLUGS:
        with tenant_scope(Tenant.objects.get(slug=slug).pk):
            assert not Event.objects.filter(occurred_at__gt=NOW).exists()
            assert not Reading.objects.filter(day__gte=NOW.date()).exists()


def test_everybody_of_the_demo_signs_in_with_the_one_password(loads: Loads) -> None:
    path = settings.ADOPTIQ_HOME / loading.SIGN_INS_FILE
    assert path.stat().st_mode & 0o777 == 0o600
    signs = {entry["role"]: entry for entry in json.loads(path.read_text())}
    assert len(signs) == 6
    entry = signs["CSM"]
    assert User.objects.get(email=entry["email"]).check_password(entry["password"])


def test_a_second_demo_is_refused(loads: Loads) -> None:
    with pytest.raises(loading.DemoIsLoaded):
        loading.load_demo(now=NOW, report=lambda line: None)
    call_command("load_demo")
    assert Tenant.objects.filter(is_demo=True).count() == len(SLUGS)


@pytest.mark.parametrize("company", story.NORTHWIND, ids=lambda company: company.external_id)
def test_use_is_drawn_the_same_each_time(company: story.Company) -> None:
    events = list(activity.events_of(company, NOW.date()))
    assert events == list(activity.events_of(company, NOW.date()))
    assert len({event.message_id for event in events}) == len(events)
