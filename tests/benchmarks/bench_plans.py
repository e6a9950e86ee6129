# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""Plans in the product: pages, an edit and levelling of 2,000 packages with 4,000 links, and a night
of many plans. Seconds of computing on the server, database included, from the request to the answer.

python -m tests.benchmarks.bench_plans
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from statistics import median
from time import perf_counter, sleep
from typing import Any
from uuid import UUID

from tests.benchmarks.database import analyse, services
from tests.benchmarks.report import Row, print_table, seconds, server_seconds
from tests.pages import HOUSEKEEPING, MOST_QUERIES

PACKAGES, LINKS, RESOURCES = 2_000, 4_000, 50
NIGHT_PLANS, NIGHT_PACKAGES, WHOLE_NIGHT = 600, 100, 10_000
NIGHTS, WORKERS, SHARE = 3, 2, "adoption.share_plans"
ROUNDS = 5
# Two changes in one, and copies whose keys the database checks one by one.
BARS = {"copy it as a what-if and drop the copy": 0.8}
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "plan"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
START = datetime(2026, 11, 23, 8)


def run() -> list[Row]:
    """Every bar of plans, in a process of its own, since another file has its own database."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure).result()


def measure() -> list[Row]:
    with services() as superuser:
        from django.core.management import call_command

        call_command("collectstatic", interactive=False, verbosity=0)
        return [*_large_plan(superuser), *_night()]


def _large_plan(superuser: str) -> list[Row]:
    with _workspace("large") as (browser, base, engagement):
        from adoption.models import Plan

        _bring(engagement, PACKAGES, LINKS)
        plan = Plan.objects.select_related("customer").get(engagement=engagement)
        _need(plan)
        _doubt(plan)
        measured = _requests(browser, base, plan)
    analyse(superuser)
    # Outside the scope in which all was made: each request is a transaction of its own.
    return _measured(measured, plan)


def _measured(measured: dict[str, Callable[[], object]], plan: Any) -> list[Row]:
    from adoptiq import memory

    # As a web process does before its first request; the first of each fills what stays.
    for call in measured.values():
        call()
    memory.settle()
    times = seconds({"": _reading(plan), **measured}, ROUNDS, server_seconds)
    floor = median(times.pop(""))
    note = f"{PACKAGES:,} packages, {LINKS:,} links"
    rows = [
        Row(
            f"{name}, seconds",
            median(found),
            BARS.get(name, 0.4),
            BARS.get(name, 0.4) / 2,
            f"{note}; {median(found) / floor:.1f} × reading the rows",
        )
        for name, found in times.items()
    ]
    return [*rows, *_questions(measured, note)]


def _reading(plan: Any) -> Callable[[], object]:
    """The limit: no page of a plan can do without its rows and links."""
    from adoption.models import Dependency, WorkPackage
    from tenancy.scope import tenant_scope

    def read() -> None:
        with tenant_scope(plan.tenant_id):
            list(WorkPackage.objects.filter(plan=plan))
            list(Dependency.objects.filter(plan=plan).values_list("before_id", "after_id"))

    return read


def _requests(browser: Any, base: str, plan: Any) -> dict[str, Callable[[], object]]:
    """What people do with a plan, by what the table calls it."""
    from adoption.models import WorkPackage
    from rendering.diagram.layering import _laid_out

    first = WorkPackage.objects.filter(plan=plan, is_summary=False)[10]
    stream = WorkPackage.objects.filter(plan=plan, is_summary=True)[3]
    package = f"/w/{plan.customer.external_id}/plan/packages/{first.pk}/"
    lengths, names = itertools.cycle(range(2, 9)), itertools.count()

    def opened(path: str) -> Callable[[], object]:
        return lambda: _ok(browser.get(path))

    def sent(path: str, fields: Callable[[], dict[str, Any]]) -> Callable[[], object]:
        return lambda: _ok(browser.post(path, fields(), **HTMX))

    def network_anew() -> None:
        _laid_out.cache_clear()
        every_step()

    every_step = opened(f"{base}network/?level=all")
    removal = package.replace(str(first.pk), str(stream.pk)) + "remove/"

    def duration() -> dict[str, Any]:
        return {"field": "duration", "value": f"{next(lengths)}d", "sure": 1}

    def name() -> dict[str, Any]:
        return {"field": "name", "value": f"Named {next(names)}"}

    return {
        "open a plan": opened(base),
        "its critical rows": opened(f"{base}?show=critical"),
        "edit a name and show": sent(f"{package}cell/", name),
        "edit a duration, recompute and show": sent(f"{package}cell/", duration),
        "a package with all about it": opened(package),
        "remove a stream of 20": sent(removal, lambda: {"sure": 1}),
        "undo that": sent(f"{base}undo/", dict),
        "its network": opened(f"{base}network/"),
        "its network, every step": every_step,
        "the same, laid out anew": network_anew,
        "its curve, simulated": opened(f"{base}curve/"),
        f"its loads, {RESOURCES} resources": opened(f"{base}resources/"),
        "levelling": opened(f"{base}levelling/"),
        "copy it as a what-if and drop the copy": _what_ifs(plan),
        "compare it with a baseline": opened(f"{base}compare/"),
    }


def _what_ifs(plan: Any) -> Callable[[], object]:
    from adoption import operations
    from tenancy.scope import tenant_scope

    operations.take_baseline(plan=plan, name="Start", by=None, now=NOW)

    def copied() -> None:
        with tenant_scope(plan.tenant_id):
            what_if = operations.make_what_if(plan=plan, name="Try", by=None, now=NOW)
            operations.drop_what_if(what_if=what_if, now=NOW)

    return copied


def _questions(measured: dict[str, Callable[[], object]], note: str) -> list[Row]:
    """How often the database is asked, without the marks of transactions."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    rows = []
    for name, call in measured.items():
        with CaptureQueriesContext(connection) as captured:
            call()
        if name in BARS:
            continue
        asked = sum(not HOUSEKEEPING.search(query["sql"]) for query in captured.captured_queries)
        rows.append(Row(f"{name}, queries", asked, MOST_QUERIES, note=note))
    return rows


