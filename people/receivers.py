"""What is written down when somebody signs in or changes how they do."""

import time
from typing import Any

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from people import operations
from people.models import User
from people.proof import SIGNED_IN_AT
from tenancy.http import address_of


def _note(request: HttpRequest, user: User, action: str, **facts: Any) -> None:
    operations.note_everywhere(user=user, action=action, facts=facts, address=address_of(request))


@receiver(user_logged_in)
def begin_session(request: HttpRequest, **_about: Any) -> None:
    request.session[SIGNED_IN_AT] = time.time()


@receiver(account.user_logged_in)
def note_sign_in(request: HttpRequest, user: User, **_about: Any) -> None:
    records = get_authentication_records(request, user)
    methods = list(dict.fromkeys(record.get("type") or record["method"] for record in records))
    _note(request, user, "person.signed_in", by=methods)


@receiver(mfa.authentication_failed)
def note_wrong_code(request: HttpRequest, user: User, **_about: Any) -> None:
    _note(request, user, "second_factor.failed")


@receiver(mfa.authenticator_added)
def guard_sessions(
    request: HttpRequest, user: User, authenticator: Authenticator, **_about: Any
) -> None:
    """Sessions that began without the second factor end."""
    _note(request, user, "second_factor.added", kind=authenticator.type)
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        operations.end_sessions(user=user, sessions=others, address=address_of(request))


@receiver(mfa.authenticator_removed)
def note_factor_removed(
    request: HttpRequest, user: User, authenticator: Authenticator, **_about: Any
) -> None:
    _note(request, user, "second_factor.removed", kind=authenticator.type)


@receiver(mfa.authenticator_reset)
def note_new_codes(request: HttpRequest, user: User, **_about: Any) -> None:
    _note(request, user, "second_factor.new_codes")


@receiver([account.password_changed, account.password_set, account.password_reset])
def note_new_password(request: HttpRequest, user: User, **_about: Any) -> None:
    _note(request, user, "password.changed")


@receiver(account.email_changed)
def note_new_address(request: HttpRequest, user: User, **_about: Any) -> None:
    _note(request, user, "email.changed")
