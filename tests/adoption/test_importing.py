"""A plan file on its way in: looked at first, then brought in or put away."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from adoption import operations
from adoption.adapters import read_plan
from adoption.models import Plan, StagedPlan, WorkPackage
from adoption.queries.plan_files import get_plan_file
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.adoption.plans import project_file
from tests.factories import Cast
from tests.pages import MOST_QUERIES, queries_of

TABLE = """id,outline,name,duration,predecessors,owner,deliverable,kind,budget,checklist
1,1,Prepare,,,,,,,
2,1.1,Design,5d,,Ada,A drawing,technical,900,"[x] Drawn
[ ] Shown"
3,1.2,Approve,2d,2FS+1d,,,,,
4,2,Launch,0d,3,,,,,
"""
LATER = TABLE.replace("Design,5d", "Design,8d").replace(
    "4,2,Launch,0d,3,,,,,", "9,2,Party,1d,3,,,,,"
)
OTHER_NAMES = "Nr;Task Name;Days;Who;Mood\n1;Begin;2d;Ada;good\n2;End;3d;Bo;bad\n"


@pytest.fixture
def at(cast: Cast) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/")


def upload(browser: Client, at: str, data: str | bytes, name: str = "plan.csv") -> Any:
    content = data.encode() if isinstance(data, str) else data
    return browser.post(f"{at}plan/import/", {"file": SimpleUploadedFile(name, content)})


def bring(browser: Client, at: str, data: str | bytes, name: str = "plan.csv") -> Any:
    return browser.post(upload(browser, at, data, name)["Location"])


def names_of(cast: Cast) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        return [row.name for row in WorkPackage.objects.filter(plan__in=Plan.objects.all())]


def test_nothing_is_kept_before_somebody_says_so(cast: Cast, at: str, csm: Client) -> None:
    answer = upload(csm, at, TABLE)
    page = csm.get(answer["Location"])
    assert names_of(cast) == []
    text = page.content.decode()
    for words in ("Design", "Nothing is changed yet", "Bring in", "Which column is what"):
        assert words in text
    answer = csm.post(answer["Location"], {"follows_today": "on"})
    assert answer["Location"] == f"{at}plan/"
    assert names_of(cast) == ["Prepare", "Design", "Approve", "Launch"]
    with tenant_scope(cast.tenant.pk):
        assert not StagedPlan.objects.exists()
        assert Plan.objects.get().follows_today


def test_what_it_would_change_is_said_by_row(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, TABLE)
    page = csm.get(upload(csm, at, LATER)["Location"])
    change = page.context["preview"].replacement
    assert change.added == (("2", "Party"),)
    assert change.removed == (("2", "Launch"),)
    assert [(row.name, row.days) for row in change.moved] == [("Design", 3.0), ("Approve", 3.0)]
    assert change.finish_days == 4
    assert "The finish goes from" in page.content.decode()
    assert names_of(cast)[-1] == "Launch"


def test_a_row_that_bears_another_name_says_which_it_had(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, TABLE)
    heading = "id,outline,name,duration,predecessors"
    rows = "\n".join(f"{n},{n},Other {n},{n}d,{'2SS+1d' if n > 2 else ''}" for n in range(2, 40))
    page = csm.get(upload(csm, at, f"{heading}\n{rows}\n")["Location"])
    text = page.content.decode()
    assert "was: Design" in text
    assert "2SS+1d" in text
    assert "Of each kind the first 20 stand here" in text


def test_a_file_may_be_put_away(cast: Cast, at: str, csm: Client) -> None:
    address = upload(csm, at, TABLE)["Location"]
    assert csm.post(f"{address}discard/")["Location"] == f"{at}plan/"
    assert csm.get(address).status_code == 404
    assert names_of(cast) == []


def test_columns_are_named_where_their_headings_say_nothing(
    cast: Cast, at: str, csm: Client
) -> None:
    address = upload(csm, at, "Ref;Job;Length\n1;Begin;2d\n2;End;3d\n")["Location"]
    page = csm.get(address)
    assert "missing: id, name" in page.content.decode()
    named = {"column_0": "id", "column_1": "name", "column_2": "duration"}
    twice = csm.post(f"{address}columns/", named | {"column_2": "name"})
    assert "is Name already" in twice.content.decode()
    csm.post(f"{address}columns/", named)
    csm.post(address)
    assert names_of(cast) == ["Begin", "End"]


def test_headings_as_people_write_them_are_understood(cast: Cast, at: str, csm: Client) -> None:
    address = upload(csm, at, OTHER_NAMES)["Location"]
    assert csm.get(address).context["preview"].packages == 2
    csm.post(address)
    with tenant_scope(cast.tenant.pk):
        assert [row.owner for row in WorkPackage.objects.all()] == ["Ada", "Bo"]


def test_a_circle_is_named_and_cannot_be_brought_in(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, TABLE)
    circle = "Ref,name,duration,predecessors\n1,A,1d,2\n2,B,1d,1\n"
    address = upload(csm, at, circle)["Location"]
    named = {"column_0": "id", "column_1": "name", "column_2": "duration"}
    csm.post(f"{address}columns/", named | {"column_3": "predecessors"})
    answer = csm.post(address)
    assert "A → B → A" in answer.content.decode()
    assert names_of(cast)[1] == "Design"


def test_only_who_may_edit_sees_a_file(
    cast: Cast, at: str, csm: Client, lead: Client, executive: Client
) -> None:
    address = upload(lead, at, TABLE)["Location"]
    assert csm.get(address).status_code == 200
    assert executive.get(address).status_code == 403
    other = cast.browser(cast.stranger).get(address)
    assert other.status_code == 404


def test_a_plan_leaves_and_comes_back_as_it_was(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, TABLE)
    with tenant_scope(cast.tenant.pk):
        before = get_plan_file(engagement_id=cast.engagement.pk)
    assert before is not None
    assert before.rows[1].checklist == (("Drawn", True), ("Shown", False))
    assert before.rows[1].kind == "technical"
    for form in ("xml", "xlsx", "csv"):
        answer = csm.get(f"{at}plan.{form}")
        content = answer.getvalue()
        assert answer["Content-Disposition"] == f'attachment; filename="halden-1-plan.{form}"'
        bring(csm, at, content, f"plan.{form}")
        with tenant_scope(cast.tenant.pk):
            after = get_plan_file(engagement_id=cast.engagement.pk)
        assert after is not None
        assert after.rows == before.rows, form
        assert (after.links, after.calendar, after.start) == (
            before.links,
            before.calendar,
            before.start,
        )


def test_what_was_taken_is_recorded_and_budgets_stay_with_those_who_see_them(
    cast: Cast, at: str, csm: Client
) -> None:
    bring(csm, at, TABLE)
    member = cast.browser(cast.member)
    forms = ["plan.csv", "plan.xlsx", "plan.xml"]
    pictures = [f"plan/{what}.{kind}" for what in ("time-line", "network") for kind in PICTURES]
    for path in (*forms, *pictures):
        assert csm.get(f"{at}{path}").status_code == 200, path
    theirs = read_plan(BytesIO(member.get(f"{at}plan.csv").getvalue()), "plan.csv")
    assert {row.budget for row in theirs.rows} == {None}
    with tenant_scope(cast.tenant.pk):
        taken = AuditEntry.objects.filter(action="plan.exported").order_by("seq")
        assert [entry.facts["form"] for entry in taken] == [
            *("csv", "xlsx", "xml"),
            *(f"time-line {kind}" for kind in PICTURES),
            *(f"network {kind}" for kind in PICTURES),
            "csv",
        ]


PICTURES = {"svg": b"<svg ", "png": b"\x89PNG", "pdf": b"%PDF"}


def test_pictures_stand_on_their_own(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, TABLE.replace("Approve", "Approve <b>&"))
    for what in ("time-line", "network"):
        for kind, head in PICTURES.items():
            content = csm.get(f"{at}plan/{what}.{kind}").getvalue()
            assert content.startswith(head)
        drawing = csm.get(f"{at}plan/{what}.svg").getvalue().decode()
        assert "Approve &lt;b&gt;&amp;" in drawing
        assert not re.search(r"class=|style=|href=|var\(", drawing)


def test_files_nobody_brought_in_go_after_a_day(cast: Cast, at: str, csm: Client) -> None:
    upload(csm, at, TABLE)
    now = datetime.now(UTC)
    with tenant_scope(cast.tenant.pk):
        for later, left in ((timedelta(hours=23), 1), (timedelta(hours=25), 0)):
            operations.drop_stale_plans(business_date=now.date(), now=now + later)
            assert StagedPlan.objects.count() == left


def test_a_large_plan_costs_no_more_questions(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, project_file("programme_64_packages").read(), "plan.xml")
    for form in ("xml", "csv"):
        assert queries_of(csm, f"{at}plan.{form}") <= MOST_QUERIES
    again = upload(csm, at, project_file("programme_64_packages").read(), "plan.xml")
    assert queries_of(csm, again["Location"]) <= MOST_QUERIES
