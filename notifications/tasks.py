"""Mail that is due: sent by whichever worker takes it. Beat looks every few seconds, and since
what is due stands in the database, a broker that is away or loses a message loses no mail."""

from datetime import datetime
from enum import Enum, auto
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from notifications import letters, operations
from notifications.digesting import Clock
from notifications.models import Delivery, DueMail
from notifications.queries import get_choice
from people.queries import get_customer_names
from tenancy import jobs
from tenancy.models import JobRun, Tenant
from tenancy.scope import tenant_scope

log = structlog.get_logger(__name__)

AT_ONCE = 100
FOR_GOOD = 500


class Outcome(Enum):
    NOTHING_DUE = auto()
    SETTLED = auto()
    AWAY = auto()


@shared_task(name="notifications.send_due")
def send_due() -> None:
    """Send what is due, one mail after another. Safe to run beside itself."""
    for _number in range(AT_ONCE):
        if send_next(now=timezone.now()) is not Outcome.SETTLED:
            return


def send_next(*, now: datetime) -> Outcome:
    """Take one mail that is due, send it and note the outcome, in one transaction."""
    with transaction.atomic():
        due = operations.take_due(now=now)
        if due is None:
            return Outcome.NOTHING_DUE
        with tenant_scope(due.tenant_id):
            return _settle(due, now)


def _settle(due: DueMail, now: datetime) -> Outcome:
    rows = Delivery.objects.select_related("user", "notification")
    mail = rows.filter(pk=due.pk).first()
    if mail is None:
        # Its notification is gone, and it went along.
        due.delete()
        return Outcome.SETTLED
    mail.address = mail.user.email
    reason = operations.in_the_way(delivery=mail)
    if not reason and letters.is_nobodys(mail.address):
        reason = "The address is an invented one."
    if reason:
        operations.note_skipped(delivery=mail, reason=reason)
        return Outcome.SETTLED
    _write(mail)
    return _send(mail, now)


def _write(mail: Delivery) -> None:
    """A digest was written when it was put together; of anything else the newest words count."""
    if mail.notification is not None:
        choice = get_choice(user_id=mail.user_id)
        letters.write_about(mail, mail.notification, mail.tenant, choice)
    mail.message_id = letters.message_id(mail)


def _send(mail: Delivery, now: datetime) -> Outcome:
    try:
        letters.send(mail)
    except (SMTPException, OSError) as error:
        return _note_fault(mail, error, now)
    except ValueError as error:
        # What cannot be written as a mail today cannot be tomorrow.
        operations.note_refused(delivery=mail, reason=str(error), for_good=True, now=now)
        return Outcome.SETTLED
    operations.note_sent(delivery=mail, now=now)
    return Outcome.SETTLED


def _note_fault(mail: Delivery, error: Exception, now: datetime) -> Outcome:
    code, words = _refusal(error)
    log.warning("mail_not_sent", error=type(error).__name__, code=code, mail=str(mail.pk))
    if code is None:
        operations.note_away(delivery=mail, reason=words, now=now)
        return Outcome.AWAY
    for_good = code >= FOR_GOOD
    operations.note_refused(delivery=mail, reason=words, for_good=for_good, now=now)
    return Outcome.SETTLED


def _refusal(error: Exception) -> tuple[int | None, str]:
    """The code of a server that refused this one mail; None when the fault is no mail's own."""
    if isinstance(error, SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return code, f"{code} {_text(said)}"
    if isinstance(error, SMTPDataError):
        return error.smtp_code, f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, SMTPResponseException):
        return None, f"{error.smtp_code} {_text(error.smtp_error)}"
    return None, f"{type(error).__name__}: {error}"


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def make_digests(run: JobRun) -> None:
    """The digests of one workspace for one day and clock, written and put into the outbox."""
    now = timezone.now()
    tenant = Tenant.objects.get(pk=run.tenant_id)
    clock = Clock.read(run.subject)
    digests = operations.gather(clock=clock, day=run.business_date, now=now)
    names = get_customer_names() if digests else {}
    for digest in digests:
        letters.write_digest(digest, tenant, names)
    operations.put_digests_out(digests=digests, now=now)


def register() -> None:
    """Make the digest known to the queue, and when it is due."""
    jobs.register(jobs.Job(operations.DIGEST_JOB, make_digests))
    jobs.PLANNERS.append(operations.plan_digests)
