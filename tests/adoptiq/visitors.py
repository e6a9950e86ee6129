"""People, browsers and senders at a plant's web server, all at once, with every answer noted."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.adoptiq.plant import Plant

TOKEN = "a" * 32
BOUNDARY = "----rehearsal"


@dataclass
class Visits:
    """What came back: (what was asked for, status or fault, seconds)."""

    seen: list[tuple[str, str, float]] = field(default_factory=list)

    @property
    def faults(self) -> Counter[str]:
        """Whatever is neither fine, nor a redirect, nor the asker's own doing."""
        return Counter(f"{what} {status}" for what, status, _t in self.seen if status > "499")

    @property
    def not_fine(self) -> Counter[str]:
        return Counter(f"{what} {status}" for what, status, _t in self.seen if status > "399")

    def slowest(self, share: float = 0.99) -> float:
        """Seconds within which that share of the requests was answered."""
        times = sorted(seconds for _what, _status, seconds in self.seen)
        return times[min(int(len(times) * share), len(times) - 1)]

    def of(self, what: str) -> int:
        return sum(1 for name, _status, _seconds in self.seen if name == what)


class Visitor:
    """Asks one thing after another, each over a connection of its own."""

    def __init__(self, plant: Plant, visits: Visits) -> None:
        self.plant, self.visits = plant, visits
        self.number = 0
        session = plant.furniture["session"]
        self.signed_in = {"Cookie": f"session={session}; csrf={TOKEN}", "Accept": "text/html"}
        self.passing = {"Cookie": f"csrf={TOKEN}", "Accept": "text/html"}

    def ask(self, what: str, method: str, path: str, body: bytes = b"", **headers: str) -> None:
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.plant.port, timeout=30)
        try:
            line.request(
                method, path, body or None, {k.replace("_", "-"): v for k, v in headers.items()}
            )
            answer = line.getresponse()
            answer.read()
            status = str(answer.status)
        except OSError as fault:
            status = type(fault).__name__
        except http.client.HTTPException as fault:
            status = type(fault).__name__
        finally:
            line.close()
        self.visits.seen.append((what, status, time.monotonic() - began))

    def page(self) -> None:
        self.ask("page", "GET", "/w/plant-0/", **self.signed_in)

    def sign_in_page(self) -> None:
        self.ask("sign-in page", "GET", "/accounts/login/", **self.passing)

    def sign_in(self) -> None:
        form = {"csrfmiddlewaretoken": TOKEN, "login": "plant@example.org", "password": "wrong"}
        kind = "application/x-www-form-urlencoded"
        body = urlencode(form).encode()
        self.ask("sign-in", "POST", "/accounts/login/", body, Content_Type=kind, **self.passing)

    def intake(self) -> None:
        self.number += 1
        key = self.plant.furniture["key"]
        name = f"{threading.get_ident()}-{self.number}"
        event = (
            f'{{"type":"track","event":"Used","messageId":"{name}","userId":"one",'
            f'"context":{{"groupId":"acme"}}}}'
        )
        body = f'{{"batch":[{event}],"writeKey":"{key}"}}'.encode()
        self.ask("intake", "POST", "/v1/batch", body, Content_Type="application/json")

    def upload(self) -> None:
        """A usage log, which is handed to the workers."""
        row = f"u{self.number},2026-11-10T10:00:00Z,acme,one,Used"
        fields = [
            ('name="csrfmiddlewaretoken"', TOKEN),
            (
                'name="file"; filename="use.csv"\r\nContent-Type: text/csv',
                f"message_id,timestamp,customer_id,user_id,event\n{row}\n",
            ),
        ]
        parts = [
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; {h}\r\n\r\n{v}" for h, v in fields
        ]
        body = ("\r\n".join(parts) + f"\r\n--{BOUNDARY}--\r\n").encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        path = "/w/plant-0/usage/imports/"
        self.ask("upload", "POST", path, body, Content_Type=kind, **self.signed_in)


def everything(visitor: Visitor) -> None:
    """One round of whatever must go on while the broker is away."""
    visitor.page()
    visitor.intake()
    visitor.upload()
    visitor.sign_in_page()
    visitor.sign_in()


@contextmanager
def visitors(
    plant: Plant, *, number: int = 3, round_of: Callable[[Visitor], None] = everything
) -> Iterator[Visits]:
    """So many people at once for the length of the block."""
    visits, stop = Visits(), threading.Event()

    def stay() -> None:
        visitor = Visitor(plant, visits)
        while not stop.is_set():
            round_of(visitor)
            stop.wait(0.05)

    threads = [threading.Thread(target=stay) for _person in range(number)]
    for thread in threads:
        thread.start()
    try:
        yield visits
    finally:
        stop.set()
        for thread in threads:
            thread.join()
