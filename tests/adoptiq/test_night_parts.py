"""Parts of a night by several workers, one of which is killed in the middle of its part."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from uuid import UUID

import pytest
from django.db import connection, connections
from django.utils import timezone

from adoption.models import Plan, PlanProgress
from adoption.queries.nights import PLANS_A_PART, not_met
from adoptiq import nightly
from engagements.models import Engagement
from tenancy import jobs
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tests.adoption.test_versions import bring_in
from tests.adoptiq.processes import eventually
from tests.factories import Cast, make_cast
from tests.paths import ROOT

DAY = date(2026, 11, 17)
PLANS = 2 * PLANS_A_PART
SECONDS = 30

# A worker does no more with the id that it gets from the broker.
WORK = """
import sys, django
django.setup()
from tenancy.tasks import run_job
run_job(run_id=sys.argv[1])
"""
# Each row of a table again and again, with keys of its own.
COPY = """
INSERT INTO {table} SELECT (jsonb_populate_record(row, jsonb_build_object({changed}))).*
FROM {table} AS row, generate_series(2, {times}) AS n WHERE row.{whose} = '{of}'
"""
KEY = "'{column}', md5(row.{column}::text || n)::uuid"
NOTE_WHAT_IS_MET = """
CREATE TABLE met (plan_id uuid, day date);
CREATE FUNCTION note_met() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN INSERT INTO met VALUES (NEW.id, NEW.met_date); RETURN NULL; END';
CREATE TRIGGER noting AFTER UPDATE OF met_date ON adoption_plan
    FOR EACH ROW EXECUTE FUNCTION note_met();
"""
FORGET_IT = """
DROP TRIGGER noting ON adoption_plan; DROP FUNCTION note_met(); DROP TABLE met;
"""


@pytest.fixture
def many(committed: None) -> Iterator[Cast]:
    """A workspace with plans for two parts, and a note of each plan that meets a day."""
    cast = make_cast()
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        multiply(plan)
        Plan.objects.update(follows_today=True)
    with connections["owner"].cursor() as cursor:
        cursor.execute(NOTE_WHAT_IS_MET)
    yield cast
    connection.close()
    with connections["owner"].cursor() as cursor:
        cursor.execute(FORGET_IT)


def multiply(plan: Plan) -> None:
    tables = {
        "engagements_engagement": ("id", plan.engagement_id, ("id",), ", 'key', 'N-' || n"),
        "adoption_plan": ("id", plan.pk, ("id", "engagement_id"), ""),
        "adoption_workpackage": ("plan_id", plan.pk, ("id", "plan_id", "parent_id"), ""),
        "adoption_dependency": (
            *("plan_id", plan.pk),
            ("id", "plan_id", "before_id", "after_id"),
            "",
        ),
    }
    with connection.cursor() as cursor:
        for table, (whose, of, keys, more) in tables.items():
            changed = ", ".join(KEY.format(column=column) for column in keys) + more
            cursor.execute(
                COPY.format(table=table, changed=changed, times=PLANS, whose=whose, of=of)
            )


@contextmanager
def worker(run: JobRun) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, str(run.pk)],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "adoptiq.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def perform(run_id: UUID) -> JobRun | None:
    """As soon as nobody holds it any more."""
    taken: list[JobRun] = []

    def take() -> bool:
        run = jobs.take_lease(run_id=run_id, now=timezone.now())
        taken[:] = [run] if run else []
        return bool(taken)

    assert eventually(take, seconds=SECONDS)
    return jobs.perform_run(run=taken[0], clock=timezone.now)


def test_a_part_killed_in_the_middle_is_done_again_and_no_plan_twice(many: Cast) -> None:
    share = jobs.add_run(
        tenant_id=many.tenant.pk,
        job="adoption.share_plans",
        business_date=DAY,
        now=timezone.now(),
    )
    following = perform(share.pk)
    assert following is not None
    first, second = JobRun.objects.filter(job=nightly.PART).order_by("subject")
    with ExitStack() as stack:
        with tenant_scope(many.tenant.pk):
            # The first worker has placed a hundred plans and waits for this one's engagement.
            awaited = not_met(DAY).values_list("engagement_id", flat=True)[150]
            Engagement.objects.select_for_update().get(pk=awaited)
            killed = stack.enter_context(worker(first))
            assert eventually(somebody_waits, seconds=SECONDS), killed.communicate()[0]
            other = stack.enter_context(worker(second))
            told, _nothing = other.communicate(timeout=SECONDS)
            assert other.returncode == 0, told
            killed.send_signal(signal.SIGKILL)
            assert killed.wait() == -signal.SIGKILL
            assert not_met(DAY).count() == PLANS - PLANS_A_PART
    assert perform(first.pk) is None
    perform(following.pk)
    states = dict(JobRun.objects.filter(job=nightly.PART).values_list("subject", "attempt"))
    assert states == {first.subject: 2, second.subject: 1}
    with tenant_scope(many.tenant.pk):
        assert set(Plan.objects.values_list("met_date", flat=True)) == {DAY}
        assert PlanProgress.objects.filter(day=DAY).count() == PLANS
    assert met() == {(1, PLANS)}


def met() -> set[tuple[int, int]]:
    """How often plans met the day, and how many so often."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT times, count(*) FROM (SELECT count(*) AS times FROM met"
            " WHERE day = %s GROUP BY plan_id) AS found GROUP BY times",
            [DAY],
        )
        return set(cursor.fetchall())
