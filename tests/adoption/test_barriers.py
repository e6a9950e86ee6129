"""Barriers: whom they stop, who removes them, and what did."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from adoption import operations, queries
from adoption.models import Barrier
from adoption.queries import BarrierFilters
from engagements import operations as engagements
from engagements.models import ImpactGroup, Stakeholder, TimelineEntry
from tenancy.scope import tenant_scope
from tests.adoption.test_api_packages import program, send
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside, statuses

SINCE = date(2026, 10, 1)
FIELDS: dict[str, Any] = {
    "kind": "no_time",
    "effect": "No hour for the course",
    "since_date": SINCE,
}


@pytest.fixture
def crews(cast: Cast) -> ImpactGroup:
    """A group with Ana on its roster, who is also one of the customer's stakeholders."""
    with tenant_scope(cast.tenant.pk):
        group = engagements.add_impact_group(
            engagement=cast.engagement, fields={"name": "Crews", "size": 4}
        )
        engagements.put_on_roster(
            engagement=cast.engagement,
            external_id="ana@work.example",
            name="Ana Berg",
            email="ana@halden.example",
            fields={"impact_group": group},
        )
    return group


def note(cast: Cast, *groups: ImpactGroup, **changes: Any) -> Barrier:
    with tenant_scope(cast.tenant.pk):
        return operations.note_barrier(
            engagement=cast.engagement, groups=groups, fields=FIELDS | changes, by=cast.csm
        )


def named(cast: Cast, name: str, email: str = "") -> Stakeholder:
    with tenant_scope(cast.tenant.pk):
        return engagements.name_stakeholder(customer=cast.customer, name=name, email=email)


def listed(cast: Cast, **asked: Any) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        found = queries.get_barrier_list(
            engagement_id=cast.engagement.pk, today=TODAY, asked=BarrierFilters(**asked)
        )
    return [row.effect for row in found.rows]


