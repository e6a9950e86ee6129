"""The engine against a scheduler that shares nothing with it."""

from collections.abc import Iterator

import pytest

from adoption.scheduling import Plan, Schedule, calculate
from tests.adoption import reference
from tests.adoption.networks import random_plan


def found_by_engine(schedule: Schedule) -> Iterator[tuple[str, tuple[object, ...]]]:
    columns = schedule.columns
    for i in schedule.network.leaves:
        yield (
            schedule.plan.activities[i].key,
            (
                columns.early_start[i],
                columns.early_finish[i],
                columns.late_start[i],
                columns.late_finish[i],
                columns.total_float[i],
                columns.free_float[i],
                columns.critical[i],
            ),
        )


def found_by_reference(plan: Plan) -> Iterator[tuple[str, tuple[object, ...]]]:
    for key, found in reference.schedule(plan).items():
        yield key, tuple(vars(found).values())


@pytest.mark.parametrize("start", range(0, 1000, 100))
def test_random_networks_agree_in_every_column(start: int) -> None:
    for seed in range(start, start + 100):
        plan = random_plan(seed, size=4 + seed % 17)
        assert dict(found_by_engine(calculate(plan))) == dict(found_by_reference(plan)), seed
