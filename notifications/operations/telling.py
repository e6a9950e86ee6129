"""Telling people what happened: in their inbox, and by mail as each of them chose."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notifications.models import Delivery, DueMail, Notification, Way
from notifications.queries import USUAL, get_choices
from people.models import User
from rendering.sentences import Sentence, sentence_to_json
from tenancy.models import Membership
from tenancy.scope import current_scope


class StandIns(Protocol):
    """Finds who stands in, at that moment, for any of the people who are to be told."""

    def __call__(self, *, user_ids: Collection[UUID], now: datetime) -> Iterable[UUID]: ...


ALSO_TO: list[StandIns] = []
# What says that mail is in trouble is not said by mail.
NEVER_MAILED = frozenset({"mail.failed", "mail.waiting"})


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

    `kind` reads "noun.verb"; `url` is a path of the product. A text that is a sentence is said to
    each reader in their language. Whoever has no place in the workspace
    in force is left out, and on the customer's side whoever belongs to another customer. What the
    customer's side does is about their customer. Whoever stands in for one of them is told too.
    Mail is put into the outbox in the same transaction, for those who want this kind at once.
    Raises ValueError when `url` leads elsewhere.
    """
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError("A notification leads to a page of the product.")
    about = customer_id or current_scope().customer_id
    said = sentence_to_json(text) if isinstance(text, Sentence) else None
    now = timezone.now()
    rows = [
        Notification(
            user_id=user_id,
            kind=kind,
            text=text[:400],
            said=said,
            url=url,
            key=key,
            customer_id=about,
        )
        for user_id in _who_may_know(_with_stand_ins(recipients, now), about)
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)
    new = list(Notification.objects.filter(pk__in=[row.pk for row in rows]))
    _put_into_outbox(new, kind, now)
    return len(new)


def _with_stand_ins(recipients: Iterable[User], now: datetime) -> set[UUID]:
    meant = {person.pk for person in recipients}
    return (
        meant.union(*(more(user_ids=frozenset(meant), now=now) for more in ALSO_TO))
        if meant
        else meant
    )


def _who_may_know(user_ids: set[UUID], customer_id: UUID | None) -> list[UUID]:
    staff, of_customer = Q(customer_id=None), Q(customer_id=customer_id)
    return list(
        Membership.objects.filter(staff | of_customer, tenant_id=current_scope().tenant_id)
        .filter(user_id__in=user_ids)
        .values_list("user_id", flat=True)
    )


def _put_into_outbox(told: list[Notification], kind: str, now: datetime) -> None:
    if not told or kind in NEVER_MAILED:
        return
    choices = get_choices(user_ids=[row.user_id for row in told])
    mails = [
        Delivery(user_id=row.user_id, notification=row, customer_id=row.customer_id)
        for row in told
        if choices.get(row.user_id, USUAL).way_of(kind) == Way.NOW
    ]
    if mails:
        put_out(mails, now)


def put_out(mails: list[Delivery], now: datetime) -> set[UUID]:
    """Keep these mails as due, in the transaction of the caller. Returns the ids of the new ones."""
    tenant_id = current_scope().tenant_id
    Delivery.objects.bulk_create(mails, ignore_conflicts=True)
    ids = [mail.pk for mail in mails]
    kept = set(Delivery.objects.filter(pk__in=ids).values_list("pk", flat=True))
    DueMail.objects.bulk_create(
        DueMail(pk=pk, tenant_id=tenant_id, due_at=now) for pk in sorted(kept)
    )
    return kept
