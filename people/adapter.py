"""How allauth behaves here: what it counts, asks again for, encrypts and writes."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import letters
from people.devices import known_device, remember_device
from people.proof import proved_recently
from people.queries import has_second_factor, is_address_of_another
from tenancy import limits
from tenancy.http import address_of

# What became of an account, by the name allauth has for it.
NEWS = {
    "account/email/email_changed": gettext_lazy("The e-mail address you sign in with was changed."),
    "account/email/password_changed": gettext_lazy("Your password was changed."),
    "account/email/password_set": gettext_lazy("A password was set."),
    "account/email/password_reset": gettext_lazy("Your password was replaced by a new one."),
    "mfa/email/totp_activated": gettext_lazy("An authenticator app was set up."),
    "mfa/email/totp_deactivated": gettext_lazy("The authenticator app was taken away."),
    "mfa/email/webauthn_added": gettext_lazy("A passkey was added."),
    "mfa/email/webauthn_removed": gettext_lazy("A passkey was taken away."),
    "mfa/email/recovery_codes_generated": gettext_lazy("New recovery codes were made."),
}


class AccountAdapter(DefaultAccountAdapter):
    _counted: limits.Verdict | None = None

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        # People come in by invitation, or with a workspace of their own, on a page of ours.
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before the password is looked at. Raises TooManyTries."""
        account = str(credentials.get("email", "")).strip().lower()
        address = address_of(request) or "none"
        device = known_device(request, account)
        self._counted = limits.insist_all(
            [("sign_in_device", f"{device} {account}")]
            if device
            else [
                ("sign_in_pair", f"{address} {account}"),
                ("sign_in_address", address),
                ("sign_in_account", account),
            ]
        )

    def _rollback_login_failed_rl_usage(self) -> None:
        # Called by allauth when the password was right.
        if self._counted is not None:
            limits.give_back(self._counted)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, **about: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **about)
        remember_device(request, response, str(user.get_username()))
        return response

    def is_reauthentication_required(self, *, app: str) -> bool:
        # Raised here, because allauth lets those pass who have neither password nor second factor.
        if not proved_recently(self.request):
            raise ReauthenticationRequired
        return False

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """A second factor where there is one, else the password, else a link by mail."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return methods
        if has_second_factor(user_id=user.pk):
            return [method for method in methods if method["id"] != "reauthenticate"]
        by_link = {
            "id": "prove_by_link",
            "description": _("Use a link by e-mail"),
            "url": reverse("prove_by_link"),
        }
        return [*methods, by_link]

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: Any, signup: bool
    ) -> None:
        address = emailconfirmation.email_address.email
        limits.insist("letter_account", address.lower())
        if is_address_of_another(email=address, user_id=emailconfirmation.email_address.user_id):
            # The one who asked gets the same answer; the owner hears what was tried.
            letters.send_if_possible(address, letters.about_known_address())
            return
        url = letters.address("account_confirm_email", emailconfirmation.key)
        letters.send(address, letters.about_new_address(url))

    def send_account_already_exists_mail(self, email: str) -> None:
        limits.insist("letter_account", email.lower())
        letters.send_if_possible(email, letters.about_known_address())

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: Mapping[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        to = email or EmailAddress.objects.get_primary_email(user) or str(user.get_username())
        words = letters.about_change(str(NEWS[template_prefix]), address_of(self.request) or "–")
        letters.send_if_possible(to, words)


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return "AdoptIQ"

    def _get_site_name(self) -> str:
        return "AdoptIQ"

    def encrypt(self, text: str) -> str:
        """Seeds stand encrypted in the database, under a key drawn from SECRET_KEY."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_drawn_from(key)) for key in keys])


def _drawn_from(secret: Any) -> bytes:
    digest = hashlib.sha256(b"people.second_factor " + force_bytes(secret)).digest()
    return base64.urlsafe_b64encode(digest)
