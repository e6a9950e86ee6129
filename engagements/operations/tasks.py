"""Changes to tasks outside any plan."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement, Task
from engagements.operations.mentions import address
from engagements.operations.reminders import plan_reminder
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline, take_off_timeline
from notifications.operations import notify
from people.models import User
from tenancy import audit
from tenancy.models import Membership
from tenancy.scope import Realm, current_scope

TASK_FIELDS = frozenset(
    {
        "title",
        "notes",
        "due_date",
        "due_time",
        "remind_at",
        "priority",
        "owner",
        "owner_at_customer",
        "customer",
        "engagement",
        "shared",
    }
)
ASSIGNED = "task.assigned"


@transaction.atomic
def add_task(
    *,
    fields: Mapping[str, Any],
    by: User | None,
    source_url: str = "",
    source_name: str = "",
) -> Task:
    """A new task; `source_url` is the page it came from, as `timeline.inside` gives it.

    A task of the customer's side is about their customer and shared. Tells whoever is to do it.
    Raises ValidationError, keyed by field.
    """
    task = Task(
        created_by=by,
        source_url=source_url,
        source_name=source_name[:200],
        **known(fields, TASK_FIELDS),
    )
    _settle(task)
    save(task, named_by="title")
    _plan(task)
    _tell_owner(task, by)
    _record("task.added", task, {"owner": task.owner_name, "due": task.due_date})
    return task


@transaction.atomic
def change_task(*, task: Task, fields: Mapping[str, Any], by: User | None) -> Task:
    """Tells whoever is newly to do it. Raises ValidationError, keyed by field."""
    wanted = known(fields, TASK_FIELDS)
    for name, value in wanted.items():
        setattr(task, name, value)
    _settle(task)
    settled = {name: getattr(task, name) for name in (*wanted, "customer", "engagement", "shared")}
    changed = change(task, settled, named_by="title")
    if not changed:
        return task
    if "remind_at" in changed:
        task.reminded_at = None
        task.save(update_fields=["reminded_at"])
        _plan(task)
    if "owner" in changed:
        _tell_owner(task, by)
    _record("task.changed", task, changed)
    return task


def _settle(task: Task) -> None:
    """Bring customer, engagement and owner in line with each other, or refuse."""
    scope = current_scope()
    if scope.realm is Realm.CUSTOMER:
        task.customer_id, task.shared = scope.customer_id, True
    for name in ("engagement", "owner_at_customer"):
        about = getattr(task, name)
        if about is not None:
            _same_customer(task, name, about.customer_id)
    if task.shared and task.customer_id is None:
        raise ValidationError({"shared": _("Say which customer it is about, to share it.")})
    if task.owner is not None:
        _refuse_stranger(task, task.owner)


def _same_customer(task: Task, field: str, customer_id: UUID) -> None:
    if task.customer_id is None:
        task.customer_id = customer_id
    elif task.customer_id != customer_id:
        raise ValidationError({field: _("This belongs to another customer.")})


def _refuse_stranger(task: Task, owner: User) -> None:
    place = Membership.objects.filter(tenant_id=current_scope().tenant_id, user=owner).first()
    if place is None:
        raise ValidationError({"owner": _("This person is not in the workspace.")})
    if place.customer_id is None:
        return
    if place.customer_id != task.customer_id:
        raise ValidationError({"owner": _("This person belongs to another customer.")})
    if not task.shared:
        words = _("This person could not read it: it is not shown to the customer’s side.")
        raise ValidationError({"owner": words})


def _plan(task: Task) -> None:
    if task.remind_at is not None:
        plan_reminder(task.remind_at)


def _tell_owner(task: Task, by: User | None) -> None:
    if task.owner is None or task.owner == by:
        return
    notify(
        recipients=[task.owner],
        kind=ASSIGNED,
        text=_("%(who)s gave you a task: %(task)s")
        % {"who": by or _("Somebody"), "task": task.title},
        url=address("engagements:edit_task", task.pk),
        key=f"{ASSIGNED}:{task.pk}:{task.changed_at:%Y%m%d%H%M%S%f}",
        customer_id=task.customer_id,
    )


@transaction.atomic
def finish_task(*, task: Task, by: User | None, now: datetime) -> bool:
    """Whether it was still to be done."""
    if task.done_at is not None:
        return False
    task.done_at, task.done_by = now, by
    task.save(update_fields=["done_at", "done_by", "changed_at"])
    if task.engagement is not None:
        put_on_timeline(
            engagement=task.engagement,
            kind="task.done",
            text=_("Done: %(task)s") % {"task": task.title},
            url=f"{inside('engagements:tasks')}?show=all&engagement={task.engagement_id}",
            by=by,
            at=now,
            shared=task.shared,
            key=f"task:{task.pk}",
        )
    _record("task.done", task)
    return True


@transaction.atomic
def reopen_task(*, task: Task) -> None:
    task.done_at, task.done_by = None, None
    task.save(update_fields=["done_at", "done_by", "changed_at"])
    if task.engagement_id is not None:
        take_off_timeline(engagement_id=task.engagement_id, key=f"task:{task.pk}")
    _record("task.reopened", task)


@transaction.atomic
def snooze_task(*, task: Task, until: date | None, zone: tzinfo) -> None:
    """Put it off to a day, or back to none. A reminder comes at the same hour of that day."""
    facts = {"due_date": [task.due_date, until]}
    task.due_date = until
    if until is None:
        task.due_time = None
    elif task.remind_at is not None:
        hour = task.remind_at.astimezone(zone).time()
        task.remind_at = datetime.combine(until, hour, tzinfo=zone)
        task.reminded_at = None
        _plan(task)
    save(task, named_by="title")
    _record("task.snoozed", task, facts)


@transaction.atomic
def delete_task(*, task: Task, now: datetime) -> None:
    """It is no longer shown; `restore_task` brings it back."""
    task.deleted_at = now
    task.save(update_fields=["deleted_at"])
    _record("task.deleted", task)


@transaction.atomic
def restore_task(*, task: Task) -> None:
    task.deleted_at = None
    task.save(update_fields=["deleted_at"])
    _record("task.restored", task)


@transaction.atomic
def add_next_step(
    *, engagement: Engagement, title: str, due_date: date | None, by: User | None, shared: bool
) -> Task:
    """What follows from a talk with the customer, for whoever had it. Raises ValidationError."""
    fields = {
        "title": title,
        "due_date": due_date,
        "owner": by,
        "engagement": engagement,
        "shared": shared,
    }
    return add_task(
        fields=fields,
        by=by,
        source_url=inside("engagements:timeline", engagement.pk),
        source_name=_("Next step after a talk"),
    )


def _record(action: str, task: Task, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(action=action, subject=task, facts=facts, about_customer_id=task.customer_id)
