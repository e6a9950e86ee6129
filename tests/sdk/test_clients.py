"""The published client libraries, unmodified, against the running product: only the host is new.

Each is given a source of its own. Where a library sends again, its first answer is lost on the way
back, so that what it sends was stored before.
"""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test.testcases import LiveServerThread

from engagements.models import EndUser
from tenancy.scope import tenant_scope
from tests import factories
from tests.conftest import empty_every_table
from usage.models import Event, Quarantined, Source
from usage.operations import create_source

HERE = Path(__file__).parent
PYTHON = HERE / ".venv" / "bin" / "python"
CALLS: list[list[str | Path]] = [
    [PYTHON, HERE / "clients.py"],
    ["node", HERE / "clients.js"],
]
EXPORT, HOME, OLD = "Report Exported", "Home", "Old Report"
# What each library is made to say, by how often it happened.
USED: dict[str, dict[str, int]] = {
    "segment-python": {EXPORT: 1, HOME: 1},
    "rudder-python": {EXPORT: 1, HOME: 1},
    "posthog-python": {EXPORT: 1},
    "posthog-python-v1": {EXPORT: 1},
    "mixpanel-python": {EXPORT: 1, OLD: 1},
    "amplitude-python": {EXPORT: 1},
    "segment-node": {EXPORT: 1, HOME: 1},
    "rudder-node": {EXPORT: 1},
    "posthog-node": {EXPORT: 1},
    "mixpanel-node": {EXPORT: 1, "In A Batch": 2, OLD: 1},
    "amplitude-node": {EXPORT: 1},
}
# Mixpanel's send once; switches hold no events.
SENT_AGAIN = {"/v1/batch", "/batch/", "/i/v1/analytics/events", "/2/httpapi"}
LONGEST_SECONDS = 60

Application = Callable[..., Iterable[bytes]]


class LosesFirstAnswers:
    """Each library's first request is taken in, and answered as if a proxy had failed."""

    lost: set[tuple[str, str]] = set()

    def __init__(self, product: Application) -> None:
        self.product = product

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        who = (environ.get("HTTP_USER_AGENT", ""), path)
        if path not in SENT_AGAIN or who in self.lost:
            return self.product(environ, start_response)
        self.lost.add(who)
        answer: Any = self.product(environ, lambda *_heads: None)
        b"".join(answer)
        answer.close()
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"lost"]


@dataclass(frozen=True)
class Kept:
    """What stands in the product of one library, and what it complained of."""

    names: Counter[str]
    features: set[str]
    customers: set[str]
    aside: list[str]
    faults: list[str]


@pytest.fixture(scope="module")
def kept(django_db_blocker: Any) -> Iterator[dict[str, Kept]]:
    assert PYTHON.exists(), "The client libraries are missing; make setup installs them."
    with django_db_blocker.unblock():
        tenant = factories.make_tenant("acme")
        with tenant_scope(tenant.pk):
            keys = {name: create_source(name=name, creates_customers=True)[1].text for name in USED}
        faults = use_all(keys)
        with tenant_scope(tenant.pk):
            yield {name: found(name, faults[name]) for name in USED}
        empty_every_table()


def use_all(keys: dict[str, str]) -> dict[str, list[str]]:
    server = LiveServerThread("127.0.0.1", LosesFirstAnswers)
    server.start()
    server.is_ready.wait(LONGEST_SECONDS)
    assert server.error is None
    try:
        return use_at(f"http://127.0.0.1:{server.port}", keys)
    finally:
        server.terminate()


def use_at(host: str, keys: dict[str, str]) -> dict[str, list[str]]:
    # A machine's proxy has no business between them.
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    processes = [
        subprocess.Popen(
            [*call, host, json.dumps(keys)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for call in CALLS
    ]
    faults: dict[str, list[str]] = {}
    for process in processes:
        out, err = process.communicate(timeout=LONGEST_SECONDS)
        assert process.returncode == 0, err
        faults |= json.loads(out.splitlines()[-1])
    return faults


def found(name: str, faults: list[str]) -> Kept:
    source = Source.objects.get(name=name)
    events = Event.objects.filter(source=source)
    people = EndUser.objects.filter(external_id=name)
    return Kept(
        Counter(events.values_list("name", flat=True)),
        set(events.filter(name=EXPORT).values_list("feature", flat=True)),
        set(people.values_list("customer__external_id", flat=True)),
        list(Quarantined.objects.filter(source=source).values_list("reason", flat=True)),
        faults,
    )


@pytest.mark.parametrize("name", USED)
def test_a_library_works_by_its_host_alone_and_each_event_counts_once(
    kept: dict[str, Kept], name: str
) -> None:
    expected = Kept(Counter(USED[name]), {"reports"}, {"acme"}, [], [])
    assert kept[name] == expected


def test_every_library_that_sends_again_did(kept: dict[str, Kept]) -> None:
    assert len(LosesFirstAnswers.lost) == 9


def test_the_locks_name_versions_and_hashes_and_no_address() -> None:
    lines = (HERE / "requirements.lock").read_text().splitlines()
    assert [
        line for line in lines if not re.match(r"[\w.-]+==\S+ \\$| +--hash=sha256:", line)
    ] == []
    text = (HERE / "package-lock.json").read_text()
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all(facts["integrity"] for name, facts in packages.items() if name)
