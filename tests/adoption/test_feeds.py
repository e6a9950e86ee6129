"""A plan in somebody's own calendar."""

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from adoption.adapters.ical import Entry, write_calendar
from adoption.imports import import_plan
from adoption.models import PlanFeed, WorkPackage
from engagements.models import Engagement
from tenancy.models import Membership
from tenancy.scope import tenant_scope
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TABLE = b"""id,name,duration,predecessors,deadline
1,"Design; draw, show",5d,,2026-12-01
2,Launch,0d,1,
3,Coach,2d,2,
"""


@pytest.fixture
def at(cast: Cast) -> str:
    with tenant_scope(cast.tenant.pk):
        import_plan(
            engagement=Engagement.objects.select_related("customer").get(pk=cast.engagement.pk),
            source=BytesIO(TABLE),
            file_name="plan.csv",
            imported_by=cast.csm,
            now=NOW,
        )
        WorkPackage.objects.filter(uid="3").update(owner_member=cast.lead)
    return cast.at(f"engagements/{cast.engagement.pk}/plan/feed/")


def address(browser: Client, at: str, **fields: str) -> str:
    found = re.search(
        r"http://testserver(/calendar/[^<\s]+)", browser.post(at, fields).content.decode()
    )
    assert found
    return found[1]


def unfolded(content: bytes) -> list[str]:
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_milestones_and_deadlines_are_days_of_ones_own_calendar(
    cast: Cast, at: str, csm: Client
) -> None:
    answer = Client().get(address(csm, at))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.getvalue())
    summaries = [line for line in lines if line.startswith("SUMMARY")]
    assert summaries == [r"SUMMARY:Deadline: Design\; draw\, show", "SUMMARY:Launch"]
    assert "DTSTART;VALUE=DATE:20261201" in lines
    assert "DTEND;VALUE=DATE:20261202" in lines
    assert answer["Referrer-Policy"] == "no-referrer"


def test_ones_own_work_comes_along_when_asked_for(cast: Cast, at: str, lead: Client) -> None:
    plain = unfolded(Client().get(address(lead, at)).getvalue())
    own = unfolded(Client().get(address(lead, at, with_own_packages="on")).getvalue())
    assert "SUMMARY:Coach" in own
    assert "SUMMARY:Coach" not in plain


def test_what_has_not_changed_is_not_sent_again(at: str, csm: Client) -> None:
    path = address(csm, at)
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.content == Client().get(path).content
    assert Client().post(path).status_code == 405


def test_an_address_dies_with_its_successor_its_revocation_or_the_place(
    cast: Cast, at: str, lead: Client
) -> None:
    old, new = address(lead, at), address(lead, at)
    assert [Client().get(path).status_code for path in (old, new)] == [404, 200]
    lead.post(f"{at}revoke/")
    assert Client().get(new).status_code == 404
    assert lead.post(f"{at}revoke/").status_code == 404
    last = address(lead, at)
    Membership.objects.filter(user=cast.lead).delete()
    assert Client().get(last).status_code == 404


def test_an_address_opens_nothing_else(cast: Cast, at: str, csm: Client) -> None:
    path = address(csm, at)
    token = path.split("/")[2]
    assert token.startswith("aiq_feed_")
    for wrong in (token[:-1], f"{token}x", token.replace("feed", "live"), "none", "aiq_feed_1_2"):
        assert Client().get(f"/calendar/{wrong}/plan.ics").status_code == 404
    assert (
        Client().get("/api/v1/customers/", headers={"Authorization": f"Bearer {token}"}).status_code
        == 401
    )
    with tenant_scope(cast.tenant.pk):
        assert token.rpartition("_")[2].encode() not in bytes(PlanFeed.objects.get().secret_hash)
    assert token not in csm.get(at).content.decode()


@given(st.text(max_size=300))
def test_lines_are_short_and_words_survive(words: str) -> None:
    day = date(2026, 3, 1)
    entry = Entry("u@x", day, day, words)
    content = write_calendar([entry], name="P", zone="Europe/Oslo", changed_at=NOW, sequence=3)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    said = next(line for line in unfolded(content) if line.startswith("SUMMARY:"))[8:]
    signs = {"\\n": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
    back = re.sub(r"\\.", lambda found: signs[found[0]], said)
    expected = words.replace("\r\n", "\n").replace("\r", "\n")
    assert back == re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "", expected)
