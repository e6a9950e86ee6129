"""Batches of events sent to a plant at a rate, or as fast as they are taken."""

import http.client
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import orjson
import psutil

from tests.adoptiq.plant import Plant

BATCH = 100
RESENT_SHARE = 0.1
PATIENCE_SECONDS = 30.0
NOBODY = "nobody answered"


@dataclass
class Sent:
    """What came back: (status, seconds from when it was due) a request, and which batches were
    acknowledged. `batches` counts those that were begun."""

    answers: list[tuple[str, float]] = field(default_factory=list)
    acknowledged: set[int] = field(default_factory=set)
    batches: int = 0
    resent: int = 0

    @property
    def statuses(self) -> Counter[str]:
        return Counter(status for status, _seconds in self.answers)

    @property
    def events(self) -> int:
        """Different events that were acknowledged."""
        return len(self.acknowledged) * BATCH

    def slowest(self, share: float = 0.99) -> float:
        times = sorted(seconds for _status, seconds in self.answers)
        return times[min(int(len(times) * share), len(times) - 1)]


class Sender:
    """One connection that is kept for as long as it lives."""

    def __init__(self, plant: Plant, name: str, *, customers: int, people: int) -> None:
        self.plant, self.name = plant, name
        self.customers, self.people = customers, people
        self.line: http.client.HTTPConnection | None = None
        self.headers = {"Authorization": f"Bearer {plant.furniture['key']}"}

    def body(self, number: int) -> bytes:
        """The same for the same number, message ids and all."""
        dice = random.Random(f"{self.name} {number}")
        moment = datetime.now(UTC) - timedelta(minutes=1)
        return orjson.dumps({"batch": [self._event(dice, number, i, moment) for i in range(BATCH)]})

    def _event(
        self, dice: random.Random, number: int, place: int, at: datetime
    ) -> dict[str, object]:
        customer = dice.randrange(self.customers)
        return {
            "type": "track",
            "event": "Feature Used",
            "messageId": f"{self.name}-{number}-{place}",
            "userId": f"user-{customer}-{dice.randrange(self.people)}",
            "timestamp": at.isoformat(),
            "properties": {"feature": f"area-{dice.randrange(40)}"},
            "context": {"groupId": f"customer-{customer}"},
        }

    def send(self, body: bytes) -> str:
        """The status, or NOBODY."""
        if self.line is None:
            self.line = http.client.HTTPConnection(
                "127.0.0.1", self.plant.port, timeout=PATIENCE_SECONDS
            )
        try:
            self.line.request("POST", "/v1/batch", body, self.headers)
            answer = self.line.getresponse()
            answer.read()
            return str(answer.status)
        except (OSError, http.client.HTTPException):
            self.close()
            return NOBODY

    def close(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


class Stream:
    """Several senders at one plant; each batch has a number, and may be sent more than once."""

    def __init__(self, plant: Plant, name: str, *, customers: int, people: int = 3) -> None:
        self.plant, self.name = plant, name
        self.customers, self.people = customers, people
        self.sent, self.lock = Sent(), threading.Lock()

    def sender(self) -> Sender:
        return Sender(self.plant, self.name, customers=self.customers, people=self.people)

    def at_rate(self, events_a_second: int, lasts: float, *, senders: int) -> Sent:
        """As many batches as are due, a tenth of them such as were acknowledged before."""
        gap = BATCH / events_a_second
        begins = time.monotonic() + 0.5
        due = iter(range(int(lasts / gap)))
        _together(senders, lambda: self._keep_pace(due, begins, gap))
        return self.sent

    def _keep_pace(self, due: Iterator[int], begins: float, gap: float) -> None:
        sender, dice = self.sender(), random.Random(threading.get_ident())
        while (turn := self._next(due)) is not None:
            number = self._number(dice)
            body, at = sender.body(number), begins + turn * gap
            time.sleep(max(0.0, at - time.monotonic()))
            self._note(number, sender.send(body), time.monotonic() - at)
        sender.close()

    @contextmanager
    def until_taken(self, *, senders: int) -> Iterator[Sent]:
        """For the length of the block: each sender repeats its batch until it is acknowledged."""
        stop = threading.Event()
        thread = threading.Thread(
            target=_together, args=(senders, lambda: self._insist(stop)), daemon=True
        )
        thread.start()
        try:
            yield self.sent
        finally:
            stop.set()
            thread.join(timeout=300)
            assert not thread.is_alive()

    def _insist(self, stop: threading.Event) -> None:
        sender, dice = self.sender(), random.Random(threading.get_ident())
        while not stop.is_set():
            number = self._number(dice)
            body = sender.body(number)
            while True:
                began = time.monotonic()
                status = sender.send(body)
                self._note(number, status, time.monotonic() - began)
                if status == "200":
                    break
                time.sleep(0.2)
        sender.close()

    def _next(self, due: Iterator[int]) -> int | None:
        with self.lock:
            return next(due, None)

    def _number(self, dice: random.Random) -> int:
        with self.lock:
            if self.sent.acknowledged and dice.random() < RESENT_SHARE:
                self.sent.resent += 1
                some = itertools.islice(self.sent.acknowledged, 200)
                return dice.choice(list(some))
            self.sent.batches += 1
            return self.sent.batches

    def _note(self, number: int, status: str, seconds: float) -> None:
        with self.lock:
            self.sent.answers.append((status, seconds))
            if status == "200":
                self.sent.acknowledged.add(number)


def _together(number: int, work: object) -> None:
    threads = [threading.Thread(target=work, daemon=True) for _one in range(number)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@contextmanager
def memory_of(plant: Plant, name: str) -> Iterator[list[int]]:
    """Bytes that a program and all it started hold, looked at twice a second."""
    found: list[int] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.5):
            with suppress(psutil.NoSuchProcess):
                top = plant.process(name)
                every = [top, *top.children(recursive=True)]
                found.append(sum(process.memory_info().rss for process in every))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join()


def stored(plant: Plant) -> int:
    """Rows of events that ever came over HTTP."""
    rows = plant.sql(
        "SELECT count(*) FROM usage_event WHERE tenant_id = %s AND name = 'Feature Used'"
        " AND received_at > now() - interval '1 day' AND source_id IN"
        " (SELECT id FROM usage_source WHERE tenant_id = %s AND name = 'plant')",
        *(plant.tenants[0], plant.tenants[0]),
    )
    return int(rows[0][0])
