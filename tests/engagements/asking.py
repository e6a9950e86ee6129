"""Surveys on the stage: made, sent and answered through the operations people use."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core import mail

from engagements import operations, queries
from engagements.models import Invitee, Survey
from engagements.operations import Asked, Given
from engagements.surveys import Kind
from engagements.tasks import send_due_mail
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def make_survey(cast: Cast, instrument: str = "nps", asked: int = 0, **fields: Any) -> Survey:
    """A draft with that many people on its list."""
    with tenant_scope(cast.tenant.pk):
        survey = operations.draft_survey(
            engagement=cast.engagement,
            fields={"title": f"{instrument} one", "instrument": instrument} | fields,
            by=cast.csm,
        )
        people = [Asked(f"p{number}@example.org", f"Person {number}") for number in range(asked)]
        operations.invite_people(survey=survey, people=people)
    return survey


def open_survey(cast: Cast, instrument: str = "nps", asked: int = 1, **fields: Any) -> Survey:
    survey = make_survey(cast, instrument, asked, **fields)
    with tenant_scope(cast.tenant.pk):
        operations.open_survey(survey=survey, now=NOW)
    return survey


def given(survey: Survey, number: int, words: str = "") -> dict[UUID, Given]:
    """The same number to each scale, the same words to each question for words."""
    return {
        question.pk: Given(text=words) if question.kind == Kind.TEXT else Given(number=number)
        for question in queries.get_survey_questions(survey_id=survey.pk)
    }


def answer(cast: Cast, survey: Survey, numbers: list[int], words: str = "") -> None:
    """One answer a person, in the order of their addresses."""
    with tenant_scope(cast.tenant.pk):
        silent = Invitee.objects.filter(survey=survey, answered_at=None).order_by("pk")
        for invitee, number in zip(list(silent), numbers, strict=False):
            operations.take_answer(
                invitee=invitee, given=given(survey, number, words), today=TODAY, now=NOW
            )


def send_mail(cast: Cast, now: datetime = NOW) -> None:
    """What a worker does with what is due."""
    send_due_mail(tenant_id=cast.tenant.pk, today=now.date(), clock=lambda: now)


def links() -> list[str]:
    """The path of the page in each mail that went out."""
    found = (re.search(r"/answer/aiq_answer_\w+/", str(letter.body)) for letter in mail.outbox)
    return [match[0] for match in found if match]
