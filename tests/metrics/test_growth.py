import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from engagements.operations import change_customer, hand_over, undo_hand_over
from engagements.queries import get_assignments
from metrics.growth import Account, LeftOut, engagement_percentile, growth
from metrics.queries import GrowthLine, get_growth
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer
from tests.pages import assert_same_queries
from tests.usage import adopted
from usage.models import DailyUse
from usage.queries import AdoptionDay, get_adoption_days


def account(key: str, seats: float, then: float | None, now: float | None, version: int = 1):
    return Account(
        key=key, seats=seats, then=then, now=now, then_version=(1, 1), now_version=(1, version)
    )


def test_growth_weighs_by_seats_and_counts_one_definition_only() -> None:
    found = growth(
        [
            account("a", 900, 0.2, 0.3),
            account("b", 100, 0.1, 0.9),
            account("c", 500, 0.1, 0.9, version=2),
            account("d", 500, None, 0.9),
            account("e", 0, 0.1, 0.9),
        ]
    )
    assert found.difference == pytest.approx(0.17)
    assert (found.counted, found.seats) == (("a", "b"), 1000)
    assert dict(found.left_out) == {
        "c": LeftOut.OTHER_VERSION,
        "d": LeftOut.NOT_READ,
        "e": LeftOut.NO_SEATS,
    }
    assert growth([]).difference is None


def test_a_percentile_is_among_peers_and_nothing_below_one_action_a_day() -> None:
    peers = [14, 28, 140, 280, 1400]
    assert engagement_percentile(280, peers) == 70
    assert engagement_percentile(9999, peers) == 100
    assert engagement_percentile(13, peers) == 0
    assert engagement_percentile(280, peers[:4]) is None


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE = adopted.LAST - timedelta(days=44)


@pytest.fixture
def grown(cast: Cast) -> Cast:
    """Halden has 100 seats and real use; Solberg has nobody who looks after it."""
    adopted.adopt(cast)
    return cast


def own_day(cast: Cast, day: date) -> AdoptionDay:
    [found] = get_adoption_days(customer_id=cast.customer.pk, first=day, last=day)
    return found


def line(cast: Cast, since: date = SINCE) -> GrowthLine:
    [found] = get_growth(since=since).lines
    return found


def test_growth_is_usages_own_number_now_less_that_of_the_day_it_counts_from(grown: Cast) -> None:
    with tenant_scope(grown.tenant.pk):
        found, then, now = line(grown), own_day(grown, SINCE), own_day(grown, adopted.LAST)
    assert (found.csm_id, found.coverage) == (grown.csm.pk, 1)
    assert found.growth.seats == 100
    assert found.growth.difference == pytest.approx(now.utilisation - then.utilisation)
    assert found.growth.difference


def test_a_customer_counts_from_the_day_it_was_handed_over(grown: Cast) -> None:
    with tenant_scope(grown.tenant.pk):
        made = hand_over(
            from_user=grown.csm,
            to_user=grown.manager,
            customers=[grown.customer],
            with_work=False,
            note="",
            by=grown.admin,
            now=datetime(2026, 11, 10, 12, tzinfo=UTC),
        )
        found = line(grown)
        assert (found.csm_id, found.customers[0].since) == (grown.manager.pk, date(2026, 11, 10))
        assert line(grown, date(2026, 11, 15)).customers[0].since == date(2026, 11, 15)
        undo_hand_over(made=made, now=NOW)
        assert line(grown).customers[0].since == SINCE


def test_a_change_of_the_csm_on_the_customers_page_counts_too(grown: Cast) -> None:
    with tenant_scope(grown.tenant.pk):
        fields = {"csm": grown.manager}
        change_customer(customer=grown.customer, fields=fields, today=NOW.date())
        [one] = [one for one in get_assignments() if one.customer_id == grown.customer.pk]
    assert one.csm_id == grown.manager.pk
    assert one.since == timezone.localdate(timezone=grown.customer.zone)


def test_days_without_seats_or_of_other_rules_do_not_count_and_say_so(grown: Cast) -> None:
    with tenant_scope(grown.tenant.pk):
        old = line(grown, date(2019, 1, 1))
        DailyUse.objects.filter(day=adopted.LAST).update(rules_version=7)
        changed = line(grown)
    assert (old.growth.difference, old.customers[0].left_out) == (None, LeftOut.NO_SEATS)
    assert (changed.growth.difference, changed.customers[0].left_out) == (
        None,
        LeftOut.OTHER_VERSION,
    )


def test_page_file_and_api_tell_the_same(grown: Cast) -> None:
    asked = {"since": SINCE.isoformat()}
    browser = grown.browser(grown.executive)
    page = browser.get(grown.at("portfolio/growth/"), asked)
    [found] = page.context["view"].lines
    text = browser.get(grown.at("portfolio/growth.csv"), asked).content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    [told] = browser.get(grown.at("api/v1/growth/"), asked).json()
    assert told["difference"] == pytest.approx(found.growth.difference)
    assert float(row["difference"]) == pytest.approx(found.growth.difference, abs=1e-6)
    assert told["customers"][0]["seats_then"] == float(row["seats_then"]) == 100


def test_people_are_compared_by_those_who_may_and_others_see_themselves(grown: Cast) -> None:
    with tenant_scope(grown.tenant.pk):
        change_customer(
            customer=grown.second_customer, fields={"csm": grown.manager}, today=NOW.date()
        )
    both = {grown.csm.pk, grown.manager.pk}
    expected = {
        "admin": both,
        "executive": both,
        "manager": {grown.manager.pk},
        "csm": {grown.csm.pk},
    }
    for role, seen in expected.items():
        browser = grown.browser(getattr(grown, role))
        page = browser.get(grown.at("portfolio/growth/"))
        assert {one.csm_id for one in page.context["view"].lines} == seen, role
        told = browser.get(grown.at("api/v1/growth/")).json()
        assert {one["csm"] for one in told} == {str(key) for key in seen}, role
    for role in ("lead", "member"):
        browser = grown.browser(getattr(grown, role))
        assert browser.get(grown.at("portfolio/growth/")).status_code == 403
        assert browser.get(grown.at("portfolio/growth.csv")).status_code == 403


def test_many_customers_cost_as_much_as_one(grown: Cast) -> None:
    def grow() -> None:
        with tenant_scope(grown.tenant.pk):
            for name in ("a", "b", "c"):
                make_customer(name, csm=grown.csm)

    assert_same_queries(grown.browser(grown.admin), grown.at("portfolio/growth/"), grow)
