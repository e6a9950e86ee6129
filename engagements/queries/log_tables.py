"""Timeline, questions, talks and tasks as tables on their way out."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from uuid import UUID

from engagements.mentions import Piece
from engagements.queries.exporting import Export
from engagements.queries.interactions import TalkCount
from engagements.queries.questions import QuestionRow
from engagements.queries.tasks import TaskRow
from engagements.queries.timeline import Entry

TIMELINE_COLUMNS = (
    *("happened_at", "kind", "text", "details", "by", "minutes", "people", "mood", "features"),
    "shared",
)
QUESTION_COLUMNS = (
    *("asked_at", "question", "asked_by", "asked_of", "needed_by", "overdue", "state", "shared"),
    *("answered_at", "answered_by", "answer"),
)
TASK_COLUMNS = (
    *("task", "notes", "due", "at", "priority", "owner", "customer", "engagement", "shared"),
    "done_at",
)


def timeline_table(entries: Iterable[Entry], *, zone: tzinfo) -> Export:
    """Newest first; moments by the clock of the customer."""
    return Export(TIMELINE_COLUMNS, (_entry_cells(entry, zone) for entry in entries))


def _entry_cells(entry: Entry, zone: tzinfo) -> list[object]:
    talk = entry.talk
    return [
        entry.happened_at.astimezone(zone).isoformat(timespec="minutes"),
        entry.kind,
        _plain(entry.text),
        _plain(entry.details),
        entry.by_name,
        talk.minutes if talk else "",
        ", ".join(talk.people) if talk else "",
        talk.mood if talk else "",
        ", ".join(talk.features) if talk else "",
        _word(entry.shared),
    ]


def _plain(text: Iterable[Piece]) -> str:
    return "".join(f"@{piece.text}" if piece.handle else piece.text for piece in text)


def _word(yes: bool) -> str:
    return "yes" if yes else "no"


def question_table(rows: Iterable[QuestionRow]) -> Export:
    """A line for each answer, and one for a question without any."""
    return Export(QUESTION_COLUMNS, (cells for row in rows for cells in _question_lines(row)))


def _question_lines(row: QuestionRow) -> list[list[object]]:
    asked: list[object] = [
        row.asked_at,
        row.plain_text,
        row.by_name,
        row.expert,
        row.due_date,
        _word(row.overdue),
        row.state,
        _word(row.shared),
    ]
    answers = [[one.answered_at, one.by_name, _plain(one.text)] for one in row.answers]
    return [[*asked, *answer] for answer in answers or [["", "", ""]]]


def talk_table(counts: Iterable[TalkCount], *, names: Mapping[UUID, str]) -> Export:
    """Talks by customer, month and kind."""
    columns = ("month", "customer", "kind", "number", "minutes")
    cells = (
        [f"{one.month:%Y-%m}", names.get(one.customer_id, ""), one.kind, one.number, one.minutes]
        for one in counts
    )
    return Export(columns, cells)


def task_table(rows: Iterable[TaskRow]) -> Export:
    return Export(TASK_COLUMNS, (_task_cells(row) for row in rows))


def _task_cells(row: TaskRow) -> list[object]:
    return [
        row.title,
        row.notes,
        row.due_date,
        row.due_time,
        row.priority_label,
        row.owner,
        row.customer,
        row.engagement,
        _word(row.shared),
        row.done_at,
    ]
