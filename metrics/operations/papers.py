"""Changes to decision papers: written, sent, asked about, decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from adoption.models import Plan
from adoption.operations import take_over
from engagements.models import Engagement
from engagements.operations import add_budget_line
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from metrics.models import DecisionPaper, PaperOption, PaperQuestion
from metrics.papers import (
    Forecast,
    Outcome,
    Paper,
    fact_to_json,
    forecast_to_json,
    paper_faults,
)
from metrics.papers import expected as expected_of
from notifications.operations import notify
from people.models import User
from rendering.translation import translated
from tenancy.audit import record
from tenancy.models import Role, Tenant
from tenancy.scope import current_tenant_id

PAPER_FIELDS = frozenset({"question", "interpretation", "decide_by"})
OPTION_FIELDS = frozenset(
    {
        *("name", "justification", "source", "money", "work_days", "resources"),
        *("what_if_id", "what_if_name"),
    }
)
MOST_OPTIONS = 6


@transaction.atomic
def write_paper(
    *, engagement: Engagement, fields: Mapping[str, Any], by: User | None
) -> DecisionPaper:
    """A draft of ours. Raises ValidationError, keyed by field."""
    paper = DecisionPaper(
        customer_id=engagement.customer_id,
        engagement=engagement,
        written_by=by,
        **known(fields, PAPER_FIELDS),
    )
    save(paper, named_by="question")
    _record("paper.written", paper)
    return paper


@transaction.atomic
def change_paper(*, paper: DecisionPaper, fields: Mapping[str, Any]) -> DecisionPaper:
    """Raises ValidationError, keyed by field, also once it was sent."""
    _refuse_sent(paper)
    changed = change(paper, known(fields, PAPER_FIELDS), named_by="question")
    if changed:
        _record("paper.changed", paper, changed)
    return paper


@transaction.atomic
def write_option(*, paper: DecisionPaper, fields: Mapping[str, Any]) -> PaperOption:
    """A further option of a draft; the first one is recommended. Raises ValidationError."""
    _refuse_sent(paper)
    kept = PaperOption.objects.filter(paper=paper, dropped_at=None)
    if kept.count() >= MOST_OPTIONS:
        words = _("Nobody weighs more than %(n)s options.") % {"n": MOST_OPTIONS}
        raise ValidationError({"name": words})
    last = kept.aggregate(last=Max("position"))["last"]
    option = PaperOption(
        customer_id=paper.customer_id,
        paper=paper,
        position=0 if last is None else last + 1,
        **known(fields, OPTION_FIELDS),
    )
    save(option, named_by="name")
    _record("paper.option_written", paper, {"option": option.name})
    return option


@transaction.atomic
def change_option(*, option: PaperOption, fields: Mapping[str, Any]) -> PaperOption:
    """Raises ValidationError, keyed by field, also once its paper was sent."""
    _refuse_sent(option.paper)
    changed = change(option, known(fields, OPTION_FIELDS), named_by="name")
    if changed:
        _record("paper.option_changed", option.paper, changed)
    return option


@transaction.atomic
def drop_option(*, option: PaperOption, now: datetime) -> None:
    """Take an option out of a draft; `restore_option` brings it back. Raises ValidationError."""
    _refuse_sent(option.paper)
    if option.dropped_at is None:
        option.dropped_at = now
        option.save(update_fields=["dropped_at"])
        _record("paper.option_dropped", option.paper, {"option": option.name})


@transaction.atomic
def restore_option(*, option: PaperOption) -> None:
    """Raises ValidationError once the paper was sent without it."""
    _refuse_sent(option.paper)
    if option.dropped_at is not None:
        option.dropped_at = None
        option.save(update_fields=["dropped_at"])
        _record("paper.option_restored", option.paper, {"option": option.name})


@transaction.atomic
def send_paper(
    *, paper: DecisionPaper, value: Paper, by: User | None, now: datetime
) -> DecisionPaper:
    """Share it with the customer's side as it stands: facts and forecasts are kept as they are now.

    `value` is what its page shows. Sent already, it stays as it was sent. Raises ValidationError
    with each thing a decider would still have to ask.
    """
    if paper.shared:
        return paper
    faults = paper_faults(value)
    if faults:
        raise ValidationError([translated(fault) for fault in faults])
    paper.shared, paper.sent_at = True, now
    paper.facts = [fact_to_json(fact) for fact in value.facts]
    paper.without = forecast_to_json(value.without)
    paper.save(update_fields=["shared", "sent_at", "facts", "without"])
    _share_options(paper, value)
    text = _("Decision asked for: %(question)s") % {"question": paper.question}
    _put(paper, "paper.sent", text, by)
    _tell(paper, "paper.sent", text, by, now)
    _record("paper.sent", paper)
    return paper


def _share_options(paper: DecisionPaper, value: Paper) -> None:
    forecasts = {option.key: option.forecast for option in value.options}
    for row in PaperOption.objects.filter(paper=paper, dropped_at=None):
        row.shared, row.forecast = True, forecast_to_json(forecasts[str(row.pk)])
        row.save(update_fields=["shared", "forecast"])


@transaction.atomic
def take_back_paper(*, paper: DecisionPaper) -> DecisionPaper:
    """A draft again. Raises ValidationError once somebody asked about it or decided it."""
    if paper.is_decided or PaperQuestion.objects.filter(paper=paper).exists():
        raise ValidationError(_("Somebody has answered to it, so it stays as it was sent."))
    if paper.shared:
        PaperOption.objects.filter(paper=paper).update(shared=False, forecast={})
        paper.shared, paper.sent_at, paper.facts, paper.without = False, None, [], {}
        paper.save(update_fields=["shared", "sent_at", "facts", "without"])
        _record("paper.taken_back", paper)
    return paper


@transaction.atomic
def ask_paper(*, paper: DecisionPaper, text: str, by: User | None, now: datetime) -> PaperQuestion:
    """A question about a paper that was sent. Raises ValidationError, keyed by field."""
    if not paper.shared:
        raise ValidationError({"text": _("It is not sent yet.")})
    question = PaperQuestion(
        customer_id=paper.customer_id, paper=paper, text=text.strip(), asked_by=by, asked_at=now
    )
    save(question, named_by="text")
    _tell(paper, "paper.asked", text, by, now)
    _record("paper.asked", paper, {"question": question.text})
    return question


@transaction.atomic
def answer_paper(
    *, question: PaperQuestion, text: str, by: User | None, now: datetime
) -> PaperQuestion:
    """The answer, or a better one. Raises ValidationError, keyed by field."""
    if not text.strip():
        raise ValidationError({"reply": _("Write the answer.")})
    question.answer, question.answered_by, question.answered_at = text.strip(), by, now
    save(question, named_by="answer")
    _tell(question.paper, "paper.answered", question.answer, by, now)
    _record("paper.answered", question.paper, {"answer": question.answer})
    return question


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, by whom at the customer, and for a third way what was agreed instead."""

    outcome: Outcome
    decided_by: str
    option_id: UUID | None = None
    note: str = ""
    agreed_finish: date | None = None
    agreed_money: Decimal | None = None


