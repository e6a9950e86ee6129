"""Reading: what row security costs, the book of business under load, and charts as plain dicts.

python -m tests.benchmarks.bench_pages
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from statistics import median
from typing import Any
from uuid import UUID

import psycopg2

from tests.benchmarks.database import analyse, services
from tests.benchmarks.report import Row, print_table, ratio, seconds
from tests.benchmarks.serving import FLOOR, latencies, web_server
from tests.soak.seeding import fill, key_of

WORKSPACES, CUSTOMERS, DAYS = 200, 50, 90
TODAY = date(2026, 11, 22)
READ = """
SELECT day, dau, wau, mau FROM usage_dailyuse
WHERE tenant_id = %s AND customer_id = %s AND day >= %s ORDER BY day
"""
READS, ROUNDS = 400, 5
A_SECOND, LASTS_SECONDS = 100, 4.0


def run() -> list[Row]:
    """Every bar of reading, in a process of its own, since another file has its own database."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure).result()


def measure() -> list[Row]:
    with services() as superuser:
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        tenant_id, session = _somebody()
        customers = _fill(superuser)
        return [
            *_row_security(superuser, tenant_id, customers),
            *_book(session),
            *_charts(tenant_id, customers[0]),
        ]


def _somebody() -> tuple[UUID, str]:
    """A workspace with an administrator who is signed in: its id and the session's key."""
    from django.test import Client

    from people.models import User
    from people.operations import create_workspace
    from tenancy import operations as tenancy
    from tenancy.models import Role

    tenant, _admin = create_workspace(slug="bench", name="Bench", time_zone="UTC")
    person = User.objects.create_user("bench@example.org", name="Bench")
    tenancy.add_member(tenant=tenant, user=person, role=Role.ADMIN)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person)
    return tenant.pk, browser.session.session_key or ""


def _fill(superuser: str) -> list[UUID]:
    """Workspaces with customers and closed days; the ids of the customers of the first."""
    connection = psycopg2.connect(superuser)
    with connection, connection.cursor() as cursor:
        tenant = {"id": key_of("w"), "slug": "'other-' || w", "name": "'Other ' || w"}
        written = {"time_zone": "'UTC'", "locale": "'en-GB'", "currency": "'EUR'"}
        fill(cursor, "tenancy_tenant", tenant | written, f"generate_series(2, {WORKSPACES}) w")
        every = f"tenancy_tenant t, generate_series(1, {CUSTOMERS}) c"
        owned = {"tenant_id": "t.id", "time_zone": "'UTC'"}
        customer = {"id": key_of("t.id", "c"), "external_id": "'customer-' || c"}
        fill(cursor, "engagements_customer", owned | customer | {"name": "'Customer ' || c"}, every)
        counts = {"dau": "10 + (c + d) % 7", "wau": "30 + d % 9", "mau": "60 + c + d % 5"}
        day = {"customer_id": key_of("t.id", "c"), "day": "current_date - d", "tenant_id": "t.id"}
        fill(cursor, "usage_dailyuse", day | counts, f"{every}, generate_series(1, {DAYS}) d")
        cursor.execute(
            "SELECT c.id FROM engagements_customer c JOIN tenancy_tenant t ON t.id = c.tenant_id"
            " WHERE t.slug = 'bench' ORDER BY c.id"
        )
        found = [UUID(str(key)) for (key,) in cursor.fetchall()]
    connection.close()
    analyse(superuser)
    return found


def _row_security(superuser: str, tenant_id: UUID, customers: list[UUID]) -> list[Row]:
    """The same statement, asked by the role that policies bind and by one they do not."""
    import os

    role, other = psycopg2.connect(os.environ["DATABASE_URL"]), psycopg2.connect(superuser)
    with role.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.tenant_id', %s, true), set_config('app.realm', 'staff', true)",
            [str(tenant_id)],
        )
    since = date.today() - timedelta(days=DAYS)  # noqa: DTZ011 (as the rows were made)

    def asking(connection: Any) -> Callable[[], object]:
        def ask() -> None:
            with connection.cursor() as cursor:
                for number in range(READS):
                    customer = customers[number % len(customers)]
                    cursor.execute(READ, [str(tenant_id), str(customer), since])
                    assert len(cursor.fetchall()) == DAYS

        return ask

    calls = {"policies": asking(role), "plain": asking(other)}
    seconds(calls, 1)
    times = seconds(calls, 2 * ROUNDS)
    role.close()
    other.close()
    note = f"{median(times['policies']) / READS * 1000:.2f} ms a question"
    share = ratio(times, "policies", "plain")
    return [Row("dashboard query: row security ÷ plain", share, 1.2, 1.05, note)]


def _book(session: str) -> list[Row]:
    """The book of fifty customers with their sparklines, asked for at a rate."""
    signed_in = {"Cookie": f"session={session}", "Accept": "text/html"}
    rate = {"a_second": A_SECOND, "lasts": LASTS_SECONDS}
    with web_server("tests.benchmarks.floor") as port:
        latencies(port, "/w/bench/", signed_in, a_second=4, lasts=2)
        slow = [
            (
                _p95(latencies(port, "/w/bench/", signed_in, **rate)),
                _p95(latencies(port, FLOOR, {}, **rate)),
            )
            for _round in range(3)
        ]
        alone = _p95(latencies(port, "/w/bench/", signed_in, a_second=5, lasts=4))
    page, floor = (median(column) for column in zip(*slow, strict=True))
    note = (
        f"p95 {page * 1000:.0f} ms, floor {floor * 1000:.1f} ms;"
        f" {alone * 1000:.0f} ms at 5 a second"
    )
    share = median(one / other for one, other in slow)
    return [Row(f"book of {CUSTOMERS} at {A_SECOND}/s ÷ floor, p95", share, 4, 2, note)]


def _p95(times: list[float]) -> float:
    return times[int(len(times) * 0.95)]


def _charts(tenant_id: UUID, customer_id: UUID) -> list[Row]:
    import orjson
    import plotly.graph_objects as go

    from tenancy.scope import tenant_scope
    from usage.charts import trend
    from usage.queries import get_usage_series

    with tenant_scope(tenant_id):
        series = get_usage_series(
            customer_id=customer_id, first=TODAY - timedelta(days=DAYS), last=TODAY
        )
    times = seconds(
        {
            "dicts": lambda: orjson.dumps(trend(series, today=TODAY)),
            "validated": lambda: go.Figure(trend(series, today=TODAY)).to_json(),
        },
        4 * ROUNDS,
    )
    note = f"{median(times['dicts']) * 1000:.2f} ms"
    return [Row("chart JSON ÷ go.Figure", ratio(times, "dicts", "validated"), 0.1, 0.02, note)]


if __name__ == "__main__":
    sys.exit(not print_table(run()))
