"""What pages in front of the door say about this copy, and how a browser's name reads."""

from django import template
from django.conf import settings

from people.devices import describe_device

register = template.Library()
register.filter("device", describe_device)


@register.simple_tag
def sign_up_open() -> bool:
    """Whether anybody may open a workspace here."""
    return bool(settings.SIGN_UP_OPEN)


@register.simple_tag
def mail_stays_here() -> bool:
    """Whether mail is put into a folder instead of being sent, as in a copy somebody tries out."""
    return settings.EMAIL_BACKEND == "django.core.mail.backends.filebased.EmailBackend"