def at(cast: Cast, rest: str = "barriers/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


@pytest.mark.parametrize(
    ("name", "email"),
    [("Ana B.", "ANA@halden.example"), ("ana berg", ""), ("Other", "ana@work.example")],
)
def test_an_owner_is_outside_the_group(
    cast: Cast, crews: ImpactGroup, name: str, email: str
) -> None:
    inside = named(cast, name, email)
    with pytest.raises(ValidationError, match="is an end user of Crews") as refusal:
        note(cast, crews, owner_at_customer=inside)
    assert set(refusal.value.message_dict) == {"owner_at_customer"}
    outside = named(cast, "Ana Berg", "ana.berg@elsewhere.example")
    assert note(cast, crews, owner_at_customer=outside).owner_name == "Ana Berg"


def test_an_owner_who_joins_the_group_is_told_of(cast: Cast, crews: ImpactGroup) -> None:
    note(cast, crews, owner_at_customer=named(cast, "Bo Lie", "bo@halden.example"))
    with tenant_scope(cast.tenant.pk):
        engagements.put_on_roster(
            engagement=cast.engagement,
            external_id="u-2",
            email="bo@halden.example",
            fields={"impact_group": crews},
        )
        rows = queries.get_barrier_list(engagement_id=cast.engagement.pk, today=TODAY).rows
    assert [row.owner_inside for row in rows] == ["Crews"]


def test_what_it_must_say_is_refused_by_field(cast: Cast, crews: ImpactGroup) -> None:
    with tenant_scope(cast.tenant.pk):
        other = engagements.add_impact_group(
            engagement=cast.second_engagement, fields={"name": "Theirs", "size": 4}
        )
    for groups, changes, field in (
        ((), {}, "groups"),
        ((other,), {}, "groups"),
        ((crews,), {"severity": 6}, "severity"),
        ((crews,), {"effect": ""}, "effect"),
    ):
        with pytest.raises(ValidationError) as refusal:
            note(cast, *groups, **changes)
        assert set(refusal.value.message_dict) == {field}


def test_a_barrier_is_removed_and_stands_again(cast: Cast, crews: ImpactGroup) -> None:
    row = note(cast, crews, state="worked_on")
    with tenant_scope(cast.tenant.pk):
        with pytest.raises(ValidationError, match="not there yet"):
            operations.remove_barrier(
                barrier=row, day=SINCE - timedelta(days=1), how="x", by=cast.csm
            )
        with pytest.raises(ValidationError, match="Say what removed it"):
            operations.remove_barrier(barrier=row, day=TODAY, how=" ", by=cast.csm)
        row = Barrier.objects.get()
        operations.remove_barrier(barrier=row, day=TODAY, how="A rota", by=cast.csm)
    assert (listed(cast), listed(cast, state="removed")) == ([], [row.effect])
    with tenant_scope(cast.tenant.pk):
        operations.bring_back_barrier(barrier=row, by=cast.csm)
        operations.bring_back_barrier(barrier=row, by=cast.csm)
        kinds = list(
            TimelineEntry.objects.filter(kind__startswith="barrier")
            .order_by("id")
            .values_list("kind", flat=True)
        )
    assert kinds == ["barrier.noted", "barrier.removed", "barrier.back"]
    assert listed(cast, state="worked_on") == [row.effect]


def test_the_list_is_narrowed_and_ordered_by_its_address(
    cast: Cast, csm: Client, crews: ImpactGroup
) -> None:
    with tenant_scope(cast.tenant.pk):
        desk = engagements.add_impact_group(
            engagement=cast.engagement, fields={"name": "Desk", "size": 4}
        )
    note(cast, crews, effect="worst", severity=5, due_date=TODAY)
    note(cast, crews, desk, effect="overdue", severity=2, due_date=TODAY - timedelta(days=1))
    note(cast, desk, effect="old", kind="data", since_date=date(2026, 1, 1))
    assert listed(cast) == ["worst", "old", "overdue"]
    assert listed(cast, order="due") == ["overdue", "worst", "old"]
    assert listed(cast, order="since") == ["old", "worst", "overdue"]
    assert listed(cast, group=crews.pk) == ["worst", "overdue"]
    assert listed(cast, kind="data") == ["old"]
    page = csm.get(at(cast, f"barriers/?group={desk.pk}&order=due&state=open")).content.decode()
    assert "worst" not in page
    assert page.index(">overdue<") < page.index(">old<")
    query = f"group={desk.pk}&amp;order=due"
    assert f"barriers.csv?state=open&amp;{query}" in page
    text = csm.get(at(cast, f"barriers.csv?group={desk.pk}")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["effect"], row["impact_groups"], row["overdue"]) for row in rows] == [
        ("old", "Desk", "no"),
        ("overdue", "Crews, Desk", "yes"),
    ]
    assert csm.get(at(cast, "barriers/?group=x&order=y&state=z&kind=q")).status_code == 200


def test_a_barrier_is_noted_changed_and_removed_on_its_pages(
    cast: Cast, csm: Client, crews: ImpactGroup
) -> None:
    insider = named(cast, "Ana", "ana@halden.example")
    posted = {
        "kind": "access",
        "effect": "No right to export",
        "groups": [str(crews.pk)],
        "since_date": "2026-10-01",
        "severity": "4",
        "person": f"stakeholder:{insider.pk}",
    }
    refused = csm.post(at(cast, "barriers/new/"), posted)
    assert "is an end user of Crews" in error_beside(refused, "person")
    noted = csm.post(at(cast, "barriers/new/"), posted | {"person": f"user:{cast.csm.pk}"})
    assert noted.status_code == 302
    with tenant_scope(cast.tenant.pk):
        row = Barrier.objects.get()
    path = cast.at(f"barriers/{row.pk}/")
    changed = csm.post(path, posted | {"person": "", "state": "worked_on", "severity": "5"})
    assert changed.status_code == 302
    removed = csm.post(f"{path}removed/", {"removed_date": "2026-11-01", "removed_how": "A role"})
    assert removed.status_code == 302
    assert listed(cast, state="removed") == ["No right to export"]
    early = csm.post(f"{path}removed/", {"removed_date": "2026-09-01", "removed_how": "A role"})
    assert "not there yet" in error_beside(early, "removed_date")
    assert csm.post(f"{path}removed/?undo=1").status_code == 302
    assert listed(cast, state="worked_on") == ["No right to export"]


