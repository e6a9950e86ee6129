import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from adoption import operations as adoption
from adoption.models import Plan, WorkPackage
from engagements import operations as engagements
from engagements.models import BudgetLine, TimelineEntry
from metrics import operations, queries
from metrics.models import DecisionPaper, PaperOption
from metrics.operations import Decision
from metrics.papers import Outcome
from tenancy.scope import tenant_scope
from tests.adoption.test_outline import TABLE, bring
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside, statuses

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
PAPER: dict[str, Any] = {
    "question": "A second coach until 4 December?",
    "interpretation": "The fault is mended, the habit is not.",
}
OPTION: dict[str, Any] = {
    "name": "A second coach",
    "justification": "Two people see all 52 before the close.",
    "money": Decimal(7_800),
    "work_days": 12,
}
POSTED_OPTION = {
    "name": "A second coach",
    "justification": "Two see all 52.",
    "source": "",
    "money": "7800",
    "work_days": "12",
    "resources": "",
    "what_if": "",
}


def make_paper(cast: Cast, *, options: int = 1, sent: bool = False) -> DecisionPaper:
    with tenant_scope(cast.tenant.pk):
        paper = operations.write_paper(engagement=cast.engagement, fields=PAPER, by=cast.csm)
        for number in range(options):
            name = f"Option {number}" if number else OPTION["name"]
            operations.write_option(paper=paper, fields=OPTION | {"name": name})
        if sent:
            engagements.change_engagement(engagement=cast.engagement, fields={"currency": "EUR"})
            engagements.add_budget_line(
                engagement=cast.engagement,
                fields={"name": "Coaching", "category": "training", "amount": Decimal(90_000)},
            )
            send(paper)
    return paper


def send(paper: DecisionPaper) -> None:
    found = queries.get_papers().get(pk=paper.pk)
    value = queries.get_paper_view(paper=found, today=TODAY).value
    operations.send_paper(paper=found, value=value, by=None, now=NOW)
    paper.refresh_from_db()


def view_of(cast: Cast, paper: DecisionPaper) -> queries.PaperView:
    with tenant_scope(cast.tenant.pk):
        found = queries.get_papers().get(pk=paper.pk)
        return queries.get_paper_view(paper=found, today=TODAY)


def decide(cast: Cast, paper: DecisionPaper, outcome: Outcome, **more: Any) -> None:
    view = view_of(cast, paper)
    with tenant_scope(cast.tenant.pk):
        fields: dict[str, Any] = {"decided_by": "Jonas Eide", "outcome": outcome}
        operations.decide_paper(
            paper=queries.get_papers().get(pk=paper.pk),
            value=view.value,
            decision=Decision(**fields | more),
            by=cast.csm,
            now=NOW,
        )


def at(cast: Cast, paper: DecisionPaper, rest: str = "") -> str:
    return cast.at(f"decisions/{paper.pk}/{rest}")


def test_a_draft_is_ours_and_a_sent_paper_is_the_customers_too(cast: Cast) -> None:
    lead, csm, member = (cast.browser(user) for user in (cast.lead, cast.csm, cast.member))
    draft, sent = make_paper(cast), make_paper(cast, sent=True)
    browsers = {"lead": lead, "csm": csm, "member": member}
    assert statuses(browsers, "get", at(cast, draft)) == {"lead": 404, "csm": 200, "member": 403}
    assert statuses(browsers, "get", at(cast, sent)) == {"lead": 200, "csm": 200, "member": 403}
    listed = lead.get(cast.at(f"engagements/{cast.engagement.pk}/decisions/")).content.decode()
    assert listed.count("A second coach until 4 December?") == 1


def test_what_a_decider_would_still_ask_is_said_instead_of_sending(cast: Cast) -> None:
    paper = make_paper(cast, options=0)
    with tenant_scope(cast.tenant.pk), pytest.raises(ValidationError) as refusal:
        send(paper)
    assert "It offers no option." in refusal.value.messages


