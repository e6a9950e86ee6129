# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""The critical path beside a plain pass over lists and beside networkx; and how often it is right.

python -m tests.benchmarks.bench_scheduling
"""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median
from time import process_time

import networkx

from adoption.adapters import PlanFile
from adoption.adapters.mspdi import read_mspdi
from adoption.scheduling import (
    ALWAYS,
    STANDARD,
    Activity,
    ConstraintType,
    Link,
    LinkType,
    Plan,
    calculate,
)
from adoption.simulation import RUNS, Spread, simulate
from tests.adoption.networks import random_plan
from tests.adoption.plans import PROJECT_FILES, project_file
from tests.adoption.test_scheduling_reference import found_by_engine, found_by_reference
from tests.benchmarks.report import Row, print_table, ratio, seconds

SIZE = 10_000
UNCERTAIN = 500
START = datetime(2026, 1, 5, 8)

Columns = tuple[list[int], ...]
Lists = tuple[list[int], list[list[tuple[int, int]]], list[list[tuple[int, int]]]]


def run() -> list[Row]:
    """Every scheduling bar, measured."""
    return [*_speed(), *_largest_file(), *_agreement(), *_uncertainty()]


def random_lists(seed: int, size: int = SIZE) -> Plan:
    """About three predecessors each, a fifth of the links with lag, all finish to start."""
    rng = random.Random(seed)
    activities = tuple(Activity(str(i), f"Step {i}", rng.randint(60, 4800)) for i in range(size))
    links = tuple(
        Link(str(before), str(i), LinkType.FS, 480 if rng.random() < 0.2 else 0)
        for i in range(1, size)
        for before in {rng.randrange(max(0, i - 500), i) for _ in range(rng.randint(1, 5))}
    )
    return Plan(START, activities, links, ALWAYS)


def lifelike(plan: Plan) -> Plan:
    """The same network with working hours, holidays, constraints, deadlines and progress."""
    rng = random.Random(1)
    activities = []
    for i, activity in enumerate(plan.activities):
        moment = START + timedelta(days=rng.randrange(2000))
        if i < len(plan.activities) // 20:
            finish = START + timedelta(days=i % 20, hours=9)
            activity = replace(activity, actual_start=START, actual_finish=finish, percent=100)
        elif rng.random() < 0.05:
            kind = rng.choice((ConstraintType.SNET, ConstraintType.FNLT, ConstraintType.SNLT))
            activity = replace(activity, constraint=kind, constraint_at=moment)
        elif rng.random() < 0.05:
            activity = replace(activity, deadline_at=moment)
        activities.append(activity)
    holidays = [date(2026 + year, month, 1) for year in range(30) for month in (1, 5, 12)]
    calendar = STANDARD.with_holidays(holidays)
    status = START + timedelta(days=21)
    return replace(plan, activities=tuple(activities), calendar=calendar, status_at=status)


def lists_of(plan: Plan) -> Lists:
    index = {activity.key: i for i, activity in enumerate(plan.activities)}
    after: list[list[tuple[int, int]]] = [[] for _ in index]
    before: list[list[tuple[int, int]]] = [[] for _ in index]
    for link in plan.links:
        after[index[link.before]].append((index[link.after], link.lag))
        before[index[link.after]].append((index[link.before], link.lag))
    return [activity.duration for activity in plan.activities], after, before


def by_plain_lists(lists: Lists) -> Columns:
    """A textbook critical path over ready-made lists: order, forward, backward, all columns."""
    duration, after, before = lists
    waiting = [len(links) for links in before]
    order = [i for i, count in enumerate(waiting) if not count]
    for i in order:
        for j, _ in after[i]:
            waiting[j] -= 1
            if not waiting[j]:
                order.append(j)
    size = len(duration)
    early_start, early_finish = [0] * size, [0] * size
    for i in order:
        start = 0
        for j, lag in before[i]:
            bound = early_finish[j] + lag
            if bound > start:
                start = bound
        early_start[i], early_finish[i] = start, start + duration[i]
    return _backward(lists, order, early_start, early_finish)


def _backward(
    lists: Lists, order: list[int], early_start: list[int], early_finish: list[int]
) -> Columns:
    duration, after, _ = lists
    size, finish = len(duration), max(early_finish)
    late_start, late_finish = [0] * size, [finish] * size
    total, free, critical = [0] * size, [0] * size, [0] * size
    for i in reversed(order):
        latest, room, end = finish, None, early_finish[i]
        for j, lag in after[i]:
            bound = late_start[j] - lag
            if bound < latest:
                latest = bound
            gap = early_start[j] - lag - end
            if room is None or gap < room:
                room = gap
        late_finish[i], late_start[i] = latest, latest - duration[i]
        total[i] = late_start[i] - early_start[i]
        free[i] = total[i] if room is None else max(0, room)
        critical[i] = total[i] <= 0
    return early_start, early_finish, late_start, late_finish, total, free, critical


def by_networkx(lists: Lists) -> Columns:
    """The same columns as one writes them with networkx: build, sort, walk both ways."""
    duration, after, _ = lists
    graph: networkx.DiGraph[int] = networkx.DiGraph()
    graph.add_nodes_from((i, {"duration": length}) for i, length in enumerate(duration))
    graph.add_edges_from((i, j, {"lag": lag}) for i, links in enumerate(after) for j, lag in links)
    order = list(networkx.topological_sort(graph))
    start, end = [0] * len(order), [0] * len(order)
    for i in order:
        found = (end[j] + data["lag"] for j, _, data in graph.in_edges(i, data=True))
        start[i] = max(found, default=0)
        end[i] = start[i] + graph.nodes[i]["duration"]
    finish = max(end)
    late_start, late_end, free = [0] * len(order), [0] * len(order), [0] * len(order)
    for i in reversed(order):
        edges = list(graph.out_edges(i, data=True))
        late_end[i] = min((late_start[j] - data["lag"] for _, j, data in edges), default=finish)
        late_start[i] = late_end[i] - graph.nodes[i]["duration"]
        gaps = (start[j] - data["lag"] - end[i] for _, j, data in edges)
        free[i] = max(0, min(gaps, default=late_start[i] - start[i]))
    total = [late - early for late, early in zip(late_start, start, strict=True)]
    return start, end, late_start, late_end, total, free, [int(slack <= 0) for slack in total]


def _same(plan: Plan, columns: Columns) -> bool:
    found = calculate(plan).columns
    mine = (
        found.early_start,
        found.early_finish,
        found.late_start,
        found.late_finish,
        found.total_float,
        found.free_float,
        found.critical,
    )
    return all(list(a) == list(b) for a, b in zip(mine, columns, strict=True))


def _speed() -> list[Row]:
    plan = random_lists(7)
    full, lists = lifelike(plan), lists_of(plan)
    if not (_same(plan, by_plain_lists(lists)) and _same(plan, by_networkx(lists))):
        raise AssertionError("the baselines disagree with the engine")
    times = seconds(
        {
            "engine": lambda: calculate(plan),
            "full": lambda: calculate(full),
            "lists": lambda: by_plain_lists(lists),
            "networkx": lambda: by_networkx(lists),
        },
        rounds=9,
    )
    note = f"{SIZE:,} steps, {len(plan.links):,} links; engine {_ms(times['engine'])}"
    return [
        Row("engine ÷ plain lists, no calendar", ratio(times, "engine", "lists"), 1.5, 0.5, note),
        Row(
            "engine ÷ plain lists, calendar, constraints, progress",
            ratio(times, "full", "lists"),
            3,
            1,
            _ms(times["full"]),
        ),
        Row("engine ÷ networkx", ratio(times, "engine", "networkx"), 0.3, 0.05),
    ]


def _largest_file() -> list[Row]:
    file = read_mspdi(project_file("programme_1840_packages"))
    plan = _plan_of(file)
    lists = lists_of(plan)
    times = seconds(
        {
            "engine": lambda: calculate(plan),
            "lists": lambda: by_plain_lists(lists),
            "networkx": lambda: by_networkx(lists),
        },
        rounds=15,
    )
    read = seconds({"read": lambda: read_mspdi(project_file("programme_1840_packages"))}, rounds=3)
    note = f"{len(file.rows):,} steps; engine {_ms(times['engine'])}, reading {_ms(read['read'])}"
    return [
        Row("largest plan file: engine ÷ plain lists", ratio(times, "engine", "lists"), 3, 1, note),
        Row("largest plan file: engine ÷ networkx", ratio(times, "engine", "networkx"), 0.3, 0.05),
    ]


def _uncertainty() -> list[Row]:
    """Seconds of processor time: drawing, forward and backward pass and criticality, one core."""
    plan = lifelike(random_lists(7, UNCERTAIN))
    spreads = {
        step.key: Spread(step.duration // 2, step.duration, step.duration * 2)
        for step in plan.activities
    }
    took = []
    for _ in range(5):
        began = process_time()
        simulate(plan, spreads, runs=RUNS, seed=1)
        took.append(process_time() - began)
    note = f"{RUNS:,} runs of {UNCERTAIN} steps, drawing included"
    return [Row("Monte Carlo, seconds", median(took), 0.3, 0.1, note)]


def _agreement() -> list[Row]:
    stored = [share for name in PROJECT_FILES for share in _as_stored(name)]
    right = [_is_right(random_plan(seed, size=4 + seed % 17)) for seed in range(1000)]
    return [
        Row(
            "agreement with Microsoft Project",
            _share(stored),
            1,
            note=f"{len(stored):,} steps",
            at_least=True,
        ),
        Row("agreement with the reference", _share(right), 1, note="1,000 networks", at_least=True),
    ]


def _as_stored(name: str) -> list[bool]:
    """For each leaf whether all seven results equal the file's, instants on the working axis."""
    file = read_mspdi(project_file(name))
    schedule = calculate(_plan_of(file))
    point = schedule.axis.point
    found = []
    for row, mine in zip((row for row in file.rows if not row.summary), schedule, strict=True):
        kept = row.stored
        dates = ("early_start", "early_finish", "late_start", "late_finish")
        found.append(
            all(point(getattr(mine, end)) == point(getattr(kept, end)) for end in dates)
            and all(
                getattr(mine, value) == getattr(kept, value)
                for value in ("total_float", "free_float", "critical")
            )
        )
    return found


def _is_right(plan: Plan) -> bool:
    return dict(found_by_engine(calculate(plan))) == dict(found_by_reference(plan))


def _plan_of(file: PlanFile) -> Plan:
    return file.plan(file.start or START)


def _share(found: list[bool]) -> float:
    return sum(found) / len(found)


def _ms(times: list[float]) -> str:
    return f"{median(times) * 1000:.1f} ms"


if __name__ == "__main__":
    sys.exit(not print_table(run()))
