"""Customers, criteria and risks as spreadsheets; the import reads customers back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from engagements.models import Invitee
from engagements.queries import (
    Budget,
    ConcernRow,
    CoverRow,
    CriterionView,
    CustomerRow,
    Duplicates,
    Export,
    FieldRow,
    FileRow,
    HandOverRow,
    Promise,
    Register,
    Results,
    Shape,
    SurveyRow,
    said_of,
)
from engagements.surveys import Score
from rendering.spreadsheets import write_table, write_workbook


def csv_of(table: Export) -> bytes:
    return write_table(table.columns, table.rows)


def workbook_of(table: Export, *, title: str) -> bytes:
    return write_workbook(table.columns, table.rows, title=title)


CRITERION_COLUMNS = (
    "statement",
    "state",
    "owner",
    "measured_by",
    "what_counts",
    "unit",
    "baseline",
    "target",
    "deadline",
    "value",
    "currency",
    "version",
    "agreed_date",
    "agreed_for_customer",
    "agreed_by",
)


def criteria_csv(promise: Promise) -> bytes:
    """The criteria of success in the words in force, withdrawn ones last."""
    views = (*promise.criteria, *promise.withdrawn)
    return write_table(CRITERION_COLUMNS, (_criterion_cells(v, promise.currency) for v in views))


def _criterion_cells(view: CriterionView, currency: str) -> list[object]:
    words = view.wording
    return [
        view.statement,
        view.state,
        words.owner,
        words.measured_by,
        words.quality,
        view.unit,
        words.baseline,
        words.target,
        words.deadline,
        words.value,
        currency if words.value is not None else "",
        view.number,
        view.agreed_date,
        view.agreed_for_customer,
        view.agreed_for_vendor,
    ]


RISK_COLUMNS = (
    "risk",
    "probability",
    "impact",
    "score",
    "state",
    "owner",
    "mitigation",
    "mitigation_due",
    "overdue",
    "raised_by",
)


def risks_csv(register: Register) -> bytes:
    """The register, worst first, closed risks last."""
    return write_table(
        RISK_COLUMNS,
        (
            [
                row.title,
                row.probability,
                row.impact,
                row.score,
                row.state,
                row.owner,
                row.mitigation,
                row.due_date,
                "yes" if row.overdue else "no",
                "gate" if row.from_gate else "hand",
            ]
            for row in (*register.rows, *register.closed)
        ),
    )


BUDGET_COLUMNS = (
    "purpose",
    "category",
    "impact_group",
    "work_stream",
    "currency",
    "budget",
    "committed",
    "paid",
    "remaining",
    "percent_done",
    "earned",
    "deviation",
    "why",
)


def budget_csv(budget: Budget) -> bytes:
    """The lines of a budget with their arithmetic."""
    return write_table(
        BUDGET_COLUMNS,
        (
            [
                row.name,
                row.category,
                row.group,
                row.work_stream,
                budget.currency,
                row.line.budget,
                row.line.committed,
                row.line.actual,
                row.line.remaining,
                int(row.line.done * 100),
                row.line.earned,
                row.line.deviation,
                row.reason,
            ]
            for row in budget.rows
        ),
    )


FIELD_COLUMNS = ("belongs_to", "name", "column", "type", "choices", "needed", "archived", "values")


def custom_fields_csv(found: Mapping[str, Sequence[FieldRow]]) -> bytes:
    """The fields a workspace keeps of its own, and how many rows say something in each."""
    return write_table(
        FIELD_COLUMNS,
        (
            [
                kind,
                row.label,
                f"own:{row.key}",
                row.type,
                ", ".join(row.choices),
                "yes" if row.required else "no",
                "yes" if row.archived else "no",
                row.used,
            ]
            for kind, rows in found.items()
            for row in rows
        ),
    )


def customer_list_csv(rows: Iterable[CustomerRow], shape: Shape) -> bytes:
    """The list as it was being looked at: its rows in its order, its columns."""
    usual = [name for name in shape.columns if not name.startswith("own:")]
    own = [name for name in shape.columns if name.startswith("own:")]
    heading = ["external_id", "name"]
    for name in usual:
        heading += LIST_CELLS[name][0]
    return write_table([*heading, *own], (_list_cells(row, usual) for row in rows))


LIST_CELLS: dict[str, tuple[list[str], Callable[[CustomerRow], list[object]]]] = {
    "segment": (["segment"], lambda row: [row.segment]),
    "industry": (["industry"], lambda row: [row.industry]),
    "csm": (["csm"], lambda row: [row.csm_name]),
    "phases": (["phases"], lambda row: [", ".join(row.phases)]),
    "seats": (["seats"], lambda row: [row.seats]),
    "arr": (["yearly_amount", "currency"], lambda row: [row.yearly_amount, row.currency]),
    "renewal": (["renewal_date"], lambda row: [row.renewal_date]),
}


def _list_cells(row: CustomerRow, usual: Iterable[str]) -> list[object]:
    cells: list[object] = [row.external_id, row.name]
    for name in usual:
        cells += LIST_CELLS[name][1](row)
    return cells + [_own_cell(field.value) for field in row.own]


def _own_cell(value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value


FILE_COLUMNS = (
    "name",
    "kind",
    "size_bytes",
    "version",
    "visible_to_customer",
    "virus_check",
    "engagement",
    "uploaded_by",
    "uploaded_at",
    "attached_to",
    "sha256",
)


def files_csv(rows: Iterable[FileRow]) -> bytes:
    """The newest version of each file, one row each; `attached_to` counts what it goes with."""
    return write_table(
        FILE_COLUMNS,
        (
            [
                row.name,
                row.kind,
                row.size_bytes,
                row.version,
                "yes" if row.shared else "no",
                row.scan,
                row.engagement_key,
                row.uploaded_by,
                row.uploaded_at.isoformat(),
                row.attached,
                row.sha256,
            ]
            for row in rows
        ),
    )


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


DUPLICATE_COLUMNS = ("group", "because_of", "shared", "external_id", "name", "segment", "csm")


def duplicates_csv(groups: Iterable[Duplicates]) -> bytes:
    """Customers that look alike, one row each, numbered by group."""
    return write_table(
        DUPLICATE_COLUMNS,
        (
            [number, group.reason, group.what, row.external_id, row.name, row.segment, row.csm_name]
            for number, group in enumerate(groups, start=1)
            for row in group.customers
        ),
    )


HAND_OVER_COLUMNS = ("kind", "from", "to", "first_day", "last_day", "customers", "state", "note")


def hand_overs_csv(made: Iterable[HandOverRow], covers: Iterable[CoverRow]) -> bytes:
    """Portfolios that changed hands, then covers."""
    rows: list[list[object]] = [
        [
            "hand-over",
            row.from_name,
            row.to_name,
            row.handed_over_at.date(),
            "",
            row.customers,
            "undone" if row.undone else "done",
            row.note,
        ]
        for row in made
    ]
    rows += [
        [
            "cover",
            row.person_name,
            row.stand_in_name,
            row.from_date,
            row.to_date,
            "",
            row.state,
            row.note,
        ]
        for row in covers
    ]
    return write_table(HAND_OVER_COLUMNS, rows)


INVITEE_FIELDS = ("email", "name", "sent_at", "reminders", "answered_at", "opted_out_at")


def invitees_csv(rows: Iterable[Invitee]) -> bytes:
    """Who was asked to answer a survey, and who did unless it is anonymous; never what."""
    return write_table(
        INVITEE_FIELDS, ([getattr(said_of(row), n) for n in INVITEE_FIELDS] for row in rows)
    )