def test_what_was_sent_stays_as_it_was_sent(cast: Cast) -> None:
    paper = make_paper(cast, sent=True)
    before = view_of(cast, paper)
    assert before.value.without.money == Decimal(90_000)
    assert before.options[0].effect.money == Decimal(7_800)
    assert before.value.options[0].forecast.money == Decimal(97_800)
    with tenant_scope(cast.tenant.pk):
        fields = {"name": "More", "category": "travel", "amount": Decimal(1_000)}
        engagements.add_budget_line(engagement=cast.engagement, fields=fields)
        with pytest.raises(ValidationError):
            operations.change_paper(paper=paper, fields={"question": "Another?"})
        with pytest.raises(ValidationError):
            operations.write_option(paper=paper, fields=OPTION)
    after = view_of(cast, paper)
    assert (after.value.without, after.value.facts) == (before.value.without, before.value.facts)
    assert after.now.money == Decimal(91_000)


def test_an_approval_does_what_it_needs_and_is_held_to_its_forecast(cast: Cast) -> None:
    paper = make_paper(cast, sent=True)
    option = view_of(cast, paper).options[0]
    decide(cast, paper, Outcome.APPROVED, option_id=option.id)
    view = view_of(cast, paper)
    with tenant_scope(cast.tenant.pk):
        line = BudgetLine.objects.get(name="A second coach")
        kinds = set(TimelineEntry.objects.values_list("kind", flat=True))
    assert line.amount == Decimal(7_800)
    assert {"paper.sent", "paper.decided"} <= kinds
    assert (view.outcome, view.chosen.id if view.chosen else None) == (Outcome.APPROVED, option.id)
    assert view.review is not None
    assert (view.expected.money, view.review.money_over) == (Decimal(97_800), Decimal(0))
    with pytest.raises(ValidationError, match="decided already"):
        decide(cast, paper, Outcome.LIVE_WITH_IT)


def test_living_with_it_and_a_third_way_change_nothing(cast: Cast) -> None:
    lived, third = make_paper(cast, sent=True), make_paper(cast, sent=True)
    decide(cast, lived, Outcome.LIVE_WITH_IT)
    with pytest.raises(ValidationError) as refusal:
        decide(cast, third, Outcome.ALTERNATIVE)
    assert list(refusal.value.message_dict) == ["note"]
    finish = date(2026, 12, 30)
    decide(cast, third, Outcome.ALTERNATIVE, note="One coach.", agreed_finish=finish)
    assert view_of(cast, third).expected.finish == finish
    assert view_of(cast, lived).expected == view_of(cast, lived).value.without
    with tenant_scope(cast.tenant.pk):
        assert not BudgetLine.objects.filter(name="A second coach").exists()


def test_an_approval_names_an_option_of_this_paper(cast: Cast) -> None:
    paper, other = make_paper(cast, sent=True), make_paper(cast, sent=True)
    foreign = view_of(cast, other).options[0].id
    with pytest.raises(ValidationError) as refusal:
        decide(cast, paper, Outcome.APPROVED, option_id=foreign)
    assert list(refusal.value.message_dict) == ["option"]


def test_sending_can_be_undone_until_somebody_answered(cast: Cast, csm: Client) -> None:
    paper = make_paper(cast, sent=True)
    csm.post(at(cast, paper, "send/?undo=1"))
    assert view_of(cast, paper).sent_at is None
    csm.post(at(cast, paper, "send/"))
    with tenant_scope(cast.tenant.pk):
        paper.refresh_from_db()
        operations.ask_paper(paper=paper, text="Who pays?", by=cast.lead, now=NOW)
    csm.post(at(cast, paper, "send/?undo=1"))
    assert view_of(cast, paper).sent_at is not None


