"""What people fill in about people and keys."""

from people.forms.keys import ApiKeyForm, RotateForm
from people.forms.newcomers import NameForm, NewPersonForm, ShortNameForm, SignUpForm
from people.forms.places import InviteForm, PlaceForm
from people.forms.signing_in import (
    AddPasskeyForm,
    EmailForm,
    ForgottenPasswordForm,
    SecondFactorAgainForm,
    SecondFactorForm,
    SignInForm,
    ask_by_mail,
)

__all__ = [
    "AddPasskeyForm",
    "ApiKeyForm",
    "EmailForm",
    "ForgottenPasswordForm",
    "InviteForm",
    "NameForm",
    "NewPersonForm",
    "PlaceForm",
    "RotateForm",
    "SecondFactorAgainForm",
    "SecondFactorForm",
    "ShortNameForm",
    "SignInForm",
    "SignUpForm",
    "ask_by_mail",
]
