"""Telling people what happened, and what they have read of it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from notifications.models import Notification
from people.models import User
from tenancy.models import Membership
from tenancy.scope import current_scope


@transaction.atomic
def notify(
    *,
    recipients: Iterable[User],
    kind: str,
    text: str,
    url: str,
    key: str,
    customer_id: UUID | None = None,
) -> int:
    """Tell people of something, once per person and key. Returns how many had not been told.

    `kind` reads "noun.verb"; `url` is a path of the product. Whoever has no place in the workspace
    in force is left out, and on the customer's side whoever belongs to another customer. What the
    customer's side does is about their customer. Raises ValueError when `url` leads elsewhere.
    """
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError("A notification leads to a page of the product.")
    about = customer_id or current_scope().customer_id
    rows = [
        Notification(
            user_id=user_id, kind=kind, text=text[:400], url=url, key=key, customer_id=about
        )
        for user_id in _who_may_know(recipients, about)
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return Notification.objects.filter(pk__in=[row.pk for row in rows]).count()


def _who_may_know(recipients: Iterable[User], customer_id: UUID | None) -> list[UUID]:
    staff, of_customer = Q(customer_id=None), Q(customer_id=customer_id)
    return list(
        Membership.objects.filter(staff | of_customer, tenant_id=current_scope().tenant_id)
        .filter(user_id__in={person.pk for person in recipients})
        .values_list("user_id", flat=True)
    )


def mark_read(*, notification: Notification, now: datetime) -> bool:
    """Whether it had been unread."""
    unread = Notification.objects.filter(pk=notification.pk, read_at=None)
    return bool(unread.update(read_at=now))


def mark_unread(*, notification: Notification) -> None:
    Notification.objects.filter(pk=notification.pk).update(read_at=None)


def mark_all_read(*, user: User, now: datetime) -> int:
    """Everything unread was read at that moment. Returns how many there were."""
    return Notification.objects.filter(user=user, read_at=None).update(read_at=now)


def mark_all_unread(*, user: User, read_at: datetime) -> int:
    """Take one `mark_all_read` back, named by its moment. Returns how many are unread again."""
    return Notification.objects.filter(user=user, read_at=read_at).update(read_at=None)
