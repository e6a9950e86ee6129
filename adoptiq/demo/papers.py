"""The demo's decisions: a draft, one that waits for the customer, and one of the first weeks that was
made.
Told after the night, so that their facts are those of the day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from adoption.models import Plan
from engagements.models import Engagement
from metrics import operations, queries
from metrics.definitions import ACTIVE_USERS
from metrics.models import DecisionPaper
from metrics.operations import Decision
from metrics.papers import MeasureChange, Outcome
from people.models import User
from tenancy.models import Membership, Role

TOLD_OF = "HALDEN-1"
SENT_AGO, ASKED_AGO, ANSWERED_AGO = timedelta(days=3), timedelta(days=2), timedelta(days=1)
DECIDED_AGO = timedelta(days=40)


def tell_papers(*, now: datetime) -> None:
    """Where the workspace has the engagement that has everything."""
    engagement = Engagement.objects.filter(key=TOLD_OF).select_related("csm").first()
    if engagement is None:
        return
    lead = _lead(engagement)
    _decided(engagement, now)
    paper = _write(engagement, _question(now))
    _draft(engagement, now)
    option = {
        "name": "A second person for the evidence report",
        "justification": "The report waits for one person who also trains. Two write it in half "
        "the time, and nobody else waits.",
        "source": "The same at Solberg Maritime in spring",
        "money": Decimal(7_800),
        "work_days": 12,
        "resources": "One analyst",
    }
    operations.write_option(paper=paper, fields=option | _what_if(engagement))
    _send(paper, engagement, now - SENT_AGO)
    question = operations.ask_paper(
        paper=paper, text="Can the second person come from us?", by=lead, now=now - ASKED_AGO
    )
    operations.answer_paper(
        question=question,
        text="From the week after next, yes. Until then both who know the report are on leave.",
        by=engagement.csm,
        now=now - ANSWERED_AGO,
    )


def _draft(engagement: Engagement, now: datetime) -> None:
    """A decision about the people who do not work with it yet, still with us."""
    paper = _write(
        engagement,
        {
            "question": "Coaching at the desk until January, and the target with it?",
            "interpretation": "Two groups have not begun. At the pace of the last four weeks the "
            "target is missed at sign-off; with help at the desk it is met later.",
            "decide_by": now.date() + timedelta(days=12),
        },
    )
    option = operations.write_option(
        paper=paper,
        fields={
            "name": "Two coaches at the desk, three weeks",
            "justification": "Of those who were coached in spring, most came back each week.",
            "source": "Coaching of Operations in spring",
            "money": Decimal(6_400),
            "work_days": 15,
        },
    )
    operations.change_effects(option=option, changes=_sooner(engagement, now.date()))


def _sooner(engagement: Engagement, today: date) -> list[MeasureChange]:
    """Twelve people more a week, and four weeks more to get there; where people are counted."""
    measures = queries.get_measures(engagement_id=engagement.pk)
    counted = measures.filter(definition_key=ACTIVE_USERS.key, agreements__isnull=False).first()
    if counted is None:
        return []
    aims = queries.get_aimed(engagement_id=engagement.pk, today=today)
    target = next(one.target for one in aims if one.key == str(counted.pk))
    return [MeasureChange(str(counted.pk), pace=12, deadline=target.deadline + timedelta(days=28))]


def _lead(engagement: Engagement) -> User | None:
    places = Membership.objects.filter(role=Role.LEAD, customer_id=engagement.customer_id)
    place = places.select_related("user").first()
    return None if place is None else place.user


def _question(now: datetime) -> dict[str, Any]:
    return {
        "question": "A second person for the evidence report, for two weeks?",
        "interpretation": "The report is the longest open step on the critical path: every day it "
        "takes less, sign-off comes a day sooner. Training does not suffer, because the groups "
        "that are left start later.",
        "decide_by": now.date() + timedelta(days=6),
    }


def _write(engagement: Engagement, fields: dict[str, Any]) -> DecisionPaper:
    return operations.write_paper(engagement=engagement, fields=fields, by=engagement.csm)


def _what_if(engagement: Engagement) -> dict[str, Any]:
    """The copy of the plan on which it was tried, where there is one."""
    copies = Plan.every.filter(what_if_of__engagement=engagement, dropped_at=None)
    copy = copies.order_by("-copied_at").first()
    return {} if copy is None else {"what_if_id": copy.pk, "what_if_name": copy.name}


def _send(paper: DecisionPaper, engagement: Engagement, at: datetime) -> None:
    found = queries.get_papers().get(pk=paper.pk)
    value = queries.get_paper_view(paper=found, today=at.date()).value
    operations.send_paper(paper=found, value=value, by=engagement.csm, now=at)
    paper.refresh_from_db()


def _decided(engagement: Engagement, now: datetime) -> None:
    at = now - DECIDED_AGO
    fields = {
        "question": "A help page for the month-end close?",
        "interpretation": "Half of all calls ask for the same three steps.",
        "decide_by": at.date(),
    }
    paper = _write(engagement, fields)
    option = {
        "name": "A help page with three short films",
        "justification": "Callers who were walked through once rarely call again.",
        "money": Decimal(900),
    }
    operations.write_option(paper=paper, fields=option)
    _send(paper, engagement, at)
    value = queries.get_paper_view(paper=paper, today=at.date()).value
    words = "The help desk walks callers through it for now."
    decision = Decision(outcome=Outcome.LIVE_WITH_IT, decided_by="Jonas Eide", note=words)
    operations.decide_paper(paper=paper, value=value, decision=decision, by=engagement.csm, now=at)
