"""How somebody wants to hear of things."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from notifications.models import MailChoice, Way
from notifications.queries import GROUPS, get_choice
from people.models import User

CHOICE_FIELDS = frozenset({"ways", "wants_digest", "digest_hour", "time_zone", "mail_format"})


@transaction.atomic
def choose_mail(*, user: User, fields: Mapping[str, Any]) -> MailChoice:
    """Keep what somebody chose; what is not among the fields stays as it is."""
    known = {name: value for name, value in fields.items() if name in CHOICE_FIELDS}
    row, _created = MailChoice.objects.update_or_create(user=user, defaults=known)
    return row


@transaction.atomic
def stop_digest(*, user: User) -> None:
    """No digest from now on, in none of the person's workspaces."""
    choose_mail(user=user, fields={"wants_digest": False})


@transaction.atomic
def stop_mail_at_once(*, user: User) -> None:
    """What came by mail at once goes into the digest from now on."""
    choice = get_choice(user_id=user.pk)
    ways = {
        group.key: Way.DIGEST
        for group in GROUPS
        if choice.ways.get(group.key, group.usual) == Way.NOW
    }
    choose_mail(user=user, fields={"ways": {**choice.ways, **ways}})
