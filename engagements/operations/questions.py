"""Questions put to somebody who knows, and their answers."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement, ExpertAnswer, ExpertQuestion
from engagements.operations.experts import experts_of
from engagements.operations.mentions import (
    address,
    mentioned,
    names_of_mentioned,
    shortened,
    tell_mentioned,
)
from engagements.operations.reminders import plan_reminder
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, keep_entry
from notifications.operations import notify
from people.models import User
from tenancy import audit
from tenancy.scope import Realm, current_scope

QUESTION_FIELDS = frozenset({"text", "expert", "expert_role", "due_date", "shared"})
ASKED, ANSWERED = "question.asked", "question.answered"
# At this hour at the customer, on the day after an answer was needed.
REMINDED_AT = time(8, 0)


@transaction.atomic
def ask_question(
    *, engagement: Engagement, fields: Mapping[str, Any], by: User | None
) -> ExpertQuestion:
    """Tells whoever is asked. What the customer's side asks is shared with it.

    Raises ValidationError, keyed by field.
    """
    row = ExpertQuestion(
        customer_id=engagement.customer_id,
        engagement=engagement,
        by=by,
        **known(fields, QUESTION_FIELDS),
    )
    row.shared = row.shared or current_scope().realm is Realm.CUSTOMER
    _keep(row, {}, by)
    _tell_experts(row, by)
    _record(ASKED, row, {"expert": row.expert_name})
    return row


@transaction.atomic
def change_question(
    *, question: ExpertQuestion, fields: Mapping[str, Any], by: User | None
) -> ExpertQuestion:
    """Whoever is newly asked is told. Raises ValidationError, keyed by field."""
    changed = _keep(question, known(fields, QUESTION_FIELDS), by)
    if not changed:
        return question
    if "shared" in changed:
        for answer in question.answers.all():
            answer.shared = question.shared
            answer.save(update_fields=["shared"])
            _put_answer(answer)
    if {"expert", "expert_role"} & changed.keys():
        _tell_experts(question, by)
    _record("question.changed", question, changed)
    return question


def _keep(row: ExpertQuestion, fields: Mapping[str, Any], by: User | None) -> dict[str, list[Any]]:
    text, shared = (fields.get(name, getattr(row, name)) for name in ("text", "shared"))
    found = mentioned({"text": text}, customer_id=row.customer_id, shared=shared)
    row.mentions = names_of_mentioned(found)
    facts = change(row, fields, named_by="text") if fields else {}
    if not fields:
        save(row, named_by="text")
    if not fields or "due_date" in facts:
        _plan_reminder(row)
    keep_entry(
        row,
        engagement_id=row.engagement_id,
        kind=ASKED,
        key=f"question:{row.pk}",
        text=row.text,
        at=row.created_at,
        url=inside("engagements:question", row.pk),
    )
    page = ("engagements:question", row.pk)
    tell_mentioned(found, row=row, text=row.text, by=by, page=page)
    return facts


def _plan_reminder(row: ExpertQuestion) -> None:
    row.remind_at, row.reminded_at = None, None
    if row.due_date is not None:
        day, zone = row.due_date + timedelta(days=1), row.engagement.customer.zone
        row.remind_at = datetime.combine(day, REMINDED_AT, tzinfo=zone)
        plan_reminder(row.remind_at)
    row.save(update_fields=["remind_at", "reminded_at"])


def _tell_experts(row: ExpertQuestion, by: User | None) -> None:
    words = {"who": by or _("Somebody"), "question": shortened(row.text)}
    notify(
        recipients=[person for person in experts_of(row) if person != by],
        kind=ASKED,
        text=_("%(who)s asks you: %(question)s") % words,
        url=address("engagements:question", row.pk),
        key=f"question:{row.pk}",
        customer_id=row.customer_id,
    )


@transaction.atomic
def answer_question(*, question: ExpertQuestion, text: str, by: User | None) -> ExpertAnswer:
    """Tells who asked. An answered question may be answered again.

    Raises ValidationError, keyed by field, also for a question that is closed.
    """
    if question.state == ExpertQuestion.State.CLOSED:
        raise ValidationError({"text": _("This question is closed. Open it again to answer it.")})
    found = mentioned({"text": text}, customer_id=question.customer_id, shared=question.shared)
    answer = ExpertAnswer(
        customer_id=question.customer_id,
        question=question,
        text=text,
        by=by,
        shared=question.shared,
        mentions=names_of_mentioned(found),
    )
    save(answer, named_by="text")
    _set_state(question, ExpertQuestion.State.ANSWERED)
    _put_answer(answer)
    page = ("engagements:question", question.pk)
    tell_mentioned(found, row=answer, text=text, by=by, page=page)
    _tell_asker(question, answer)
    _record(ANSWERED, question)
    return answer


def _put_answer(answer: ExpertAnswer) -> None:
    question = answer.question
    keep_entry(
        answer,
        engagement_id=question.engagement_id,
        kind=ANSWERED,
        key=f"answer:{answer.pk}",
        text=answer.text,
        details=question.text,
        at=answer.answered_at,
        url=inside("engagements:question", question.pk),
    )


def _tell_asker(question: ExpertQuestion, answer: ExpertAnswer) -> None:
    if question.by is None or question.by == answer.by:
        return
    words = {"who": answer.by or _("Somebody"), "question": shortened(question.text, 80)}
    notify(
        recipients=[question.by],
        kind=ANSWERED,
        text=_("%(who)s answered your question: %(question)s") % words,
        url=address("engagements:question", question.pk),
        key=f"answer:{answer.pk}",
        customer_id=question.customer_id,
    )


@transaction.atomic
def close_question(*, question: ExpertQuestion) -> None:
    """It needs no answer any more; it stays on the engagement."""
    _set_state(question, ExpertQuestion.State.CLOSED)
    _record("question.closed", question)


@transaction.atomic
def reopen_question(*, question: ExpertQuestion) -> None:
    """Back to where it was before it was closed."""
    states = ExpertQuestion.State
    _set_state(question, states.ANSWERED if question.answers.exists() else states.OPEN)
    _record("question.reopened", question)


def _set_state(question: ExpertQuestion, state: str) -> None:
    question.state = state
    question.save(update_fields=["state", "changed_at"])


def _record(action: str, row: ExpertQuestion, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(action=action, subject=row, facts=facts, about_customer_id=row.customer_id)
