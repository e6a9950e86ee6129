"""Tasks outside any plan, grouped by when they are due."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from engagements.models import Task

PAGE_SIZE = 100
# For so many days what is done stays on the list.
DONE_SHOWN = timedelta(days=14)
WHOSE = ("mine", "all", "given")


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """Whose tasks are asked for, of which customer or engagement; `page` counts from 1."""

    whose: str = "mine"
    customer_id: UUID | None = None
    engagement_id: UUID | None = None
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task as a line. `group` is overdue, today, week, later, some_day or done."""

    id: UUID
    title: str
    notes: str
    due_date: date | None
    due_time: time | None
    remind_at: datetime | None
    group: str
    priority: int
    priority_label: str
    owner_id: UUID | None
    owner: str
    customer_id: UUID | None
    customer: str
    engagement_id: UUID | None
    engagement: str
    source_url: str
    source_name: str
    shared: bool
    done_at: datetime | None

    @property
    def overdue(self) -> bool:
        return self.group == "overdue"


@dataclass(frozen=True, slots=True)
class TaskGroup:
    key: str
    rows: tuple[TaskRow, ...]


@dataclass(frozen=True, slots=True)
class TaskList:
    """One page of open tasks by group, and what was done lately."""

    groups: tuple[TaskGroup, ...]
    done: tuple[TaskRow, ...]
    open_count: int
    overdue_count: int
    today_count: int
    pages: int


def get_tasks(*, filters: TaskFilters, user_id: UUID, now: datetime, today: date) -> TaskList:
    """`today` is the reader's, by which tasks are overdue or due today."""
    rows = narrowed(get_task_rows(), filters, user_id)
    waiting = rows.filter(done_at=None)
    due = list(waiting.order_by().values_list("due_date", flat=True))
    start = (filters.page - 1) * PAGE_SIZE
    found = [task_row(row, today) for row in waiting[start : start + PAGE_SIZE]]
    done = rows.filter(done_at__gte=now - DONE_SHOWN).order_by("-done_at")[:30]
    return TaskList(
        groups=_grouped(found),
        done=tuple(task_row(row, today) for row in done),
        open_count=len(due),
        overdue_count=sum(day is not None and day < today for day in due),
        today_count=sum(day == today for day in due),
        pages=max(1, -(-len(due) // PAGE_SIZE)),
    )


def get_all_tasks(*, filters: TaskFilters, user_id: UUID, today: date) -> list[TaskRow]:
    """All of them, done ones too, for a spreadsheet."""
    return [task_row(row, today) for row in narrowed(get_task_rows(), filters, user_id)]


def get_engagement_tasks(*, engagement_id: UUID, today: date) -> tuple[TaskRow, ...]:
    """What is open on one engagement, the first due at the top."""
    rows = get_task_rows().filter(engagement_id=engagement_id, done_at=None)
    return tuple(task_row(row, today) for row in rows[:50])


def due_tasks(*, user_id: UUID, today: date) -> QuerySet[Task]:
    """Somebody's tasks that are due by that day."""
    rows = Task.objects.filter(owner_id=user_id, done_at=None, deleted_at=None)
    return rows.filter(due_date__lte=today)


def get_task_rows() -> QuerySet[Task]:
    """Tasks that were not deleted, with everybody concerned, the first due at the top."""
    rows = Task.objects.filter(deleted_at=None)
    return rows.select_related("owner", "owner_at_customer", "customer", "engagement", "created_by")


def narrowed(rows: QuerySet[Task], filters: TaskFilters, user_id: UUID) -> QuerySet[Task]:
    if filters.whose == "mine":
        rows = rows.filter(owner_id=user_id)
    elif filters.whose == "given":
        rows = rows.filter(created_by_id=user_id).exclude(owner_id=user_id)
    if filters.customer_id:
        rows = rows.filter(customer_id=filters.customer_id)
    if filters.engagement_id:
        rows = rows.filter(engagement_id=filters.engagement_id)
    if filters.text:
        rows = rows.filter(Q(title__icontains=filters.text) | Q(notes__icontains=filters.text))
    return rows


GROUPS = ("overdue", "today", "week", "later", "some_day")


def _grouped(rows: list[TaskRow]) -> tuple[TaskGroup, ...]:
    found = [TaskGroup(key, tuple(row for row in rows if row.group == key)) for key in GROUPS]
    return tuple(group for group in found if group.rows)


def group_of(due_date: date | None, today: date) -> str:
    """Of what is still to be done; this week ends on Sunday."""
    if due_date is None:
        return "some_day"
    if due_date <= today:
        return "overdue" if due_date < today else "today"
    sunday = today + timedelta(days=7 - today.isoweekday())
    return "week" if due_date <= sunday else "later"


def task_row(task: Task, today: date) -> TaskRow:
    return TaskRow(
        id=task.pk,
        title=task.title,
        notes=task.notes,
        due_date=task.due_date,
        due_time=task.due_time,
        remind_at=task.remind_at,
        group="done" if task.done_at else group_of(task.due_date, today),
        priority=task.priority,
        priority_label=task.get_priority_display(),
        owner_id=task.owner_id,
        owner=task.owner_name,
        customer_id=task.customer_id,
        customer=task.customer.name if task.customer else "",
        engagement_id=task.engagement_id,
        engagement=task.engagement.key if task.engagement else "",
        source_url=task.source_url,
        source_name=task.source_name,
        shared=task.shared,
        done_at=task.done_at,
    )
