"""Health where people look first: one figure on tile, page, customer, book, CSV and API."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from metrics.definitions import NEW_ROUTE_SHARE, Baseline
from metrics.models import HealthScore, Measure
from metrics.operations import agree_target, define_measure, judge_engagements, record_reading
from metrics.queries import get_health, get_kept_health
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer, make_engagement
from tests.metrics.conftest import FIRST, LAST, NOW
from tests.metrics.terms import make_terms
from tests.pages import assert_same_queries, queries_of, statuses

TODAY = LAST + timedelta(days=1)
# Plan, measures, health, use and whatever waits, each asked once.
MOST_QUERIES = 20
BEFORE = LAST - timedelta(days=28)


@pytest.fixture
def judged(used: Cast, measure: Measure) -> Cast:
    """One measure with a target, judged by the night and 30 points better 28 days before."""
    with tenant_scope(used.tenant.pk):
        agree_target(
            measure=measure,
            terms=make_terms(baseline=Baseline(10, FIRST), amount=200.0, milestones=()),
            agreed_by=used.csm,
        )
        judge_engagements(business_date=LAST, now=NOW)
        kept = HealthScore.objects.get()
        [[key, weight, score, _]] = kept.parts
        HealthScore.objects.create(
            customer_id=kept.customer_id,
            engagement_id=kept.engagement_id,
            day=BEFORE,
            score=score + 30,
            coverage=1,
            band="good",
            model_version=kept.model_version,
            parts=[[key, weight, score + 30, None]],
        )
    return used


def value_of(cast: Cast) -> float:
    with tenant_scope(cast.tenant.pk):
        value = get_health(engagement_id=cast.engagement.pk, today=TODAY).health.value
    assert value is not None
    return value


def said(client: Client, path: str) -> str:
    """The page in one line; ties between a figure and its unit stay."""
    return re.sub(r"[ \n]+", " ", client.get(path).content.decode())


def test_every_place_says_the_same_score_and_change(judged: Cast, csm: Client) -> None:
    at, whole = judged.at(f"engagements/{judged.engagement.pk}/"), f"{value_of(judged):.0f}"
    api = csm.get(judged.at(f"api/v1/engagements/{judged.engagement.pk}/health/")).json()
    assert f"{api['score']:.0f}" == whole
    assert (round(api["change"]), api["band"], api["coverage"]) == (-30, "watch", 1)
    assert api["as_of"] == LAST.isoformat()
    assert sum(part["points"] for part in api["parts"]) == pytest.approx(api["score"])
    for path in (at, f"{at}health/"):
        page = said(csm, path)
        assert f"<span>Score</span><b>{whole}</b>" in page
        assert "<span>In 4 weeks</span><b>−30</b>" in page
        assert f"{api['finding']}" in page
    customer = said(csm, judged.at(f"customers/{judged.customer.pk}/health/"))
    assert f'<span class="score">{whole}</span>' in customer
    book = said(csm, judged.at(""))
    assert re.search(rf'<a class="score" href="{at}health/">{whole}</a>', book)
    assert "−30 in 4 weeks" in book
    text = csm.get(judged.at("book.csv")).content.decode("utf-8-sig")
    rows = {row["customer"]: row for row in csv.DictReader(io.StringIO(text))}
    assert float(rows["Halden"]["health"]) == pytest.approx(value_of(judged), abs=0.05)
    assert rows["Halden"]["health_change_28_days"] == "-30.0"
    assert rows["Solberg"]["health"] == ""
    parts = csm.get(f"{at}health.csv").content.decode("utf-8-sig")
    points = [float(row["points"]) for row in csv.DictReader(io.StringIO(parts))]
    assert sum(points) == pytest.approx(value_of(judged), abs=0.01)


def test_the_change_names_its_measure_and_needs_a_score_near_that_day(
    judged: Cast, csm: Client
) -> None:
    page = said(csm, judged.at(f"engagements/{judged.engagement.pk}/"))
    assert re.search(r"Down 30 in 4 weeks; .* took 30 of them", page)
    with tenant_scope(judged.tenant.pk):
        HealthScore.objects.filter(day=BEFORE).update(day=BEFORE - timedelta(days=8))
    page = said(csm, judged.at(f"engagements/{judged.engagement.pk}/"))
    assert "no score then" in page


def test_the_book_is_filtered_and_sorted_by_health_in_the_address(
    judged: Cast, csm: Client
) -> None:
    assert ">Halden<" in said(csm, judged.at("?health=watch"))
    assert ">Halden<" not in said(csm, judged.at("?health=none"))
    assert ">Solberg<" in said(csm, judged.at("?health=none"))
    page = said(csm, judged.at("?health=watch&sort=health"))
    assert "book.csv?health=watch&amp;sort=health" in page
    page = said(csm, judged.at("?sort=health"))
    assert page.index(">Halden<") < page.index(">Solberg<")


def test_a_score_of_an_old_night_is_not_shown(judged: Cast) -> None:
    with tenant_scope(judged.tenant.pk):
        ids = [judged.engagement.pk]
        assert set(get_kept_health(engagement_ids=ids, today=TODAY)) == set(ids)
        assert not get_kept_health(engagement_ids=ids, today=TODAY + timedelta(days=8))


def test_the_customers_side_sees_no_health_and_no_hole(
    judged: Cast, csm: Client, lead: Client, stranger: Client
) -> None:
    member = judged.browser(judged.member)
    for client in (lead, member):
        for path in (
            f"engagements/{judged.engagement.pk}/",
            f"customers/{judged.customer.pk}/",
            f"customers/{judged.customer.pk}/side/",
            f"engagements/{judged.engagement.pk}/measures/",
        ):
            page = client.get(judged.at(path)).content.decode()
            assert "Health" not in page
            assert "/health/" not in page
    browsers: dict[str, Any] = {"csm": csm, "lead": lead, "member": member, "stranger": stranger}
    expected = {"csm": 200, "lead": 403, "member": 403, "stranger": 404}
    for path in (
        f"customers/{judged.customer.pk}/health/",
        f"engagements/{judged.engagement.pk}/health/",
        f"api/v1/engagements/{judged.engagement.pk}/health/",
    ):
        assert statuses(browsers, "get", judged.at(path)) == expected


def test_the_customers_page_loads_its_health(judged: Cast, csm: Client) -> None:
    path = judged.at(f"customers/{judged.customer.pk}/health/")
    assert f'hx-get="{path}"' in said(csm, judged.at(f"customers/{judged.customer.pk}/"))
    fragment = csm.get(path, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="customer-health"')
    bare = said(csm, judged.at(f"customers/{judged.second_customer.pk}/health/"))
    assert "Nothing of it is measured yet." in bare


def make_more(cast: Cast) -> None:
    """Three more engagements of the customer, each measured and judged."""
    with tenant_scope(cast.tenant.pk):
        for number in range(3):
            row = make_engagement(cast.customer, f"MORE-{number}", csm=cast.csm)
            measure_by_hand(cast, row)
        judge_engagements(business_date=LAST, now=NOW)


def measure_by_hand(cast: Cast, engagement: Any) -> None:
    row = define_measure(engagement=engagement, definition=NEW_ROUTE_SHARE, now=NOW)
    record_reading(measure=row, day=LAST, amount=40, now=NOW, today=TODAY, recorded_by=cast.csm)
    terms = make_terms(baseline=Baseline(10, FIRST), amount=80.0, milestones=())
    agree_target(measure=row, terms=terms, agreed_by=cast.csm)


def test_more_engagements_cost_the_customer_no_more_queries(judged: Cast, csm: Client) -> None:
    with tenant_scope(judged.tenant.pk):
        measure_by_hand(judged, judged.engagement)
    path = judged.at(f"customers/{judged.customer.pk}/health/")
    assert_same_queries(csm, path, lambda: make_more(judged))
    assert said(csm, path).count('class="health-row"') == 4


def test_more_scores_cost_the_book_no_more_queries(judged: Cast, csm: Client) -> None:
    def grow() -> None:
        with tenant_scope(judged.tenant.pk):
            for number in range(4):
                customer = make_customer(f"extra-{number}")
                measure_by_hand(judged, make_engagement(customer, f"EXTRA-{number}"))
            judge_engagements(business_date=LAST, now=NOW)

    assert_same_queries(csm, judged.at(""), grow)


def test_the_overview_draws_its_measures_worst_first_at_one_price(
    judged: Cast, csm: Client, lead: Client
) -> None:
    at = judged.at(f"engagements/{judged.engagement.pk}/")

    queries_of(csm, at)
    before = queries_of(csm, at)
    with tenant_scope(judged.tenant.pk):
        measure_by_hand(judged, judged.engagement)
    assert queries_of(csm, at) == before <= MOST_QUERIES
    for client in (csm, lead):
        page = client.get(at).content.decode()
        states = re.findall(r'<circle class="p-(act|watch|actual|good)"[^>]*r="3.5"', page)
        order = ["act", "watch", "actual", "good"]
        assert len(states) == 2
        assert states == sorted(states, key=order.index)
        with tenant_scope(judged.tenant.pk):
            for row in Measure.objects.all():
                assert f'href="{judged.at(f"measures/{row.pk}/")}"' in page
