"""Reminding people of their tasks, and of questions that nobody answered in time.

Each moment somebody is to be reminded at is a run of its own in the queue of record, due then. The
run reminds of whatever is due by that time, in one transaction with its mark "done": each reminder
is given once, also when a run was late, lost or repeated.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import ExpertQuestion, Task
from engagements.operations.experts import experts_of
from engagements.operations.mentions import address, shortened
from notifications.operations import notify
from rendering.formats import Formats
from tenancy import jobs
from tenancy.models import JobRun, Tenant
from tenancy.scope import current_tenant_id

REMIND_JOB = "engagements.remind"
TASK_DUE, QUESTION_OVERDUE = "task.due", "question.overdue"


@transaction.atomic
def plan_reminder(at: datetime) -> None:
    """Make sure that somebody looks at that moment, or as soon as it is past."""
    minute = at.astimezone(UTC).replace(second=0, microsecond=0)
    due = minute if minute >= at else minute + timedelta(minutes=1)
    run = jobs.add_run(
        tenant_id=current_tenant_id(),
        job=REMIND_JOB,
        business_date=due.date(),
        subject=f"{due:%H:%M}",
        now=due,
    )
    if run.state in (JobRun.State.DONE, JobRun.State.PARKED):
        jobs.repeat_run(run=run, now=due)


@transaction.atomic
def send_reminders(*, now: datetime) -> int:
    """Remind of everything whose moment has come, once. Returns how many people were told."""
    told = sum(_remind_of_task(task, now) for task in _due_tasks(now))
    return told + sum(_remind_of_question(row, now) for row in _overdue_questions(now))


def _due_tasks(now: datetime) -> list[Task]:
    rows = Task.objects.select_related("owner", "created_by").select_for_update(of=("self",))
    return list(
        rows.filter(remind_at__lte=now, reminded_at=None, done_at=None, deleted_at=None)[:1000]
    )


def _overdue_questions(now: datetime) -> list[ExpertQuestion]:
    rows = ExpertQuestion.objects.select_related("by", "expert", "engagement__csm")
    open_ones = rows.select_for_update(of=("self",)).filter(
        state=ExpertQuestion.State.OPEN, remind_at__lte=now, reminded_at=None, deleted_at=None
    )
    return list(open_ones[:1000])


def _remind_of_task(task: Task, now: datetime) -> int:
    Task.objects.filter(pk=task.pk).update(reminded_at=now)
    person = task.owner or task.created_by
    text = _("To do: %(task)s") % {"task": task.title}
    if task.due_date is not None:
        words = {"task": task.title, "day": _days().day_and_year(task.due_date)}
        text = _("To do by %(day)s: %(task)s") % words
    return notify(
        recipients=[person] if person else [],
        kind=TASK_DUE,
        text=text,
        url=address("engagements:edit_task", task.pk),
        key=f"{TASK_DUE}:{task.pk}:{task.remind_at:%Y%m%d%H%M}",
        customer_id=task.customer_id,
    )


def _remind_of_question(row: ExpertQuestion, now: datetime) -> int:
    ExpertQuestion.objects.filter(pk=row.pk).update(reminded_at=now)
    if row.due_date is None:
        return 0
    day = _days().day_and_year(row.due_date)
    words = {"question": shortened(row.text, 120), "day": day}
    return notify(
        recipients=[*experts_of(row), *([row.by] if row.by else [])],
        kind=QUESTION_OVERDUE,
        text=_("Not answered, and it was needed by %(day)s: %(question)s") % words,
        url=address("engagements:question", row.pk),
        key=f"{QUESTION_OVERDUE}:{row.pk}:{row.due_date}",
        customer_id=row.customer_id,
    )


def _days() -> Formats:
    return Formats(Tenant.objects.get(pk=current_tenant_id()).locale)
