"""What somebody does with what they were told: read, put off, done. Everything can be taken back."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from notifications.models import Delivery, Notification
from notifications.queries import is_open
from people.models import User

DONE_IS_KEPT = timedelta(days=90)
MAIL_IS_KEPT = timedelta(days=30)


def mark_read(*, notification: Notification, now: datetime) -> bool:
    """Whether it had been unread."""
    unread = Notification.objects.filter(pk=notification.pk, read_at=None)
    return bool(unread.update(read_at=now))


def mark_unread(*, notification: Notification) -> None:
    """What is done stays read."""
    Notification.objects.filter(pk=notification.pk, done_at=None).update(read_at=None)


def mark_all_read(*, user: User, now: datetime) -> int:
    """Everything open and unread was read at that moment. Returns how many there were."""
    unread = Notification.objects.filter(is_open(now), user=user, read_at=None)
    return unread.update(read_at=now)


def mark_all_unread(*, user: User, read_at: datetime) -> int:
    """Take one `mark_all_read` back, named by its moment. Returns how many are unread again."""
    rows = Notification.objects.filter(user=user, read_at=read_at, done_at=None)
    return rows.update(read_at=None)


@transaction.atomic
def mark_done(*, notification: Notification, now: datetime) -> bool:
    """It leaves the list. Whether it had been open or put off."""
    rows = Notification.objects.filter(pk=notification.pk, done_at=None)
    return bool(rows.update(done_at=now, read_at=Coalesce("read_at", now)))


@transaction.atomic
def mark_all_done(*, user: User, now: datetime) -> int:
    """Everything open leaves the list. Returns how many there were."""
    rows = Notification.objects.filter(is_open(now), user=user)
    return rows.update(done_at=now, read_at=Coalesce("read_at", now))


@transaction.atomic
def put_back(*, notification: Notification) -> None:
    """Take a `mark_done` back; unread again, if being done is what read it."""
    _put_back(Q(pk=notification.pk, done_at__isnull=False))


@transaction.atomic
def put_all_back(*, user: User, done_at: datetime) -> None:
    """Take one `mark_all_done` back, named by its moment."""
    _put_back(Q(user=user, done_at=done_at))


def _put_back(which: Q) -> None:
    rows = Notification.objects.filter(which)
    rows.filter(read_at=F("done_at")).update(read_at=None, done_at=None)
    rows.update(done_at=None)


@transaction.atomic
def snooze(*, notification: Notification, until: datetime) -> None:
    """Put it off; at that moment it is in the list again, unread."""
    Notification.objects.filter(pk=notification.pk, done_at=None).update(
        snoozed_until=until, read_at=None, digested_at=None
    )


@transaction.atomic
def unsnooze(
    *,
    notification: Notification,
    read_at: datetime | None = None,
    snoozed_until: datetime | None = None,
) -> None:
    """Take a `snooze` back; with what had been before, as it was."""
    Notification.objects.filter(pk=notification.pk, done_at=None).update(
        snoozed_until=snoozed_until, read_at=read_at
    )


@transaction.atomic
def prune(*, business_date: date, now: datetime) -> None:
    """Forget what has long been done, and the words of mail sent some weeks ago.

    Works on the workspace in scope.
    """
    Notification.objects.filter(done_at__lt=now - DONE_IS_KEPT).delete()
    old = Delivery.objects.filter(created_at__lt=now - MAIL_IS_KEPT)
    old.exclude(state=Delivery.State.WAITING).delete()
