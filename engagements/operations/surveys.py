"""Changes to surveys: written, opened, closed, asked again."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Answer, Engagement, Invitee, Response, Survey, SurveyQuestion
from engagements.operations.instruments import standard_questions
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from engagements.surveys import Instrument, Kind
from notifications.operations import notify
from people.models import User
from tenancy import audit
from tenancy.queries import get_current_tenant

SURVEY_FIELDS = frozenset(
    {"title", "intro", "moment", "anonymous", "shared", "closes_date", "instrument"}
)
# Those who were asked have read the rest.
CHANGED_WHEN_OPEN = frozenset({"shared", "closes_date"})
QUESTION_FIELDS = frozenset(
    {"kind", "text", "choices", "low", "high", "low_label", "high_label", "required"}
)
CHANGED_OF_STANDARD = frozenset({"text", "required"})
COPIED = (*sorted(QUESTION_FIELDS), "topic", "position", "shared")


class NotADraft(ValueError):
    """People have seen the survey; its questions stay as they were asked."""


class NothingToAsk(ValueError):
    """The survey has no question."""


@transaction.atomic
def draft_survey(*, engagement: Engagement, fields: Mapping[str, Any], by: User | None) -> Survey:
    """A survey with the questions its instrument starts with. Raises ValidationError, by field."""
    values = known(fields, SURVEY_FIELDS)
    survey = Survey(
        customer_id=engagement.customer_id,
        engagement=engagement,
        owner=by,
        wave=_next_wave(engagement, values.get("instrument", "")),
        **values,
    )
    if survey.instrument == Instrument.TEAM:
        survey.shared = False
    save(survey, named_by="title")
    for position, wording in enumerate(standard_questions(Instrument(survey.instrument)), 1):
        SurveyQuestion.objects.create(
            customer_id=survey.customer_id,
            survey=survey,
            position=position,
            shared=survey.shared,
            **{name: getattr(wording, name) for name in wording.__slots__},
        )
    _record("survey.drafted", survey, {"instrument": survey.instrument})
    return survey


def _next_wave(engagement: Engagement, instrument: str) -> int:
    asked = Survey.objects.filter(engagement=engagement, instrument=instrument)
    asked = asked.exclude(state=Survey.State.DISCARDED).order_by()
    return (asked.aggregate(last=Max("wave"))["last"] or 0) + 1


@transaction.atomic
def change_survey(*, survey: Survey, fields: Mapping[str, Any]) -> Survey:
    """Raises ValidationError, keyed by field. What people have read already stays as it is."""
    wanted = known(fields, SURVEY_FIELDS - {"instrument"})
    if not survey.is_draft:
        wanted = {name: wanted[name] for name in CHANGED_WHEN_OPEN & wanted.keys()}
    changed = change(survey, wanted, named_by="title")
    if "shared" in changed:
        _share_with_all_of(survey)
    if changed:
        _record("survey.changed", survey, changed)
    return survey


def _share_with_all_of(survey: Survey) -> None:
    """Each row says for itself whether the customer's side sees it."""
    SurveyQuestion.objects.filter(survey=survey).update(shared=survey.shared)
    Response.objects.filter(survey=survey).update(shared=survey.shared)
    Answer.objects.filter(response__survey=survey).update(shared=survey.shared)


@transaction.atomic
def add_survey_question(*, survey: Survey, fields: Mapping[str, Any]) -> SurveyQuestion:
    """A question at the end. Raises ValidationError, keyed by field, and NotADraft."""
    _insist_on_draft(survey)
    last = survey.questions.order_by().aggregate(last=Max("position"))["last"] or 0
    question = SurveyQuestion(
        customer_id=survey.customer_id,
        survey=survey,
        position=last + 1,
        shared=survey.shared,
        **known(fields, QUESTION_FIELDS),
    )
    _keep_question(question)
    _record("question.added", survey, {"question": question.text})
    return question


@transaction.atomic
def change_survey_question(
    *, question: SurveyQuestion, fields: Mapping[str, Any]
) -> SurveyQuestion:
    """Raises ValidationError, keyed by field, and NotADraft. A question of an instrument keeps its
    scale, one of SUS its words as well."""
    _insist_on_draft(question.survey)
    wanted = known(fields, QUESTION_FIELDS)
    if question.is_standard:
        allowed = CHANGED_OF_STANDARD if not question.topic.startswith("sus_") else frozenset()
        wanted = {name: wanted[name] for name in allowed & wanted.keys()}
    changed = audit.changes(SurveyQuestion.objects.get(pk=question.pk), wanted)
    for name, value in wanted.items():
        setattr(question, name, value)
    _keep_question(question)
    if changed:
        _record("question.changed", question.survey, changed)
    return question


def _keep_question(question: SurveyQuestion) -> None:
    has_choices = question.kind in (Kind.SINGLE, Kind.SEVERAL)
    question.choices = question.choices if has_choices else []
    if has_choices and len({choice.casefold() for choice in question.choices}) < 2:
        raise ValidationError({"choices": _("Give at least two different choices, one a line.")})
    save(question, named_by="text")


@transaction.atomic
def move_survey_question(*, question: SurveyQuestion, up: bool) -> None:
    """Change places with the neighbour; the first stays first and the last last."""
    _insist_on_draft(question.survey)
    rows = question.survey.questions.select_for_update().filter(removed_at=None)
    place = "position__lt" if up else "position__gt"
    others = rows.filter(**{place: question.position})
    neighbour = others.order_by("-position" if up else "position").first()
    if neighbour is None:
        return
    question.position, neighbour.position = neighbour.position, question.position
    question.save(update_fields=["position"])
    neighbour.save(update_fields=["position"])
    _record("question.moved", question.survey, {"question": question.text})


