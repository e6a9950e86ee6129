"""The book and the overview, asked by each of the cast."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from engagements.operations import change_engagement, note_forecast
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer, make_engagement
from tests.pages import assert_same_queries, queries_of

HTMX = {"HX-Request": "true", "HX-Target": "book"}


def test_the_book_holds_the_workspaces_customers(csm: Client, cast: Cast) -> None:
    page = csm.get(cast.at("")).content.decode()
    assert ">Halden<" in page
    assert ">Solberg<" in page
    assert "CANARY" not in page


def test_filters_are_kept_in_the_address(csm: Client, cast: Cast) -> None:
    page = csm.get(cast.at("?q=hal&sort=name")).content.decode()
    assert ">Halden<" in page
    assert ">Solberg<" not in page
    assert 'aria-current="true">by name' in page
    assert "book.csv?q=hal&amp;sort=name" in page


def test_htmx_gets_the_fragment_only(csm: Client, cast: Cast) -> None:
    answer = csm.get(cast.at("?phase=adopt"), headers=HTMX)
    assert answer.content.lstrip().startswith(b'<div id="book"')
    assert "HX-Request" in answer.headers["Vary"]


def test_a_filter_that_fits_nobody_says_so(csm: Client, cast: Cast) -> None:
    assert "No customer fits these filters" in csm.get(cast.at("?q=zzz")).content.decode()


def test_the_csv_has_the_same_rows(csm: Client, cast: Cast) -> None:
    text = csm.get(cast.at("book.csv?q=hal")).content.decode("utf-8-sig")
    assert [row["customer"] for row in csv.DictReader(io.StringIO(text))] == ["Halden"]


def test_the_customers_side_has_no_book(lead: Client, cast: Cast) -> None:
    answer = lead.get(cast.at(""))
    assert answer.headers["Location"] == cast.at(f"customers/{cast.customer.pk}/side/")
    assert lead.get(cast.at("book.csv")).status_code == 403


@pytest.mark.parametrize("name", ["csm", "executive", "lead"])
def test_everybody_concerned_sees_the_overview(
    request: pytest.FixtureRequest, cast: Cast, name: str
) -> None:
    client: Client = request.getfixturevalue(name)
    page = client.get(cast.at(f"engagements/{cast.engagement.pk}/")).content.decode()
    assert "Halden roll-out" in page
    for station in ("Sell", "Implement", "Adopt", "Hypercare", "Sign-off", "Value"):
        assert re.search(rf"<b>(<a [^>]*>)?{station}(</a>)?</b>", page)


def test_the_lead_does_not_see_another_customers_engagement(lead: Client, cast: Cast) -> None:
    path = cast.at(f"engagements/{cast.second_engagement.pk}/")
    assert lead.get(path).status_code == 404


def test_more_customers_cost_no_more_queries(csm: Client, cast: Cast) -> None:
    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(8):
                make_engagement(make_customer(f"extra-{number}"), f"EXTRA-{number}")

    assert_same_queries(csm, cast.at(""), grow)


def test_the_overview_costs_few_queries(csm: Client, cast: Cast) -> None:
    assert queries_of(csm, cast.at(f"engagements/{cast.engagement.pk}/")) <= 15


def test_a_late_plan_is_the_reason_shown(csm: Client, cast: Cast) -> None:
    today = timezone.localdate()
    with tenant_scope(cast.tenant.pk):
        change_engagement(
            engagement=cast.engagement,
            fields={
                "go_live_date": today - timedelta(days=2),
                "hypercare_end_date": None,
                "sign_off_date": today + timedelta(days=10),
            },
        )
        note_forecast(
            engagement_id=cast.engagement.pk,
            finish_date=today + timedelta(days=31),
            now=timezone.now(),
        )
    page = csm.get(cast.at(f"engagements/{cast.engagement.pk}/")).content.decode()
    assert "21 days after the agreed sign-off" in page
