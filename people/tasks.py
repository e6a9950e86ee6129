"""Mail that is due: sent when it is asked for, and again by beat when that message was lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from people import letters, operations
from people.models import KINDS, Invitation, Letter, MailedLink, Purpose, Registration, User
from people.operations.links import kind_of
from tenancy import limits
from tenancy.broker import outbox

log = structlog.get_logger(__name__)

AT_ONCE = 100


def post(letter: Letter) -> None:
    """Have a letter sent once its row is committed."""
    send = partial(
        outbox.send, "people.send_letter", kind=kind_of(letter), letter_id=str(letter.pk)
    )
    transaction.on_commit(send)


@shared_task(name="people.send_letter")
def send_letter(*, kind: str, letter_id: str) -> None:
    """Write and send one letter, unless somebody did or does. Safe to run twice."""
    now = timezone.now()
    with transaction.atomic():
        rows: Any = KINDS[kind]._default_manager.select_for_update(skip_locked=True, of=("self",))
        letter = rows.filter(pk=UUID(letter_id), sent_at=None, used_at=None).first()
        if letter is None or now - letter.asked_at > letter.sent_within:
            return
        WRITERS[kind](letter)


def _write_link(link: MailedLink) -> None:
    """For an address nobody here has, the row is settled and no mail goes out."""
    now = timezone.now()
    link.user = _whom(link)
    if link.purpose == Purpose.PASSWORD or link.user is None:
        link.sent_at = now
        link.save()
        token = ""
    else:
        token = operations.claim_letter(letter=link, kind="link", now=now).text
    if link.user is not None:
        letters.send(link.user.email, letters.about_link(link, token))


def _whom(link: MailedLink) -> User | None:
    rows = User.objects.filter(email__iexact=link.email, is_active=True)
    if link.purpose == Purpose.SIGN_IN:
        rows = rows.exclude(memberships=None)
    return rows.first()


def _write_invitation(invitation: Invitation) -> None:
    if invitation.revoked_at is not None:
        return
    new = operations.claim_letter(letter=invitation, kind="invitation", now=timezone.now())
    letters.send(invitation.email, letters.about_invitation(invitation, new.text))


def _write_registration(registration: Registration) -> None:
    new = operations.claim_letter(letter=registration, kind="registration", now=timezone.now())
    letters.send(registration.email, letters.about_registration(registration, new.text))


WRITERS: dict[str, Callable[[Any], None]] = {
    "link": _write_link,
    "invitation": _write_invitation,
    "registration": _write_registration,
}


@shared_task(name="people.send_waiting")
def send_waiting() -> None:
    """Send what is still due, and forget what is over."""
    now = timezone.now()
    for kind, model in KINDS.items():
        waiting = model._default_manager.filter(
            sent_at=None, used_at=None, asked_at__gt=now - model.sent_within
        )
        for pk in waiting.values_list("pk", flat=True)[:AT_ONCE]:
            _try_to_send(kind, str(pk))
    operations.forget_old_letters(now=now)
    limits.forget_old_tries(now=now)


def _try_to_send(kind: str, letter_id: str) -> None:
    try:
        send_letter(kind=kind, letter_id=letter_id)
    except Exception as error:
        # One address that cannot be reached must not keep the others' mail; it is tried again.
        log.warning("letter_not_sent", kind=kind, error=type(error).__name__)
