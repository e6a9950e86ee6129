"""One survey of each kind with answers, an interview and a concern, for the isolation crawl."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from engagements import operations, queries
from engagements.models import Answer, Engagement, ImpactGroup, Invitee, Survey
from engagements.operations import Asked, Given
from engagements.surveys import Kind
from people.models import User

NOW = datetime.now(UTC)


def tell_feedback(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns ids by the part of an address that names them."""
    survey = _draft(engagement, word, by, "nps")
    operations.invite_people(survey=survey, people=[Asked(f"{word}-asked@example.org", word)])
    operations.open_survey(survey=survey, now=NOW)
    invitee = Invitee.objects.get(survey=survey)
    operations.take_answer(invitee=invitee, given=given(survey, word, 9), today=NOW.date(), now=NOW)
    interview = operations.record_interview(
        survey=survey,
        fields={"interviewee": f"{word} talker", "day": NOW.date(), "notes": f"{word} notes"},
        given=given(survey, word, 3),
        impact_group=ImpactGroup.objects.filter(engagement=engagement).first(),
        by=by,
        now=NOW,
    )
    answer = Answer.objects.filter(response__survey=survey).exclude(text="")[0]
    concern = operations.raise_concern(
        engagement=engagement,
        fields={
            "text": f"{word} concern",
            "owner": by,
            "due_at": NOW - timedelta(days=1),
            "shared": True,
        },
        by=None,
        now=NOW,
        answer=answer,
    )
    draft = _draft(engagement, word, by, "team")
    return {
        "survey_id": survey.pk,
        "draft_id": draft.pk,
        "survey_question_id": queries.get_survey_questions(survey_id=draft.pk)[0].pk,
        "invitee_id": invitee.pk,
        "interview_id": interview.pk,
        "answer_id": answer.pk,
        "concern_id": concern.pk,
    }


def _draft(engagement: Engagement, word: str, by: User, instrument: str) -> Survey:
    fields = {"title": f"{word} {instrument}", "intro": f"{word} intro", "instrument": instrument}
    return operations.draft_survey(engagement=engagement, fields=fields, by=by)


def given(survey: Survey, words: str, number: int) -> dict[UUID, Given]:
    """The same number to each scale, the same words to each question for words."""
    return {
        question.pk: Given(text=words) if question.kind == Kind.TEXT else Given(number=number)
        for question in queries.get_survey_questions(survey_id=survey.pk)
    }
