"""Usage in: a file, and batches over HTTP, beside COPY BINARY of the same rows into the same table.

python -m tests.benchmarks.bench_usage
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import numpy as np
import psycopg2

from tests.benchmarks.database import analyse, services
from tests.benchmarks.report import Row, print_table, ratio, seconds
from tests.benchmarks.serving import WORKERS, send_all, web_server

EVENTS = 300_000
HTTP_EVENTS = 25_000
CUSTOMERS, USERS, FEATURES = 200, 5_000, 60
ROUNDS = 5
WARMING = 4
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = np.datetime64("2025-10-01", "us").astype(np.int64)
YEAR = 365 * 86_400 * 1_000_000
HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
TABLES = "usage_event, usage_receipt, usage_touch"
COLUMNS = (
    "tenant_id, id, source_id, customer_id, end_user_id, occurred_at, received_at, name, feature"
)


@dataclass(frozen=True)
class Log:
    """The same events three times: as a file, as rows of COPY BINARY, as requests."""

    path: Path
    rows: bytes
    batches: list[bytes]
    singles: list[bytes]


def run() -> list[Row]:
    """Every bar of usage, measured."""
    with services() as superuser:
        bench = Bench(superuser)
        return [*bench.files(), *bench.requests()]


class Bench:
    """A workspace with a source, and the ways events get into it."""

    def __init__(self, superuser: str) -> None:
        from people.operations import create_workspace
        from tenancy.scope import tenant_scope
        from usage.operations import create_source

        self.superuser = superuser
        self.tenant, _admin = create_workspace(slug="bench", name="Bench", time_zone="UTC")
        with tenant_scope(self.tenant.pk):
            self.source, self.key = create_source(name="bench", creates_customers=True)
        self.rng = np.random.default_rng(1)
        self.folder = Path(os.environ["ADOPTIQ_HOME"])

    def files(self) -> list[Row]:
        self._import(self._log(10_000))  # customers and end users are known from here on
        analyse(self.superuser)
        logs = iter([self._log(EVENTS) for _round in range(ROUNDS)] * 3)
        current: list[Log] = []

        def begin() -> None:
            self._empty()
            current[:] = [next(logs)]

        begin()
        times = seconds(
            {
                "copy": lambda: self._copy(current[0].rows),
                "": self._empty,
                "import": lambda: self._import(current[0]),
                "again": lambda: self._import(current[0]),
                " ": begin,
            },
            ROUNDS,
        )
        rate = EVENTS / sorted(times["import"])[ROUNDS // 2] / 1000
        return [
            Row(
                "file import ÷ COPY BINARY",
                1 / ratio(times, "import", "copy"),
                0.40,
                0.60,
                f"{rate:.0f} k events/s",
                at_least=True,
            ),
            Row(
                "the same file again ÷ COPY BINARY",
                1 / ratio(times, "again", "copy"),
                0.40,
                0.60,
                at_least=True,
            ),
        ]

    def requests(self) -> list[Row]:
        """Over HTTP to two web processes, which share the two cores with sender and database."""
        log = self._log(HTTP_EVENTS)
        with web_server() as port:
            # Customers and end users are known from here on, to each of the web processes.
            for _time in range(WARMING):
                self._send(port, log.batches)
            analyse(self.superuser)
            self._empty()
            times = seconds(
                {
                    "copy": lambda: self._copy(log.rows),
                    "": self._empty,
                    "500": lambda: self._send(port, log.batches),
                    " ": self._empty,
                    "100": lambda: self._send(port, log.singles),
                    "  ": self._empty,
                },
                ROUNDS,
            )
        return [
            Row(
                "requests of 500 ÷ COPY BINARY",
                1 / ratio(times, "500", "copy"),
                0.25,
                0.45,
                _rate(times["500"]),
                at_least=True,
            ),
            Row(
                "requests of 100 ÷ COPY BINARY",
                1 / ratio(times, "100", "copy"),
                0.12,
                0.20,
                _rate(times["100"]),
                at_least=True,
            ),
        ]

    def _log(self, count: int) -> Log:
        """Events of a year in the order of time, ids at random."""
        rng = self.rng
        users = rng.integers(0, USERS, count)
        instants = np.sort(rng.integers(0, YEAR, count)) + START
        features = rng.integers(0, FEATURES, count)
        times = np.datetime_as_string(instants.astype("datetime64[us]"), unit="s").tolist()
        ids = [UUID(bytes=rng.bytes(16)) for _event in range(count)]
        found = list(zip(ids, times, users.tolist(), features.tolist(), strict=True))
        path = self.folder / f"{ids[0]}.csv"
        path.write_text(
            HEADER
            + "".join(
                f"{key},{at}Z,customer-{user % CUSTOMERS:03},user-{user:04},Feature Used,area-{f:02}\n"
                for key, at, user, f in found
            )
        )
        items = [_item(*event) for event in found] if count <= HTTP_EVENTS else []
        return Log(
            path,
            self._rows(ids, instants, users, features),
            _batches(items, 500),
            _batches(items, 100),
        )

    def _rows(self, ids: list[UUID], instants: Any, users: Any, features: Any) -> bytes:
        from usage.adapters import binary_rows

        count = len(ids)
        customers = np.frombuffer(self.rng.bytes(16 * CUSTOMERS), binary_rows.KEY)
        people = np.frombuffer(self.rng.bytes(16 * USERS), binary_rows.KEY)
        at = (instants - binary_rows.PG_EPOCH_MICROSECONDS).astype(">i8")
        names = np.array([f"area-{f:02}" for f in range(FEATURES)], dtype="S7")
        columns = [
            np.full(count, binary_rows.keys_of([self.tenant.pk])[0]),
            binary_rows.keys_of(ids),
            np.full(count, binary_rows.keys_of([self.source.pk])[0]),
            customers[users % CUSTOMERS],
            people[users],
            at,
            at,
            np.full(count, b"Feature Used", dtype="S12"),
            names[features],
        ]
        return binary_rows.encode(columns).getvalue()

    def _copy(self, rows: bytes) -> None:
        import io

        connection = psycopg2.connect(self.superuser)
        with connection, connection.cursor() as cursor:
            cursor.copy_expert(f"COPY usage_event ({COLUMNS}) FROM STDIN BINARY", io.BytesIO(rows))
        connection.close()

    def _import(self, log: Log) -> None:
        from tenancy.scope import tenant_scope
        from usage.operations import read_import, start_import

        with tenant_scope(self.tenant.pk):
            row = start_import(file_name="log", stored_as="", mapping={}, created_by=None)
        read_import(tenant_id=self.tenant.pk, import_id=row.pk, path=log.path, now=NOW)

    def _send(self, port: int, bodies: list[bytes]) -> None:
        headers = {
            "Authorization": f"Bearer {self.key.text}",
            "Content-Type": "application/json",
        }
        send_all(port, "/v1/batch", headers, bodies)

    def _empty(self) -> None:
        connection = psycopg2.connect(self.superuser)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {TABLES}")
            cursor.execute("CHECKPOINT")
        connection.close()


def _rate(times: list[float]) -> str:
    return f"{HTTP_EVENTS / median(times) / 1000:.0f} k events/s, {WORKERS} web processes"


def _item(key: UUID, at: str, user: int, feature: int) -> dict[str, Any]:
    return {
        "type": "track",
        "messageId": str(key),
        "timestamp": f"{at}Z",
        "userId": f"user-{user:04}",
        "event": "Feature Used",
        "properties": {"feature": f"area-{feature:02}"},
        "context": {
            "groupId": f"customer-{user % CUSTOMERS:03}",
            "library": {"name": "analytics-python", "version": "2.4.0"},
        },
    }


def _batches(items: list[dict[str, Any]], size: int) -> list[bytes]:
    return [
        json.dumps({"batch": items[start : start + size]}).encode()
        for start in range(0, len(items), size)
    ]


if __name__ == "__main__":
    sys.exit(0 if print_table(run()) else 1)
