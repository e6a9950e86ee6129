"""Interleaved requests of many workspaces, each answer compared with whose it has to be."""

import http.client
import json
import random
import socket
import struct
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

CLIENTS = 6
FAULTS, LATE_FAULTS, ABORTS = 0.04, 0.01, 0.01


@dataclass(frozen=True)
class Place:
    """A workspace with the one word its rows say, its keys and the cookie of a member's browser."""

    tenant_id: UUID
    slug: str
    word: str
    api_key: str
    source_key: str
    cookie: str


@dataclass
class Found:
    """What came of the requests: how many of each kind, and which answers were not as they had
    to be."""

    kinds: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    stored: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, kind: str, place: Place, *, right: bool, detail: str = "") -> None:
        with self.lock:
            self.kinds[kind] += 1
            if not right:
                self.wrong.append(f"{kind} of {place.word}: {detail}")
            elif kind == "event":
                self.stored[place.word] += 1


def run(port: int, places: list[Place], requests: int, seed: int) -> Found:
    """So many requests from several clients at once, whose places take turns at random."""
    found = Found()
    with ThreadPoolExecutor(CLIENTS) as clients:
        shares = [requests // CLIENTS + (n < requests % CLIENTS) for n in range(CLIENTS)]
        list(
            clients.map(
                lambda n: Client(port, places, found, seed + n).run(shares[n]), range(CLIENTS)
            )
        )
    return found


def leave_a_setting(port: int, place: Place) -> None:
    client = Client(port, [place], Found(), 0)
    status, _text = client.ask("GET", "/api/v1/forgetful/", client.by_key(place))
    assert status == 200


class Client:
    def __init__(self, port: int, places: list[Place], found: Found, seed: int) -> None:
        self.port, self.places, self.found = port, places, found
        self.dice = random.Random(seed)
        self.words = [place.word for place in places]

    def run(self, count: int) -> None:
        for number in range(count):
            place = self.dice.choice(self.places)
            chance = self.dice.random()
            if chance < ABORTS:
                self.abort(place)
            elif chance < ABORTS + FAULTS:
                self.fault(place)
            elif chance < ABORTS + FAULTS + LATE_FAULTS:
                self.late_fault(place)
            else:
                self.dice.choice((self.list, self.list, self.export, self.event))(place, number)

    def ask(
        self, method: str, path: str, headers: dict[str, str], body: str = ""
    ) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def by_key(self, place: Place) -> dict[str, str]:
        return {"Authorization": f"Bearer {place.api_key}"}

    def only(self, place: Place, text: str) -> bool:
        """It says the place's word, and nobody else's."""
        return [word for word in self.words if word in text] == [place.word]

    def list(self, place: Place, _number: int) -> None:
        status, text = self.ask("GET", "/api/v1/customers/", self.by_key(place))
        self.found.note("api", place, right=status == 200 and self.only(place, text), detail=text)

    def export(self, place: Place, _number: int) -> None:
        headers = {"Cookie": f"session={place.cookie}"}
        status, text = self.ask("GET", f"/w/{place.slug}/customers/export.csv", headers)
        self.found.note("page", place, right=status == 200 and self.only(place, text), detail=text)

    def event(self, place: Place, number: int) -> None:
        body = {
            "event": f"{place.word} opened",
            "messageId": f"{id(self)}-{number}",
            "userId": "u",
            "context": {"groupId": "only"},
            "writeKey": place.source_key,
        }
        status, text = self.ask("POST", "/v1/track", {}, json.dumps(body))
        self.found.note("event", place, right=status == 200, detail=text)

    def fault(self, place: Place) -> None:
        status, text = self.ask("GET", "/api/v1/fault/", self.by_key(place))
        quiet = not any(word in text for word in self.words)
        self.found.note("fault", place, right=status == 500 and quiet, detail=text)

    def late_fault(self, place: Place) -> None:
        try:
            _status, text = self.ask("GET", "/api/v1/late-fault/", self.by_key(place))
        except (http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError):
            text = place.word
        self.found.note("late fault", place, right=self.only(place, text), detail=text)

    def abort(self, place: Place) -> None:
        """Reads the beginning of a long answer and is gone, without a word of farewell."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as raw:
            # Closed at once, with a reset.
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.sendall(
                f"GET /api/v1/endless/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                f"Authorization: Bearer {place.api_key}\r\n\r\n".encode()
            )
            begin = b""
            while b"-" * 64 not in begin and (piece := raw.recv(4096)):
                begin += piece
        text = begin.decode(errors="replace")
        self.found.note("abort", place, right=self.only(place, text), detail=text[:300])
