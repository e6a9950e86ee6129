"""A plan file in the database: what Microsoft Project computed is what every row says."""

import gzip
import io
from datetime import UTC, datetime

import pytest

from adoption.adapters import UnreadablePlan, read_plan
from adoption.imports import import_plan
from adoption.models import Dependency, Plan, WorkPackage
from adoption.queries import get_plan, get_plan_summary
from adoption.scheduling import Axis
from engagements.models import Engagement
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.paths import DATA

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
FILES = sorted(path.name for path in (DATA / "plans").glob("*.xml.gz"))


def content(name: str) -> io.BytesIO:
    return io.BytesIO(gzip.decompress((DATA / "plans" / name).read_bytes()))


def bring_in(cast: Cast, source: io.BytesIO, name: str = "plan.xml") -> Plan:
    engagement = Engagement.objects.select_related("customer").get(pk=cast.engagement.pk)
    return import_plan(
        engagement=engagement, source=source, file_name=name, imported_by=cast.csm, now=NOW
    )


@pytest.mark.parametrize("name", FILES)
def test_every_stored_row_equals_the_program_that_saved_it(cast: Cast, name: str) -> None:
    plan_file = read_plan(content(name), name)
    stored = {row.uid: row.stored for row in plan_file.rows if row.stored and not row.summary}
    with tenant_scope(cast.tenant.pk):
        bring_in(cast, content(name))
        rows = list(WorkPackage.objects.filter(is_summary=False))
    axis = Axis(plan_file.calendar, plan_file.start or NOW.replace(tzinfo=None))
    assert {row.uid for row in rows} == set(stored)
    for row in rows:
        theirs = stored[row.uid]
        for column in ("early_start", "early_finish", "late_start", "late_finish"):
            assert axis.point(getattr(row, column)) == axis.point(getattr(theirs, column))
        assert (row.total_float, row.free_float, row.critical) == (
            theirs.total_float,
            theirs.free_float,
            theirs.critical,
        )


CIRCLE = b"""id,outline,name,duration,predecessors
1,1,Design,2d,3
2,2,Approve,1d,1
3,3,Train,3d,2
"""
LINE = b"""id,outline,name,duration,predecessors
1,1,Design,2d,
2,2,Approve,1d,1FS+1d
3,3,Train,3d,2
"""


def test_a_circle_is_named_and_the_plan_before_it_stays(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        bring_in(cast, io.BytesIO(LINE), "plan.csv")
        with pytest.raises(UnreadablePlan, match="Design → Approve → Train → Design"):
            bring_in(cast, io.BytesIO(CIRCLE), "plan.csv")
        kept = get_plan(engagement_id=cast.engagement.pk)
    assert kept is not None
    assert [row.name for row in kept.rows] == ["Design", "Approve", "Train"]


def test_a_file_takes_the_place_of_the_plan_before(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        bring_in(cast, io.BytesIO(LINE), "plan.csv")
        bring_in(cast, io.BytesIO(LINE.replace(b"Train", b"Coach")), "plan.csv")
        assert Plan.objects.count() == 1
        assert WorkPackage.objects.count() == 3
        assert Dependency.objects.count() == 2


def test_the_finish_is_noted_on_the_engagement(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast, io.BytesIO(LINE), "plan.csv")
        noted = Engagement.objects.get(pk=cast.engagement.pk)
        summary = get_plan_summary(engagement_id=cast.engagement.pk)
    assert noted.forecast_finish_date == plan.finish.date()
    assert summary is not None
    assert (summary.packages, summary.done) == (3, 0)
    assert [step.name for step in summary.critical] == ["Design", "Approve", "Train"]
