"""A night in which everything is killed again and again ends as a calm one does, byte for byte."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg2
import pytest

from adoptiq import nightly
from tests.adoptiq.plant import Plant, plant
from tests.adoptiq.processes import eventually

pytestmark = pytest.mark.soak

WORKSPACES = int(os.environ.get("CHAOS_WORKSPACES", "40"))
LONGEST_SECONDS = 1800.0
CHILD_KILLED_EVERY_SECONDS = 5.0
# Share of the night done when something is restarted.
WORKER_KILLED_AT = (0.2, 0.5, 0.8)
VALKEY_RESTARTED_AT = (0.1, 0.4, 0.7)
VALKEY_FLUSHED_AT = (0.55,)
POSTGRES_RESTARTED_AT = (0.3, 0.6)
# When a row was written, what it is called inside, what was tried in vain and the audit's chain,
# which seals moments and who came first, differ from night to night.
NOT_A_RESULT = (
    "column_name LIKE '%%\\_at' OR column_name = 'id'"
    " OR (table_name, column_name) IN (('tenancy_jobrun', 'lease_until'),"
    " ('tenancy_jobrun', 'attempt'), ('tenancy_jobrun', 'error'), ('tenancy_auditentry', 'seq'),"
    " ('tenancy_auditentry', 'prev_hash'), ('tenancy_auditentry', 'row_hash'),"
    " ('tenancy_audithead', 'row_hash'))"
)
STILL_TO_DO = "SELECT count(*) FROM tenancy_jobrun WHERE state <> 'done' AND due_at <= now()"

Figure = Callable[[str, object], None]


class Night:
    """One copy of the same workspaces, and the programs that work on it."""

    def __init__(self, works: Plant, database: str) -> None:
        self.works, self.database = works, database
        self.superuser_url = self._at(works.endpoints.superuser_url)
        self.environment = {
            name: self._at(works.environment[name])
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_OPS_URL")
        }
        self.wanted = WORKSPACES * len(nightly.STEPS)
        self.done = 0

    def _at(self, url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(path=f"/{self.database}"))

    def start_worker(self) -> None:
        self.works.environment |= self.environment
        self.works.start_worker()

    def start_beats(self, number: int) -> None:
        self.works.environment |= self.environment
        for place in range(number):
            self.works.start_beat(f"beat {place}")

    def pass_by(self) -> float:
        """Seconds until every step of every workspace is done."""
        began = time.monotonic()
        assert eventually(self.is_over, seconds=LONGEST_SECONDS), self.open_runs()
        return time.monotonic() - began

    def is_over(self) -> bool:
        time.sleep(0.2)
        with suppress(psycopg2.OperationalError):
            counts = dict(self.ask("SELECT state, count(*) FROM tenancy_jobrun GROUP BY state"))
            assert not counts.get("parked"), self.open_runs()
            self.done = int(str(counts.get("done", 0)))
            return self.done >= self.wanted and self.ask(STILL_TO_DO) == [(0,)]
        return False

    def open_runs(self) -> list[tuple[object, ...]]:
        return self.ask(
            "SELECT job, state, attempt, due_at, error FROM tenancy_jobrun WHERE state <> 'done'"
        )

    def ask(self, query: str, *values: object) -> list[tuple[object, ...]]:
        connection = psycopg2.connect(self.superuser_url, connect_timeout=5)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def results(self) -> dict[str, Counter[str]]:
        """Rows by table, without what differs from night to night."""
        columns = self.ask(
            "SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY"
            " ordinal_position) FROM information_schema.columns JOIN pg_tables ON"
            " tablename = table_name WHERE table_schema = 'public' AND schemaname = 'public'"
            f" AND NOT ({NOT_A_RESULT}) GROUP BY table_name"
        )
        return {str(table): self._rows(str(table), str(names)) for table, names in columns}

    def _rows(self, table: str, names: str) -> Counter[str]:
        return Counter(str(row) for (row,) in self.ask(f'SELECT ({names})::text FROM "{table}"'))


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    with plant(tenants=1) as found:
        # The furniture of shorter tests is in nobody's night.
        found.sql("TRUNCATE tenancy_tenant CASCADE")
        folder = str(found.home)
        found.python("-m", "tests.soak.nights", str(WORKSPACES), folder, seconds=LONGEST_SECONDS)
        found.sql("DELETE FROM tenancy_jobrun")
        yield found


def copy_of(works: Plant, name: str) -> Night:
    works.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = 'adoptiq' AND pid <> pg_backend_pid()"
    )
    administration = works.endpoints.superuser_url.replace("/adoptiq", "/postgres")
    connection = psycopg2.connect(administration)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE adoptiq OWNER adoptiq_owner")
    connection.close()
    return Night(works, name)


class Chaos:
    """Kills and restarts what a night runs on, and counts what it did."""

    def __init__(self, works: Plant, night: Night) -> None:
        self.works, self.night = works, night
        self.counts = dict.fromkeys(("child", "worker", "valkey", "flush", "postgres"), 0)
        self.dice, self.stop = random.Random(3), threading.Event()
        planned = {
            "worker": (WORKER_KILLED_AT, lambda: works.kill("worker")),
            "valkey": (VALKEY_RESTARTED_AT, works.restart_valkey),
            "flush": (VALKEY_FLUSHED_AT, works.flush_valkey),
            "postgres": (POSTGRES_RESTARTED_AT, works.restart_postgres),
        }
        self.due = sorted(
            ((share, name, act) for name, (shares, act) in planned.items() for share in shares),
            key=lambda entry: entry[0],
        )

    def kill_child(self) -> None:
        with suppress(psutil.NoSuchProcess):
            children = self.works.process("worker").children()
            if children:
                self.dice.choice(children).kill()
                self.counts["child"] += 1

    def rage(self) -> None:
        killed = time.monotonic()
        while not self.stop.wait(0.2):
            while self.due and self.night.done / self.night.wanted >= self.due[0][0]:
                _share, name, act = self.due.pop(0)
                act()
                self.counts[name] += 1
            if time.monotonic() - killed > CHILD_KILLED_EVERY_SECONDS:
                self.kill_child()
                killed = time.monotonic()


@contextmanager
def chaos(works: Plant, night: Night) -> Iterator[dict[str, int]]:
    """Faults for the length of the block, and how many of each."""
    raging = Chaos(works, night)
    thread = threading.Thread(target=raging.rage)
    thread.start()
    try:
        yield raging.counts
    finally:
        raging.stop.set()
        thread.join()


def differing(found: Counter[str], wanted: Counter[str]) -> tuple[list[str], list[str]]:
    """Rows that are there and should not be, and those that are missing; three of each."""
    return sorted(found - wanted)[:3], sorted(wanted - found)[:3]


def test_a_chaos_night_ends_as_a_calm_one(works: Plant, figure: Figure) -> None:
    calm, wild = copy_of(works, "calm"), copy_of(works, "wild")
    before = calm.results()
    calm.start_worker()
    calm.start_beats(1)
    calm_seconds = calm.pass_by()
    works.stop_all()
    works.flush_valkey()
    wild.start_worker()
    wild.start_beats(3)
    with chaos(works, wild) as counts:
        wild_seconds = wild.pass_by()
    works.stop_all()
    after, found = calm.results(), wild.results()
    changed = [table for table in after if after[table] != before[table]]
    assert {"usage_dailyuse", "usage_userday", "metrics_reading"} <= set(changed)
    assert {table: differing(found[table], after[table]) for table in after} == dict.fromkeys(
        after, ([], [])
    )
    works.manage("verify_audit", "--heads", os.devnull)
    attempts = wild.ask("SELECT attempt, count(*) FROM tenancy_jobrun GROUP BY 1 ORDER BY 1")
    figure("chaos night: workspaces, runs", f"{WORKSPACES}, {wild.wanted}")
    figure("chaos night: faults", counts)
    figure("chaos night: runs by attempts", dict(attempts))
    figure("chaos night: tables changed, all equal", len(changed))
    figure("chaos night: rows of results", sum(after[table].total() for table in changed))
    figure(
        "chaos night: seconds, calm seconds, ratio",
        f"{wild_seconds:.0f}, {calm_seconds:.0f}, {wild_seconds / calm_seconds:.2f}",
    )
    assert counts["worker"] == counts["valkey"] == 3
    assert counts["postgres"] == 2