@transaction.atomic
def decide_paper(
    *, paper: DecisionPaper, value: Paper, decision: Decision, by: User | None, now: datetime
) -> DecisionPaper:
    """Keep the decision and, when it approves an option, do what that needs: its what-if becomes
    the plan and its cost a line of the budget.

    Raises ValidationError, keyed by field; also when it was decided meanwhile, or when the plan
    was changed where the what-if changes it too.
    """
    _check(paper, decision)
    option = _chosen(paper, decision)
    agreed = Forecast(finish=decision.agreed_finish, money=decision.agreed_money)
    chosen = "" if option is None else str(option.pk)
    promised = expected_of(value, decision.outcome, chosen=chosen, agreed=agreed)
    paper.outcome, paper.decided_at, paper.recorded_by = decision.outcome, now, by
    paper.decided_by, paper.note = decision.decided_by.strip(), decision.note.strip()
    paper.chosen_id = None if option is None else option.pk
    paper.expected = forecast_to_json(promised)
    save(paper, named_by="question")
    if option is not None:
        _carry_out(paper, option, by, now)
    words = {"question": paper.question, "outcome": paper.get_outcome_display()}
    text = _("Decided: %(question)s %(outcome)s") % words
    _put(paper, "paper.decided", text, by)
    _tell(paper, "paper.decided", text, by, now)
    facts = {"outcome": paper.outcome, "by": paper.decided_by, "option": option}
    _record("paper.decided", paper, facts)
    return paper


def _check(paper: DecisionPaper, decision: Decision) -> None:
    if not paper.shared:
        raise ValidationError(_("It is not sent yet."))
    if paper.is_decided:
        raise ValidationError(_("It was decided already."))
    if not decision.decided_by.strip():
        raise ValidationError({"decided_by": _("Say who decided.")})
    third = decision.outcome is Outcome.ALTERNATIVE
    if third and not decision.note.strip():
        raise ValidationError({"note": _("Say what was agreed instead.")})


def _chosen(paper: DecisionPaper, decision: Decision) -> PaperOption | None:
    if decision.outcome is not Outcome.APPROVED:
        return None
    options = PaperOption.objects.filter(paper=paper, dropped_at=None)
    option = next((one for one in options if one.pk == decision.option_id), None)
    if option is None:
        raise ValidationError({"option": _("Choose the option that is approved.")})
    return option


def _carry_out(paper: DecisionPaper, option: PaperOption, by: User | None, now: datetime) -> None:
    if option.what_if_id is not None:
        copies = Plan.every.filter(dropped_at=None, what_if_of__isnull=False)
        what_if = copies.filter(pk=option.what_if_id).first()
        if what_if is not None:
            take_over(what_if=what_if, by=by, now=now)
    if option.money:
        fields = {"name": option.name, "category": "other", "amount": option.money}
        add_budget_line(engagement=paper.engagement, fields=fields)


def _refuse_sent(paper: DecisionPaper) -> None:
    if paper.shared:
        raise ValidationError(_("It was sent and stays as it was sent. Take it back first."))


def _put(paper: DecisionPaper, kind: str, text: str, by: User | None) -> None:
    url = inside("metrics:paper", paper.pk)
    put_on_timeline(engagement=paper.engagement, kind=kind, text=text, url=url, by=by, shared=True)


def _tell(paper: DecisionPaper, kind: str, text: str, by: User | None, now: datetime) -> None:
    """Whoever leads at the customer, who wrote it and who looks after the customer hear of it."""
    slug = Tenant.objects.only("slug").get(pk=current_tenant_id()).slug
    here = Q(memberships__tenant_id=current_tenant_id())
    theirs = Q(memberships__role=Role.LEAD, memberships__customer_id=paper.customer_id)
    ours = Q(pk__in=[paper.written_by_id, paper.engagement.csm_id])
    people: Sequence[User] = list(User.objects.filter((here & theirs) | ours).distinct())
    notify(
        recipients=[person for person in people if by is None or person.pk != by.pk],
        kind=kind,
        text=text,
        url=reverse("metrics:paper", args=[slug, paper.pk]),
        key=f"{kind}:{paper.pk}:{now.isoformat()}",
        customer_id=paper.customer_id,
    )


def _record(action: str, paper: DecisionPaper, facts: Mapping[str, Any] | None = None) -> None:
    record(action=action, subject=paper, facts=facts or {}, about_customer_id=paper.customer_id)
