"""The night of usage beside DuckDB computing the same from parquet, and its growth with history.

python -m tests.benchmarks.bench_usage_night

BENCH_EVENTS sets the events of the history (5 million unless said; 50000000 for the real figure), of
which there is a customer for each 50,000 and fifty users for each customer. Rows of the history are
made by the database itself. DuckDB gets the events as parquet, reads all it needs of them for each
figure, and keeps user-days with and without features as the night does; it leaves habits out.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import UUID

import duckdb
import psycopg2

from tests.benchmarks.database import services
from tests.benchmarks.report import Row, print_table, ratio

EVENTS = int(os.environ.get("BENCH_EVENTS", "5000000"))
CUSTOMERS = max(EVENTS // 50_000, 10)
USERS, FEATURES = 50, 60
HISTORY, SHORT, ROUNDS, LATE_DAYS = 365, 33, 3, 164
LAST = date(2026, 10, 31)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
# Of a thousand users on a day of the history, and on a day that is measured: 0.43 % of all events.
USUAL, BUSY = 175, 275
PEOPLE = """
INSERT INTO engagements_customer (tenant_id, id, external_id, name, time_zone, segment, industry,
    currency, created_at, custom)
SELECT %(tenant)s, uuidv7(), 'c' || c, 'c' || c, 'UTC', '', '', 'EUR', now(), '{}'
FROM generate_series(1, %(customers)s) c;
INSERT INTO engagements_enduser (tenant_id, id, customer_id, external_id, name, email, created_at)
SELECT %(tenant)s, uuidv7(), c.id, 'u' || u, '', '', now()
FROM engagements_customer c, generate_series(1, %(users)s) u WHERE c.tenant_id = %(tenant)s;
CREATE TABLE IF NOT EXISTS bench_users (tenant_id uuid, n bigint, customer_id uuid, id uuid);
INSERT INTO bench_users
SELECT tenant_id, row_number() OVER (ORDER BY id), customer_id, id
FROM engagements_enduser WHERE tenant_id = %(tenant)s;
"""
MAKE = """
INSERT INTO usage_event (tenant_id, id, source_id, customer_id, end_user_id, occurred_at,
    received_at, name, feature)
SELECT %(tenant)s, gen_random_uuid(), %(tenant)s, u.customer_id, u.id, m.at, m.at, 'Feature Used',
    'area-' || (hashint8(u.n * 5 + e %% 5) & 2147483647) %% %(features)s
FROM generate_series(%(first)s::timestamptz, %(last)s::timestamptz, '1 day') d
JOIN bench_users u ON u.tenant_id = %(tenant)s AND (hashint8(
    u.n * 100003 + extract(day FROM d)::int * 400 + extract(doy FROM d)::int) & 2147483647) %% 1000
    < %(active)s
CROSS JOIN generate_series(1, 8 + (u.n %% 16)) e
CROSS JOIN LATERAL (SELECT d + interval '8 hours' + random() * e * interval '30 minutes' AS at) m;
INSERT INTO usage_touch (tenant_id, customers, first_at, last_at)
SELECT %(tenant)s, array_agg(id), %(first)s::timestamptz + interval '8 hours',
    %(last)s::timestamptz + interval '20 hours'
FROM engagements_customer WHERE tenant_id = %(tenant)s;
"""
EXPORT = """
COPY (
    SELECT customer_id, end_user_id, occurred_at AT TIME ZONE 'UTC', feature FROM usage_event
    WHERE tenant_id = '{tenant}' AND occurred_at >= '{first}' AND occurred_at < '{after}'
    ORDER BY occurred_at
) TO STDOUT CSV
"""
DUCK_DAY = """
CREATE OR REPLACE TEMP TABLE f AS
    SELECT customer, person, feature, moment::date AS day, count(*) AS n FROM read_parquet({files})
    WHERE moment >= DATE '{day}' - 27 AND moment < DATE '{day}' + 1 GROUP BY ALL;
CREATE OR REPLACE TABLE new_features AS SELECT * FROM f WHERE day = DATE '{day}';
CREATE OR REPLACE TABLE new_days AS
    SELECT customer, person, day, sum(n) AS n FROM new_features GROUP BY ALL;
