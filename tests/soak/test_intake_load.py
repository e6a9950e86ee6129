"""Events over HTTP at scale: ten minutes at a rate, overload, and every part killed in turn."""

import os
import time
from collections.abc import Callable, Iterator

import psycopg2
import pytest

from tests.adoptiq.plant import Plant, plant
from tests.adoptiq.processes import eventually
from tests.soak.seeding import fill, key_of
from tests.soak.streams import BATCH, NOBODY, RESENT_SHARE, Sender, Sent, Stream, memory_of, stored

pytestmark = pytest.mark.soak

MINUTES = float(os.environ.get("SOAK_MINUTES", "10"))
WORKSPACES = 200
CUSTOMERS = int(os.environ.get("SOAK_CUSTOMERS", "100000"))
EVENTS_A_CUSTOMER, PEOPLE = 50, 3
# What one workspace holds of it.
LARGEST_SHARE = 0.2
RATE, BAR_SECONDS = int(os.environ.get("SOAK_RATE", "5000")), 0.5
MEMORY_BAR = 1.5 * 1024**3
NORMAL_AGAIN_SECONDS = 30.0
FINE = {"200", "202", "429", "503"}

Figure = Callable[[str, object], None]


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    """Web, worker and beat over a database that waits for its disk and holds a year of many."""
    with plant(tenants=1, durable=True) as found:
        began = time.monotonic()
        rows = seed(found)
        found.furniture["seeded"] = f"{rows:,} events in {time.monotonic() - began:.0f} s"
        found.start_worker()
        found.start_beat()
        found.start_web()
        yield found


def seed(works: Plant) -> int:
    """Workspaces, customers, people and a year of events; a fifth of it in the first workspace."""
    own = int(CUSTOMERS * LARGEST_SHARE)
    others = (CUSTOMERS - own) // (WORKSPACES - 1)
    shares = f"(SELECT id, CASE WHEN slug = 'plant-0' THEN {own} ELSE {others} END AS n"
    every = f"{shares} FROM tenancy_tenant) t, generate_series(0, t.n - 1) c"
    tenant, customer = {"tenant_id": "t.id"}, {"customer_id": key_of("t.id", "c")}
    person = key_of("t.id", "c", "p")
    connection = psycopg2.connect(works.endpoints.superuser_url)
    with connection, connection.cursor() as cursor:
        written = {"time_zone": "'UTC'", "locale": "'en-GB'", "currency": "'EUR'"}
        named = {"id": key_of("w"), "slug": "'other-' || w", "name": "'Other ' || w"}
        fill(cursor, "tenancy_tenant", named | written, f"generate_series(2, {WORKSPACES}) w")
        called = {"id": key_of("t.id", "c"), "external_id": "'customer-' || c"}
        shown = {"name": "'Customer ' || c", "time_zone": "'UTC'"}
        fill(cursor, "engagements_customer", tenant | called | shown, every)
        who = {"id": person, "external_id": "'user-' || c || '-' || p"}
        people = f"{every}, generate_series(0, {PEOPLE - 1}) p"
        fill(cursor, "engagements_enduser", tenant | customer | who, people)
        rows = _seed_events(cursor, tenant | customer, every)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    return rows


def _seed_events(cursor: object, owned: dict[str, str], every: str) -> int:
    key = key_of("t.id", "c", "e")
    event = {
        "id": key,
        "source_id": key_of("t.id"),
        "end_user_id": key_of("t.id", "c", f"e % {PEOPLE}"),
        "occurred_at": f"now() - e * interval '1 year' / {EVENTS_A_CUSTOMER}",
        "received_at": "now() - interval '2 days'",
        "name": "'Seeded'",
        "feature": "'area-' || e % 40",
    }
    source = f"{every}, generate_series(0, {EVENTS_A_CUSTOMER - 1}) e"
    rows = fill(cursor, "usage_event", owned | event, source)
    fill(cursor, "usage_receipt", {"tenant_id": "t.id", "id": key}, source)
    return rows


