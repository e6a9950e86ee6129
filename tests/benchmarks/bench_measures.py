"""Reading an engagement of a thousand measures, two years of readings each.

python -m tests.benchmarks.bench_measures
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from time import perf_counter
from typing import Any
from uuid import UUID

import psycopg2

from tests.benchmarks.database import analyse, services
from tests.benchmarks.report import Row, print_table
from tests.benchmarks.serving import latencies, web_server
from tests.soak.seeding import fill, key_of

MEASURES, DAYS = 1000, 730
# Every fourth is read each day, the others each week.
DAILY = 4
BAR_SECONDS, BAR_QUERIES = 0.25, 15
A_SECOND, LASTS_SECONDS = 5, 8.0
PAGES = {"measures": "measures/", "overview": "", "health": "health/"}


def run() -> list[Row]:
    """In a process of its own, since another file has its own database."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure).result()


def measure() -> list[Row]:
    with services() as superuser:
        from django.core.management import call_command

        from tests.benchmarks.bench_pages import _somebody

        call_command("collectstatic", interactive=False, verbosity=0)
        tenant_id, session = _somebody()
        engagement_id, readings = _fill(superuser, tenant_id)
        night = _judge(tenant_id)
        base = f"/w/bench/engagements/{engagement_id}/"
        note = f"{readings:,} readings; the night judged them in {night:.1f} s"
        return [*_times(base, session, note), *_queries(base)]


def _fill(superuser: str, tenant_id: UUID) -> tuple[UUID, int]:
    """The engagement, with a baseline and a target of every measure; its id and the readings."""
    from engagements import operations
    from tenancy.scope import tenant_scope

    today = datetime.now(UTC).date()
    with tenant_scope(tenant_id):
        customer = operations.create_customer(
            fields={"external_id": "bench", "name": "Bench", "time_zone": "UTC"},
            seats=500,
            today=today - timedelta(days=DAYS),
        )
        engagement = operations.create_engagement(
            customer=customer,
            fields={
                "key": "BENCH-1",
                "name": "Bench",
                "phase": "adopt",
                "start_date": today - timedelta(days=DAYS),
                "go_live_date": today - timedelta(days=DAYS // 2),
            },
        )
    owned = {
        "tenant_id": f"'{tenant_id}'::uuid",
        "customer_id": f"'{customer.pk}'::uuid",
        "created_at": "now()",
    }
    connection = psycopg2.connect(superuser)
    with connection, connection.cursor() as cursor:
        readings = _measured(cursor, owned, str(engagement.pk))
    connection.close()
    analyse(superuser)
    return engagement.pk, readings


def _measured(cursor: Any, owned: dict[str, str], engagement_id: str) -> int:
    every, one = f"generate_series(1, {MEASURES}) m", key_of("'measure'", "m")
    fill(
        cursor,
        "metrics_measure",
        owned
        | {
            "id": one,
            "engagement_id": f"'{engagement_id}'::uuid",
            "definition_key": "'new_route_share'",
            "definition_version": "1",
            "about": "'package'",
            "about_key": "'p' || m",
            "about_name": "'Package ' || m",
        },
        every,
    )
    del owned["created_at"]
    agreed = {
        "id": key_of("'agreement'", "m"),
        "measure_id": one,
        "baseline_amount": "10 + m % 7",
        "baseline_date": f"current_date - {DAYS}",
        "amount": "80",
        "deadline": "current_date + 60",
        "agreed_date": f"current_date - {DAYS} + 7",
    }
    fill(cursor, "metrics_agreement", owned | agreed, every)
    goal = {
        "id": key_of("'goal'", "m", "g"),
        "agreement_id": key_of("'agreement'", "m"),
        "kind": "'achievement'",
        "name": "'Step ' || g",
        "amount": "10 + g * 20",
        "due_date": f"current_date - {DAYS} + g * 200",
    }
    fill(cursor, "metrics_milestone", owned | goal, f"{every}, generate_series(1, 3) g")
    read = {
        "id": key_of("'reading'", "m", "d"),
        "measure_id": one,
        "day": "current_date - d",
        "amount": f"round((75 - d * (40 + m % 50) / {DAYS}.0 + (m + d) % 5)::numeric, 1)",
        "definition_version": "1",
    }
    days = f"generate_series(1, {DAYS}) d WHERE m % {DAILY} = 0 OR d % 7 = 1"
    return fill(cursor, "metrics_reading", owned | read, f"{every}, {days}")


def _judge(tenant_id: UUID) -> float:
    """What the night does with it; the seconds that takes."""
    from metrics.operations import judge_engagements
    from tenancy.scope import tenant_scope

    now = datetime.now(UTC)
    began = perf_counter()
    with tenant_scope(tenant_id):
        judge_engagements(business_date=now.date() - timedelta(days=1), now=now)
    return perf_counter() - began


def _times(base: str, session: str, note: str) -> list[Row]:
    """How long each page takes to be answered, asked for a few times a second."""
    signed_in = {"Cookie": f"session={session}", "Accept": "text/html"}
    rows = []
    with web_server() as port:
        for name, path in PAGES.items():
            latencies(port, base + path, signed_in, a_second=4, lasts=2)
            times = latencies(port, base + path, signed_in, a_second=A_SECOND, lasts=LASTS_SECONDS)
            p95 = times[int(len(times) * 0.95)]
            said = f"p95 {p95 * 1000:.0f} ms; {note}"
            title = f"{name} of {MEASURES:,} measures ÷ {BAR_SECONDS * 1000:.0f} ms, p95"
            rows.append(Row(title, p95 / BAR_SECONDS, 1.0, 0.6, said))
    return rows


def _queries(base: str) -> list[Row]:
    from django.test import Client

    from people.models import User
    from tests.pages import queries_of

    browser = Client(SERVER_NAME="localhost")
    browser.force_login(User.objects.get(email="bench@example.org"))
    rows = []
    for name, path in PAGES.items():
        # What any page remembers is asked for once.
        browser.get(base + path)
        asked = queries_of(browser, base + path)
        title = f"queries of {name} ÷ {BAR_QUERIES}"
        rows.append(Row(title, asked / BAR_QUERIES, 1.0, None, f"{asked} queries"))
    return rows


if __name__ == "__main__":
    sys.exit(not print_table(run()))
