"""Answers taken: once a person by link, or written down in an interview."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import (
    Answer,
    ImpactGroup,
    Interview,
    Invitee,
    Response,
    Survey,
    SurveyQuestion,
)
from engagements.operations.saving import known, save
from engagements.operations.timeline import inside, put_on_timeline
from engagements.surveys import FEWEST, Kind
from people.models import User
from tenancy import audit

INTERVIEW_FIELDS = frozenset({"interviewee", "day", "notes"})


class AlreadyAnswered(ValueError):
    """This person answered already."""


class SurveyNotOpen(ValueError):
    """The survey takes no answers, not yet or not any more."""


class AnonymousSurvey(ValueError):
    """An interview has a person; an anonymous survey has none."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody answered to one question."""

    number: int | None = None
    text: str = ""
    choices: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self.number is None and not self.text.strip() and not self.choices


@transaction.atomic
def take_answer(
    *, invitee: Invitee, given: Mapping[UUID, Given], today: date, now: datetime
) -> None:
    """Keep one person's answers, by question. `today` is the day at the customer.

    Of two at once the second is refused. To an anonymous survey nothing is kept that leads back:
    that the person answered stands with the person, the answers stand elsewhere, without a moment.
    The audit log has no entry for it either, since its order would tell. Raises AlreadyAnswered,
    SurveyNotOpen, or ValidationError keyed by question.
    """
    # Held until the end, so that it is not closed halfway.
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=invitee.survey_id)
    if not takes_answers(survey, today=today):
        raise SurveyNotOpen
    first = Invitee.objects.filter(pk=invitee.pk, answered_at=None)
    if not first.update(answered_at=now, due=Invitee.Due.NOTHING):
        raise AlreadyAnswered
    response = Response(
        customer_id=survey.customer_id,
        survey=survey,
        anonymous=survey.anonymous,
        shared=survey.shared,
        invitee=None if survey.anonymous else invitee,
        answered_at=None if survey.anonymous else now,
        impact_group=_group_kept(survey, invitee),
    )
    _keep(response, given)
    if not survey.anonymous:
        audit.record(
            action="survey.answered",
            subject=survey,
            facts={"by": str(invitee)},
            about_customer_id=survey.customer_id,
        )


def takes_answers(survey: Survey, *, today: date) -> bool:
    """Whether it is open and its last day is not over."""
    return survey.is_open and (survey.closes_date is None or today <= survey.closes_date)


def _group_kept(survey: Survey, invitee: Invitee) -> ImpactGroup | None:
    """The group, unless it is so small that it would name the person."""
    group: ImpactGroup | None = invitee.impact_group
    if not survey.anonymous or group is None:
        return group
    same = Invitee.objects.filter(survey=survey, impact_group=group)
    return group if same.count() >= FEWEST else None


@transaction.atomic
def record_interview(
    *,
    survey: Survey,
    fields: Mapping[str, Any],
    given: Mapping[UUID, Given],
    impact_group: ImpactGroup | None,
    by: User | None,
    now: datetime,
) -> Interview:
    """Write an interview down as answers to the survey, with notes beside them.

    Raises AnonymousSurvey, SurveyNotOpen for a draft, or ValidationError keyed by field.
    """
    if survey.anonymous:
        raise AnonymousSurvey
    if survey.state not in (Survey.State.OPEN, Survey.State.CLOSED):
        raise SurveyNotOpen
    response = Response(
        customer_id=survey.customer_id,
        survey=survey,
        anonymous=False,
        shared=survey.shared,
        way=Response.Way.INTERVIEW,
        answered_at=now,
        impact_group=impact_group,
    )
    _keep(response, given)
    interview = Interview(
        customer_id=survey.customer_id,
        engagement_id=survey.engagement_id,
        response=response,
        interviewer=by,
        **known(fields, INTERVIEW_FIELDS),
    )
    save(interview, named_by="interviewee")
    _say_recorded(interview, survey, by, now)
    return interview


def _say_recorded(interview: Interview, survey: Survey, by: User | None, now: datetime) -> None:
    put_on_timeline(
        engagement=survey.engagement,
        kind="interview.recorded",
        text=_("Interview with %(who)s.") % {"who": interview},
        url=inside("engagements:interview", interview.pk),
        by=by,
        at=now,
    )
    audit.record(
        action="interview.recorded", subject=interview, about_customer_id=survey.customer_id
    )


def _keep(response: Response, given: Mapping[UUID, Given]) -> None:
    questions = list(SurveyQuestion.objects.filter(survey=response.survey, removed_at=None))
    faults = {str(q.pk): fault for q in questions if (fault := _fault(q, given.get(q.pk)))}
    if faults:
        raise ValidationError(faults)
    response.save(force_insert=True)
    Answer.objects.bulk_create(
        Answer(
            customer_id=response.customer_id,
            response=response,
            question=question,
            shared=response.shared,
            number=answer.number,
            text=answer.text.strip(),
            choices=list(answer.choices),
        )
        for question in questions
        if (answer := given.get(question.pk)) is not None and not answer.is_empty
    )


def _fault(question: SurveyQuestion, answer: Given | None) -> str:
    """What is wrong with an answer in words; empty when nothing is."""
    if answer is None or answer.is_empty:
        return _("Please answer this question.") if question.required else ""
    if question.kind in (Kind.SCALE, Kind.YES_NO):
        low, high = (0, 1) if question.kind == Kind.YES_NO else (question.low, question.high)
        fits = answer.number is not None and low <= answer.number <= high
    elif question.kind == Kind.TEXT:
        fits = answer.number is None and not answer.choices
    else:
        most = 1 if question.kind == Kind.SINGLE else len(question.choices)
        fits = len(answer.choices) <= most and set(answer.choices) <= set(question.choices)
    return "" if fits else _("This answer is not one of those offered.")


@transaction.atomic
def opt_out(*, invitee: Invitee, now: datetime) -> None:
    """No more mail about surveys of this workspace to this address."""
    rows = Invitee.objects.filter(email__iexact=invitee.email, opted_out_at=None)
    if rows.update(opted_out_at=now, due=Invitee.Due.NOTHING):
        _note("survey.opted_out", invitee)


@transaction.atomic
def opt_in(*, invitee: Invitee) -> None:
    """Take it back."""
    rows = Invitee.objects.filter(email__iexact=invitee.email, opted_out_at__isnull=False)
    if rows.update(opted_out_at=None):
        _note("survey.opted_in", invitee)


def _note(action: str, invitee: Invitee) -> None:
    audit.record(
        action=action,
        subject=invitee.survey,
        facts={"email": invitee.email},
        about_customer_id=invitee.customer_id,
    )
