import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client

from engagements import imports, operations, queries
from engagements.models import ImpactGroup, RosterEntry, TeamMember
from rendering.spreadsheets import read_table
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast
from tests.incoming import bring_in
from tests.pages import assert_same_queries, error_beside

ROSTER = """external_id,name,email,impact_group,access_since,proficient_since,proficient_by
u1,Ada,ada@example.org,field crews,2026-10-01,2026-10-20,Field test
u2,Bo,,Field crews,2026-10-01,,
u3,,,,,,
"""


def at(cast: Cast, rest: str) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def group(cast: Cast, name: str = "Field crews", size: int = 40) -> ImpactGroup:
    with tenant_scope(cast.tenant.pk):
        return operations.add_impact_group(
            engagement=cast.engagement, fields={"name": name, "size": size}
        )


def read(cast: Cast, text: str, keep: bool = True) -> imports.ImportResult:
    with tenant_scope(cast.tenant.pk):
        return imports.import_roster(
            engagement=cast.engagement, table=read_table(text.encode()), keep=keep
        )


def on_roster(cast: Cast) -> dict[str, tuple[str, date | None, date | None]]:
    with tenant_scope(cast.tenant.pk):
        return {
            entry.end_user.external_id: (
                str(entry.impact_group or ""),
                entry.access_since,
                entry.proficient_since,
            )
            for entry in queries.get_roster(engagement_id=cast.engagement.pk)
        }


def people(cast: Cast) -> queries.PeopleView:
    with tenant_scope(cast.tenant.pk):
        return queries.get_people(engagement=cast.engagement, today=TODAY)


def test_a_roster_comes_in_from_a_file(cast: Cast) -> None:
    group(cast)
    result = read(cast, ROSTER)
    assert (result.created, result.changed, result.saved, result.errors) == (3, 0, True, ())
    assert on_roster(cast) == {
        "u1": ("Field crews", date(2026, 10, 1), date(2026, 10, 20)),
        "u2": ("Field crews", date(2026, 10, 1), None),
        "u3": ("", None, None),
    }


def test_read_again_it_changes_nothing_and_empty_cells_leave_what_is_known(cast: Cast) -> None:
    group(cast)
    read(cast, ROSTER)
    before = on_roster(cast)
    assert read(cast, "external_id,access_since\nu1,\nu2,\nu3,\n").unchanged == 3
    assert on_roster(cast) == before


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        (",Ada,,,,,", "external_id", "needs an external id"),
        ("u9,,,Nobody's group,,,", "impact_group", "no impact group"),
        ("u9,,,,01.02.2026,,", "access_since", "no date"),
        ("u9,,not-an-address,,,,", "email", "valid email"),
        ("u9,,,,,2026-10-20,", "proficient_by", "which assessment"),
    ],
)
def test_one_bad_row_is_named_and_nothing_is_saved(
    cast: Cast, line: str, column: str, words: str
) -> None:
    group(cast)
    result = read(cast, ROSTER + line + "\n")
    (fault,) = result.errors
    assert (fault.row, fault.column, result.saved) == (5, column, False)
    assert words in fault.message
    assert on_roster(cast) == {}


def test_a_check_saves_nothing(cast: Cast) -> None:
    group(cast)
    result = read(cast, ROSTER, keep=False)
    assert (result.created, result.saved, on_roster(cast)) == (3, False, {})


def test_access_and_proficiency_are_two_facts_and_who_lacks_them_is_named(cast: Cast) -> None:
    made = group(cast)
    read(cast, ROSTER)
    found = people(cast)
    assert found.readiness == queries.Readiness(3, 2, 1)
    assert (found.without_access, found.not_proficient) == (("u3",), ("Bo", "u3"))
    (row,) = found.groups
    assert (row.id, row.readiness, row.off_roster) == (made.pk, queries.Readiness(2, 2, 1), 38)
    assert not found.readiness.ready


def test_access_is_noted_for_those_without_and_for_nobody_else(cast: Cast, csm: Client) -> None:
    group(cast)
    read(cast, ROSTER)
    csm.post(at(cast, "roster/access/"), {"since": "2026-11-02"})
    days = {name: access for name, (_group, access, _done) in on_roster(cast).items()}
    first = date(2026, 10, 1)
    assert days == {"u1": first, "u2": first, "u3": date(2026, 11, 2)}


def test_an_empty_roster_is_not_ready(cast: Cast) -> None:
    assert not people(cast).readiness.ready


def test_the_roster_is_narrowed_by_group_and_by_what_is_missing(cast: Cast, csm: Client) -> None:
    made = group(cast)
    read(cast, ROSTER)

    def shown(query: str) -> list[str]:
        text = csm.get(at(cast, f"roster.csv?{query}")).content.decode("utf-8-sig")
        return [row["external_id"] for row in csv.DictReader(io.StringIO(text))]

    assert shown("") == ["u1", "u2", "u3"]
    assert shown(f"group={made.pk}") == ["u1", "u2"]
    assert shown("lack=access") == ["u3"]
    assert shown("lack=proficiency") == ["u2", "u3"]
    assert shown("group=nonsense&lack=nonsense") == ["u1", "u2", "u3"]
    assert "u3" in csm.get(at(cast, "roster/?lack=access")).content.decode()


