import csv
import io
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from adoption.models import Plan
from adoption.queries import PlanView, get_plan
from tenancy.scope import tenant_scope
from tests.adoption.plans import project_file
from tests.factories import Cast
from tests.pages import assert_same_queries, error_beside, queries_of, statuses

TABLE = """id,outline,name,duration,predecessors
1,1,Prepare,,
2,1.1,Design,5d,
3,1.2,Approve,2d,2FS+1d
4,1.3,Beside,1d,
5,2,Launch,0d,3
"""
CIRCLE = """<Project xmlns="http://schemas.microsoft.com/project"><Title>Round</Title>
<StartDate>2026-01-05T08:00:00</StartDate><Tasks>{}</Tasks></Project>"""
TASK = (
    "<Task><UID>{0}</UID><Name>{1}</Name><OutlineLevel>1</OutlineLevel><Duration>PT8H0M0S</Duration>"
    "<PredecessorLink><PredecessorUID>{2}</PredecessorUID><Type>1</Type></PredecessorLink></Task>"
)


@pytest.fixture
def at(cast: Cast) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/")


def bring(
    browser: Client, path: str, data: bytes | str, name: str = "plan.csv", **fields: str
) -> Any:
    content = data.encode() if isinstance(data, str) else data
    file = SimpleUploadedFile(name, content)
    response = browser.post(f"{path}plan/import/", {"file": file})
    return browser.post(response["Location"], fields) if response.status_code == 302 else response


def plan_of(cast: Cast) -> PlanView | None:
    with tenant_scope(cast.tenant.pk):
        return get_plan(engagement_id=cast.engagement.pk)


def test_without_a_plan_the_page_says_how_to_get_one(
    at: str, csm: Client, executive: Client
) -> None:
    assert "Bring in a plan" in csm.get(f"{at}plan/").content.decode()
    shown = executive.get(f"{at}plan/").content.decode()
    assert "No plan yet" in shown
    assert "plan/import/" not in shown
    assert csm.get(f"{at}plan.csv").status_code == 404


def test_a_plan_comes_in_and_is_shown(cast: Cast, at: str, csm: Client) -> None:
    response = bring(csm, at, TABLE)
    assert (response.status_code, response["Location"]) == (302, f"{at}plan/")
    page = csm.get(f"{at}plan/").content.decode()
    assert "critical path is computed" in page
    for words in ("Design", "Approve", "Launch", "3 of its work packages are critical", "<svg"):
        assert words in page
    assert "takes the place of the plan" in csm.get(f"{at}plan/import/").content.decode()


def test_the_customers_lead_owns_the_plan(cast: Cast, at: str, lead: Client) -> None:
    assert bring(lead, at, TABLE).status_code == 302
    plan = plan_of(cast)
    assert plan is not None
    assert plan.packages == 4


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("plan.csv", b"", "empty"),
        ("plan.csv", b"\n\n", "The file is empty"),
        ("plan.csv", "id,name,duration\n1,Bjørn,5d\n".encode("latin-1"), "not UTF-8"),
        ("plan.csv", b"id,name,duration\n1,A,=1+1\n", "“=1+1” is not like 5d"),
        ("plan.csv", b"id,name,duration\n1,A,5d\n1,B,5d\n", "the id 1 is already in row 2"),
        ("plan.csv", b"id,name,duration,predecessors\n1,A,5d,9\n", "waits for “9”"),
        ("plan.csv", b"id,name,duration\n1,A,99999999w\n", "too long"),
        ("plan.xml", b"<Project><Tasks>", "line 1"),
        ("plan.xml", b"<html></html>", "Project"),
        ("plan.mpp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old binary file"),
        ("plan.xlsx", b"PK\x03\x04nothing", "damaged"),
        (
            "plan.xml",
            b'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaa">]><Project>&a;</Project>',
            "",
        ),
    ],
)
def test_a_bad_file_is_explained_and_changes_nothing(
    cast: Cast, at: str, csm: Client, name: str, data: bytes, words: str
) -> None:
    bring(csm, at, TABLE)
    before = plan_of(cast)
    response = bring(csm, at, data, name)
    assert response.status_code == 200
    assert words.lower() in error_beside(response, "file").lower()
    assert plan_of(cast) == before


def test_a_circle_is_named_and_the_old_plan_stays(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, TABLE)
    before = plan_of(cast)
    tasks = [(1, "Design", 3), (2, "Approve", 1), (3, "Train", 2), (4, "Free", 3)]
    file = CIRCLE.format("".join(TASK.format(*task) for task in tasks))
    response = bring(csm, at, file, "round.xml")
    assert "Design → Approve → Train → Design" in error_beside(response, "file")
    assert plan_of(cast) == before


