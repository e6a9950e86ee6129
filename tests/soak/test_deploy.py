"""A deploy under load: nobody who asks is turned away, and unfinished work starts again."""

import signal
import time
from collections.abc import Callable, Iterator

import pytest

from tests.adoptiq.plant import Plant, plant
from tests.adoptiq.processes import eventually
from tests.adoptiq.visitors import Visitor, visitors

pytestmark = pytest.mark.soak

DEPLOYS = 3
RESTART_BAR_SECONDS = 30.0

Figure = Callable[[str, object], None]


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    with plant() as found:
        found.start_worker()
        found.start_beat()
        found.start_web()
        yield found


def ordinary(visitor: Visitor) -> None:
    visitor.page()
    visitor.intake()
    visitor.sign_in_page()


def web_children(works: Plant) -> set[int]:
    return {child.pid for child in works.process("web").children()}


def test_web_processes_are_replaced_under_load_and_nobody_notices(
    works: Plant, figure: Figure
) -> None:
    with visitors(works, number=4, round_of=ordinary) as visits:
        time.sleep(2)
        for _deploy in range(DEPLOYS):
            before = web_children(works)
            works.process("web").send_signal(signal.SIGHUP)
            assert eventually(lambda: web_children(works).isdisjoint(before), seconds=60)  # noqa: B023
        time.sleep(2)
    assert not visits.not_fine
    figure(
        f"{DEPLOYS} deploys by SIGHUP under load: {len(visits.seen)} requests, 0 non-2xx, p99",
        f"{visits.slowest():.2f} s",
    )


def test_work_that_a_stopped_worker_leaves_is_begun_again(works: Plant, figure: Figure) -> None:
    run = works.add_run("slow deploy")
    works.at_it(run)
    began = time.monotonic()
    # The new one starts while the old one still waits for its task.
    works.start_worker("next worker")
    works.stop("worker")
    stopped = time.monotonic() - began
    works.at_it(run, attempt=2, seconds=60)
    again = time.monotonic() - began - stopped
    works.recovery([run])
    assert works.effects("slow deploy") == 1
    assert again < RESTART_BAR_SECONDS
    figure("worker stopped with SIGTERM at work: gone after", f"{stopped:.1f} s")
    figure("its unfinished task began again after", f"{again:.1f} s (bar {RESTART_BAR_SECONDS} s)")
