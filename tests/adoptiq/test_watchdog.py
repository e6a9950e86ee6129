"""What hangs is noticed: in the log, by /healthz, by /metrics; and `up` starts it again."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from tests.adoptiq.plant import Plant, plant
from tests.adoptiq.processes import eventually

# Sixty in earnest; the bar is two minutes.
STALLED_SECONDS = 6


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    with plant(STALLED_AFTER_SECONDS=str(STALLED_SECONDS)) as found:
        found.start_worker()
        found.start_beat()
        found.start_web()
        assert eventually(lambda: found.status("/healthz") == 200, seconds=60)
        yield found


def told(works: Plant, log: str, event: str) -> bool:
    lines = [json.loads(line) for line in works.log(log).splitlines() if line.startswith("{")]
    return any(line["event"] == event for line in lines)


@pytest.mark.parametrize(("hangs", "watches"), [("worker", "beat"), ("beat", "worker")])
def test_who_hangs_is_told_of_by_the_other(
    works: Plant, figure: Callable[[str, object], None], hangs: str, watches: str
) -> None:
    process = works.process(hangs)
    process.suspend()
    began = time.monotonic()
    try:
        wanted = lambda: told(works, watches, f"{hangs}_stalled")  # noqa: E731
        assert eventually(wanted, seconds=4 * STALLED_SECONDS), works.log(watches)[-2000:]
        took = time.monotonic() - began
        status, body = works.get("/healthz")
        assert (status, json.loads(body)[hangs]["ok"]) == (503, False)
        metrics = works.get("/metrics")[1]
        assert f'adoptiq_up{{part="{hangs}"}} 0.0' in metrics
        [age] = [line for line in metrics.splitlines() if f'age_seconds{{part="{hangs}"}}' in line]
        assert float(age.split()[-1]) >= STALLED_SECONDS
    finally:
        process.resume()
    figure(
        f"{hangs} stopped with SIGSTOP: alarm after",
        f"{took:.1f} s at STALLED_AFTER_SECONDS={STALLED_SECONDS} (60 in earnest; bar 120 s)",
    )
    assert eventually(lambda: told(works, watches, f"{hangs}_stalled_no_more"), seconds=20)
