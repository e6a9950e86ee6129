"""Jobs that survive: real processes are killed, and each run still takes effect exactly once."""

import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from tests.adoptiq.plant import BAR_SECONDS, Plant, plant
from tests.adoptiq.processes import eventually

Figure = Callable[[str, object], None]


@pytest.fixture(scope="module")
def works() -> Iterator[Plant]:
    """Workers and one beat at work."""
    with plant() as found:
        found.start_worker()
        found.start_beat()
        yield found


def once(works: Plant, *subjects: str) -> None:
    assert {subject: works.effects(subject) for subject in subjects} == dict.fromkeys(subjects, 1)


def test_a_worker_child_killed_at_work(works: Plant, figure: Figure) -> None:
    run = works.add_run("slow child")
    child = works.at_it(run)
    child.kill()
    figure("worker child killed: recovered after", seconds(works.recovery([run])))
    once(works, "slow child")


def test_a_whole_worker_killed_at_work(works: Plant, figure: Figure) -> None:
    run = works.add_run("slow worker")
    child = works.at_it(run)
    works.kill("worker")
    assert eventually(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)
    figure("worker killed: recovered after", seconds(works.recovery([run])))
    once(works, "slow worker")


def test_valkey_flushed_and_killed_with_work_in_it(works: Plant, figure: Figure) -> None:
    subjects = [f"flushed {number}" for number in range(10)]
    runs = [works.add_run(subject) for subject in subjects]
    works.flush_valkey()
    works.restart_valkey()
    figure("Valkey flushed and killed: recovered after", seconds(works.recovery(runs)))
    once(works, *subjects)


def test_postgresql_restarted_under_work(works: Plant, figure: Figure) -> None:
    subjects = ["slow restart", *(f"restart {number}" for number in range(5))]
    runs = [works.add_run(subject) for subject in subjects]
    works.at_it(runs[0])
    works.restart_postgres()
    figure("PostgreSQL restarted: recovered after", seconds(works.recovery(runs)))
    once(works, *subjects)


def test_a_crash_between_commit_and_publish(works: Plant, figure: Figure) -> None:
    subjects = [f"unpublished {number}" for number in range(50)]
    runs = [works.add_run(subject, times=0) for subject in subjects]
    took = works.recovery(runs)
    figure("50 runs never published: recovered after", seconds(took))
    once(works, *subjects)


def test_three_beats_and_every_message_three_times(works: Plant, figure: Figure) -> None:
    for name in ("second beat", "third beat"):
        works.start_beat(name)
    works.start_worker("second worker")
    subjects = [f"thrice {number}" for number in range(20)]
    try:
        runs = [works.add_run(subject, times=3) for subject in subjects]
        works.recovery(runs)
        once(works, *subjects)
        assert {attempt for _state, attempt in works.states(runs).values()} == {1}
        figure("60 messages for 20 runs under three beats: effects", 20)
    finally:
        works.stop("second beat", "third beat", "second worker")


def test_poison_is_parked_with_one_alert_while_others_finish(works: Plant, figure: Figure) -> None:
    began = time.monotonic()
    poison = [works.add_run("poison", tenant=0), works.add_run("deadly", tenant=0)]
    others = [works.add_run(f"beside poison {number}", tenant=1) for number in range(5)]
    works.recovery(others)
    assert eventually(
        lambda: {works.states(poison)[run] for run in poison} == {("parked", 3)}, seconds=90
    ), (works.states(poison), works.log("worker")[-3000:])
    told = (works.home / "rehearsal" / "parked").read_text().splitlines()
    assert sorted(told) == ["deadly", "poison"]
    assert works.effects("poison") == works.effects("deadly") == 0
    figure(
        "poison parked after 3 attempts, 1 alert each, within", seconds(time.monotonic() - began)
    )


def seconds(value: float) -> str:
    return f"{value:.1f} s (bar {BAR_SECONDS} s)"