def stream_of(works: Plant, name: str) -> Stream:
    return Stream(works, name, customers=int(CUSTOMERS * LARGEST_SHARE), people=PEOPLE)


def test_a_steady_stream_is_taken_in_time_and_counted_exactly(works: Plant, figure: Figure) -> None:
    before = stored(works)
    with memory_of(works, "web") as memory:
        sent = stream_of(works, "steady").at_rate(RATE, MINUTES * 60, senders=16)
    figure("seeded", works.furniture["seeded"])
    figure(
        f"{RATE:,} events/s for {MINUTES:g} min: requests, of them sent again, p50, p99, memory",
        f"{len(sent.answers):,}, {sent.resent:,}, {sent.slowest(0.5) * 1000:.0f} ms,"
        f" {sent.slowest() * 1000:.0f} ms, {max(memory) / 1024**2:.0f} MiB",
    )
    assert set(sent.statuses) == {"200"}, sent.statuses
    assert sent.resent > len(sent.answers) * RESENT_SHARE / 2
    assert stored(works) - before == sent.events
    assert sent.slowest() <= BAR_SECONDS


def test_overload_is_told_to_come_back_and_leaves_nothing_behind(
    works: Plant, figure: Figure
) -> None:
    before = stored(works)
    lasts = min(MINUTES * 60, 60.0)
    with memory_of(works, "web") as memory:
        sent = stream_of(works, "overload").at_rate(3 * RATE, lasts, senders=200)
    took = seconds_until_normal(works)
    figure(
        f"{3 * RATE:,} events/s for {lasts:.0f} s: answers, events kept a second, memory",
        f"{dict(sent.statuses)}, {sent.events / lasts:,.0f}, {max(memory) / 1024**2:.0f} MiB",
    )
    figure("normal again after", f"{took:.1f} s")
    assert set(sent.statuses) <= FINE, sent.statuses
    assert max(memory) <= MEMORY_BAR
    assert took <= NORMAL_AGAIN_SECONDS
    assert stored(works) - before == sent.events + BATCH * works.furniture["probes"]


def seconds_until_normal(works: Plant) -> float:
    """Until ten batches in a row are taken in time."""
    began, row, number = time.monotonic(), 0, 0
    probe = Sender(works, f"probe {began}", customers=100, people=PEOPLE)
    works.furniture["probes"] = 0
    while row < 10:
        asked = time.monotonic()
        taken = probe.send(probe.body(number)) == "200"
        number += 1
        works.furniture["probes"] += taken
        row = row + 1 if taken and time.monotonic() - asked <= BAR_SECONDS else 0
        assert time.monotonic() - began < 2 * NORMAL_AGAIN_SECONDS
    probe.close()
    return time.monotonic() - began


def goes_on(sent: Sent) -> bool:
    """Whether twenty more batches come to be acknowledged."""
    wanted = len(sent.acknowledged) + 20
    return eventually(lambda: len(sent.acknowledged) >= wanted, seconds=120)


def test_whatever_is_killed_what_was_acknowledged_is_there_once(
    works: Plant, figure: Figure
) -> None:
    before = stored(works)
    kills = {
        "worker": lambda: works.kill("worker"),
        "web": lambda: works.kill("web"),
        "valkey": lambda: works.valkey.kill(),
        "postgres": lambda: works.postgres.kill(),
    }
    with stream_of(works, "killed").until_taken(senders=6) as sent:
        for kill in kills.values():
            assert goes_on(sent)
            kill()
        assert eventually(works.answers, seconds=120)
        assert goes_on(sent)
    figure(
        f"killed in turn: {', '.join(kills)}; requests, without an answer, acknowledged events",
        f"{dict(sent.statuses)}, {sent.statuses[NOBODY]}, {sent.events:,}",
    )
    assert stored(works) - before == sent.events