def test_a_plan_without_a_file_says_so(at: str, csm: Client) -> None:
    response = csm.post(f"{at}plan/import/", {"follows_today": "on"})
    assert "required" in error_beside(response, "file")


def test_work_not_done_follows_the_day_until_told_otherwise(
    cast: Cast, at: str, csm: Client
) -> None:
    bring(csm, at, TABLE)
    stood = plan_of(cast)
    assert "moves on with each day" in csm.post(f"{at}plan/today/", follow=True).content.decode()
    moved = plan_of(cast)
    assert "as they were planned" in csm.post(f"{at}plan/today/", follow=True).content.decode()
    back = plan_of(cast)
    assert stood is not None
    assert moved is not None
    assert back is not None
    assert moved.follows_today
    assert moved.finish > stood.finish
    assert (back.follows_today, back.finish) == (False, stood.finish)


def test_the_sheet_holds_the_rows_of_the_page(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, project_file("programme_64_packages").read(), "programme.xml")
    exported = csm.get(f"{at}plan.csv")
    assert exported["Content-Disposition"] == 'attachment; filename="halden-1-plan.csv"'
    found = list(csv.DictReader(io.StringIO(exported.content.decode("utf-8-sig"))))
    shown = csm.get(f"{at}plan/").context["rows"]
    assert len(found) == len(shown) > 60
    for line, row in zip(found, shown, strict=True):
        assert (line["outline"], line["name"]) == (row.outline, row.name)
        assert datetime.fromisoformat(line["start"]) == row.start
        assert datetime.fromisoformat(line["finish"]) == row.finish
        assert float(line["total_float_days"]) == round(row.total_float_days, 2)
        assert (line["critical"] == "critical") == row.critical


def test_no_cell_leaves_as_a_formula(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, 'id,name,duration\n1,"=HYPERLINK(""http://evil"")",5d\n2,@risk,1d\n')
    lines = csm.get(f"{at}plan.csv").content.decode("utf-8-sig").splitlines()
    assert [next(csv.reader([line]))[2] for line in lines[1:]] == [
        '\'=HYPERLINK("http://evil")',
        "'@risk",
    ]


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("all", ["Prepare", "Design", "Approve", "Beside", "Launch"]),
        ("critical", ["Prepare", "Design", "Approve", "Launch"]),
        ("nonsense", ["Prepare", "Design", "Approve", "Beside", "Launch"]),
    ],
)
def test_rows_are_chosen_by_the_address(at: str, csm: Client, show: str, names: list[str]) -> None:
    bring(csm, at, TABLE)
    rows = csm.get(f"{at}plan/?show={show}").context["rows"]
    assert [row.name for row in rows] == names


def test_a_large_plan_begins_with_its_top_levels(at: str, csm: Client) -> None:
    bring(csm, at, project_file("programme_1840_packages").read(), "programme.xml")
    page = csm.get(f"{at}plan/")
    assert page.status_code == 200
    assert all(row.level <= 2 for row in page.context["rows"])


def test_who_may_do_what(cast: Cast, at: str) -> None:
    users = (cast.admin, cast.manager, cast.csm, cast.executive, cast.lead, cast.member)
    browsers = {user.name.lower(): cast.browser(user) for user in (*users, cast.stranger)}
    bring(browsers["csm"], at, TABLE)
    everybody = dict.fromkeys(browsers, 200) | {"stranger": 404}
    refused = {"executive": 403, "member": 403, "stranger": 404}
    assert statuses(browsers, "get", f"{at}plan/") == everybody
    assert statuses(browsers, "get", f"{at}plan.csv") == everybody
    assert statuses(browsers, "get", f"{at}plan/import/") == everybody | refused
    weak = {name: browsers[name] for name in refused}
    assert statuses(weak, "post", f"{at}plan/import/") == refused
    assert statuses(weak, "post", f"{at}plan/today/") == refused
    assert browsers["csm"].get(f"{at}plan/today/").status_code == 405
    assert browsers["csm"].post(f"{at}plan/").status_code == 405


def test_a_plan_costs_the_same_queries_for_many_rows(cast: Cast, at: str, csm: Client) -> None:
    bring(csm, at, "id,name,duration\n1,A,5d\n")

    def grow() -> None:
        bring(csm, at, TABLE)
        # The words about it wait for the next page.
        queries_of(csm, f"{at}plan/")

    assert_same_queries(csm, f"{at}plan/", grow)


def test_to_follow_today_needs_a_plan(cast: Cast, at: str, csm: Client) -> None:
    assert csm.post(f"{at}plan/today/").status_code == 404
    with tenant_scope(cast.tenant.pk):
        assert not Plan.objects.exists()
