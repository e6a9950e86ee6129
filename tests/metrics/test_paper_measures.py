"""A decision about measures, from draft to what came of it: with and without, the target that an
approval agrees, the same figures on page, API and PDF, and a decision that is taken back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from adoption import operations as adoption
from adoption.models import Plan, WorkPackage
from engagements import operations as engagements
from engagements.models import BudgetLine
from metrics import operations, queries
from metrics.models import Agreement, DecisionPaper, Measure, PaperOption
from metrics.operations import Decision
from metrics.papers import MeasureChange, Outcome
from metrics.queries import PaperView
from notifications.models import Notification
from tenancy.access import READING
from tenancy.operations import create_api_key
from tenancy.scope import tenant_scope
from tests.adoption.test_outline import TABLE, bring
from tests.factories import Cast
from tests.metrics.conftest import LAST, NOW
from tests.metrics.terms import DEADLINE, make_terms
from tests.pages import error_beside, statuses
from tests.pdfs import words_of

PAPER = {"question": "A coach for the last groups?", "interpretation": "They wait for help."}
OPTION = {"name": "A coach", "justification": "It helped in spring.", "money": 7_800}
LATER = DEADLINE + timedelta(days=28)


@dataclass
class Asked:
    """A paper with one option, and the measure it is about."""

    cast: Cast
    measure: Measure
    paper: DecisionPaper
    option: PaperOption

    @property
    def view(self) -> PaperView:
        with tenant_scope(self.cast.tenant.pk):
            row = queries.get_papers().get(pk=self.paper.pk)
            return queries.get_paper_view(paper=row, today=timezone.localdate())

    def at(self, rest: str = "") -> str:
        return self.cast.at(f"decisions/{self.paper.pk}/{rest}")

    def change(self, **changed: Any) -> None:
        with tenant_scope(self.cast.tenant.pk):
            change = MeasureChange(str(self.measure.pk), **changed)
            operations.change_effects(option=self.option, changes=[change])

    def send(self) -> None:
        value = self.view.value
        with tenant_scope(self.cast.tenant.pk):
            operations.send_paper(paper=self.paper, value=value, by=self.cast.csm, now=NOW)

    def decide(self, outcome: Outcome = Outcome.APPROVED) -> None:
        value = self.view.value
        with tenant_scope(self.cast.tenant.pk):
            operations.decide_paper(
                paper=queries.get_papers().get(pk=self.paper.pk),
                value=value,
                decision=Decision(
                    outcome=outcome, decided_by="Jonas Eide", option_id=self.option.pk
                ),
                by=self.cast.csm,
                now=timezone.now(),
            )

    def take_back(self, **other: Any) -> None:
        words = {"by": self.cast.csm, "now": timezone.now(), **other}
        with tenant_scope(self.cast.tenant.pk):
            row = queries.get_papers().get(pk=self.paper.pk)
            operations.take_back_decision(paper=row, **words)

    def agreed(self) -> list[Agreement]:
        with tenant_scope(self.cast.tenant.pk):
            return list(
                Agreement.objects.filter(measure=self.measure).order_by("agreed_date", "id")
            )


@pytest.fixture
def asked(used: Cast, measure: Measure) -> Asked:
    with tenant_scope(used.tenant.pk):
        operations.agree_target(measure=measure, terms=make_terms(), agreed_by=used.csm)
        engagements.change_engagement(engagement=used.engagement, fields={"currency": "EUR"})
        paper = operations.write_paper(engagement=used.engagement, fields=PAPER, by=used.csm)
        option = operations.write_option(paper=paper, fields=OPTION)
    return Asked(used, measure, paper, option)


def test_an_option_moves_a_measure_by_what_is_expected_of_it(asked: Asked) -> None:
    key = str(asked.measure.pk)
    without = asked.view.value.without.measure(key)
    assert without is not None
    assert (without.day, without.target) == (DEADLINE, 150)
    # 93 people, one more a day: 123 in 30 days.
    assert without.amount == pytest.approx(123, abs=1)
    asked.change(pace=7)
    [effect] = asked.view.options[0].effect.measures
    weeks = (DEADLINE - timezone.localdate()).days / 7
    assert effect.difference == pytest.approx(7 * weeks, abs=0.1)
    assert effect.is_better
    asked.change(deadline=LATER)
    with_option = asked.view.value.options[0].forecast.measure(key)
    assert with_option is not None
    assert with_option.amount == pytest.approx(without.amount + 28, abs=1)
    assert (with_option.day, with_option.target) == (LATER, 150)


def test_targets_that_cannot_hold_are_refused_beside_their_field(asked: Asked, csm: Client) -> None:
    path = asked.cast.at(f"paper-options/{asked.option.pk}/measures/")
    key = asked.measure.pk
    assert "28-day active users" in csm.get(path).content.decode()
    refused = csm.post(path, {f"amount-{key}": "5"})
    assert "below the baseline" in error_beside(refused, f"amount-{key}")
    csm.post(path, {f"pace-{key}": "3", f"amount-{key}": "150", f"deadline-{key}": ""})
    [change] = asked.view.options[0].changes
    assert (change.pace, change.amount, change.deadline) == (3, None, None)
    asked.send()
    assert "stays as it was sent" in csm.post(path, {f"pace-{key}": "4"}).content.decode()


def test_what_was_forecast_of_measures_is_kept_when_it_is_sent(asked: Asked) -> None:
    asked.change(pace=7)
    asked.send()
    before = asked.view
    with tenant_scope(asked.cast.tenant.pk):
        terms = make_terms(amount=400.0)
        operations.agree_target(measure=asked.measure, terms=terms, agreed_by=asked.cast.csm)
    after = asked.view
    assert after.value.without == before.value.without
    assert after.options == before.options
    assert after.now != before.now


def test_a_paper_goes_from_draft_to_an_agreed_target_and_what_came_of_it(
    asked: Asked, csm: Client
) -> None:
    lead = asked.cast.browser(asked.cast.lead)
    key = str(asked.measure.pk)
    csm.post(
        asked.cast.at(f"paper-options/{asked.option.pk}/measures/"),
        {f"pace-{key}": "7", f"amount-{key}": "170", f"deadline-{key}": LATER.isoformat()},
    )
    csm.post(asked.at("send/"))
    chosen = {"outcome": "approved", "option": str(asked.option.pk), "decided_by": "Jonas Eide"}
    shown = lead.post(asked.at("decide/"), chosen, follow=True).content.decode()
    assert "Approved: A coach" in shown
    before, after = asked.agreed()
    assert (after.amount, after.deadline, after.for_customer) == (170, LATER, "Jonas Eide")
    assert (after.for_vendor, after.confirmed_at) == (asked.cast.csm, None)
    assert after.baseline == before.baseline
    with tenant_scope(asked.cast.tenant.pk):
        waits = Notification.objects.filter(kind="target.agreed", user=asked.cast.lead)
        assert waits.filter(text__contains="170").exists()
    lead.post(asked.cast.at(f"measures/{key}/confirm/"), {"agreed": str(after.pk)})
    assert asked.agreed()[-1].confirmed_by == asked.cast.lead
    review = asked.view.review
    assert review is not None
    # It goes as it went before the coach: below what was forecast with one.
    [miss] = review.measures
    promised = asked.view.expected.measure(key)
    assert promised is not None
    assert (promised.day, miss.is_worse) == (LATER, True)
    assert miss.happened < miss.expected == promised.amount
    assert "measures below forecast: 1 of 1" in lead.get(asked.at()).content.decode()


def test_page_api_and_pdf_say_the_same(asked: Asked, csm: Client) -> None:
    asked.change(pace=7, amount=170, deadline=LATER)
    asked.send()
    asked.decide()
    lead = asked.cast.browser(asked.cast.lead)
    page = " ".join(lead.get(asked.at()).content.decode().split())
    pdf = lead.get(asked.at("paper.pdf"))
    assert pdf["Content-Type"] == "application/pdf"
    words = words_of(pdf.content)
    told = queries.told(asked.view, today=timezone.localdate())
    [measure] = told.measures
    [option] = measure.options
    said = [
        *(told.options[0].cost, told.options[0].money, *told.options[0].effects),
        *(measure.name, measure.without.amount, option.amount, option.pace, option.target),
        *(told.review, told.misses[0].expected, told.misses[0].now),
    ]
    for text in said:
        assert text in page
        assert " ".join(text.split()) in words
    found = lead.get(asked.cast.at(f"api/v1/decisions/{asked.paper.pk}/")).json()
    view = asked.view
    [with_option] = found["options"][0]["forecast"]["measures"]
    [kept] = view.value.options[0].forecast.measures
    assert (with_option["amount"], with_option["day"]) == (kept.amount, LATER.isoformat())
    assert found["options"][0]["changes"] == [
        {
            "measure": str(asked.measure.pk),
            "pace": 7.0,
            "amount": 170.0,
            "deadline": LATER.isoformat(),
        }
    ]
    assert view.review is not None
    [miss] = found["review"]["measures"]
    assert miss["happened"] == view.review.measures[0].happened
    assert (found["state"], found["chosen"]) == ("decided", str(asked.option.pk))


def test_papers_are_read_over_the_api_by_whoever_may_see_them(asked: Asked) -> None:
    cast = asked.cast
    path = cast.at("api/v1/decisions/")
    people = {
        name: cast.browser(getattr(cast, name)) for name in ("csm", "executive", "lead", "member")
    }
    one = f"{path}{asked.paper.pk}/"
    assert statuses(people, "get", one) == {
        "csm": 200,
        "executive": 200,
        "lead": 404,
        "member": 403,
    }
    assert people["lead"].get(path).json()["results"] == []
    asked.send()
    [row] = people["lead"].get(path).json()["results"]
    assert (row["question"], row["state"]) == (PAPER["question"], "open")
    assert people["lead"].get(one).status_code == 200
    assert people["csm"].post(path, {}).status_code == 405
    assert cast.browser(cast.stranger).get(one).status_code == 404
    _row, key = create_api_key(tenant=cast.tenant, name="BI", scopes=READING, created_by=cast.admin)
    program = Client(headers={"Authorization": f"Bearer {key.text}"})
    listed = program.get(f"/api/v1/decisions/?engagement={cast.engagement.pk}").json()
    assert [row["id"] for row in listed["results"]] == [str(asked.paper.pk)]


def test_a_decision_is_taken_back_with_budget_and_targets(asked: Asked, csm: Client) -> None:
    asked.change(amount=170)
    asked.send()
    csm.post(
        asked.at("decide/"),
        {"outcome": "approved", "option": str(asked.option.pk), "decided_by": "Jonas Eide"},
    )
    assert "Take the decision back" in csm.get(asked.at()).content.decode()
    assert asked.agreed()[-1].amount == 170
    csm.post(asked.at("decide/?undo=1"))
    view = asked.view
    assert (view.outcome, view.chosen, view.decided_by) == (None, None, "")
    assert [row.amount for row in asked.agreed()] == [150, 170, 150]
    with tenant_scope(asked.cast.tenant.pk):
        assert not BudgetLine.objects.exists()
    asked.decide()
    assert asked.agreed()[-1].amount == 170


def test_a_decision_stands_for_others_and_on_other_days(asked: Asked) -> None:
    asked.send()
    with pytest.raises(ValidationError, match="not decided"):
        asked.take_back()
    asked.decide()
    with pytest.raises(ValidationError, match="Only whoever recorded"):
        asked.take_back(by=asked.cast.manager)
    with pytest.raises(ValidationError, match="on its day alone"):
        asked.take_back(now=timezone.now() + timedelta(days=2))
    with tenant_scope(asked.cast.tenant.pk):
        line = BudgetLine.objects.get()
        cost = {"kind": "actual", "day": LAST, "amount": 5, "note": ""}
        engagements.enter_cost(line=line, fields=cost, by=asked.cast.csm)
    with pytest.raises(ValidationError, match="Money was promised or spent"):
        asked.take_back()
    assert asked.view.outcome is Outcome.APPROVED


def test_a_target_the_lead_confirmed_is_not_taken_back(asked: Asked) -> None:
    asked.change(amount=170)
    asked.send()
    asked.decide()
    with tenant_scope(asked.cast.tenant.pk):
        newest = Agreement.objects.latest("id")
        operations.confirm_agreement(agreement=newest, by=asked.cast.lead, now=NOW)
    with pytest.raises(ValidationError, match="has confirmed the new target"):
        asked.take_back()
    with tenant_scope(asked.cast.tenant.pk):
        assert BudgetLine.objects.exists(), "all of it is taken back or nothing"


def test_the_plan_goes_back_and_moves_again(asked: Asked) -> None:
    cast = asked.cast
    bring(cast, TABLE)
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get()
        copy = adoption.make_what_if(plan=plan, name="Two trainers", by=cast.csm, now=NOW)
        step = WorkPackage.objects.get(plan=copy, name="Approve")
        adoption.change_package(
            plan=copy, package=step, fields={"duration": "1d"}, by=cast.csm, now=NOW
        )
        tried = {"what_if_id": copy.pk, "what_if_name": copy.name}
        operations.change_option(option=asked.option, fields=tried)

    def days() -> float:
        with tenant_scope(cast.tenant.pk):
            found: int = WorkPackage.objects.get(plan=plan, name="Approve").duration
            return found / 480

    asked.send()
    asked.decide()
    assert days() == 1
    asked.take_back()
    assert days() == 2
    assert asked.view.options[0].plan_moves
    asked.decide()
    assert days() == 1
    asked.take_back()
    assert days() == 2