def _night() -> list[Row]:
    """Nights of one workspace as its workers do them, from the step that shares the plans out.

    What both of them and their databases computed, shared by the cores; beside it the time by the
    clock, which says more where nobody else is at work on the machine.
    """
    from engagements import operations as engagements

    with _workspace("night") as (_browser, _base, engagement):
        for number in range(NIGHT_PLANS):
            key = f"PLAN-{number}"
            fields = {"key": key, "name": key, "phase": "adopt"}
            one = engagements.create_engagement(customer=engagement.customer, fields=fields)
            _bring(one, NIGHT_PACKAGES, 2 * NIGHT_PACKAGES, follows_today=True)
        tenant_id = engagement.tenant_id
    days = [date(2026, 11, 22) + timedelta(days=n) for n in range(1, NIGHTS + 1)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn"), initializer=_work) as pool:
        # So that both have begun before the clock does.
        list(pool.map(_idle, range(WORKERS * 2)))
        nights = [_share(pool, tenant_id, day) for day in days]
    clock, computed = (median(found) for found in zip(*nights, strict=True))
    times = WHOLE_NIGHT / NIGHT_PLANS
    name = f"night of {WHOLE_NIGHT:,} plans of {NIGHT_PACKAGES}"
    note = (
        f"measured on {NIGHT_PLANS} with {WORKERS} workers: {computed / NIGHT_PLANS * 1000:.1f} ms"
        f" a plan; {clock * times:.0f} s by the clock"
    )
    return [Row(f"{name}, seconds of {WORKERS} cores", computed * times / WORKERS, 60, 20, note)]


def _share(pool: ProcessPoolExecutor, tenant_id: UUID, day: date) -> tuple[float, float]:
    """One night's plans, done by whichever worker is free: seconds by the clock and computed."""
    from adoptiq import nightly
    from tenancy import jobs
    from tenancy.models import JobRun

    share = jobs.add_run(tenant_id=tenant_id, job=SHARE, business_date=day, now=NOW)
    following = _perform(share.pk)
    parts = JobRun.objects.filter(job=nightly.PART, business_date=day).order_by("due_at", "pk")
    runs = [*parts.values_list("pk", flat=True), following]
    began = perf_counter()
    computed = sum(pool.map(_performing, runs))
    assert not JobRun.objects.filter(pk__in=runs).exclude(state=JobRun.State.DONE).exists()
    return perf_counter() - began, computed


def _work() -> None:
    """What a worker does before its first task; where its services are stands in its environment."""
    import django

    from adoptiq import memory

    django.setup()
    memory.settle()


def _idle(_number: int) -> None:
    sleep(0.2)


def _performing(run_id: UUID) -> float:
    began = server_seconds()
    _perform(run_id)
    return server_seconds() - began


def _perform(run_id: UUID) -> UUID | None:
    from django.utils import timezone

    from tenancy import jobs

    run = jobs.take_lease(run_id=run_id, now=timezone.now())
    assert run is not None
    following = jobs.perform_run(run=run, clock=timezone.now)
    return following.pk if following else None


@contextmanager
def _workspace(slug: str) -> Iterator[tuple[Any, str, Any]]:
    """A workspace with an engagement, a browser of its administrator, and the plan's address."""
    from django.test import Client

    from engagements import operations as engagements
    from people.models import User
    from people.operations import create_workspace
    from tenancy import operations as tenancy
    from tenancy.models import Role
    from tenancy.scope import tenant_scope

    tenant, _admin = create_workspace(slug=slug, name=slug.title(), time_zone="UTC")
    person = User.objects.create_user(f"{slug}@example.org", name="Bench")
    tenancy.add_member(tenant=tenant, user=person, role=Role.ADMIN)
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(person)
    with tenant_scope(tenant.pk):
        fields = {"external_id": slug, "name": slug.title(), "time_zone": "UTC"}
        customer = engagements.create_customer(fields=fields, seats=10, today=NOW.date())
        engagement = engagements.create_engagement(
            customer=customer, fields={"key": f"{slug.upper()}-1", "name": slug, "phase": "adopt"}
        )
        yield browser, f"/w/{slug}/engagements/{engagement.pk}/plan/", engagement


def _bring(engagement: Any, packages: int, links: int, *, follows_today: bool = False) -> None:
    """A plan of streams of twenty packages, each waiting for some that stand shortly before it."""
    from adoption.adapters import PlanFile, PlanRow
    from adoption.operations import replace_plan
    from adoption.scheduling import STANDARD, Link

    rng = random.Random(packages)
    rows, leaves = [], []
    for number in range(packages):
        if number % 20 == 0:
            stream = f"s{number}"
            rows.append(
                PlanRow(
                    uid=stream,
                    outline=str(number // 20 + 1),
                    level=1,
                    parent=None,
                    name=f"Stream {number}",
                    summary=True,
                )
            )
            continue
        leaves.append(str(number))
        rows.append(
            PlanRow(
                uid=str(number),
                outline=f"{number // 20 + 1}.{number % 20}",
                level=2,
                parent=stream,
                name=f"Package {number}",
                duration=480 * rng.choice((1, 2, 3, 5)),
            )
        )
    joined = {
        (leaves[rng.randrange(max(0, i - 60), i)], leaves[i])
        for i in (rng.randrange(1, len(leaves)) for _ in range(links))
    }
    file = PlanFile(
        name="Bench",
        start=START,
        calendar=STANDARD,
        rows=tuple(rows),
        links=tuple(Link(*pair) for pair in sorted(joined)),
    )
    replace_plan(
        engagement=engagement,
        plan_file=file,
        file_name="bench.xml",
        imported_by=None,
        now=NOW,
        follows_today=follows_today,
    )


def _need(plan: Any) -> None:
    """Two resources for every package."""
    from adoption.models import Assignment, Resource, WorkPackage

    rng = random.Random(1)
    own = {"customer_id": plan.customer_id, "engagement_id": plan.engagement_id}
    resources = [Resource(name=f"Person {number}", **own) for number in range(RESOURCES)]
    Resource.objects.bulk_create(resources)
    Assignment.objects.bulk_create(
        Assignment(customer_id=plan.customer_id, package=package, resource=resource)
        for package in WorkPackage.objects.filter(plan=plan, is_summary=False)
        for resource in rng.sample(resources, 2)
    )


def _doubt(plan: Any) -> None:
    """Three-point durations for every package."""
    from django.db.models import F

    from adoption.models import WorkPackage

    rows = WorkPackage.objects.filter(plan=plan, is_summary=False)
    rows.update(optimistic=F("duration") / 2, pessimistic=F("duration") * 2)


def _ok(answer: Any) -> None:
    assert answer.status_code == 200, answer.status_code


if __name__ == "__main__":
    sys.exit(not print_table(run()))
