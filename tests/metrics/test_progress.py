# ruff: noqa: DTZ001 (plans are in local time, without a zone)
"""The page of planned against done: the worked example from stored rows, one figure everywhere."""

import csv
import io
import math
import re
from datetime import UTC, date, datetime, timedelta

import plotly.graph_objects as go
import pytest
from django.template.loader import render_to_string
from django.test import Client

from adoption.exports import simulation_csv
from adoption.models import Baseline, Plan, PlanChange, PlanProgress, WorkPackage
from adoption.operations import take_baseline
from adoption.queries.forecasts import forecast_of
from adoption.queries.stored import get_schedule
from adoption.simulation import Spread
from engagements.models import Engagement
from engagements.queries import get_engagements, header_of
from metrics.charts import completion_curve
from metrics.narrative.completion import completion_details, say_finish, say_when
from metrics.queries import ProgressView, get_progress
from metrics.views.progress import _simulated
from rendering.formats import current
from tenancy.scope import tenant_scope
from tests.adoption.test_curve import TABLE, at_evening, do
from tests.adoption.test_views import bring
from tests.factories import Cast
from tests.metrics.completion import SERIES
from tests.pages import assert_same_queries, statuses

START = date(2026, 1, 5)
# Ten months of working days, as one piece of work.
MONTH, WHOLE = 21.5, "id,outline,name,duration\n1,1,All of it,215d\n"
CHANGED, NOW_AT = 3, 6
NOW = datetime(2026, 7, 2, 18)


def day_of(months: float) -> date:
    """The working day on which so many months of work are over."""
    days = math.ceil(round(months * MONTH, 6))
    weeks, rest = divmod(days - 1, 5)
    return START + timedelta(days=7 * weeks + rest)


@pytest.fixture
def at(cast: Cast) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/")


@pytest.fixture
def planned(cast: Cast, at: str, csm: Client) -> date:
    """Four weeks of work from a Monday on; gives that day."""
    with tenant_scope(cast.tenant.pk):
        Engagement.objects.filter(pk=cast.engagement.pk).update(start_date=START)
    bring(csm, at, TABLE)
    return START


@pytest.fixture
def example(cast: Cast, at: str, csm: Client) -> Cast:
    """Ten months, slow for three, changed then, and noted every night of six."""
    with tenant_scope(cast.tenant.pk):
        Engagement.objects.filter(pk=cast.engagement.pk).update(start_date=START)
    bring(csm, at, WHOLE)
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get(engagement=cast.engagement)
        PlanProgress.objects.bulk_create(_nights(plan))
        PlanChange.objects.create(
            plan=plan,
            customer_id=plan.customer_id,
            version=99,
            at=datetime.combine(day_of(CHANGED), datetime.min.time(), UTC) + timedelta(hours=9),
            kind="taken_over",
            text="What-if taken over: a second trainer",
        )
        row = WorkPackage.objects.get(plan=plan)
        row.actual_start, row.percent = row.start, SERIES[NOW_AT]
        row.save()
    return cast


def _nights(plan: Plan) -> list[PlanProgress]:
    found, worked = [], 0
    for n in range((NOW.date() - START).days):
        day = START + timedelta(days=n)
        worked += day.isoweekday() < 6
        months = worked / MONTH
        low = min(int(months), len(SERIES) - 2)
        done = SERIES[low] + (SERIES[low + 1] - SERIES[low]) * (months - low)
        before = 15 if months <= CHANGED else 0
        found.append(
            PlanProgress(
                plan=plan,
                customer_id=plan.customer_id,
                day=day,
                planned_percent=100 * worked / 215 + before,
                done_percent=done,
                finish=plan.finish,
            )
        )
    return found


def said(client: Client, path: str) -> str:
    """The page in one line; ties between a figure and its unit stay."""
    return re.sub(r"[ \n]+", " ", client.get(path).content.decode())


def seen(cast: Cast, now: datetime) -> ProgressView:
    with tenant_scope(cast.tenant.pk):
        row = get_engagements().get(pk=cast.engagement.pk)
        found = get_progress(engagement=row, now=now)
    assert found is not None
    return found


def test_the_worked_example_finishes_in_month_8_25_and_cautiously_in_9_4(example: Cast) -> None:
    view = seen(example, NOW)
    found = view.completion
    assert (round(found.planned_now), round(found.done_now)) == (60, 64)
    assert (found.recent_date, found.steady_date) == (day_of(8.25), day_of(9.375))
    assert found.dates == view.curve.finishes
    assert say_when(found).startswith(
        "At the recent rate the plan is finished between months 8 and 9, "
    )
    assert say_finish(found).endswith("at worst")


def test_the_change_that_turned_the_plan_stands_on_its_chart(example: Cast) -> None:
    found = seen(example, NOW).completion
    [change] = [event for event in found.events if "second trainer" in event.name]
    assert change.day == day_of(CHANGED)
    figure = go.Figure(completion_curve(found))
    assert change.day.isoformat() in [shape.x0 for shape in figure.layout.shapes]
    assert completion_details(found)[0].endswith("What-if taken over: a second trainer.")
    lines = {trace.name: trace for trace in figure.data}
    assert lines["forecast"].x[-1] == day_of(8.25).isoformat()
    assert lines["steady"].x == (day_of(9.375).isoformat(),)
    assert lines["actual"].y[-1] == 64


