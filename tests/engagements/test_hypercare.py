from datetime import date, timedelta
from decimal import Decimal

from engagements import operations, queries
from engagements.models import BudgetLine
from engagements.queries import Hypercare
from tenancy.scope import tenant_scope
from tests.factories import Cast

GO_LIVE, ENDS = date(2026, 10, 5), date(2026, 11, 27)
TODAY = date(2026, 11, 18)


def get(cast: Cast, today: date = TODAY, *, with_money: bool = True) -> Hypercare:
    cast.engagement.refresh_from_db()
    return queries.get_hypercare(engagement=cast.engagement, today=today, with_money=with_money)


def test_the_window_counts_both_ends(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        now = get(cast)
        assert (now.state, now.starts, now.ends) == ("now", GO_LIVE, ENDS)
        assert (now.days_left, now.days_until) == (10, None)
        assert get(cast, ENDS).days_left == 1
        over = get(cast, ENDS + timedelta(days=1))
        assert (over.state, over.days_left) == ("done", 0)
        assert get(cast, GO_LIVE - timedelta(days=3)).days_until == 3


def test_without_an_end_there_is_no_window(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.change_engagement(
            engagement=cast.engagement, fields={"hypercare_end_date": None}
        )
        found = get(cast)
    assert not found.is_dated
    assert found.days_left is None


def test_it_has_a_team_of_its_own(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        _join(cast, "Ida", "support_agent", "hypercare", time="full")
        _join(cast, "Left", "support_agent", "hypercare", end_date=date(2026, 11, 1))
        _join(cast, "Builder", "service_designer", "initial")
        found = get(cast)
    assert [member.name for member in found.team.members] == ["Ida", "Left"]
    assert found.present == 1
    assert {departure.fault for departure in found.team.departures} == {"missing"}


def test_it_has_money_of_its_own(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        reserve = _line(cast, "issue_resolution", 900)
        _line(cast, "training", 5000)
        fields = {"kind": "actual", "day": TODAY, "amount": Decimal(300), "note": "Night fix"}
        operations.enter_cost(line=reserve, fields=fields, by=cast.csm)
        found = get(cast)
        assert get(cast, with_money=False).money is None
    assert found.money
    assert (found.money.reserve.budget, found.money.reserve.remaining) == (900, 600)
    assert [cost.note for cost in found.costs] == ["Night fix"]
    assert [row.name for row in found.reserve] == ["issue_resolution"]


def test_the_page_keeps_money_from_members(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        _line(cast, "issue_resolution", 900)
    path = cast.at(f"engagements/{cast.engagement.pk}/hypercare/")
    assert b"Its reserve" in cast.browser(cast.lead).get(path).content
    page = cast.browser(cast.member).get(path)
    assert page.status_code == 200
    assert b"Its reserve" not in page.content


def test_somebody_added_from_there_joins_that_team(cast: Cast) -> None:
    path = cast.at(f"engagements/{cast.engagement.pk}/team/new/?profile=hypercare")
    form = cast.browser(cast.csm).get(path).context["form"]
    assert form["profile"].value() == "hypercare"


def test_the_stepper_leads_there(cast: Cast) -> None:
    overview = cast.browser(cast.csm).get(cast.at(f"engagements/{cast.engagement.pk}/"))
    assert cast.at(f"engagements/{cast.engagement.pk}/hypercare/") in overview.content.decode()


def _join(cast: Cast, name: str, role: str, profile: str, **fields: object) -> None:
    operations.add_team_member(
        engagement=cast.engagement,
        fields={"name": name, "role": role, "profile": profile} | fields,
    )


def _line(cast: Cast, category: str, amount: int) -> BudgetLine:
    fields = {"name": category, "category": category, "amount": Decimal(amount)}
    return operations.add_budget_line(engagement=cast.engagement, fields=fields)
