from datetime import date, timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from engagements import operations, queries
from engagements.models import Risk
from engagements.next_action import Facts, Kind, Waiting, in_order, lacking
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast

DAY = date(2026, 11, 18)
DAYS = st.none() | st.dates(min_value=date(2026, 1, 1), max_value=date(2027, 12, 31))
THINGS = st.lists(st.builds(Waiting, st.sampled_from(Kind), st.just("x"), DAYS))


@given(THINGS)
def test_nothing_dated_waits_behind_what_is_later_or_undated(waiting: list[Waiting]) -> None:
    ordered = in_order(waiting)
    assert sorted(ordered, key=id) == sorted(waiting, key=id)
    days = [one.due_date or date.max for one in ordered]
    assert days == sorted(days)


def test_on_one_day_what_was_promised_to_somebody_comes_first() -> None:
    task, risk = Waiting(Kind.TASK, "call", DAY), Waiting(Kind.MITIGATION, "risk", DAY)
    lead = Waiting(Kind.NAME_LEAD)
    assert in_order([lead, risk, task]) == (task, risk, lead)
    assert not task.is_overdue(DAY)
    assert task.is_overdue(DAY + timedelta(days=1))


def test_what_an_engagement_lacks_follows_its_phase() -> None:
    nothing = {
        "has_lead": False,
        "has_criteria": False,
        "has_go_live": False,
        "has_sign_off": False,
    }
    selling = Facts(selling=True, signed_off=False, **nothing)
    assert [one.kind for one in lacking(selling)] == [Kind.NAME_LEAD, Kind.WRITE_CRITERION]
    adopting = Facts(selling=False, signed_off=False, **nothing)
    assert [one.kind for one in lacking(adopting)][2:] == [Kind.SET_GO_LIVE, Kind.SET_SIGN_OFF]
    assert lacking(Facts(selling=False, signed_off=True, **nothing)) == []


def test_the_nearest_mitigation_is_next(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        assert _next(cast).kind is Kind.NAME_LEAD
        late = _risk(cast, "Late data", DAY)
        _risk(cast, "No trainers", DAY + timedelta(days=3))
        assert _next(cast) == Waiting(Kind.MITIGATION, "Late data", DAY, late.pk)
        operations.change_risk(risk=late, fields={"state": "closed"}, by=cast.csm, note="Solved.")
        assert _next(cast).text == "No trainers"


def test_a_wording_waits_until_it_is_agreed(cast: Cast) -> None:
    lead = operations.name_stakeholder
    with tenant_scope(cast.tenant.pk):
        person = lead(customer=cast.customer, name="Jonas Eide")
        operations.change_engagement(engagement=cast.engagement, fields={"lead": person})
        assert _next(cast).kind is Kind.WRITE_CRITERION
        fields = {"statement": "Orders in the tool", "quality": "Whole orders"}
        operations.write_criterion(engagement=cast.engagement, fields=fields, by=cast.csm)
        assert _next(cast).kind is Kind.AGREE_CRITERION


def test_many_engagements_cost_no_more_queries_than_one(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        one, two = list(queries.get_engagements())
        with CaptureQueriesContext(connection) as alone:
            assert len(queries.get_next_actions(engagements=[one])) == 1
        with CaptureQueriesContext(connection) as together:
            assert len(queries.get_next_actions(engagements=[one, two])) == 2
    assert len(together) == len(alone)


def test_each_side_of_each_workspace_is_told_its_own(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        _risk(cast, "Late data", DAY)
        assert _next(cast).text == "Late data"
    with tenant_scope(cast.other_tenant.pk):
        own = queries.get_waiting(engagements=[cast.other_engagement, cast.engagement])
        assert {one.text for found in own.values() for one in found} == {""}
    side = {"realm": Realm.CUSTOMER, "customer_id": cast.second_customer.pk}
    with tenant_scope(cast.tenant.pk, **side):
        found = queries.get_waiting(engagements=[cast.engagement])[cast.engagement.pk]
    assert "Late data" not in {one.text for one in found}


def test_the_header_says_what_is_next_and_that_it_is_late(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        _risk(cast, "Late data", date(2026, 1, 8))
    page = cast.browser(cast.csm).get(cast.at(f"engagements/{cast.engagement.pk}/"))
    said = " ".join(page.content.decode().split())
    assert "Mitigate “Late data”" in said
    assert "was due" in said


def _next(cast: Cast) -> Waiting:
    found = queries.get_next_action(engagement=cast.engagement)
    assert found
    return found


def _risk(cast: Cast, title: str, due: date) -> Risk:
    fields = {"title": title, "probability": 3, "impact": 3, "mitigation_due_date": due}
    return operations.raise_risk(engagement=cast.engagement, fields=fields, by=cast.csm)