def test_the_header_says_which_barrier_is_due_next(
    cast: Cast, csm: Client, crews: ImpactGroup
) -> None:
    row = note(cast, crews, due_date=SINCE)
    words = "Remove the barrier “No hour for the course”"
    assert words in csm.get(at(cast)).content.decode()
    with tenant_scope(cast.tenant.pk):
        operations.remove_barrier(barrier=row, day=TODAY, how="A rota", by=cast.csm)
    assert words not in csm.get(at(cast)).content.decode()


def test_both_sides_read_and_the_lead_writes(cast: Cast, crews: ImpactGroup) -> None:
    row = note(cast, crews)
    names = ("csm", "executive", "lead", "member", "stranger")
    browsers = {name: cast.browser(getattr(cast, name)) for name in names}
    reads = {"csm": 200, "executive": 200, "lead": 200, "member": 200, "stranger": 404}
    writes = reads | {"executive": 403, "member": 403}
    assert statuses(browsers, "get", at(cast)) == reads
    assert statuses(browsers, "get", at(cast, "barriers.csv")) == reads
    assert statuses(browsers, "get", at(cast, "barriers/new/")) == writes
    assert statuses(browsers, "get", cast.at(f"barriers/{row.pk}/")) == writes
    second = cast.at(f"engagements/{cast.second_engagement.pk}/barriers/")
    assert browsers["lead"].get(second).status_code == 404


def test_the_list_costs_the_same_for_many(cast: Cast, csm: Client, crews: ImpactGroup) -> None:
    owner = named(cast, "Bo", "bo@halden.example")
    note(cast, crews, owner_at_customer=owner)

    def grow() -> None:
        for number in range(3):
            note(cast, crews, owner_at_customer=owner, effect=f"{number}")

    assert_same_queries(csm, at(cast), grow)


def test_barriers_over_the_api(cast: Cast, crews: ImpactGroup) -> None:
    client, path = program(cast), "/api/v1/barriers/"
    insider = named(cast, "Ana", "ana@halden.example")
    body = {
        "engagement": str(cast.engagement.pk),
        "kind": "fault",
        "effect": "Tablets freeze",
        "groups": [str(crews.pk)],
        "since_date": "2026-10-01",
        "severity": 4,
    }
    inside = send(client, "POST", path, body | {"owner_at_customer": str(insider.pk)})
    assert "owner_at_customer" in inside.json()["errors"]
    made = send(client, "POST", path, body | {"owner": cast.csm.email})
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["groups"]) == ("open", [str(crews.pk)])
    one = f"{path}{made.json()['id']}/"
    undated = send(client, "PATCH", one, {"state": "removed"}, made["ETag"])
    assert "removed_date" in undated.json()["errors"]
    how = {"removed_date": "2026-11-01", "removed_how": "New tablets"}
    removed = send(client, "PATCH", one, how, made["ETag"])
    assert removed.json()["state"] == "removed", removed.content
    assert client.get(f"{path}?removed=true").json()["results"][0]["removed_how"] == "New tablets"
    assert client.get(f"{path}?group={crews.pk}&removed=false").json()["results"] == []
    back = send(client, "PATCH", one, {"removed_date": None}, removed["ETag"])
    assert (back.json()["state"], back.json()["removed_how"]) == ("open", "")
    member = cast.browser(cast.member)
    assert (
        member.get(cast.at("api/v1/barriers/")).json()["results"][0]["effect"] == "Tablets freeze"
    )
    posted = member.post(cast.at("api/v1/barriers/"), body, content_type="application/json")
    assert posted.status_code == 403
