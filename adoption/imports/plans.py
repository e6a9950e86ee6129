"""A plan file on its way in: read, looked at, scheduled and kept, or refused in plain words."""

import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from adoption import operations, scheduling
from adoption.adapters import PlanFile, UnreadablePlan, first_lines, read_plan
from adoption.adapters.calendars import calendar_from_json
from adoption.adapters.headings import guess
from adoption.adapters.replacement import Replacement, Times, compare, times_of
from adoption.adapters.table_fields import text_of
from adoption.models import Plan, StagedPlan
from adoption.operations.bringing import known_rows
from adoption.queries import get_usual_terms
from adoption.queries.plan_files import file_of, get_standing_plan
from adoption.scheduling import CircularPlan, InvalidPlan, NoWorkingTime, OutOfReach, Schedule
from engagements.models import Engagement
from people.models import User
from rendering.translation import said_by

LARGEST_PLAN_BYTES = 60 * 1024 * 1024
REFUSALS = (
    CircularPlan,
    UnreadablePlan,
    InvalidPlan,
    NoWorkingTime,
    OutOfReach,
    ValidationError,
)
_SAMPLES = 3
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """What a file says and would change; nothing is kept. Times are the customer's wall clock."""

    plan_file: PlanFile
    packages: int
    critical: int
    start: datetime
    finish: datetime
    replacement: Replacement | None
    new_resources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileColumn:
    """A column of a table as the file has it: its heading and its first cells."""

    heading: str
    samples: tuple[str, ...]


def import_plan(
    *,
    engagement: Engagement,
    source: BinaryIO,
    file_name: str,
    imported_by: User | None,
    now: datetime,
    follows_today: bool = False,
    names: Mapping[str, str] | None = None,
) -> Plan:
    """Make a file the engagement's plan. Raises UnreadablePlan, with nothing changed.

    A table's days are those of the plan that is there, else those the customer works; a Project
    file and a workbook of ours bring their own calendar.
    """
    plan_file = read_for(
        engagement=engagement, source=source, file_name=file_name, now=now, names=names
    )
    try:
        return operations.replace_plan(
            engagement=engagement,
            plan_file=plan_file,
            file_name=file_name,
            imported_by=imported_by,
            now=now,
            follows_today=follows_today,
        )
    except REFUSALS as error:
        raise refusal_of(error) from error


def read_for(
    *,
    engagement: Engagement,
    source: BinaryIO,
    file_name: str,
    now: datetime,
    names: Mapping[str, str] | None = None,
) -> PlanFile:
    """A file as it is meant for an engagement; what it does not say of time stays as it is there.

    Raises UnreadablePlan.
    """
    stored = Plan.objects.filter(engagement=engagement).first()
    return _read(engagement, stored, source, file_name, now, names)


def _read(
    engagement: Engagement,
    stored: Plan | None,
    source: BinaryIO,
    file_name: str,
    now: datetime,
    names: Mapping[str, str] | None,
) -> PlanFile:
    try:
        if stored is None:
            return _read_first(engagement, source, file_name, now, names)
        return _read_again(stored, source, file_name, names)
    except UnreadablePlan as error:
        raise refusal_of(error) from error


def _read_again(
    stored: Plan, source: BinaryIO, file_name: str, names: Mapping[str, str] | None
) -> PlanFile:
    """A table says nothing of the plan itself, so that stays."""
    plan_file = read_plan(source, file_name, calendar_from_json(stored.calendar), names)
    if plan_file.has_calendar:
        return plan_file
    return replace(
        plan_file,
        name=stored.name,
        start=stored.start_at,
        status_at=stored.status_at,
        critical_float=stored.critical_float,
    )


def _read_first(
    engagement: Engagement,
    source: BinaryIO,
    file_name: str,
    now: datetime,
    names: Mapping[str, str] | None,
) -> PlanFile:
    """A file for an engagement without a plan: its days are those the customer works."""
    usual = get_usual_terms(customer=engagement.customer)
    calendar = usual.calendar(around=engagement.start_date or now.date())
    plan_file = read_plan(source, file_name, calendar, names)
    return plan_file if plan_file.has_calendar else replace(plan_file, terms=usual)