def test_a_paper_goes_from_question_to_decision_on_its_pages(cast: Cast, csm: Client) -> None:
    lead = cast.browser(cast.lead)
    with tenant_scope(cast.tenant.pk):
        fields = {"name": "Coaching", "category": "training", "amount": Decimal(90_000)}
        engagements.add_budget_line(engagement=cast.engagement, fields=fields)
    new = cast.at(f"engagements/{cast.engagement.pk}/decisions/new/")
    csm.post(new, PAPER | {"decide_by": "2026-11-24"})
    with tenant_scope(cast.tenant.pk):
        paper = DecisionPaper.objects.get()
    assert "required" in error_beside(
        csm.post(at(cast, paper, "options/new/"), POSTED_OPTION | {"name": ""}), "name"
    )
    csm.post(at(cast, paper, "options/new/"), POSTED_OPTION)
    csm.post(at(cast, paper, "send/"))
    lead.post(at(cast, paper, "ask/"), {"text": "From our own team?"})
    question = view_of(cast, paper).questions[0]
    csm.post(cast.at(f"paper-questions/{question.pk}/answer/"), {"reply": "From 7 December."})
    option = view_of(cast, paper).options[0]
    shown = lead.post(
        at(cast, paper, "decide/"),
        {"outcome": "approved", "option": str(option.id), "decided_by": "Jonas Eide"},
        follow=True,
    ).content.decode()
    for words in ("From our own team?", "From 7 December.", "Approved", "Jonas Eide", "€97,800"):
        assert words in shown


def test_an_option_is_taken_off_and_brought_back(cast: Cast, csm: Client) -> None:
    paper = make_paper(cast, options=2)
    with tenant_scope(cast.tenant.pk):
        first = PaperOption.objects.get(name="A second coach")
    drop = cast.at(f"paper-options/{first.pk}/drop/")
    for _press in range(2):
        csm.post(drop)
    assert [one.value.name for one in view_of(cast, paper).options] == ["Option 1"]
    csm.post(f"{drop}?undo=1")
    assert len(view_of(cast, paper).options) == 2
    csm.post(cast.at(f"paper-options/{first.pk}/"), POSTED_OPTION | {"name": "Two coaches"})
    assert view_of(cast, paper).options[0].value.name == "Two coaches"


def test_the_list_costs_the_same_and_leaves_as_a_table(cast: Cast, csm: Client) -> None:
    make_paper(cast, sent=True)
    path = cast.at(f"engagements/{cast.engagement.pk}/decisions")

    def grow() -> None:
        for _more in range(3):
            make_paper(cast)

    assert_same_queries(csm, f"{path}/", grow)
    rows = list(csv.DictReader(io.StringIO(csm.get(f"{path}.csv").content.decode("utf-8-sig"))))
    assert [row["state"] for row in rows] == ["draft", "draft", "draft", "open"]


def test_a_paper_costs_the_same_for_many_options_and_questions(cast: Cast, csm: Client) -> None:
    paper = make_paper(cast, sent=True)

    def grow() -> None:
        with tenant_scope(cast.tenant.pk):
            for number in range(3):
                operations.ask_paper(paper=paper, text=f"{number}?", by=cast.lead, now=NOW)

    assert_same_queries(csm, at(cast, paper), grow)


def test_an_approved_what_if_becomes_the_plan(cast: Cast) -> None:
    bring(cast, TABLE)
    with tenant_scope(cast.tenant.pk):
        plan = Plan.objects.get()
        copy = adoption.make_what_if(plan=plan, name="Two trainers", by=cast.csm, now=NOW)
        step = WorkPackage.objects.get(plan=copy, name="Approve")
        adoption.change_package(
            plan=copy, package=step, fields={"duration": "1d"}, by=cast.csm, now=NOW
        )
        finish = Plan.every.get(pk=copy.pk).finish.date()
        cast.engagement.refresh_from_db()
        paper = operations.write_paper(engagement=cast.engagement, fields=PAPER, by=cast.csm)
        tried = {"what_if_id": copy.pk, "what_if_name": copy.name}
        operations.write_option(paper=paper, fields=OPTION | tried)
        send(paper)
    option = view_of(cast, paper).options[0]
    assert option.plan_moves
    assert option.value.forecast.finish == finish
    assert (option.effect.days_earlier or 0) > 0
    decide(cast, paper, Outcome.APPROVED, option_id=option.id)
    view = view_of(cast, paper)
    with tenant_scope(cast.tenant.pk):
        assert WorkPackage.objects.get(plan=plan, name="Approve").duration == 480
        assert not Plan.every.filter(pk=copy.pk).exists()
    assert view.review is not None
    assert (view.review.days_late, view.review.held) == (0, True)
