"""The mails people get: words, and one link at most. Nothing secret stands in a subject."""

from dataclasses import dataclass
from smtplib import SMTPException

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from people.models import Invitation, MailedLink, Purpose, Registration, User
from tenancy.models import Role

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Words:
    """A mail before it is dressed. `action` names the link; `ending` stands below it."""

    subject: str
    lines: tuple[str, ...]
    url: str = ""
    action: str = ""
    ending: str = ""

    def as_text(self, place: str) -> str:
        parts = ["\n".join(self.lines)]
        if self.url:
            parts.append(f"{self.action}:\n{self.url}")
        if self.ending:
            parts.append(self.ending)
        return "\n\n".join([*parts, f"-- \nAdoptIQ · {place}\n"])


def send(email: str, words: Words) -> None:
    """Send as text and as simple HTML. Raises OSError or SMTPException when mail is away."""
    context = {"words": words, "place": settings.PUBLIC_URL}
    text = words.as_text(settings.PUBLIC_URL)
    message = EmailMultiAlternatives(words.subject, text, to=[email])
    message.attach_alternative(render_to_string("people/letter.html", context), "text/html")
    message.send()


def send_if_possible(email: str, words: Words) -> None:
    """For news that must not stop what it is about."""
    try:
        send(email, words)
    except (OSError, SMTPException) as error:
        log.warning("letter_not_sent", error=type(error).__name__)


def address(name: str, *parts: str) -> str:
    """An address as it stands in a mail."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=parts)}"


def password_path(user: User) -> str:
    """Where somebody chooses a password; works once, for an hour."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "x", "key": "y"})
    return path.replace("x-y", key)


def about_link(link: MailedLink, token: str) -> Words:
    """`token` is the text of the link, or nothing where allauth makes its own."""
    if link.purpose == Purpose.PASSWORD and link.user is not None:
        lines: tuple[str, ...] = (_("You asked for a new password. Choose it within an hour."),)
        url = settings.PUBLIC_URL + password_path(link.user)
        subject = _("Choose a new password for AdoptIQ")
        return Words(subject, lines, url, _("Choose a password"), _not_you())
    if link.purpose == Purpose.PROVE:
        lines = (
            _("You are about to change something that matters, so we ask whether it is you."),
            _("Open the link in the browser you are working in. It works once, for ten minutes."),
        )
        url = address("follow_link", token)
        return Words(_("Is it you?"), lines, url, _("It is me"), _not_you())
    lines = (_("Here is your link to sign in. It works once, for ten minutes."),)
    url = address("follow_link", token)
    return Words(_("Your link to AdoptIQ"), lines, url, _("Sign in"), _not_you())


def _not_you() -> str:
    return _("You did not ask for this? Then do nothing; nobody gets in without this mail.")


def about_invitation(invitation: Invitation, token: str) -> Words:
    who = str(invitation.invited_by) if invitation.invited_by else _("An administrator")
    names = {
        "who": who,
        "workspace": invitation.tenant.name,
        "role": Role(invitation.role).label,
    }
    return Words(
        _("%(who)s invites you to %(workspace)s") % names,
        (
            _("%(who)s invites you to the workspace %(workspace)s in AdoptIQ.") % names,
            _("Your role there: %(role)s.") % names,
        ),
        address("follow_invitation", token),
        _("See the invitation"),
        _("The link works for seven days. If you do not know the sender, do nothing."),
    )


def about_registration(registration: Registration, token: str) -> Words:
    names = {"workspace": registration.workspace_name}
    return Words(
        _("Open your workspace in AdoptIQ"),
        (_("Your workspace %(workspace)s is ready to be opened.") % names,),
        address("finish_sign_up", token),
        _("Open the workspace"),
        _("The link works for a day. You did not ask for this? Then do nothing."),
    )


def about_change(what: str, came_from: str) -> Words:
    """News about one's own account, for the person it belongs to."""
    return Words(
        _("Something about your AdoptIQ account changed"),
        (what, _("It was asked for from the address %(address)s.") % {"address": came_from}),
        address("account_reset_password"),
        _("It was not me: choose a new password"),
        _("If it was you, there is nothing to do."),
    )


def about_new_address(url: str) -> Words:
    return Words(
        _("Confirm your new address"),
        (_("You want to sign in to AdoptIQ with this address from now on."),),
        url,
        _("Confirm the address"),
        _not_you(),
    )


def about_known_address() -> Words:
    """For somebody whose address another account asked for."""
    return Words(
        _("Your address has an account already"),
        (_("Somebody wanted to use this address for another AdoptIQ account. Nothing changed."),),
        address("account_login"),
        _("Sign in"),
    )
