"""The outbox: which mail is sent next, and what became of it.

Whoever sends holds the mail's row in `DueMail` until the outcome is committed, so nobody else takes
it, and when the sender dies PostgreSQL lets go of it at once. A mail goes out a second time only
when a sender dies, or the database goes away, between the mail server's yes and our commit; it
then carries the same Message-ID.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.models import Delivery, DueMail
from notifications.operations.telling import notify
from people.models import User
from tenancy.models import Membership, Role, Tenant
from tenancy.scope import current_tenant_id

# A mail server that is away keeps no more workers busy than this; a number of our own for the lock.
SENDERS, LOCK = 2, 0x6D61696C
# A server that says "later" is asked again after 1, 2, 4 … minutes, an hour at most.
REFUSALS = 12
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
# Nothing reaches the server at all: every mail waits this long, and is too old after some days.
AWAY_WAIT, SAID_AFTER = timedelta(minutes=1), timedelta(minutes=15)
GIVEN_UP_AFTER = timedelta(days=2)


def take_due(*, now: datetime) -> DueMail | None:
    """The mail that has waited longest, held until the caller's transaction ends.

    None when nothing is due, or enough others are sending. To be called inside a transaction.
    """
    if not _may_send():
        return None
    due = DueMail.objects.select_for_update(skip_locked=True, of=("self",))
    return due.filter(due_at__lte=now).order_by("due_at", "pk").first()


def _may_send() -> bool:
    with connection.cursor() as cursor:
        for place in range(SENDERS):
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK, place])
            if cursor.fetchone()[0]:
                return True
    return False


def in_the_way(*, delivery: Delivery) -> str:
    """Why a mail is not to be sent any more; empty when it is. In the workspace's scope."""
    if delivery.state != Delivery.State.WAITING:
        return _("It is settled.")
    told = delivery.notification
    if told is not None and (told.read_at is not None or told.snoozed_until is not None):
        return _("It had been seen already.")
    if Tenant.objects.filter(pk=current_tenant_id()).exclude(delete_after=None).exists():
        return _("The workspace is closed.")
    here = Membership.objects.filter(tenant_id=current_tenant_id(), user_id=delivery.user_id)
    staff, of_customer = Q(customer_id=None), Q(customer_id=delivery.customer_id)
    if not here.filter(staff | of_customer, user__is_active=True).exists():
        return _("The person has left.")
    return ""


def note_sent(*, delivery: Delivery, now: datetime) -> None:
    delivery.state, delivery.sent_at = Delivery.State.SENT, now
    _settle(delivery)


def note_skipped(*, delivery: Delivery, reason: str) -> None:
    delivery.state, delivery.reason = Delivery.State.SKIPPED, reason
    _settle(delivery)


def note_refused(*, delivery: Delivery, reason: str, for_good: bool, now: datetime) -> None:
    """The server answered with a refusal: tried again later, or given up and administrators told."""
    delivery.attempts += 1
    delivery.reason = _in_a_line(reason)
    if for_good or delivery.attempts >= REFUSALS:
        _give_up(delivery)
        return
    delivery.save()
    wait = min(FIRST_WAIT * 2 ** (delivery.attempts - 1), LONGEST_WAIT)
    DueMail.objects.filter(pk=delivery.pk).update(due_at=now + wait)


def note_away(*, delivery: Delivery, reason: str, now: datetime) -> None:
    """No server answered: everything that is due waits a moment, whose workspace it ever is."""
    delivery.reason = _in_a_line(reason)
    age = now - delivery.created_at
    if age >= GIVEN_UP_AFTER:
        _give_up(delivery)
    else:
        delivery.save()
    others = DueMail.objects.filter(due_at__lte=now).order_by("pk")
    free = others.select_for_update(skip_locked=True).values_list("pk", flat=True)
    DueMail.objects.filter(pk__in=list(free)).update(due_at=now + AWAY_WAIT)
    if age >= SAID_AFTER:
        text = _("Mail has been waiting since %(since)s: no mail server answers.")
        since = delivery.created_at.strftime("%H:%M UTC")
        _tell_admins("mail.waiting", text % {"since": since}, key=f"mail.waiting:{now:%Y%m%d}")


def _settle(delivery: Delivery) -> None:
    delivery.save()
    DueMail.objects.filter(pk=delivery.pk).delete()


def _give_up(delivery: Delivery) -> None:
    delivery.state = Delivery.State.FAILED
    _settle(delivery)
    text = _("A mail to %(address)s could not be delivered: %(reason)s")
    words = {"address": delivery.address, "reason": delivery.reason}
    _tell_admins("mail.failed", text % words, key=f"mail.failed:{delivery.pk}")


def _tell_admins(kind: str, text: str, key: str) -> None:
    tenant = Tenant.objects.get(pk=current_tenant_id())
    admins = User.objects.filter(memberships__tenant=tenant, memberships__role=Role.ADMIN)
    url = reverse("notifications:mails", args=[tenant.slug])
    notify(recipients=admins, kind=kind, text=text, url=url, key=key)


def _in_a_line(reason: str) -> str:
    return " ".join(reason.split())[:300]


@transaction.atomic
def try_again(*, delivery: Delivery, now: datetime) -> bool:
    """Make a mail that was given up due once more. Whether it had been given up."""
    given_up = Delivery.objects.select_for_update().filter(
        pk=delivery.pk, state=Delivery.State.FAILED
    )
    if not given_up.update(state=Delivery.State.WAITING, attempts=0, reason=""):
        return False
    DueMail.objects.create(pk=delivery.pk, tenant_id=current_tenant_id(), due_at=now)
    return True
