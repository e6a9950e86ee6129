import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from engagements import operations, queries
from engagements.models import BudgetLine, CostEntry
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside

LINE = {
    "name": "Train the crews",
    "category": "training",
    "impact_group": "",
    "work_stream": "Training",
    "amount": "1000",
    "percent_done": "40",
}


def at(cast: Cast, rest: str = "budget/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def make_line(cast: Cast, **changes: Any) -> BudgetLine:
    fields = {"name": "Train", "category": "training", "amount": Decimal(1000)} | changes
    with tenant_scope(cast.tenant.pk):
        return operations.add_budget_line(engagement=cast.engagement, fields=fields)


def spend(cast: Cast, line: BudgetLine, amount: str, kind: str = "actual") -> CostEntry:
    fields = {"kind": kind, "day": TODAY, "amount": Decimal(amount)}
    with tenant_scope(cast.tenant.pk):
        return operations.enter_cost(line=line, fields=fields, by=cast.csm)


def budget(cast: Cast, today: date = TODAY) -> queries.Budget:
    with tenant_scope(cast.tenant.pk):
        return queries.get_budget(engagement=cast.engagement, today=today)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_budget_adds_up_by_line(cast: Cast) -> None:
    first, second = make_line(cast), make_line(cast, name="Tell", amount=Decimal("0.30"))
    for line, amount, kind in (
        (first, "450.10", "actual"),
        (first, "100", "committed"),
        (second, "0.10", "actual"),
        (second, "0.20", "actual"),
    ):
        spend(cast, line, amount, kind)
    found = budget(cast)
    assert [row.line.remaining for row in found.rows] == [Decimal("449.90"), Decimal("0.00")]
    assert (found.whole.actual, found.whole.committed) == (Decimal("450.40"), Decimal(100))


def test_a_line_that_deviates_asks_why_until_somebody_says(cast: Cast, csm: Client) -> None:
    line = make_line(cast)
    spend(cast, line, "600")
    page = text(csm.get(at(cast)))
    assert "One line deviates." in page and "It deviates; say why." in page
    csm.post(cast.at(f"budget/{line.pk}/"), LINE | {"deviation_reason": "Two more courses"})
    page = text(csm.get(at(cast)))
    assert "Two more courses" in page and "say why" not in page


def test_the_hypercare_reserve_is_told_apart_with_its_burn(cast: Cast) -> None:
    reserve = make_line(cast, category="go_live_support", amount=Decimal(1000))
    make_line(cast)
    spend(cast, reserve, "250")
    # The window is 5 October to 27 November: 54 days, 27 of them over on the 31st.
    found = budget(cast, date(2026, 10, 31))
    assert (found.reserve.budget, found.burn.used) == (1000, Decimal("0.25"))
    assert found.burn.projected == Decimal("0.5")
    assert budget(cast, date(2026, 10, 4)).burn.projected is None


def test_a_line_and_a_cost_are_entered_on_the_page_and_taken_back(cast: Cast, csm: Client) -> None:
    csm.post(at(cast, "budget/new/"), LINE)
    (row,) = budget(cast).rows
    costs = cast.at(f"budget/{row.id}/costs/")
    cost = {"kind": "actual", "day": "2026-11-02", "amount": "99.95", "note": "Room"}
    page = text(csm.post(costs, cost, follow=True))
    assert "The cost is entered." in page and "Room" in page and "99.95" in page
    with tenant_scope(cast.tenant.pk):
        made = CostEntry.objects.get()
    csm.post(cast.at(f"costs/{made.pk}/take-back/"))
    assert budget(cast).whole.actual == 0


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"amount": "-5"}, "amount", "greater than or equal to 0"),
        ({"amount": "1.005"}, "amount", "2 decimal places"),
        ({"percent_done": "101"}, "percent_done", "less than or equal to 100"),
        ({"category": "nothing"}, "category", "valid choice"),
        ({"name": ""}, "name", "required"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    assert words in error_beside(csm.post(at(cast, "budget/new/"), LINE | change), field)
    assert budget(cast).rows == ()


def test_nothing_is_paid_before_its_day(cast: Cast, csm: Client) -> None:
    line = make_line(cast)
    cost = {"kind": "actual", "day": "2099-01-01", "amount": "5", "note": ""}
    path = cast.at(f"budget/{line.pk}/costs/")
    assert "still to come" in error_beside(csm.post(path, cost), "day")
    csm.post(path, cost | {"kind": "committed"})
    assert budget(cast).whole.committed == 5


def test_money_is_split_by_group_and_work_stream(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        group = operations.add_impact_group(
            engagement=cast.engagement, fields={"name": "Crews", "size": 3}
        )
    make_line(cast, impact_group=group, amount=Decimal(5))
    make_line(cast, name="Rest", amount=Decimal(7))
    (groups, _name), (streams, _other) = budget(cast).splits
    assert [(part.name, part.line.budget) for part in groups] == [("", 7), ("Crews", 5)]
    assert streams == ()


def test_the_csv_is_the_budget(cast: Cast, csm: Client) -> None:
    spend(cast, make_line(cast, percent_done=40), "450")
    rows = csv.DictReader(io.StringIO(csm.get(at(cast, "budget.csv")).content.decode("utf-8-sig")))
    (row,) = rows
    assert (row["currency"], row["remaining"], row["deviation"]) == ("EUR", "550.00", "50.00")


def test_the_lead_sees_the_budget_and_a_member_does_not(cast: Cast, lead: Client) -> None:
    line = make_line(cast)
    assert lead.get(at(cast)).status_code == 200
    assert lead.post(cast.at(f"budget/{line.pk}/"), LINE).status_code == 403
    member = cast.browser(cast.member)
    assert member.get(at(cast)).status_code == 403
    assert "Budget" not in text(member.get(at(cast, "promise/")))


def test_the_page_costs_the_same_for_many_lines(cast: Cast, csm: Client) -> None:
    def grow() -> None:
        for number in range(8):
            spend(cast, make_line(cast, name=str(number)), "1")

    make_line(cast)
    assert_same_queries(csm, at(cast), grow)
