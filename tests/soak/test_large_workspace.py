"""One workspace with fifty million events: what its pages cost, and how often they ask."""

import json
import os
import time
from collections.abc import Callable, Iterator

import psycopg2
import pytest

from tests.adoptiq.plant import Plant, plant
from tests.pages import MOST_QUERIES
from tests.soak.seeding import fill, key_of

pytestmark = pytest.mark.soak

EVENTS = int(os.environ.get("SOAK_EVENTS", "50000000"))
CUSTOMERS, PEOPLE, DAYS = 1_000, 50, 365
# Days on which somebody is active, of a year.
ACTIVE_EVERY = 6
BAR_SECONDS = 1.0

ASK = """
import json, sys, time, django
django.setup()
from django.test import Client
from people.models import User
from tests.pages import queries_of
browser = Client(SERVER_NAME="localhost")
browser.force_login(User.objects.get(email="plant@example.org"))
found = {}
for path in sys.argv[1:]:
    queries_of(browser, path)
    began = time.perf_counter()
    queries = queries_of(browser, path)
    found[path] = (queries, time.perf_counter() - began)
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    with plant(tenants=1) as found:
        began = time.monotonic()
        rows = seed(found)
        found.furniture["seeded"] = f"{rows:,} events in {time.monotonic() - began:.0f} s"
        yield found


def seed(works: Plant) -> int:
    """Events of a year in the order they are read in, and what the nights made of them."""
    tenant = f"'{works.tenants[0]}'::uuid"
    owned = {"tenant_id": tenant, "customer_id": key_of("c")}
    customers, people = f"generate_series(1, {CUSTOMERS}) c", f"generate_series(1, {PEOPLE}) p"
    connection = psycopg2.connect(works.endpoints.superuser_url)
    with connection, connection.cursor() as cursor:
        customer = {"tenant_id": tenant, "id": key_of("c"), "external_id": "'customer-' || c"}
        named = {"name": "'Customer ' || c", "time_zone": "'UTC'"}
        fill(cursor, "engagements_customer", customer | named, customers)
        person = {"id": key_of("c", "p"), "external_id": "'user-' || c || '-' || p"}
        fill(cursor, "engagements_enduser", owned | person, f"{customers}, {people}")
        rows = _seed_events(cursor, owned, customers)
        _seed_days(cursor, owned, customers, people)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    return rows


def _seed_events(cursor: object, owned: dict[str, str], customers: str) -> int:
    each = EVENTS // CUSTOMERS
    event = {
        "id": "gen_random_uuid()",
        "source_id": key_of("c"),
        "end_user_id": key_of("c", f"1 + e % {PEOPLE}"),
        "occurred_at": f"now() - e * interval '{DAYS} days' / {each}",
        "received_at": "now()",
        "name": "'Seeded'",
        "feature": "'area-' || e % 40",
    }
    return fill(cursor, "usage_event", owned | event, f"{customers}, generate_series(1, {each}) e")


def _seed_days(cursor: object, owned: dict[str, str], customers: str, people: str) -> None:
    days = f"generate_series(1, {DAYS}) d"
    on = owned | {"day": "current_date - d"}
    active = f"{customers}, {people}, {days} WHERE (d + p) % {ACTIVE_EVERY} = 0"
    used = on | {"end_user_id": key_of("c", "p"), "events": "15"}
    fill(cursor, "usage_userday", used, active)
    fill(cursor, "usage_featureuserday", used | {"feature": "'area-' || (p + d) % 40"}, active)
    counts = {"dau": "8", "wau": "45", "mau": f"{PEOPLE}", "events": "137"}
    fill(cursor, "usage_dailyuse", on | counts, f"{customers}, {days}")
    span = {"first_day": f"current_date - {DAYS}", "last_day": "current_date - 1"}
    whole = owned | span | {"end_user_id": key_of("c", "p")}
    fill(cursor, "usage_userspan", whole, f"{customers}, {people}")
    state = {"first_day": f"current_date - {DAYS}", "closed_day": "current_date - 1"}
    own = {"id": key_of("'state'", "c"), "time_zone": "'UTC'"}
    fill(cursor, "usage_usagestate", owned | state | own, customers)


def test_pages_ask_little_and_answer_soon(
    works: Plant, figure: Callable[[str, object], None]
) -> None:
    figure("seeded", works.furniture["seeded"])
    [(customer,)] = works.sql("SELECT id FROM engagements_customer ORDER BY id LIMIT 1")
    start = "/w/plant-0"
    usage = f"{start}/customers/{customer}/usage/in-full/"
    paths = [
        f"{start}/usage/",
        f"{start}/usage/sources/",
        usage,
        *(f"{usage}{part}/" for part in ("features", "cohorts", "habit", "people", "events")),
    ]
    found = json.loads(works.python("-c", ASK, *paths))
    for path, (queries, seconds) in found.items():
        name = path.replace(str(customer), "…")
        figure(name, f"{queries} questions, {seconds * 1000:.0f} ms")
    assert {path for path, (queries, _s) in found.items() if queries > MOST_QUERIES} == set()
    assert {path for path, (_q, seconds) in found.items() if seconds > BAR_SECONDS} == set()