def test_what_was_undone_or_deleted_is_no_turn(example: Cast) -> None:
    with tenant_scope(example.tenant.pk):
        plan = Plan.objects.get(engagement=example.engagement)
        PlanChange.objects.update(undone_at=datetime(2026, 5, 1, tzinfo=UTC))
        now = datetime(2026, 5, 4, 23, 30, tzinfo=UTC)
        kept = take_baseline(plan=plan, name="As agreed in May", by=None, now=now)
    # Half past eleven in London is the next day in Oslo.
    [event] = seen(example, NOW).completion.events
    assert (event.day, event.name) == (date(2026, 5, 5), "As agreed in May")
    with tenant_scope(example.tenant.pk):
        Baseline.objects.filter(pk=kept.pk).update(dropped_at=now)
    assert not seen(example, NOW).completion.events


def test_page_csv_and_api_say_one_finish(example: Cast, at: str, csm: Client) -> None:
    page = said(csm, f"{at}plan/curve/")
    api = csm.get(example.at(f"api/v1/engagements/{example.engagement.pk}/plan/progress/")).json()
    text = csm.get(f"{at}plan/curve.csv").content.decode("utf-8-sig")
    rows = {row["day"]: row for row in csv.DictReader(io.StringIO(text))}
    assert f"{api['when']}</h2>" in page
    assert f"{api['finding']}." in page
    finish = min(filter(None, (api["recent_finish"], api["cautious_finish"])))
    assert f"<b>{current().day(date.fromisoformat(finish))}" in page
    assert float(rows[api["as_of"]]["done_percent"]) == round(api["done_percent"], 1)
    assert rows[api["ahead"][-1]["day"]]["forecast_percent"] == "100.0"
    assert "second trainer" in rows[day_of(CHANGED).isoformat()]["plan_change"]
    assert [change["day"] for change in api["changes"]] == [day_of(CHANGED).isoformat()]
    assert "What-if taken over: a second trainer" in page


def test_the_measures_and_the_plan_lead_to_the_one_page(
    cast: Cast, planned: date, at: str, csm: Client
) -> None:
    for source in ("measures/", "plan/"):
        assert f'href="{at}plan/curve/"' in csm.get(f"{at}{source}").content.decode()


def test_the_page_says_it_in_words_and_the_csv_holds_it(
    cast: Cast, planned: date, at: str, csm: Client
) -> None:
    do(cast, "1", 100)
    page = said(csm, f"{at}plan/curve/")
    for words in (
        "working days behind",
        "25\xa0% of the plan is done, 100\xa0% was planned by now",
        "How sure is the",
    ):
        assert words in page
    text = csm.get(f"{at}plan/curve.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert rows[-1]["day"] > "2026-01-05"
    assert {row["done_percent"] for row in rows} >= {"25.0"}
    assert csm.get(f"{at}plan/forecast.csv").status_code == 404


def test_without_a_plan_the_page_teaches(at: str, csm: Client) -> None:
    assert "Nothing to compare yet" in csm.get(f"{at}plan/curve/").content.decode()
    assert csm.get(f"{at}plan/curve.csv").status_code == 404


def test_strangers_find_nothing_and_the_lead_sees_it(
    planned: date, at: str, csm: Client, lead: Client, stranger: Client
) -> None:
    browsers = {"csm": csm, "lead": lead, "stranger": stranger}
    expected = {"csm": 200, "lead": 200, "stranger": 404}
    assert statuses(browsers, "get", f"{at}plan/curve/") == expected
    assert statuses(browsers, "get", f"{at}plan/curve.csv") == expected


def test_the_page_costs_the_same_for_any_number_of_days(
    cast: Cast, planned: date, at: str, csm: Client
) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            plan = Plan.objects.get(engagement=cast.engagement)
            PlanProgress.objects.bulk_create(
                PlanProgress(
                    plan=plan,
                    customer_id=plan.customer_id,
                    day=planned + timedelta(days=n),
                    planned_percent=n / 4,
                    done_percent=n / 5,
                    finish=plan.finish,
                )
                for n in range(300)
            )

    assert_same_queries(csm, f"{at}plan/curve/", grow)


def test_a_simulation_of_a_stored_plan_is_drawn_told_and_exported(
    cast: Cast, planned: date
) -> None:
    with tenant_scope(cast.tenant.pk):
        stored = get_schedule(plan=Plan.objects.get(engagement=cast.engagement))
        first = stored.rows[0]
        spreads = {str(first.pk): Spread(first.duration, first.duration, 3 * first.duration)}
        forecast = forecast_of(stored, spreads)
        header = header_of(cast.engagement, today=planned)
    shown = _simulated(forecast, header, at_evening(planned))
    assert (forecast.uncertain, forecast.open) == (1, 4)
    assert forecast.found.planned < forecast.found.p50 < forecast.found.p80
    assert [risk["outline"] for risk in shown["risks"]] == ["1", "2", "3", "4"]
    bars = go.Figure(shown["finishes"]).data[0]
    assert sum(bars.y) == pytest.approx(100, abs=0.2)
    page = " ".join(
        render_to_string(
            "adoption/_forecast.html", {**shown, "header": header, "ws": cast.tenant.slug}
        ).split()
    )
    for words in ("Half of the runs are finished by", "10,000 runs", "One of 4 open steps"):
        assert words in page
    text = simulation_csv(forecast.found, forecast.outlines).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["critical_share"] for row in rows] == ["1.0"] * 4
    assert rows[0]["correlation_with_finish"] == "1.0"
    assert rows[1]["correlation_with_finish"] == ""


def test_durations_of_three_points_in_a_file_are_simulated(
    cast: Cast, at: str, csm: Client
) -> None:
    header = "id,outline,name,duration,optimistic,pessimistic,predecessors"
    bring(csm, at, f"{header}\n1,1,First,5d,4d,12d,\n2,2,Second,5d,,,1\n")
    page = " ".join(csm.get(f"{at}plan/curve/").content.decode().split())
    assert "Half of the runs are finished by" in page
    assert "One of 2 open steps" in page