CREATE OR REPLACE TABLE closed AS
WITH people AS (
    SELECT customer, person, max(day) AS last, count(DISTINCT day) AS days FROM f GROUP BY ALL
), pairs AS (
    SELECT customer, person, feature, count(DISTINCT day) >= 3
        AND count(DISTINCT (DATE '{day}' - day) // 7) >= 2 AS adopted FROM f GROUP BY ALL
), use AS (
    SELECT customer, count(*) FILTER (last = DATE '{day}') AS dau,
        count(*) FILTER (last > DATE '{day}' - 7) AS wau, count(*) AS mau,
        count(*) FILTER (days >= 10) AS deep FROM people GROUP BY ALL
)
SELECT use.*, count(DISTINCT feature) AS tried,
    count(DISTINCT feature) FILTER (adopted) AS adopted,
    count(DISTINCT person) FILTER (adopted) AS adopters
FROM use JOIN pairs USING (customer) GROUP BY ALL;
"""
ISLANDS = """
CREATE OR REPLACE TABLE {name} AS
WITH nth AS (
    SELECT {keys}, day AS begins, lag(day, {before}) OVER (PARTITION BY {keys} ORDER BY day) AS was
    FROM {rows}
), held AS (SELECT {keys}, begins, was + {window} AS ends FROM nth WHERE begins < was + {window}),
marked AS (
    SELECT *, begins > coalesce(
        lag(ends) OVER (PARTITION BY {keys} ORDER BY begins), DATE '1970-01-01') AS fresh FROM held
), grouped AS (
    SELECT *, sum(fresh::int) OVER (PARTITION BY {keys} ORDER BY begins) AS island FROM marked
), islands AS (
    SELECT {keys}, min(begins) AS begins, max(ends) AS ends FROM grouped GROUP BY {keys}, island
), edges AS (
    SELECT customer, begins AS day, 1 AS step FROM islands
    UNION ALL SELECT customer, ends, -1 FROM islands
), steps AS (SELECT customer, day, sum(step) AS step FROM edges GROUP BY ALL)
SELECT customer, day, sum(step) OVER (PARTITION BY customer ORDER BY day) AS n FROM steps;
"""
DUCK_ALL = [
    """
    CREATE OR REPLACE TABLE all_features AS
        SELECT customer, person, feature, moment::date AS day, count(*) AS n
        FROM read_parquet({files}) GROUP BY ALL;
    CREATE OR REPLACE TABLE all_days AS
        SELECT customer, person, day, sum(n) AS n FROM all_features GROUP BY ALL;
    CREATE OR REPLACE TABLE spans AS
        SELECT customer, person, min(day), max(day) FROM all_days GROUP BY ALL;
    CREATE OR REPLACE TABLE tried AS SELECT DISTINCT customer, feature, day FROM all_features;
    """,
    *(
        ISLANDS.format(name=name, rows=rows, keys=keys, window=window, before=least - 1)
        for name, rows, keys, window, least in (
            ("dau", "all_days", "customer, person", 1, 1),
            ("wau", "all_days", "customer, person", 7, 1),
            ("mau", "all_days", "customer, person", 28, 1),
            ("deep", "all_days", "customer, person", 28, 10),
            ("features_tried", "tried", "customer, feature", 28, 1),
            ("adopted", "all_features", "customer, person, feature", 28, 3),
        )
    ),
]


def run() -> list[Row]:
    """The bars of the night, measured."""
    with services() as superuser:
        bench = Night(superuser)
        return bench.rows()


class Night:
    """A workspace with a year of history, one with a month of it, and DuckDB with the same year."""

    def __init__(self, superuser: str) -> None:
        from people.operations import create_workspace

        self.database = psycopg2.connect(superuser)
        self.database.autocommit = True
        self.folder = Path(os.environ["ADOPTIQ_HOME"])
        self.files: list[str] = []
        self.duck = duckdb.connect(str(self.folder / "bench.duckdb"))
        self.times: dict[str, list[float]] = {}
        self.long, self.short = (
            create_workspace(slug=slug, name=slug, time_zone="UTC")[0].pk
            for slug in ("long", "short")
        )
        for tenant, days in ((self.long, HISTORY), (self.short, SHORT)):
            facts = {"tenant": str(tenant), "customers": CUSTOMERS, "users": USERS}
            self._run(PEOPLE, facts)
            self.make(tenant, LAST - timedelta(days=days - 1), LAST, USUAL)
        self._run("ANALYZE", {})
        self.export(LAST - timedelta(days=HISTORY - 1), LAST)

    def rows(self) -> list[Row]:
        self._timed("rebuild", lambda: self.night(self.long, LAST))
        self._timed("duck all", self.duck_all)
        self.night(self.short, LAST)
        self._run("VACUUM ANALYZE", {})
        for step in range(1, ROUNDS + 1):
            self.one_round(LAST + timedelta(days=step))
        new = self.per_event("night") if self.counted else 0.0
        note = f"{EVENTS / 1e6:g} M events, {self.counted / ROUNDS:,.0f} a night"
        return [
            Row("night ÷ DuckDB", ratio(self.times, "night", "duck day"), 1.5, 0.7, note),
            Row("night, 11 × the history", ratio(self.times, "night", "short"), 1.75, 1.2),
            Row("late event ÷ event in order", self.per_event("late") / new, 3, 1.5),
            Row(
                "full rebuild ÷ DuckDB",
                ratio(self.times, "rebuild", "duck all"),
                5,
                2,
                f"{self.times['rebuild'][0]:.0f} s against {self.times['duck all'][0]:.0f} s",
            ),
        ]

    counted = 0
    late_counted = 0

    def per_event(self, name: str) -> float:
        events = self.late_counted if name == "late" else self.counted
        return sum(self.times[name]) / events

    def one_round(self, day: date) -> None:
        self.counted += self.make(self.long, day, day, BUSY)
        self.make(self.short, day, day, BUSY)
        self.export(day, day)
        self._timed("night", lambda: self.night(self.long, day))
        self._timed("duck day", lambda: self.duck_day(day))
        self.check(day)
        self._timed("short", lambda: self.night(self.short, day))
        late = day - timedelta(days=LATE_DAYS)
        self.late_counted += self.make(self.long, late, late, BUSY)
        self._timed("late", lambda: self.night(self.long, day))

    def make(self, tenant: UUID, first: date, last: date, active: int) -> int:
        """Events of these days with their touches; returns how many there are in all of them."""
        facts = {"tenant": str(tenant), "first": first, "last": last, "active": active}
        before = self._one(f"SELECT count(*) FROM usage_event WHERE tenant_id = '{tenant}'")
        self._run("SET timezone = 'UTC';" + MAKE, facts | {"features": FEATURES})
        return self._one(f"SELECT count(*) FROM usage_event WHERE tenant_id = '{tenant}'") - before

    def night(self, tenant: UUID, day: date) -> None:
        from tenancy.scope import tenant_scope
        from usage.operations import close_days

        with tenant_scope(tenant):
            close_days(business_date=day, now=NOW)

    def export(self, first: date, last: date) -> None:
        path = self.folder / f"{first}.csv"
        query = EXPORT.format(tenant=self.long, first=first, after=last + timedelta(days=1))
        with path.open("wb") as file, self.database.cursor() as cursor:
            cursor.copy_expert(query, file)
        target = path.with_suffix(".parquet")
        self.duck.execute(
            "COPY (SELECT column0 AS customer, column1 AS person, column2::timestamp AS moment,"
            f" column3 AS feature FROM read_csv('{path}', header = false))"
            f" TO '{target}' (FORMAT parquet)"
        )
        path.unlink()
        self.files.append(str(target))

    def duck_day(self, day: date) -> None:
        self.duck.execute(DUCK_DAY.format(day=day, files=self.files))

    def duck_all(self) -> None:
        for statement in DUCK_ALL:
            self.duck.execute(statement.format(files=self.files))

    def check(self, day: date) -> None:
        """Both must have come to the same. Raises RuntimeError."""
        names = "dau, wau, mau, deep, features_tried, features_adopted, adopters"
        with self.database.cursor() as cursor:
            cursor.execute(
                f"SELECT customer_id::text, {names} FROM usage_dailyuse"
                " WHERE tenant_id = %s AND day = %s AND mau > 0 ORDER BY 1",
                [str(self.long), day],
            )
            ours = cursor.fetchall()
        theirs = self.duck.execute("SELECT * FROM closed ORDER BY customer::varchar").fetchall()
        if ours != [(str(key), *numbers) for key, *numbers in theirs]:
            raise RuntimeError(f"On {day} DuckDB comes to other numbers than the night.")

    def _timed(self, name: str, call: Any) -> None:
        began = perf_counter()
        call()
        self.times.setdefault(name, []).append(perf_counter() - began)

    def _run(self, statement: str, facts: dict[str, Any]) -> None:
        with self.database.cursor() as cursor:
            cursor.execute(statement, facts or None)

    def _one(self, query: str) -> int:
        with self.database.cursor() as cursor:
            cursor.execute(query)
            return int(cursor.fetchone()[0])


if __name__ == "__main__":
    sys.exit(0 if print_table(run()) else 1)
