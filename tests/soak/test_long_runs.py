"""Long runs, only by `make soak`: what a quick test shows once, shown many times over."""

import json
import random
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from adoption.scheduling import calculate
from tests.adoption.networks import random_plan
from tests.adoption.test_scheduling_reference import found_by_engine, found_by_reference
from tests.adoptiq.processes import at_work_for, bare_environment, eventually, open_folder
from tests.browser.copies import free_port
from tests.paths import ROOT

pytestmark = pytest.mark.soak

NETWORKS = 10_000
KILLS = 5
BATCHES_A_LIFE = 20
EVENTS_A_BATCH = 50
DAY = datetime.now(UTC).date() - timedelta(days=3)


@pytest.mark.parametrize("start", range(0, NETWORKS, 500))
def test_random_networks_agree_with_the_reference(start: int) -> None:
    for seed in range(start, start + 500):
        plan = random_plan(seed, size=4 + seed % 25)
        assert dict(found_by_engine(calculate(plan))) == dict(found_by_reference(plan)), seed


class Life:
    """A copy that is started, killed as a whole and started again on the same data."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, free_port()
        self.launcher: subprocess.Popen[bytes] | None = None
        self.environment = bare_environment() | {
            "ADOPTIQ_HOME": str(home),
            "PORT": str(self.port),
        }

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self) -> None:
        with (self.home / "up.log").open("a") as log:
            self.launcher = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo", "--stop-with-parent"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        assert eventually(self.is_healthy, seconds=120)

    def is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill_everything(self) -> None:
        for process in at_work_for(self.home):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        if self.launcher is not None:
            self.launcher.wait(timeout=60)
        assert eventually(lambda: not at_work_for(self.home), seconds=60)


@pytest.fixture
def life() -> Iterator[Life]:
    with open_folder() as home:
        found = Life(home)
        try:
            yield found
        finally:
            found.kill_everything()


def batch_of(dice: random.Random) -> list[dict[str, object]]:
    return [
        {
            "type": "track",
            "event": "Feature Used",
            "messageId": str(uuid.UUID(int=dice.getrandbits(128))),
            "userId": f"user-{dice.randrange(40)}",
            "context": {"groupId": f"customer-{dice.randrange(5)}"},
            "timestamp": f"{DAY}T{dice.randrange(24):02}:{dice.randrange(60):02}:00Z",
        }
        for _event in range(EVENTS_A_BATCH)
    ]


def send(life: Life, key: str, batch: list[dict[str, object]]) -> bool:
    """Whether the batch was acknowledged."""
    request = urllib.request.Request(
        f"{life.address}/v1/batch",
        data=json.dumps({"batch": batch, "writeKey": key}).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def test_every_acknowledged_event_survives_the_killing_of_everything(life: Life) -> None:
    dice = random.Random(7)
    life.begin()
    life.manage("create_workspace", "soak", "--name", "Soak", "--time-zone", "UTC")
    key = life.manage(
        "create_source", "--workspace", "soak", "--name", "soak", "--create-customers"
    ).strip()
    acknowledged: dict[str, dict[str, object]] = {}
    for _kill in range(KILLS):
        for _batch in range(BATCHES_A_LIFE):
            batch = batch_of(dice)
            again = dice.sample(list(acknowledged.values()), min(5, len(acknowledged)))
            if send(life, key, batch + again):
                acknowledged |= {str(event["messageId"]): event for event in batch}
        life.kill_everything()
        life.begin()
    life.manage("nightly", "--workspace", "soak", "--wait")
    report = life.manage(
        "usage_report", "--workspace", "soak", "--from", str(DAY), "--to", str(DAY), "--json"
    )
    assert sum(row["events"] for row in json.loads(report)) == len(acknowledged)
