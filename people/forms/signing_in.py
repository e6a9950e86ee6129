"""How somebody shows who they are."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people import operations, tasks
from people.models import Purpose
from tenancy import limits
from tenancy.http import address_of


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = gettext_lazy("E-mail")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = gettext_lazy("Stay signed in on this device")


class EmailForm(forms.Form):
    """For a link by mail."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), widget=forms.EmailInput({"autocomplete": "email"})
    )


class ForgottenPasswordForm(ResetPasswordForm):
    """Notes the wish; who has the address is looked up where the mail is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = gettext_lazy("E-mail")

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        ask_by_mail(request, email, Purpose.PASSWORD)
        return email


def ask_by_mail(request: HttpRequest, email: str, purpose: Purpose, next_path: str = "") -> None:
    """Have a link sent to whoever has the address. Raises TooManyTries."""
    limits.insist_all(
        [("letter_address", address_of(request) or "none"), ("letter_account", email.lower())]
    )
    link = operations.ask_for_link(
        email=email, purpose=purpose, next_path=next_path, now=timezone.now()
    )
    tasks.post(link)


class SecondFactorForm(AuthenticateForm):
    """A code from an app, used once, or a recovery code."""

    def clean_code(self) -> str:
        return _counted_and_used_once(self, super().clean_code)


class SecondFactorAgainForm(ReauthenticateForm):
    def clean_code(self) -> str:
        return _counted_and_used_once(self, super().clean_code)


def _counted_and_used_once(form: Any, clean: Any) -> str:
    counted = limits.insist("second_factor", str(form.user.pk))
    code: str = clean()
    authenticator: Authenticator = form.authenticator
    if authenticator.type == Authenticator.Type.TOTP:
        step = _step_of(authenticator, code)
        if not operations.use_totp_step(authenticator=authenticator, step=step):
            raise ValidationError(_("This code was used already. Wait for the next one."))
        authenticator.refresh_from_db()
    limits.give_back(counted)
    return code


def _step_of(authenticator: Authenticator, code: str) -> int:
    """The time step that a code, known to be right, belongs to."""
    secret = decrypt(authenticator.data["secret"])
    digits = "".join(sign for sign in code if sign.isdigit())
    steps: list[int] = list(yield_hotp_counters_from_time())
    return max(
        (step for step in steps if format_hotp_value(hotp_value(secret, step)) == digits),
        default=0,
    )


class AddPasskeyForm(AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = gettext_lazy("Name")
        self.fields["name"].max_length = 80
        self.fields["name"].initial = self.initial["name"] = _("This device")
        self.fields["passwordless"].label = gettext_lazy("Also sign in with it, without a password")
        self.fields["passwordless"].help_text = ""
        self.fields["passwordless"].initial = True
