"""What figures said before customers decided."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from engagements.operations import record_outcome
from metrics.foresight import FEWEST, Case, Decision, Signal, back_test
from metrics.models import HealthScore
from metrics.narrative.foresight import say_foresight, say_trust
from metrics.queries import get_foresight
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import assert_same_queries
from tests.usage import adopted
from usage.queries import get_adoption_days

DAYS = 30
DECIDED = adopted.LAST


def cases(*told: tuple[str, float | None]) -> list[Case]:
    return [Case(str(place), Decision(what), amount) for place, (what, amount) in enumerate(told)]


TOLD = (
    *(("churn", 20.0), ("reduction", 49.9), ("renewal", 30.0)),
    *(("churn", 50.0), ("renewal", 79.9), ("reduction", 80.0)),
    *(("expansion", 100.0), ("churn", None), ("renewal", None)),
)


def test_every_decision_with_a_figure_stands_in_one_band() -> None:
    test = back_test(cases(*TOLD), days=DAYS)
    rows = [[line.count(kind) for kind in Decision] for line in (*test.lines, test.unread)]
    assert rows == [[1, 0, 1, 1], [1, 0, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1]]
    assert sum(map(sum, rows)) == len(TOLD)
    assert (test.known, test.lost, test.warned, test.foreseen, test.for_nothing) == (7, 4, 3, 2, 1)
    assert [case.amount for case in test.missed] == [50, 80]


def test_few_decisions_have_counts_and_no_shares() -> None:
    few = back_test(cases(*TOLD), days=DAYS)
    assert few.is_small
    assert few.hit_rate is None
    assert {line.lost_share for line in few.lines} == {None}
    assert "7 decisions are few" in say_trust(few)
    assert "%" not in say_trust(few)
    many = back_test(cases(*TOLD, *TOLD), days=DAYS)
    assert many.known >= FEWEST
    assert many.hit_rate == 0.5
    assert "Hit rate 50" in say_trust(many)


def test_what_was_foreseen_is_said_in_words() -> None:
    assert say_foresight(back_test(cases(*TOLD), days=28)) == (
        "2 of 4 customers that left or took fewer licences stood in Act 4 weeks before"
    )
    assert "no customer" in say_foresight(back_test(cases(("churn", None)), days=30))
    stayed = back_test(cases(("renewal", 20), ("expansion", 90)), days=30)
    assert "no warning could be right" in say_foresight(stayed)
    assert stayed.hit_rate is None


def decide(cast: Cast, kind: str, day: date = DECIDED) -> None:
    record_outcome(
        customer=cast.customer,
        fields={
            "kind": kind,
            "decided_date": day,
            "yearly_amount": Decimal(1000),
            "currency": "EUR",
            "reason": "They said so.",
        },
        by=cast.csm,
    )


def scored(cast: Cast, day: date, score: float | None) -> None:
    HealthScore.objects.create(
        customer=cast.customer,
        engagement=cast.engagement,
        day=day,
        score=score,
        coverage=1.0,
        model_version=1,
    )


@pytest.fixture
def decided(cast: Cast) -> Cast:
    """Halden left; its score stood at 40 a month before, and was better before and later."""
    adopted.adopt(cast)
    with tenant_scope(cast.tenant.pk):
        decide(cast, "churn")
        for ago, score in ((DAYS + 5, 90.0), (DAYS + 1, 40.0), (DAYS - 1, 95.0)):
            scored(cast, DECIDED - timedelta(days=ago), score)
    return cast


def test_the_score_is_the_newest_that_was_known_then(decided: Cast) -> None:
    with tenant_scope(decided.tenant.pk):
        [one] = get_foresight(signal=Signal.HEALTH, days=DAYS).cases
        [early] = get_foresight(signal=Signal.HEALTH, days=90).cases
    assert (one.case.amount, one.band.key, one.is_missed) == (40, "act", False)
    assert (early.case.amount, early.is_missed) == (None, True)


def test_use_is_that_of_the_day_and_its_seats(decided: Cast) -> None:

    day = DECIDED - timedelta(days=DAYS)
    with tenant_scope(decided.tenant.pk):
        [own] = get_adoption_days(customer_id=decided.customer.pk, first=day, last=day)
        found = {
            signal: get_foresight(signal=signal, days=DAYS).cases[0].case.amount
            for signal in (Signal.SEATS_USED, Signal.ADOPTERS, Signal.HABIT)
        }
    assert found == {
        Signal.SEATS_USED: 100 * own.utilisation,
        Signal.ADOPTERS: 100 * own.adoption,
        Signal.HABIT: 100 * own.habit,
    }
    assert found[Signal.SEATS_USED]


def test_page_file_and_api_tell_the_same(decided: Cast, csm: Client) -> None:
    asked = {"signal": "health", "days": DAYS}
    page = csm.get(decided.at("portfolio/foresight/"), asked)
    assert "1 of 1 customers that left or took fewer licences stood in Act" in page.content.decode()
    found = page.context["found"]
    text = csm.get(decided.at("portfolio/foresight.csv"), asked).content.decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(text))
    told = csm.get(decided.at("api/v1/foresight/"), asked).json()
    assert float(row["amount"]) == told["cases"][0]["amount"] == found.cases[0].case.amount == 40
    assert row["band"] == told["cases"][0]["band"] == "act"
    assert (told["known"], told["lost"], told["foreseen"], told["hit_rate"]) == (1, 1, 1, None)


def test_what_cannot_be_asked_is_the_usual(decided: Cast, csm: Client) -> None:
    page = csm.get(decided.at("portfolio/foresight/"), {"signal": "moon", "days": "x"})
    assert (page.context["found"].signal, page.context["days"]) == (Signal.HEALTH, 90)
    assert csm.get(decided.at("api/v1/foresight/"), {"signal": "moon"}).status_code == 400


@pytest.mark.parametrize("signal", ["health", "seats_used"])
def test_many_decisions_cost_as_much_as_one(decided: Cast, csm: Client, signal: str) -> None:
    def grow() -> None:
        with tenant_scope(decided.tenant.pk):
            for ago in (1, 2, 3):
                decide(decided, "renewal", DECIDED - timedelta(days=ago))

    assert_same_queries(csm, decided.at(f"portfolio/foresight/?signal={signal}&days=30"), grow)


def test_the_customers_side_is_not_shown_what_foresaw_it(decided: Cast, lead: Client) -> None:
    for path in ("portfolio/foresight/", "portfolio/foresight.csv", "api/v1/foresight/"):
        assert lead.get(decided.at(path)).status_code == 403
