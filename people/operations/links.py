"""Links by mail: asked for, made where the mail is written, used once."""

from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction

from people.models import KINDS, Letter, MailedLink, Purpose, Registration
from tenancy.keys import NewKey, make_key

# What is settled stays a while, so that its link can say what became of it.
KEPT_AFTERWARDS = timedelta(days=1)

AnyLetter = TypeVar("AnyLetter", bound=Letter)


class DeadLink(ValueError):
    """The link was used, is too old, or was taken back."""


@transaction.atomic
def ask_for_link(*, email: str, purpose: Purpose, next_path: str, now: datetime) -> MailedLink:
    """Note that a link is wanted for an address. The same work whether anybody has it or not."""
    return MailedLink.objects.create(
        email=email.strip().lower(), purpose=purpose, next_path=next_path[:500], asked_at=now
    )


def claim_letter(*, letter: Letter, kind: str, now: datetime) -> NewKey:
    """Give a letter the link it carries, of which only the hash is kept; an earlier one dies.

    To be called in the transaction that sends the mail.
    """
    new = make_key(kind)
    letter.prefix, letter.secret_hash = new.prefix, new.secret_hash
    letter.sent_at, letter.expires_at = now, now + letter.lifetime
    letter.save()
    return new


@transaction.atomic
def use_letter(*, letter: AnyLetter, now: datetime) -> AnyLetter:
    """Mark a letter's link as used. Raises DeadLink when it opens nothing, also for the second of
    two who use it at once."""
    held = type(letter)._default_manager.select_for_update().filter(pk=letter.pk).first()
    if held is None or not held.is_open(now):
        raise DeadLink
    held.used_at = now
    held.save(update_fields=["used_at"])
    return held


@transaction.atomic
def forget_old_letters(*, now: datetime) -> None:
    """Delete links and registrations that are over. Invitations stay: a workspace lists them."""
    for kind in (MailedLink, Registration):
        longest = kind.lifetime + kind.sent_within + KEPT_AFTERWARDS
        kind._default_manager.filter(asked_at__lt=now - longest).delete()


def kind_of(letter: Letter) -> str:
    """What tasks and links call this kind of letter."""
    return next(name for name, model in KINDS.items() if isinstance(letter, model))
