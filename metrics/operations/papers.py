"""Changes to decision papers: written, sent, asked about."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from metrics import definitions
from metrics.models import Agreement, DecisionPaper, Measure, PaperOption, PaperQuestion
from metrics.papers import (
    MeasureChange,
    Paper,
    change_to_json,
    fact_to_json,
    forecast_to_json,
    paper_faults,
)
from metrics.queries.details import get_measures
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
    record_paper("paper.written", paper)
    return paper


@transaction.atomic
def change_paper(*, paper: DecisionPaper, fields: Mapping[str, Any]) -> DecisionPaper:
    """Raises ValidationError, keyed by field, also once it was sent."""
    _refuse_sent(paper)
    changed = change(paper, known(fields, PAPER_FIELDS), named_by="question")
    if changed:
        record_paper("paper.changed", paper, changed)
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
    record_paper("paper.option_written", paper, {"option": option.name})
    return option


@transaction.atomic
def change_option(*, option: PaperOption, fields: Mapping[str, Any]) -> PaperOption:
    """Raises ValidationError, keyed by field, also once its paper was sent."""
    _refuse_sent(option.paper)
    changed = change(option, known(fields, OPTION_FIELDS), named_by="name")
    if changed:
        record_paper("paper.option_changed", option.paper, changed)
    return option


@transaction.atomic
def change_effects(*, option: PaperOption, changes: Sequence[MeasureChange]) -> PaperOption:
    """What an option does to measures of the engagement; what it names no more, it leaves alone.

    Raises ValidationError, keyed by the measure's id, where no target was agreed or the new one
    cannot hold, and once its paper was sent.
    """
    _refuse_sent(option.paper)
    meant = [change for change in changes if not change.is_nothing]
    rows = {str(row.pk): row for row in get_measures(engagement_id=option.paper.engagement_id)}
    faults = {change.key: _faults(rows.get(change.key), change) for change in meant}
    if any(faults.values()):
        raise ValidationError({key: found for key, found in faults.items() if found})
    kept = [change_to_json(change) for change in meant]
    if kept != option.measures:
        before, option.measures = option.measures, kept
        option.save(update_fields=["measures"])
        record_paper("paper.option_changed", option.paper, {"measures": [before, kept]})
    return option


def _faults(measure: Measure | None, change: MeasureChange) -> list[str]:
    if measure is None:
        return [_("This is measured no longer.")]
    agreed = Agreement.objects.filter(measure=measure).order_by("agreed_date", "id").last()
    if agreed is None:
        return [_("No target is agreed for it yet.")]
    if not change.moves_target:
        return []
    target = change.target(agreed.target)
    found = definitions.contradictions(measure.definition, agreed.baseline, target, ())
    return [translated(fault) for fault in found]


@transaction.atomic
def drop_option(*, option: PaperOption, now: datetime) -> None:
    """Take an option out of a draft; `restore_option` brings it back. Raises ValidationError."""
    _refuse_sent(option.paper)
    if option.dropped_at is None:
        option.dropped_at = now
        option.save(update_fields=["dropped_at"])
        record_paper("paper.option_dropped", option.paper, {"option": option.name})


@transaction.atomic
def restore_option(*, option: PaperOption) -> None:
    """Raises ValidationError once the paper was sent without it."""
    _refuse_sent(option.paper)
    if option.dropped_at is not None:
        option.dropped_at = None
        option.save(update_fields=["dropped_at"])
        record_paper("paper.option_restored", option.paper, {"option": option.name})


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
    put_paper(paper, "paper.sent", text, by)
    tell_of_paper(paper, "paper.sent", text, by, now)
    record_paper("paper.sent", paper)
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
        record_paper("paper.taken_back", paper)
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
    tell_of_paper(paper, "paper.asked", text, by, now)
    record_paper("paper.asked", paper, {"question": question.text})
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
    tell_of_paper(question.paper, "paper.answered", question.answer, by, now)
    record_paper("paper.answered", question.paper, {"answer": question.answer})
    return question


def _refuse_sent(paper: DecisionPaper) -> None:
    if paper.shared:
        raise ValidationError(_("It was sent and stays as it was sent. Take it back first."))


def put_paper(paper: DecisionPaper, kind: str, text: str, by: User | None) -> None:
    url = inside("metrics:paper", paper.pk)
    put_on_timeline(engagement=paper.engagement, kind=kind, text=text, url=url, by=by, shared=True)


def tell_of_paper(
    paper: DecisionPaper, kind: str, text: str, by: User | None, now: datetime
) -> None:
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


def record_paper(action: str, paper: DecisionPaper, facts: Mapping[str, Any] | None = None) -> None:
    record(action=action, subject=paper, facts=facts or {}, about_customer_id=paper.customer_id)
