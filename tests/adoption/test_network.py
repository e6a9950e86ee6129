"""The network page of a plan: steps, arrows, the path ahead and the reasons."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from adoption import operations
from adoption.models import Plan, WorkPackage
from adoption.queries import get_network
from adoption.queries.joins import joins_of
from adoption.queries.networks import PATH, NetworkStep, NetworkView
from adoption.queries.reasons import reasons_for
from adoption.queries.stored import get_schedule
from adoption.views.saying import say_reason
from tenancy.scope import tenant_scope
from tests.adoption.test_views import bring
from tests.factories import Cast
from tests.pages import assert_same_queries, statuses

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
# A to F of the source, in weeks; G hangs behind the milestone and under a summary of its own.
SOURCE = """id,outline,name,duration,predecessors
1,1,Activity A,3w,
2,2,Activity B,2w,1
3,3,Activity C,5w,1
4,4,Activity D,3w,3
5,5,Activity E,4w,2
6,6,Activity F,1w,4;5
"""
STREAMS = """id,outline,name,duration,predecessors
1,1,Prepare,,
2,1.1,Design,5d,
3,1.2,Approve,2d,2FS+1d
4,1.3,Beside,1d,2SS
5,2,Launch,,
6,2.1,Train,4d,3
7,2.2,Ready,0d,6;4
8,3,After,9d,1
9,4,Alone,1d,
"""


@pytest.fixture
def at(cast: Cast) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/")


def shown(cast: Cast, **asked: Any) -> NetworkView:
    with tenant_scope(cast.tenant.pk):
        found = get_network(engagement_id=cast.engagement.pk, **asked)
    assert found is not None
    return found


def ids(view: NetworkView) -> dict[str, UUID]:
    return {step.outline: step.id for step in view.steps}


def steps(view: NetworkView) -> dict[str, NetworkStep]:
    return {step.outline: step for step in view.steps}


def arrows(view: NetworkView) -> set[tuple[str, str]]:
    names = {step.id: step.outline for step in view.steps}
    return {(names[join.before], names[join.after]) for join in view.joins}


def test_the_source_s_example_is_reproduced(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, SOURCE)
    view = shown(cast)
    found = steps(view)
    assert [step.outline for step in view.way] == ["1", "3", "4", "6"]
    assert [found[n].state for n in "123456"] == [
        "critical", "todo", "critical", "critical", "todo", "critical",
    ]  # fmt: skip
    assert found["2"].float_days == found["5"].float_days == 10
    started = (found["6"].start - found["1"].start).days
    assert started == 11 * 7
    assert arrows(view) == {("1", "2"), ("1", "3"), ("3", "4"), ("2", "5"), ("4", "6"), ("5", "6")}
    red = [join for join in view.joins if join.critical]
    assert sorted(join.days for join in red) == [15, 15, 25]
    page = csm.get(f"{at}plan/network/").content.decode()
    for words in (
        "1 Activity A sets the finish: 15 + 25 + 15 + 5 working days",
        "15\N{NO-BREAK SPACE}d",
        "n-crit",
    ):
        assert words in page


def test_links_of_summaries_join_the_steps_at_their_ends(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    found = arrows(shown(cast))
    # After waits for all of Prepare: for Approve and for Beside, which nothing in it follows.
    assert {("1.2", "3"), ("1.3", "3")} <= found
    assert ("1.1", "3") not in found
    assert shown(cast).unlinked == 1


def test_folding_to_the_top_joins_streams_once(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    view = shown(cast, level=1)
    assert view.levels == (1,)
    assert set(ids(view)) == {"1", "2", "3", "4"}
    assert arrows(view) == {("1", "2"), ("1", "3")}
    assert steps(view)["1"].state == "critical"
    assert "Top level" in csm.get(f"{at}plan/network/?level=1").content.decode()


def test_the_path_to_a_milestone_has_its_own_float(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    whole = shown(cast)
    assert steps(whole)["2.1"].float_days == 5
    view = shown(cast, to=ids(whole)["2.2"])
    assert set(ids(view)) == {"1.1", "1.2", "1.3", "2.1", "2.2"}
    assert [step.outline for step in view.way] == ["1.1", "1.2", "2.1", "2.2"]
    assert steps(view)["1.3"].float_days == 11
    page = csm.get(f"{at}plan/network/?to={ids(whole)['2.2']}").content.decode()
    assert "1.1 Design sets 2.2 Ready: 5 + 1 + 2 + 4 working days" in page


def test_the_path_alone_leaves_out_what_has_float(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    assert [step.outline for step in shown(cast, level=PATH).steps] == ["1.1", "1.2", "3"]
    assert "1.3 Beside" not in csm.get(f"{at}plan/network/?level=path").content.decode()


def test_a_plan_too_large_to_read_opens_folded_or_at_its_path(
    cast: Cast, at: str, csm: Client
) -> None:
    lines = [f"{n},{n},Step {n},{n % 7 + 1}d," for n in range(1, 200)]
    bring(csm, at, "id,outline,name,duration,predecessors\n" + "\n".join(lines))
    view = shown(cast)
    assert view.level == PATH
    assert {step.state for step in view.steps} == {"critical"}
    assert len(shown(cast, level=0).steps) == 199


def test_near_critical_is_what_lies_within_the_days_asked(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    assert steps(shown(cast, within=4))["2.1"].state == "todo"
    assert steps(shown(cast, within=5))["2.1"].state == "near"
    assert "n-near" in csm.get(f"{at}plan/network/?within=5").content.decode()
    assert "n-near" not in csm.get(f"{at}plan/network/?within=4").content.decode()


@pytest.mark.parametrize(
    ("outline", "words"),
    [
        ("1.1", "It waits for nothing and begins with the plan"),
        ("1.2", "It begins when 1.1 Design is finished"),
        ("1.2", "and 1 d later"),
        ("1.3", "It begins once 1.1 Design has begun"),
        ("2.2", "It begins when 2.1 Train is finished"),
        ("2.2", "It also waits for: 1.3 Beside"),
        ("1.2", "These wait for it: 2.1 Train, 3 After"),
        ("1", "It holds steps of its own"),
    ],
)
def test_why_a_step_is_where_it_is(
    cast: Cast, at: str, csm: Client, outline: str, words: str
) -> None:
    bring(csm, at, STREAMS)
    with tenant_scope(cast.tenant.pk):
        step = WorkPackage.objects.get(outline=outline, plan__engagement=cast.engagement).pk
    page = csm.get(f"{at}plan/network/?why={step}").content.decode()
    assert f"Why is {outline}" in page
    assert words in " ".join(page.split())


def test_a_constraint_and_done_work_give_their_reasons(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    with tenant_scope(cast.tenant.pk):
        packages = WorkPackage.objects.filter(plan__engagement=cast.engagement)
        first, alone = packages.get(outline="1.1"), packages.get(outline="4")
        packages.filter(pk=first.pk).update(
            actual_start=first.start, actual_finish=first.finish, done_percent=100, percent=100
        )
        packages.filter(pk=alone.pk).update(constraint="SNET", constraint_at=alone.finish)
    view = shown(cast, why=alone.pk)
    assert view.why is not None
    assert [reason.kind for reason in view.why.reasons] == ["constraint"]
    assert steps(view)["1.1"].state == "done"
    past = [join for join in view.joins if join.past]
    assert [(join.before, join.after) for join in past] == [(first.pk, ids(view)["1.2"])]
    done = shown(cast, why=first.pk).why
    assert done is not None
    assert [reason.kind for reason in done.reasons] == ["done"]


def test_what_makes_no_sense_is_not_asked(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    for query in ("to=x", f"to={uuid4()}", f"why={uuid4()}", "level=99", "within=-4", "zoom=1e9"):
        assert csm.get(f"{at}plan/network/?{query}").status_code == 200
    with tenant_scope(cast.tenant.pk):
        summary = WorkPackage.objects.get(outline="1", plan__engagement=cast.engagement).pk
    assert shown(cast, to=summary).to is None


def test_the_csv_holds_what_the_page_shows(cast: Cast, at: str, csm: Client) -> None:
    assert csm.get(f"{at}plan/network.csv").status_code == 404
    bring(csm, at, STREAMS)
    rows = list(
        csv.DictReader(io.StringIO(csm.get(f"{at}plan/network.csv").content.decode("utf-8-sig")))
    )
    assert [row["outline"] for row in rows] == [step.outline for step in shown(cast).steps]
    assert [row["needs"] for row in rows if row["outline"] == "2.2"] == ["1.3 2.1"]


def test_without_a_plan_the_page_teaches(at: str, csm: Client) -> None:
    assert "Nothing to draw yet" in csm.get(f"{at}plan/network/").content.decode()


def test_strangers_find_nothing_and_the_lead_sees_it(
    at: str, csm: Client, lead: Client, stranger: Client
) -> None:
    bring(csm, at, STREAMS)
    browsers = {"csm": csm, "lead": lead, "stranger": stranger}
    assert statuses(browsers, "get", f"{at}plan/network/") == {
        "csm": 200,
        "lead": 200,
        "stranger": 404,
    }


def test_the_page_costs_the_same_for_any_number_of_steps(at: str, csm: Client) -> None:
    bring(csm, at, STREAMS)
    lines = [f"{n},{n},Step {n},2d,{n - 1 if n > 1 else ''}" for n in range(1, 400)]
    many = "id,outline,name,duration,predecessors\n" + "\n".join(lines)

    def grow() -> None:
        bring(csm, at, many)
        # What was said of it is shown, and gone.
        csm.get(f"{at}plan/")

    assert_same_queries(csm, f"{at}plan/network/", grow)


def test_work_begun_before_its_turn_is_told_that_its_rest_waits(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.make_plan(
            engagement=cast.engagement, name="Plan", start=date(2026, 11, 16),
            text="Design; 5d\nTrain; 5d", by=None, now=NOW,
        )  # fmt: skip
        plan = Plan.objects.select_related("customer").get()
        package = WorkPackage.objects.select_related("plan").get(name="Train")
        operations.report_progress(
            plan=plan, package=package, percent=20, actual_start=date(2026, 11, 17),
            by=None, now=NOW,
        )  # fmt: skip
        stored = get_schedule(plan=Plan.objects.get())
        why = reasons_for(stored, 1, joins_of(stored.schedule))
    (reason,) = why.reasons
    assert say_reason(reason).startswith(
        "It began before its turn: what is left of it waits until 1 Design is finished, on 20 Nov"
    )