def columns_of(content: bytes, file_name: str) -> list[FileColumn]:
    """The columns of a table; none of a Project file. Raises UnreadablePlan."""
    try:
        lines = first_lines(io.BytesIO(content), file_name, 1 + _SAMPLES)
    except UnreadablePlan as error:
        raise refusal_of(error) from error
    if not lines:
        return []
    heading, rows = lines[0], lines[1:]
    if len(heading) > _MOST_COLUMNS:
        words = _("The table has more than %(number)s columns.")
        raise UnreadablePlan(words % {"number": _MOST_COLUMNS})
    return [
        FileColumn(name, tuple(filter(None, (_cell(row, at) for row in rows))))
        for at, cell in enumerate(heading)
        if (name := text_of(cell))
    ]


def guess_names(columns: Sequence[FileColumn]) -> dict[str, str] | None:
    """Which of ours each column is, as far as its heading tells; None without columns."""
    return guess(column.heading for column in columns) if columns else None


def read_staged(staged: StagedPlan, *, now: datetime) -> PlanFile:
    """Raises UnreadablePlan."""
    return read_for(
        engagement=staged.engagement,
        source=io.BytesIO(content_of(staged)),
        file_name=staged.file_name,
        now=now,
        names=staged.names,
    )


def content_of(staged: StagedPlan) -> bytes:
    return zlib.decompress(bytes(staged.content))


def preview_plan(
    *,
    engagement: Engagement,
    content: bytes,
    file_name: str,
    names: Mapping[str, str] | None,
    now: datetime,
    follows_today: bool = False,
) -> PlanPreview:
    """What bringing the file in would do. Raises UnreadablePlan as `import_plan` would."""
    stored = Plan.objects.filter(engagement=engagement).first()
    read = _read(engagement, stored, io.BytesIO(content), file_name, now, names)
    if not read.rows:
        raise UnreadablePlan(_("There is no step in the file."))
    standing = get_standing_plan(engagement_id=engagement.pk, plan=stored)
    after = known_rows(engagement, stored, read, standing=standing).with_known(read)
    today = datetime.combine(now.astimezone(ZoneInfo(engagement.customer.time_zone)).date(), time())
    schedule, times = _scheduled(after, engagement, today, follows_today)
    before = file_of(stored, standing=standing) if stored else None
    return PlanPreview(
        plan_file=replace(read, warnings=after.warnings),
        packages=sum(not row.summary for row in read.rows),
        critical=sum(leaf.critical for leaf in schedule),
        start=schedule.start,
        finish=schedule.finish,
        replacement=compare(before, after, times) if before and before.rows else None,
        new_resources=tuple(one.name for one in after.resources if one.key not in standing.known),
    )


def _scheduled(
    after: PlanFile, engagement: Engagement, today: datetime, follows_today: bool
) -> tuple[Schedule, Mapping[str, Times]]:
    begins = after.start or _start_of(engagement, today)
    try:
        planned = replace(after.plan(begins), status_at=today if follows_today else after.status_at)
        schedule = scheduling.calculate(planned)
        return schedule, times_of(schedule)
    except REFUSALS as error:
        raise refusal_of(error) from error


def _start_of(engagement: Engagement, today: datetime) -> datetime:
    return datetime.combine(engagement.start_date or today.date(), time())


def _cell(row: Sequence[object], at: int) -> str:
    return text_of(row[at])[:80] if at < len(row) else ""


def refusal_of(error: Exception) -> UnreadablePlan:
    """Whatever stands in a plan's way, in one plain line."""
    if isinstance(error, CircularPlan):
        loop = error.headline.partition(": ")[2]
        words = _("These steps wait for each other in a circle: %(loop)s")
        return UnreadablePlan(words % {"loop": loop})
    if isinstance(error, ValidationError):
        return UnreadablePlan(" ".join(error.messages))
    return UnreadablePlan(said_by(error))
