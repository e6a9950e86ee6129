"""Surveys, their results, concerns and who was asked, as tables."""

from collections.abc import Iterable, Iterator

from engagements.models import Invitee
from engagements.queries import ConcernRow, Results, SurveyRow, said_of
from engagements.surveys import Score
from rendering.spreadsheets import write_table

SURVEY_COLUMNS = (
    *("title", "instrument", "moment", "wave", "state", "anonymous", "opened_at"),
    *("asked", "answered", "by_interview", "score", "low_95", "high_95"),
)


def surveys_csv(rows: Iterable[SurveyRow]) -> bytes:
    """The surveys of an engagement; a score only where there are enough answers to read it."""
    return write_table(
        SURVEY_COLUMNS,
        (
            [
                row.title,
                row.instrument,
                row.moment_label,
                row.wave,
                row.state,
                "yes" if row.anonymous else "no",
                row.opened_at,
                row.invited,
                row.answered,
                row.by_interview,
                *_score_cells(row.score),
            ]
            for row in rows
        ),
    )


def _score_cells(score: Score | None) -> list[object]:
    if score is None or not score.is_readable:
        return ["", "", ""]
    return [_rounded(score.value), _rounded(score.low), _rounded(score.high)]


def _rounded(value: float | None) -> object:
    return "" if value is None else round(value, 4)


RESULT_COLUMNS = ("question", "group", "answers", "score", "low_95", "high_95", "answer", "count")


def results_csv(results: Results) -> bytes:
    """What a survey found: a line for each score, each answer offered and everything written."""
    return write_table(RESULT_COLUMNS, _result_lines(results))


def _result_lines(results: Results) -> Iterator[list[object]]:
    for found in results.findings:
        yield [found.text, "", found.answered, *_score_cells(found.score), "", ""]
        for group in found.groups:
            yield [found.text, group.name, group.score.n, *_score_cells(group.score), "", ""]
        for bar in found.bars:
            yield [found.text, "", "", "", "", "", bar.label, bar.count]
        for words in found.words:
            yield [found.text, "", "", "", "", "", words.text, 1]


CONCERN_COLUMNS = (
    *("concern", "state", "owner", "due_at", "overdue"),
    *("came_from", "raised_at", "solved_at", "what_was_done"),
)


def concerns_csv(rows: Iterable[ConcernRow]) -> bytes:
    """Concerns, the earliest due first."""
    return write_table(
        CONCERN_COLUMNS,
        (
            [
                row.text,
                row.state,
                row.owner,
                row.due_at,
                "yes" if row.overdue else "no",
                row.came_from,
                row.created_at,
                row.solved_at,
                row.resolution,
            ]
            for row in rows
        ),
    )


INVITEE_FIELDS = ("email", "name", "sent_at", "reminders", "answered_at", "opted_out_at")


def invitees_csv(rows: Iterable[Invitee]) -> bytes:
    """Who was asked to answer a survey, and who did unless it is anonymous; never what."""
    return write_table(
        INVITEE_FIELDS, ([getattr(said_of(row), n) for n in INVITEE_FIELDS] for row in rows)
    )
