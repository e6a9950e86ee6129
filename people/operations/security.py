"""What guards a person's account: second factors, sessions, and who hears of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from people.models import User
from tenancy import audit
from tenancy.models import ActorKind
from tenancy.queries import get_memberships
from tenancy.scope import tenant_scope


@transaction.atomic
def note_everywhere(
    *,
    user: User,
    action: str,
    facts: Mapping[str, Any] | None = None,
    address: str | None = None,
    actor: audit.Actor | None = None,
) -> None:
    """Write into the audit log of every workspace of a person. To be called outside any scope."""
    actor = actor or audit.Actor(ActorKind.PERSON, str(user), user.pk, address)
    # In one order, since each log is held until the transaction ends.
    for membership in sorted(get_memberships(user_id=user.pk), key=lambda row: row.tenant_id):
        with audit.acting(actor), tenant_scope(membership.tenant_id):
            audit.record(action=action, subject=user, facts=facts)


@transaction.atomic
def end_sessions(*, user: User, sessions: Iterable[UserSession], address: str | None) -> int:
    """Sign these sessions of one person out. Returns how many there were."""
    keys = [session.session_key for session in sessions if session.user_id == user.pk]
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    if keys:
        facts = {"sessions": len(keys)}
        note_everywhere(user=user, action="session.ended", facts=facts, address=address)
    return len(keys)


@transaction.atomic
def use_totp_step(*, authenticator: Authenticator, step: int) -> bool:
    """Whether this time step is later than any used before, which it then is no more.

    One statement, so that of two who send the same code at once one is refused.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mfa_authenticator SET data = data || jsonb_build_object('last_step', %s::bigint)"
            " WHERE id = %s AND coalesce((data->>'last_step')::bigint, 0) < %s",
            [step, authenticator.pk, step],
        )
        return bool(cursor.rowcount == 1)


@transaction.atomic
def forget_second_factor(*, user: User) -> int:
    """Take every second factor of a person away and sign them out. Returns how many there were.

    For an operator who has made sure who asks.
    """
    count, _by_model = Authenticator.objects.filter(user=user).delete()
    actor = audit.Actor(ActorKind.OPERATOR, "manage.py forget_second_factor")
    end_sessions(user=user, sessions=UserSession.objects.filter(user=user), address=None)
    note_everywhere(
        user=user, action="second_factor.forgotten", facts={"factors": count}, actor=actor
    )
    return int(count)