def test_the_csv_reads_back_as_it_went_out(cast: Cast, csm: Client) -> None:
    group(cast)
    read(cast, ROSTER)
    before = on_roster(cast)
    text = csm.get(at(cast, "roster.csv")).content
    with tenant_scope(cast.tenant.pk):
        RosterEntry.objects.all().delete()
    brought = bring_in(csm, at(cast, "roster/import/"), text, "roster.csv")
    assert "3 new, 0 changed" in brought.text
    assert on_roster(cast) == before


def test_two_groups_do_not_share_a_name(cast: Cast, csm: Client) -> None:
    group(cast)
    data = {"name": "FIELD crews", "size": "3", "features": "Photos, Orders"}
    assert "already" in error_beside(csm.post(at(cast, "groups/new/"), data), "name")
    csm.post(at(cast, "groups/new/"), data | {"name": "Planners"})
    assert {row.name: row.features for row in people(cast).groups} == {
        "Field crews": (),
        "Planners": ("Photos", "Orders"),
    }


def test_a_group_and_an_entry_are_changed_on_their_pages(cast: Cast, csm: Client) -> None:
    made = group(cast)
    csm.post(cast.at(f"groups/{made.pk}/"), {"name": "Crews", "size": "41", "features": ""})
    assert [(row.name, row.size) for row in people(cast).groups] == [("Crews", 41)]
    csm.post(at(cast, "roster/new/"), {"external_id": "u7", "person_name": "Cleo"})
    with tenant_scope(cast.tenant.pk):
        entry = RosterEntry.objects.get()
    path = cast.at(f"roster/{entry.pk}/")
    refused = csm.post(path, {"proficient_since": "2026-10-01"})
    assert "which assessment" in error_beside(refused, "proficient_by")
    csm.post(
        path, {"proficient_since": "2026-10-01", "proficient_by": "Test", "impact_group": made.pk}
    )
    assert on_roster(cast) == {"u7": ("Crews", None, date(2026, 10, 1))}
    assert "left the roster" in csm.post(path + "remove/", follow=True).content.decode()
    assert on_roster(cast) == {}


def test_stakeholders_have_influence_and_attitude(cast: Cast, csm: Client) -> None:
    data = {"name": "Ingrid", "influence": "high", "attitude": "sceptic", "in_committee": "on"}
    page = csm.post(at(cast, "stakeholders/new/"), data, follow=True).content.decode()
    assert "Sceptical" in page and "high influence" in page and "Governance committee" in page
    (person,) = people(cast).stakeholders
    csm.post(at(cast, f"stakeholders/{person.pk}/"), data | {"attitude": "champion"})
    assert people(cast).stakeholders[0].attitude == "champion"


def test_the_team_says_where_it_departs_from_its_template(cast: Cast, csm: Client) -> None:
    data = {"profile": "initial", "side": "vendor", "role": "project_manager", "name": "Pia"}
    page = csm.post(at(cast, "team/new/"), data | {"time": "part"}, follow=True).content.decode()
    assert "Project manager: this is a full-time place, Pia is there part-time." in page
    assert "Programme manager: 1 wanted, 0 there." in page
    with tenant_scope(cast.tenant.pk):
        member = TeamMember.objects.get()
    csm.post(cast.at(f"team/{member.pk}/"), data | {"time": "full"})
    assert "full-time place" not in csm.get(at(cast, "people/")).content.decode()
    late = data | {"time": "full", "start_date": "2026-05-02", "end_date": "2026-05-01"}
    refused = csm.post(cast.at(f"team/{member.pk}/"), late)
    assert "before the first" in error_beside(refused, "end_date")


def test_an_offering_has_takers_among_those_it_was_offered_to(cast: Cast, csm: Client) -> None:
    data = {"kind": "training", "name": "First steps", "offered_date": "2026-09-01"}
    refused = csm.post(at(cast, "offerings/new/"), data | {"offered_to": "5", "taken_by": "6"})
    assert "More people took it" in error_beside(refused, "taken_by")
    page = csm.post(
        at(cast, "offerings/new/"), data | {"offered_to": "5", "taken_by": "4"}, follow=True
    )
    assert "First steps" in page.content.decode()


def test_the_customers_side_reads_and_does_not_write(cast: Cast, lead: Client) -> None:
    made = group(cast)
    for path in ("people/", "roster/", "roster.csv"):
        assert lead.get(at(cast, path)).status_code == 200
    forbidden = (at(cast, "groups/new/"), cast.at(f"groups/{made.pk}/"), at(cast, "roster/access/"))
    assert {lead.post(path, {}).status_code for path in forbidden} == {403}


def test_the_page_costs_the_same_for_many_people(cast: Cast, csm: Client) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(8):
                operations.add_impact_group(
                    engagement=cast.engagement, fields={"name": f"g{number}", "size": 2}
                )
                fields: dict[str, Any] = {}
                operations.put_on_roster(
                    engagement=cast.engagement, external_id=f"u{number}", fields=fields
                )

    group(cast)
    assert_same_queries(csm, at(cast, "people/"), grow)
