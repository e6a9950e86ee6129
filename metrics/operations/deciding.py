"""What was decided about a paper, what is done for it, and how that is taken back."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.models import Plan, PlanChange
from adoption.operations import take_over, undo_change
from engagements.models import BudgetLine
from engagements.operations import add_budget_line, drop_budget_line
from engagements.operations.saving import save
from metrics.definitions import Milestone
from metrics.models import Agreement, DecisionPaper, Measure, PaperOption
from metrics.operations.agreements import IllFormedTarget, Terms, agree_target, terms_of
from metrics.operations.papers import put_paper, record_paper, tell_of_paper
from metrics.papers import Forecast, MeasureChange, Outcome, Paper, forecast_to_json
from metrics.papers import expected as expected_of
from metrics.queries.details import get_measures
from people.models import User
from rendering.translation import translated
from tenancy.scope import Realm, current_scope


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
    the plan, its cost a line of the budget, and its targets are agreed with whoever decided.

    Raises ValidationError, keyed by field; also when it was decided meanwhile, when the plan was
    changed where the what-if changes it too, or when a target cannot hold any more.
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
    paper.done = {} if option is None else _carry_out(paper, option, by, now)
    save(paper, named_by="question")
    words = {"question": paper.question, "outcome": paper.get_outcome_display()}
    text = _("Decided: %(question)s %(outcome)s") % words
    put_paper(paper, "paper.decided", text, by)
    tell_of_paper(paper, "paper.decided", text, by, now)
    facts = {"outcome": paper.outcome, "by": paper.decided_by, "option": option}
    record_paper("paper.decided", paper, facts)
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


def _carry_out(
    paper: DecisionPaper, option: PaperOption, by: User | None, now: datetime
) -> dict[str, Any]:
    """Do what an option needs; the answer names what was done."""
    done: dict[str, Any] = {}
    change_id = _move_plan(option, by, now)
    if change_id is not None:
        done["change"] = str(change_id)
    if option.money:
        fields = {"name": option.name, "category": "other", "amount": option.money}
        done["line"] = str(add_budget_line(engagement=paper.engagement, fields=fields).pk)
    moved = [change for change in option.changes if change.moves_target]
    if moved:
        done["agreements"] = {change.key: _agree(paper, change, by, now) for change in moved}
    return done


def _move_plan(option: PaperOption, by: User | None, now: datetime) -> UUID | None:
    """Its what-if becomes the plan; where it was once and was taken back, it is done again."""
    if option.redo_id is not None:
        # Whoever did it again on the plan itself was quicker.
        redo = PlanChange.objects.filter(pk=option.redo_id, undone_at=None).first()
        return None if redo is None else undo_change(change=redo, by=by, now=now).change_id
    if option.what_if_id is None:
        return None
    copies = Plan.every.filter(dropped_at=None, what_if_of__isnull=False)
    what_if = copies.filter(pk=option.what_if_id).first()
    return None if what_if is None else take_over(what_if=what_if, by=by, now=now).change_id


def _agree(
    paper: DecisionPaper, change: MeasureChange, by: User | None, now: datetime
) -> list[str]:
    """Agree the target of an option, as the decider approved it; their lead is asked to confirm.

    Returns the ids of the new agreement and of the one before.
    """
    measures = get_measures(engagement_id=paper.engagement_id)
    measure = measures.filter(pk=change.key).first()
    before = None if measure is None else _in_force(measure)
    if measure is None or before is None:
        raise ValidationError(
            _("A measure that the option changes is measured no longer, or has no target.")
        )
    target = change.target(before.target)
    terms = replace(
        terms_of(before),
        amount=target.amount,
        deadline=target.deadline,
        agreed_date=now.astimezone(paper.customer.zone).date(),
        for_customer=paper.decided_by[:120],
    )
    made = _agreed(measure, replace(terms, milestones=_that_fit(terms)), paper, by)
    return [str(made.pk), str(before.pk)]


def _agreed(measure: Measure, terms: Terms, paper: DecisionPaper, by: User | None) -> Agreement:
    """For us stands whoever recorded it, or whoever looks after the customer that decided itself."""
    theirs = current_scope().realm is Realm.CUSTOMER
    ours = paper.engagement.csm or paper.written_by if theirs else by
    try:
        return agree_target(measure=measure, terms=terms, agreed_by=ours)
    except IllFormedTarget as refusal:
        raise ValidationError([translated(fault) for fault in refusal.faults]) from refusal


def _that_fit(terms: Terms) -> tuple[Milestone, ...]:
    """The milestones that still lie on the way to the target; what lies beyond it goes."""
    if terms.amount is None or terms.deadline is None:
        return ()
    low, high = sorted((terms.baseline.amount, terms.amount))
    return tuple(
        one
        for one in terms.milestones
        if low <= one.amount <= high and terms.baseline.day < one.day <= terms.deadline
    )


def _in_force(measure: Measure) -> Agreement | None:
    return Agreement.objects.filter(measure=measure).order_by("agreed_date", "id").last()


def why_not_taken_back(paper: DecisionPaper, *, by: User | None, now: datetime) -> str:
    """Why somebody may not take a decision back; empty where they may try."""
    if not paper.is_decided or paper.decided_at is None:
        return _("It is not decided.")
    if by is None or paper.recorded_by_id != by.pk:
        return _("Only whoever recorded the decision can take it back.")
    zone = paper.customer.zone
    if paper.decided_at.astimezone(zone).date() != now.astimezone(zone).date():
        return _("A decision can be taken back on its day alone. Ask for another one.")
    return ""


@transaction.atomic
def take_back_decision(*, paper: DecisionPaper, by: User | None, now: datetime) -> DecisionPaper:
    """Undone as a whole or not at all: plan, budget and targets as they were before, and the paper
    waits for a decision again.

    Raises ValidationError, saying why, where somebody else decided or on another day, or where
    something that was done for it was changed or confirmed since.
    """
    if reason := why_not_taken_back(paper, by=by, now=now):
        raise ValidationError(reason)
    done = paper.done
    option = PaperOption.objects.filter(paper=paper, pk__in=[paper.chosen_id]).first()
    for measure_id, (agreement_id, before_id) in done.get("agreements", {}).items():
        _agree_as_before(paper, measure_id, agreement_id, before_id, by=by, now=now)
    if "line" in done:
        _drop_line(done["line"])
    if "change" in done and option is not None:
        _move_back(option, done["change"], by, now)
    facts = {"outcome": paper.outcome, "by": paper.decided_by}
    paper.outcome = paper.decided_by = paper.note = ""
    paper.chosen_id = paper.decided_at = paper.recorded_by = None
    paper.expected, paper.done = {}, {}
    paper.save()
    text = _("Decision taken back: %(question)s") % {"question": paper.question}
    put_paper(paper, "paper.reopened", text, by)
    tell_of_paper(paper, "paper.reopened", text, by, now)
    record_paper("paper.reopened", paper, facts)
    return paper


def _agree_as_before(
    paper: DecisionPaper,
    measure_id: str,
    agreement_id: str,
    before_id: str,
    *,
    by: User | None,
    now: datetime,
) -> None:
    measure = get_measures().filter(pk=measure_id).first()
    made = Agreement.objects.filter(pk=agreement_id).first()
    before = Agreement.objects.filter(pk=before_id).first()
    if measure is None or made is None or before is None:
        return
    label = {"measure": translated(measure.definition.label)}
    if _in_force(measure) != made:
        raise ValidationError(_("The target of %(measure)s was agreed anew since.") % label)
    if made.confirmed_at is not None:
        words = label | {"who": made.confirmed_by or made.for_customer}
        raise ValidationError(
            _("%(who)s has confirmed the new target of %(measure)s, so it stands.") % words
        )
    day = now.astimezone(paper.customer.zone).date()
    _agreed(measure, replace(terms_of(before), agreed_date=day), paper, by)


def _drop_line(line_id: str) -> None:
    line = BudgetLine.objects.filter(pk=line_id).select_related("engagement").first()
    if line is not None:
        drop_budget_line(line=line)


def _move_back(option: PaperOption, change_id: str, by: User | None, now: datetime) -> None:
    change = PlanChange.objects.select_related("plan").filter(pk=change_id).first()
    if change is not None and change.undone_at is None:
        option.redo_id = undo_change(change=change, by=by, now=now).change_id
        option.save(update_fields=["redo_id"])
