"""Valkey away for a whole minute, refusing and silent."""

from collections.abc import Callable, Iterator

import pytest

from tests.adoptiq.plant import Plant, plant
from tests.adoptiq.processes import eventually
from tests.adoptiq.test_broker_away import (
    WAYS,
    open_imports,
    visit_without_broker,
)

pytestmark = pytest.mark.soak

AWAY_SECONDS = 60.0


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    with plant() as found:
        found.start_worker()
        found.start_beat()
        found.start_web()
        yield found


@pytest.mark.parametrize("way", WAYS)
def test_a_minute_without_the_broker(
    works: Plant, figure: Callable[[str, object], None], way: str
) -> None:
    visits, bar = visit_without_broker(works, WAYS[way], AWAY_SECONDS)
    assert not visits.faults
    assert visits.slowest() < bar
    assert eventually(lambda: open_imports(works) == 0, seconds=240), open_imports(works)
    figure(
        f"broker {way} for 60 s: {len(visits.seen)} requests, 0 with 5xx, p99",
        f"{visits.slowest():.2f} s (bar {bar:.1f} s)",
    )
