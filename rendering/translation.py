"""What pure files say, in the language of whoever reads it."""

from django.utils.translation import gettext

from rendering.sentences import Sentence, reason_of


def translated(text: str) -> str:
    """A sentence in the language in force; any other text as it is."""
    return text.say(gettext) if isinstance(text, Sentence) else text


def said_by(error: Exception) -> str:
    """What an exception of a pure file says, in the language in force."""
    return translated(reason_of(error))