@transaction.atomic
def remove_survey_question(*, question: SurveyQuestion, now: datetime) -> None:
    """Raises NotADraft. Without one of its questions an instrument has no score, so those stay."""
    _insist_on_draft(question.survey)
    if question.is_standard:
        raise ValidationError(_("This question belongs to the instrument and stays."))
    question.removed_at = now
    question.save(update_fields=["removed_at"])
    _record("question.removed", question.survey, {"question": question.text})


@transaction.atomic
def restore_survey_question(*, question: SurveyQuestion) -> None:
    """Raises NotADraft."""
    _insist_on_draft(question.survey)
    question.removed_at = None
    question.save(update_fields=["removed_at"])
    _record("question.restored", question.survey, {"question": question.text})


@transaction.atomic
def open_survey(*, survey: Survey, now: datetime) -> None:
    """From here on it can be answered, and invitations are due. Raises NothingToAsk, NotADraft."""
    _insist_on_draft(survey)
    if not survey.questions.filter(removed_at=None).exists():
        raise NothingToAsk
    survey.state, survey.opened_at = Survey.State.OPEN, now
    survey.save(update_fields=["state", "opened_at"])
    Invitee.objects.filter(survey=survey, sent_at=None).update(due=Invitee.Due.INVITATION)
    put_on_timeline(
        engagement=survey.engagement,
        kind="survey.opened",
        text=_sent_words(survey),
        url=inside("engagements:results", survey.pk),
        at=now,
        shared=survey.shared,
    )
    _record("survey.opened", survey, {"invited": survey.invited, "anonymous": survey.anonymous})


def _sent_words(survey: Survey) -> str:
    if not survey.invited:
        return _("%(title)s was opened.") % {"title": survey}
    words = ngettext(
        "%(title)s was sent to one person.",
        "%(title)s was sent to %(n)s people.",
        survey.invited,
    )
    return words % {"title": survey, "n": survey.invited}


@transaction.atomic
def close_survey(*, survey: Survey, now: datetime) -> bool:
    """Nobody answers any more and no mail goes out; the owner hears of it. Whether it was open."""
    open_ones = Survey.objects.filter(pk=survey.pk, state=Survey.State.OPEN)
    if not open_ones.update(state=Survey.State.CLOSED, closed_at=now):
        return False
    survey.refresh_from_db()
    Invitee.objects.filter(survey=survey).exclude(due="").update(due="")
    answers = Response.objects.filter(survey=survey).count()
    words = {"title": survey, "n": answers, "all": survey.invited}
    text = _("%(title)s is closed. Answers: %(n)s; people asked: %(all)s.") % words
    if survey.owner is not None:
        notify(
            recipients=[survey.owner],
            kind="survey.closed",
            text=text,
            url=_page("engagements:results", survey.pk),
            key=f"survey.closed:{survey.pk}:{now:%Y-%m-%d}",
            customer_id=survey.customer_id,
        )
    put_on_timeline(
        engagement=survey.engagement,
        kind="survey.closed",
        text=text,
        url=inside("engagements:results", survey.pk),
        at=now,
        shared=survey.shared,
    )
    _record("survey.closed", survey, {"answers": answers})
    return True


@transaction.atomic
def reopen_survey(*, survey: Survey, today: date) -> bool:
    """Take a closing back; a last day that is over goes with it. `today` is the day at the customer.

    Who had no mail yet gets it now. Whether it was closed.
    """
    held = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if held.state != Survey.State.CLOSED:
        return False
    held.state, held.closed_at = Survey.State.OPEN, None
    if held.closes_date is not None and held.closes_date < today:
        held.closes_date = None
    held.save(update_fields=["state", "closed_at", "closes_date"])
    Invitee.objects.filter(survey=held, sent_at=None).update(due=Invitee.Due.INVITATION)
    survey.refresh_from_db()
    _record("survey.reopened", survey)
    return True


@transaction.atomic
def discard_survey(*, survey: Survey) -> None:
    """Put a draft away. Raises NotADraft."""
    _insist_on_draft(survey)
    survey.state = Survey.State.DISCARDED
    survey.save(update_fields=["state"])
    _record("survey.discarded", survey)


@transaction.atomic
def restore_survey(*, survey: Survey) -> None:
    discarded = Survey.objects.filter(pk=survey.pk, state=Survey.State.DISCARDED)
    if discarded.update(state=Survey.State.DRAFT):
        survey.refresh_from_db()
        _record("survey.restored", survey)


@transaction.atomic
def repeat_survey(*, survey: Survey, by: User | None) -> Survey:
    """The next wave as a draft: the same questions, and nobody asked yet."""
    fields = ("title", "intro", "moment", "anonymous", "shared", "instrument")
    again = Survey.objects.create(
        customer_id=survey.customer_id,
        engagement_id=survey.engagement_id,
        owner=by,
        wave=_next_wave(survey.engagement, survey.instrument),
        **{name: getattr(survey, name) for name in fields},
    )
    SurveyQuestion.objects.bulk_create(
        SurveyQuestion(
            customer_id=survey.customer_id,
            survey=again,
            **{name: getattr(question, name) for name in COPIED},
        )
        for question in survey.questions.filter(removed_at=None)
    )
    _record("survey.drafted", again, {"instrument": again.instrument, "repeats": survey.wave})
    return again


def _insist_on_draft(survey: Survey) -> None:
    held = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if held.state != Survey.State.DRAFT:
        raise NotADraft


def _page(name: str, pk: UUID) -> str:
    return reverse(name, args=[get_current_tenant().slug, pk])


def _record(action: str, survey: Survey, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(action=action, subject=survey, facts=facts, about_customer_id=survey.customer_id)
