"""Second factors as people have them."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value

from people.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_app(user: User) -> Authenticator:
    authenticator: Authenticator = TOTP.activate(user, SECRET).instance
    return authenticator


def give_recovery_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def code_now(ahead: int = 0, secret: str = SECRET) -> str:
    """The code the app shows now, or so many steps from now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead)))
