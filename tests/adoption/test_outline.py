"""The outline of a plan: what is shown of it, typing into it, previews and undo."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from adoption import operations
from adoption.imports import import_plan
from adoption.models import (
    Assignment,
    CheckItem,
    Dependency,
    PackageComment,
    Plan,
    PlanChange,
    Resource,
    WorkPackage,
)
from adoption.queries.outline import Asked, Line, OutlineView, Viewer, get_outline
from engagements.models import Stakeholder
from engagements.operations import name_stakeholder
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast
from tests.pages import HOUSEKEEPING, MOST_QUERIES, queries_of

SWAP: Any = {"HTTP_HX_REQUEST": "true"}


NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TABLE = """id,outline,name,duration,predecessors
1,1,Prepare,,
2,1.1,Design,5d,
3,1.2,Approve,2d,2FS+1d
4,1.3,Beside,1d,
5,2,Launch,0d,3
"""


def bring(cast: Cast, table: str) -> None:
    with tenant_scope(cast.tenant.pk):
        import_plan(
            engagement=cast.engagement,
            source=io.BytesIO(table.encode()),
            file_name="plan.csv",
            imported_by=cast.csm,
            now=NOW,
        )


@pytest.fixture
def at(cast: Cast) -> str:
    bring(cast, TABLE)
    return cast.at(f"engagements/{cast.engagement.pk}/plan/")


def names(cast: Cast) -> list[str]:
    """The outline as numbers and names."""
    with tenant_scope(cast.tenant.pk):
        return [str(row) for row in WorkPackage.objects.filter(plan__in=Plan.objects.all())]


def row_of(cast: Cast, name: str) -> WorkPackage:
    with tenant_scope(cast.tenant.pk):
        return WorkPackage.objects.get(name=name)


def package_at(cast: Cast, name: str, rest: str = "") -> str:
    return cast.at(f"plan/packages/{row_of(cast, name).pk}/{rest}")


def seen(cast: Cast, **asked: Any) -> OutlineView:
    viewer = Viewer(cast.csm.pk, cast.csm.email, TODAY)
    with tenant_scope(cast.tenant.pk):
        found = get_outline(engagement_id=cast.engagement.pk, asked=Asked(**asked), viewer=viewer)
    assert found is not None
    return found


def shown(view: OutlineView) -> list[str]:
    return [line.row.name for line in view.lines]


def line(view: OutlineView, name: str) -> Line:
    return next(line for line in view.lines if line.row.name == name)


def change(cast: Cast, name: str, **fields: Any) -> None:
    with tenant_scope(cast.tenant.pk):
        WorkPackage.objects.filter(name=name).update(**fields)


def test_a_summary_folds_and_its_neighbours_are_counted(cast: Cast, at: str) -> None:
    whole = seen(cast)
    assert shown(whole) == ["Prepare", "Design", "Approve", "Beside", "Launch"]
    assert (line(whole, "Approve").place, line(whole, "Approve").of) == (2, 3)
    folded = seen(cast, turned=("1",))
    assert shown(folded) == ["Prepare", "Launch"]
    assert not line(folded, "Prepare").is_open


def test_rows_found_stand_below_what_they_belong_to(cast: Cast, at: str) -> None:
    found = seen(cast, q="appro")
    assert shown(found) == ["Prepare", "Approve"]
    assert [line.matches for line in found.lines] == [False, True]
    assert found.matching == 1


@pytest.mark.parametrize(
    ("sort", "first"), [("name", "Approve"), ("-name", "Launch"), ("days", "Launch")]
)
def test_sorted_rows_stand_without_their_summaries(
    cast: Cast, at: str, sort: str, first: str
) -> None:
    found = shown(seen(cast, sort=sort))
    assert found[0] == first
    assert "Prepare" not in found


def test_mine_is_what_names_me_or_a_person_of_my_address(cast: Cast, at: str) -> None:
    change(cast, "Design", owner_member=cast.csm)
    assert shown(seen(cast, show="mine")) == ["Prepare", "Design"]
    assert shown(seen(cast, owner=f"user:{cast.csm.pk}")) == ["Prepare", "Design"]


def test_late_is_what_should_be_finished_or_cannot_be_in_time(cast: Cast, at: str) -> None:
    assert "Design" in shown(seen(cast, show="late"))
    change(cast, "Design", done_percent=100)
    assert "Design" not in shown(seen(cast, show="late"))


def test_what_a_package_lacks_is_counted_and_found(cast: Cast, at: str, csm: Client) -> None:
    change(cast, "Design", owner="Ana", deliverable="A drawing", acceptance_test="Read", budget=5)
    change(cast, "Design", kind="training")
    view = seen(cast, show="gaps")
    assert "Design" not in shown(view)
    assert view.gaps["owner"] == 3
    assert view.gaps["duration"] == 1
    assert view.only_words
    assert shown(seen(cast, gap="duration")) == ["Launch"]
    page = csm.get(f"{at}?show=gaps").content.decode()
    assert "3 of 4 work packages lack something" in page
    assert "only tells and trains people" in page


def test_the_table_to_take_away_holds_what_is_shown(cast: Cast, at: str, csm: Client) -> None:
    answer = csm.get(f"{at}outline.csv?q=design")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["Prepare", "Design"]
    assert rows[2][-1] == "owner; deliverable; test; budget"


def test_a_page_costs_at_most_fifteen_queries_whatever_its_size(
    cast: Cast, at: str, csm: Client
) -> None:
    with tenant_scope(cast.tenant.pk):
        made = operations.add_resource(
            engagement=cast.engagement, fields={"name": "Ines", "kind": "person"}
        )
        Assignment.objects.create(
            customer_id=cast.customer.pk, package=row_of(cast, "Design"), resource=made
        )
    queries_of(csm, at)
    few = queries_of(csm, at)
    steps = "\n".join(
        f"{n},{n // 9 + 1}.{n % 9 + 1},Step {n},2d,{n - 1 or ''}" for n in range(1, 900)
    )
    bring(cast, f"id,outline,name,duration,predecessors\n{steps}\n")
    queries_of(csm, at)
    assert queries_of(csm, f"{at}?show=all") <= few <= MOST_QUERIES
    page = csm.get(f"{at}?show=all&page=2")
    assert len(page.context["lines"]) == 100


@pytest.mark.parametrize(("field", "value"), [("name", "Sketch"), ("duration", "9d")])
def test_an_edit_with_the_page_after_it_costs_at_most_fifteen_queries(
    cast: Cast, at: str, csm: Client, field: str, value: str
) -> None:
    design = row_of(cast, "Design")
    with tenant_scope(cast.tenant.pk):
        made = operations.add_resource(
            engagement=cast.engagement, fields={"name": "Ines", "kind": "person"}
        )
        Assignment.objects.create(customer_id=cast.customer.pk, package=design, resource=made)
    # The first visit fills what stays in memory.
    csm.get(at)
    url = cast.at(f"plan/packages/{design.pk}/cell/")
    sent = {"field": field, "value": value, "sure": 1}
    with CaptureQueriesContext(connection) as captured:
        answer = csm.post(url, sent, HTTP_HX_TARGET="plan", **SWAP)
    assert value in answer.content.decode()
    asked = [q["sql"] for q in captured.captured_queries if not HOUSEKEEPING.search(q["sql"])]
    assert len(asked) <= MOST_QUERIES, asked
    assert answer.context["plan"].finish == seen(cast).plan.finish


def furnish_stream(cast: Cast) -> None:
    """Twenty steps in one stream, with links, needs, checks, comments and owners of both sides."""
    steps = "\n".join(f"{n},1.{n},Step {n},2d,{n - 1 if n > 1 else ''}" for n in range(1, 21))
    bring(
        cast, f"id,outline,name,duration,predecessors\n90,1,Stream,,\n{steps}\n91,2,After,1d,20\n"
    )
    with tenant_scope(cast.tenant.pk):
        made = operations.add_resource(
            engagement=cast.engagement, fields={"name": "Ines", "kind": "person"}
        )
        person = name_stakeholder(customer=cast.customer, name="Kari", email="kari@example.org")
        rows = list(WorkPackage.objects.filter(is_summary=False))
        WorkPackage.objects.filter(pk=rows[0].pk).update(owner_member=cast.csm)
        WorkPackage.objects.filter(pk=rows[1].pk).update(owner_stakeholder=person)
        for package in rows[:20]:
            Assignment.objects.create(customer_id=cast.customer.pk, package=package, resource=made)
            item = operations.add_check_item(package=package, text="Room", by=cast.csm, now=NOW)
            operations.tick_item(item=item, by=cast.lead, now=NOW)
            operations.comment_on_package(package=package, text="When?", by=cast.lead, now=NOW)


def companions(cast: Cast) -> list[Any]:
    """Packages and what hangs on them, as they are stored: links, needs, checks, comments. Links
    come back with other ids, rows in the same order with other numbers for it."""
    left_out = {WorkPackage: ("position",), Dependency: ("id",)}
    with tenant_scope(cast.tenant.pk):
        return [
            [
                {name: value for name, value in row.items() if name not in left_out.get(model, ())}
                for row in model.objects.order_by(*order).values()
            ]
            for model, *order in (
                (WorkPackage, "position"),
                (Dependency, "before", "after"),
                (Assignment, "pk"),
                (CheckItem, "pk"),
                (PackageComment, "pk"),
            )
        ]


def test_a_stream_goes_and_comes_back_whole_in_few_statements(
    cast: Cast, at: str, csm: Client
) -> None:
    furnish_stream(cast)
    before = companions(cast)
    csm.get(at)
    for url in (package_at(cast, "Stream", "remove/"), f"{at}undo/"):
        with CaptureQueriesContext(connection) as captured:
            answer = csm.post(url, {}, HTTP_HX_TARGET="plan", **SWAP)
        assert answer.status_code == 200
        asked = [q["sql"] for q in captured.captured_queries if not HOUSEKEEPING.search(q["sql"])]
        assert len(asked) <= MOST_QUERIES, [words[:80] for words in asked]
        if url.endswith("remove/"):
            assert names(cast) == ["1 After"]
            assert companions(cast)[1:] == [[], [], [], []]
    assert companions(cast) == before


def test_who_is_gone_by_then_does_not_come_back(cast: Cast, at: str, csm: Client) -> None:
    furnish_stream(cast)
    csm.post(package_at(cast, "Stream", "remove/"), {}, **SWAP)
    with tenant_scope(cast.tenant.pk):
        Resource.objects.all().delete()
        Stakeholder.objects.all().delete()
    csm.post(f"{at}undo/", {}, **SWAP)
    with tenant_scope(cast.tenant.pk):
        assert not Assignment.objects.exists()
        assert CheckItem.objects.filter(done_by=cast.lead).count() == 20
        owners = WorkPackage.objects.filter(name__in=("Step 1", "Step 2")).order_by("position")
        assert [str(row.owner_name) for row in owners] == ["Csm", ""]


def test_a_row_typed_below_another_stands_there(cast: Cast, at: str, csm: Client) -> None:
    design = row_of(cast, "Design")
    answer = csm.post(f"{at}rows/new/", {"name": "Print; 2d", "after": design.pk, "level": "2"})
    assert answer.status_code == 302
    assert names(cast)[:4] == ["1 Prepare", "1.1 Design", "1.2 Print", "1.3 Approve"]
    with tenant_scope(cast.tenant.pk):
        assert WorkPackage.objects.get(name="Print").duration == 960
    csm.post(f"{at}rows/new/", {"name": "Colour", "after": row_of(cast, "Print").pk, "level": "3"})
    csm.post(f"{at}rows/new/", {"name": "Next", "after": row_of(cast, "Beside").pk, "level": "1"})
    assert names(cast)[3:] == ["1.2.1 Colour", "1.3 Approve", "1.4 Beside", "2 Next", "3 Launch"]


def test_a_change_answers_with_the_plan_as_it_then_is(cast: Cast, at: str, csm: Client) -> None:
    url = package_at(cast, "Design", "cell/")
    answer = csm.post(url, {"field": "name", "value": "Drawing", "at": "?show=all"}, **SWAP)
    page = answer.content.decode()
    assert page.lstrip().startswith('<div id="plan"')
    assert "Drawing" in page
    assert "<html" not in page
    assert "undo" in answer["HX-Trigger"]


def test_what_moves_others_is_asked_first(cast: Cast, at: str, csm: Client) -> None:
    url = package_at(cast, "Design", "cell/")
    asked = csm.post(url, {"field": "duration", "value": "8d"})
    page = asked.content.decode()
    assert "3 working days later" in page
    told = [fact.about for fact in asked.context["preview"].facts]
    assert told[:3] == ["Finish", "1.1 Design", "1.2 Approve"]
    assert row_of(cast, "Design").duration == 5 * 480
    assert 'name="sure"' in page
    csm.post(url, {"field": "duration", "value": "8d", "sure": "1"})
    assert row_of(cast, "Design").duration == 8 * 480


def test_what_moves_nobody_else_is_saved_at_once(cast: Cast, at: str, csm: Client) -> None:
    answer = csm.post(package_at(cast, "Beside", "cell/"), {"field": "duration", "value": "2d"})
    assert answer.status_code == 302
    assert row_of(cast, "Beside").duration == 2 * 480


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("duration", "soon", "soon"),
        ("name", "", ""),
        ("start", "tomorrow", "not a day"),
        ("critical", "1", "cannot be changed here"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    cast: Cast, at: str, csm: Client, field: str, value: str, words: str
) -> None:
    before = row_of(cast, "Design")
    answer = csm.post(package_at(cast, "Design", "cell/"), {"field": field, "value": value}, **SWAP)
    assert "data-refused" in answer.content.decode()
    assert words in answer["HX-Trigger"]
    assert row_of(cast, "Design").__dict__.items() >= {"name": before.name}.items()


def test_an_owner_typed_is_the_person_called_that(cast: Cast, at: str, csm: Client) -> None:
    csm.post(package_at(cast, "Design", "cell/"), {"field": "owner", "value": "csm"})
    assert row_of(cast, "Design").owner_member_id == cast.csm.pk
    csm.post(package_at(cast, "Design", "cell/"), {"field": "owner", "value": "The night crew"})
    row = row_of(cast, "Design")
    assert (row.owner, row.owner_member_id) == ("The night crew", None)


def test_a_start_typed_is_one_not_to_begin_before(cast: Cast, at: str, csm: Client) -> None:
    url = package_at(cast, "Beside", "cell/")
    csm.post(url, {"field": "start", "value": "2026-06-16", "sure": "1"})
    row = row_of(cast, "Beside")
    assert (row.constraint, row.start.date()) == ("SNET", date(2026, 6, 16))
    csm.post(url, {"field": "start", "value": "", "sure": "1"})
    assert row_of(cast, "Beside").constraint == "ASAP"


def test_rows_move_by_keys_and_by_hand(cast: Cast, at: str, csm: Client) -> None:
    move = package_at(cast, "Beside", "move/")
    csm.post(move, {"direction": "up", "sure": "1"})
    assert names(cast)[1:4] == ["1.1 Design", "1.2 Beside", "1.3 Approve"]
    csm.post(move, {"direction": "in", "sure": "1"})
    assert "1.1.1 Beside" in names(cast)
    csm.post(move, {"direction": "out", "sure": "1"})
    launch, design = row_of(cast, "Launch").pk, row_of(cast, "Design").pk
    csm.post(move, {"direction": "after", "target": launch, "sure": "1"})
    assert names(cast)[-1] == "3 Beside"
    csm.post(move, {"direction": "before", "target": design, "sure": "1"})
    assert names(cast)[1] == "1.1 Beside"
    csm.post(move, {"direction": "in", "target": row_of(cast, "Prepare").pk, "sure": "1"})
    assert names(cast)[3] == "1.3 Beside"


def test_chosen_rows_move_together(cast: Cast, at: str, csm: Client) -> None:
    design, approve, beside = (row_of(cast, name).pk for name in ("Design", "Approve", "Beside"))
    chosen = [approve, beside]
    url = package_at(cast, "Approve", "move/")
    csm.post(url, {"direction": "out", "row": chosen}, **SWAP)
    assert names(cast) == ["1 Prepare", "1.1 Design", "2 Approve", "3 Beside", "4 Launch"]
    csm.post(f"{at}undo/", {}, **SWAP)
    assert names(cast)[2:4] == ["1.2 Approve", "1.3 Beside"]
    csm.post(url, {"direction": "out", "row": [beside, design]}, **SWAP)
    assert names(cast) == ["1 Prepare", "1.1 Design", "1.2 Beside", "2 Approve", "3 Launch"]


def test_what_was_removed_comes_back(cast: Cast, at: str, csm: Client) -> None:
    before = names(cast)
    csm.post(package_at(cast, "Prepare", "remove/"))
    assert names(cast) == ["1 Launch"]
    csm.post(f"{at}undo/")
    assert names(cast) == before
    with tenant_scope(cast.tenant.pk):
        assert Dependency.objects.count() == 2
    again = csm.post(f"{at}undo/", follow=True).content.decode()
    assert "nothing of yours left" in again


def test_many_rows_take_an_owner_a_kind_or_another_week(cast: Cast, at: str, csm: Client) -> None:
    url, chosen = f"{at}rows/change/", [row_of(cast, n).pk for n in ("Design", "Beside")]
    csm.post(url, {"row": chosen, "what": "kind", "kind": "training"})
    assert row_of(cast, "Beside").kind == "training"
    csm.post(url, {"row": chosen, "what": "owner", "owner": f"user:{cast.csm.pk}"})
    assert row_of(cast, "Design").owner_member_id == cast.csm.pk
    start = row_of(cast, "Beside").start
    csm.post(url, {"row": chosen, "what": "shift", "shift": "5", "sure": "1"})
    assert (row_of(cast, "Beside").start - start).days == 7
    csm.post(url, {"row": chosen, "act": "remove"})
    assert "1.1 Approve" in names(cast)
    assert "Choose the rows first" in csm.post(url, {"what": "kind"}, follow=True).content.decode()


def test_pasted_rows_are_shown_before_they_are_made(cast: Cast, at: str, csm: Client) -> None:
    text = "Book rooms\t2d\nInvite\t1d\nTeach\t3d"
    after = row_of(cast, "Beside").pk
    asked = csm.post(f"{at}rows/paste/", {"text": text, "after": after})
    assert "3 rows were understood" in asked.content.decode()
    assert len(names(cast)) == 5
    csm.post(f"{at}rows/paste/", {"text": text, "after": after, "sure": "1"})
    assert names(cast)[4:7] == ["1.4 Book rooms", "1.5 Invite", "1.6 Teach"]
    faulty = {"text": "A\tsoon\nB\t2d", "swap": "1"}
    refused = csm.post(f"{at}rows/paste/", faulty, **SWAP).content.decode()
    assert "cannot be added as they are" in refused
    assert "soon" in refused
    plain = csm.post(f"{at}rows/paste/", {"text": "A\tsoon"}).content.decode()
    assert 'id="id_text_error"' in plain


def test_a_plan_begins_with_a_list(cast: Cast, csm: Client, executive: Client) -> None:
    base = cast.at(f"engagements/{cast.engagement.pk}/plan/")
    assert "Write down the steps" in csm.get(base).content.decode()
    form = {"name": "Roll-out", "start": "2026-11-23", "text": "Tell; 2d\nTrain; 5d"}
    looked = csm.post(f"{base}new/", form)
    assert "2 steps, finished on" in looked.content.decode()
    assert names(cast) == []
    assert csm.post(f"{base}new/", form | {"act": "make"}).status_code == 302
    assert names(cast) == ["1 Tell", "2 Train"]
    assert "has a plan already" in csm.get(f"{base}new/").content.decode()
    assert executive.get(f"{base}new/").status_code == 403


def test_a_list_with_a_fault_is_explained(cast: Cast, csm: Client) -> None:
    url = cast.at(f"engagements/{cast.engagement.pk}/plan/new/")
    form = {"name": "P", "start": "2026-11-23", "text": "Tell; nonsense days"}
    assert 'id="id_text_error"' in csm.post(url, form).content.decode()


def test_who_reads_gets_no_editor(cast: Cast, at: str) -> None:
    for browser in (cast.browser(cast.executive), cast.browser(cast.member)):
        page = browser.get(at).content.decode()
        assert "data-grid" not in page
        assert "rows/new" not in page
        assert browser.post(f"{at}rows/new/", {"name": "X"}).status_code == 403
        assert browser.post(package_at(cast, "Design", "cell/")).status_code == 403
        assert browser.post(f"{at}undo/").status_code == 403


def test_what_is_not_there_is_not_found(cast: Cast, at: str, csm: Client) -> None:
    stranger, url = cast.browser(cast.stranger), package_at(cast, "Design", "cell/")
    assert stranger.post(url).status_code == 404
    assert csm.post(cast.at(f"plan/packages/{uuid4()}/move/")).status_code == 404
    with tenant_scope(cast.tenant.pk):
        assert not PlanChange.objects.filter(by=cast.stranger).exists()


def test_an_undo_of_one_change_keeps_the_place(cast: Cast, at: str, csm: Client) -> None:
    csm.post(package_at(cast, "Design", "cell/"), {"field": "name", "value": "Drawing"})
    with tenant_scope(cast.tenant.pk):
        change_id: UUID = PlanChange.objects.latest("version").pk
    answer = csm.post(f"{cast.at(f'plan/changes/{change_id}/undo/')}?at=%3Fshow%3Dopen")
    assert answer["Location"].endswith("plan/?show=open")
    assert "1.1 Design" in names(cast)
