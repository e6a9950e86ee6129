"""Questions to experts as people read them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from engagements.mentions import Piece, pieces
from engagements.models import ExpertAnswer, ExpertQuestion


@dataclass(frozen=True, slots=True)
class AnswerRow:
    id: UUID
    text: tuple[Piece, ...]
    by_name: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question, who is to answer it and what was answered."""

    id: UUID
    engagement_id: UUID
    text: tuple[Piece, ...]
    plain_text: str
    by_id: UUID | None
    by_name: str
    asked_at: datetime
    expert: str
    due_date: date | None
    overdue: bool
    state: str
    state_label: str
    shared: bool
    answers: tuple[AnswerRow, ...]


def get_questions(*, engagement_id: UUID | None = None) -> QuerySet[ExpertQuestion]:
    """Questions with those concerned, newest first, of one engagement or of all."""
    rows = ExpertQuestion.objects.filter(deleted_at=None).select_related("by", "expert")
    return rows if engagement_id is None else rows.filter(engagement_id=engagement_id)


def get_open_questions(*, engagement_id: UUID, today: date) -> tuple[QuestionRow, ...]:
    """Those that wait for an answer, the one needed first at the top; without their answers."""
    rows = get_questions(engagement_id=engagement_id).filter(state=ExpertQuestion.State.OPEN)
    found = [_row(row, (), today) for row in rows[:100]]
    return tuple(sorted(found, key=lambda row: (row.due_date or date.max, row.asked_at)))


def get_question(*, row: ExpertQuestion, today: date) -> QuestionRow:
    return _row(row, tuple(_answer(one) for one in row.answers.select_related("by")), today)


def get_all_questions(*, engagement_id: UUID, today: date) -> list[QuestionRow]:
    """Every question with its answers, for a spreadsheet."""
    rows = get_questions(engagement_id=engagement_id).prefetch_related("answers__by")
    return [_row(row, tuple(_answer(one) for one in row.answers.all()), today) for row in rows]


def _row(row: ExpertQuestion, answers: tuple[AnswerRow, ...], today: date) -> QuestionRow:
    waiting = row.state == ExpertQuestion.State.OPEN
    return QuestionRow(
        id=row.pk,
        engagement_id=row.engagement_id,
        text=pieces(row.text, row.mentions),
        plain_text=row.text,
        by_id=row.by_id,
        by_name=str(row.by or ""),
        asked_at=row.created_at,
        expert=row.expert_name,
        due_date=row.due_date,
        overdue=waiting and row.due_date is not None and row.due_date < today,
        state=row.state,
        state_label=row.get_state_display(),
        shared=row.shared,
        answers=answers,
    )


def _answer(row: ExpertAnswer) -> AnswerRow:
    return AnswerRow(row.pk, pieces(row.text, row.mentions), str(row.by or ""), row.answered_at)
