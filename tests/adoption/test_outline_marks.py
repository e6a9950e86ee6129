"""What the outline and its time line say beside dates: the baseline, the status date, overloads."""

import csv
import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from adoption import operations, queries
from adoption.models import Plan, WorkPackage
from adoption.queries.overloads import get_overloaded
from tenancy.scope import tenant_scope
from tests.adoption.test_outline import TABLE, bring, row_of
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def at(cast: Cast) -> str:
    bring(cast, TABLE)
    return cast.at(f"engagements/{cast.engagement.pk}/plan/")


def table(browser: Client, at: str) -> dict[str, dict[str, str]]:
    text = browser.get(f"{at}outline.csv").content.decode("utf-8-sig")
    return {row["name"]: row for row in csv.DictReader(io.StringIO(text))}


def test_rows_are_held_against_the_baseline_when_asked(cast: Cast, at: str, csm: Client) -> None:
    assert "Against the baseline" not in csm.get(at).content.decode()
    assert table(csm, at)["Design"]["finish_variance_days"] == ""
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get()
        operations.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        said: dict[str, Any] = {"plan": plan, "by": cast.csm, "now": NOW}
        design = row_of(cast, "Design")
        operations.change_package(package=design, fields={"duration": "8d"}, **said)
        operations.add_package(name="Rehearse", **said)
    assert "Start ±" not in csm.get(at).content.decode()
    page = csm.get(f"{at}?against=1").content.decode()
    assert "Start ±" in page
    assert '<span class="is-act">+3' in page
    assert "Without the baseline" in page
    found = table(csm, at)
    late = [float(found[name]["start_variance_days"]) for name in ("Design", "Approve")]
    assert late == [0, 3]
    assert float(found["Design"]["finish_variance_days"]) == 3
    assert found["Rehearse"]["baseline_start"] == ""
    shown = csm.get(f"{at}?against=1&sort=-finish_by").context["lines"]
    # As late as its steps, then what the baseline does not know.
    assert [line["row"].name for line in shown][-2:] == ["Beside", "Rehearse"]
    assert shown[0]["variance"].finish_days >= shown[1]["variance"].finish_days > 0


def test_the_status_date_has_a_line_of_its_own(cast: Cast, at: str, csm: Client) -> None:
    assert "l-status" not in csm.get(at).content.decode()
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get()
        Plan.objects.filter(pk=plan.pk).update(status_at=plan.start)
    page = csm.get(at).content.decode()
    assert 'class="l-status"' in page
    assert "Status date, " in page


def test_rows_that_ask_for_too_much_at_once_are_marked(cast: Cast, at: str, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        ines = operations.add_resource(engagement=cast.engagement, fields={"name": "Ines"})
        for name in ("Design", "Beside", "Approve"):
            operations.assign_resource(
                package=row_of(cast, name), resource=ines, units=Decimal(1), now=NOW
            )
        plan = Plan.objects.get()
        fields = {"start_at": datetime(2027, 3, 1, 8)}  # noqa: DTZ001 (local time)
        operations.change_plan(plan=plan, fields=fields, by=cast.csm, now=NOW)
        start = WorkPackage.objects.get(name="Design").start.date()
        shown = queries.get_plan(engagement_id=cast.engagement.pk)
        assert shown is not None
        found = get_overloaded(plan=shown, today=start)
        names = dict(WorkPackage.objects.values_list("pk", "name"))
        # The page of resources says the same.
        loading = queries.get_loading(engagement_id=cast.engagement.pk, today=start)
        told = {row.id for one in loading.overloads for row in one.packages}
    assert {names[pk]: who for pk, who in found.items()} == {
        "Design": ("Ines",),
        "Beside": ("Ines",),
    }
    assert set(found) == told
    page = csm.get(at).content.decode()
    assert page.count("Ines: more is asked for than there is") == 2
    assert 'class="l-over"' in page
    assert table(csm, at)["Design"]["over_allocated"] == "Ines"
    member = cast.browser(cast.member).get(at).content.decode()
    assert "Ines: more is asked" not in member
