"""While Valkey is away, nobody who visits or sends notices; what they began goes on afterwards."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.adoptiq.plant import Plant, plant
from tests.adoptiq.processes import eventually
from tests.adoptiq.visitors import Visits, visitors

Away = Callable[[Plant], AbstractContextManager[None]]
AWAY_SECONDS = 8.0
SLOWEST_SECONDS = 2.0
WAYS: dict[str, Away] = {"refusing": Plant.valkey_refusing, "silent": Plant.valkey_silent}


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    with plant(LEASE_SECONDS="20") as found:
        found.start_worker()
        found.start_beat()
        found.start_web()
        yield found


def visit_without_broker(works: Plant, away: Away, seconds: float) -> tuple[Visits, float]:
    """Visits while the broker is away for so long, and for a moment before and after.

    With them the bar for the slowest: two seconds, or more on a machine that is slow at the time.
    """
    # What is asked first is compiled first.
    with visitors(works):
        time.sleep(2)
    with visitors(works) as calm:
        time.sleep(3)
    with visitors(works) as visits:
        time.sleep(1)
        with away(works):
            time.sleep(seconds)
        time.sleep(1)
    return visits, max(SLOWEST_SECONDS, 3 * calm.slowest())


@pytest.mark.parametrize("way", WAYS)
def test_nobody_notices_that_the_broker_is_away(
    works: Plant, figure: Callable[[str, object], None], way: str
) -> None:
    visits, bar = visit_without_broker(works, WAYS[way], AWAY_SECONDS)
    assert not visits.faults
    for what in ("page", "sign-in page", "sign-in", "intake", "upload"):
        assert visits.of(what) > 5
    assert visits.slowest() < bar
    figure(
        f"broker {way} for {AWAY_SECONDS:.0f} s: {len(visits.seen)} requests, 0 with 5xx, p99",
        f"{visits.slowest():.2f} s (bar {bar:.1f} s)",
    )
    assert eventually(lambda: open_imports(works) == 0, seconds=60), open_imports(works)


def open_imports(works: Plant) -> int:
    rows = works.sql(
        "SELECT count(*) FROM tenancy_jobrun WHERE job = 'usage.import' AND state <> 'done'"
    )
    return int(rows[0][0])
