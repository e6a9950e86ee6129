"""Which passwords are refused: too long to hash, or among those that are tried first.

Length does most of the work. What remains is the common ones that are long enough: words of the
list Django ships, lengthened by digits, signs or repetition, walks over the keyboard, and phrases
of a list kept here. Nothing is asked of an outside service.
"""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128
LONG_LIST = Path(__file__).parent / "data" / "common-passwords.txt"
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz")
LETTERS_FOR = str.maketrans("013457@$!", "oleastasi")
MOSTLY = 0.8


class MaximumLengthValidator:
    """So that nobody can make the server hash a novel."""

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("Use %(number)s characters at most.") % {"number": LONGEST},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return _("At most %(number)s characters.") % {"number": LONGEST}


class CommonPhraseValidator:
    """Refuses what stands on lists of passwords that were found out, and their usual disguises."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_common(password):
            raise ValidationError(
                _("This password is among those that are tried first. Choose another."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Not one of the passwords that many people use.")


@cache
def common_words() -> frozenset[str]:
    """Django's twenty thousand, and the long ones kept here; lower case."""
    listed = LONG_LIST.read_text().split("\n")
    return frozenset(CommonPasswordValidator().passwords) | {line for line in listed if line}


def is_common(password: str) -> bool:
    """Whether a password is a common one, as it stands or in disguise."""
    plain = password.lower()
    squeezed = re.sub(r"[^a-z0-9]", "", plain)
    forms = {plain, squeezed, plain.translate(LETTERS_FOR)}
    if any(_is_walk(form) for form in (plain, squeezed)):
        return True
    forms |= {_bare(form) for form in set(forms)}
    forms |= {_once(form) for form in set(forms)}
    return not common_words().isdisjoint(forms)


def _bare(text: str) -> str:
    """Without the digits and signs around it, where these are the smaller half."""
    bare = re.sub(r"^[^a-z]+|[^a-z]+$", "", text)
    return bare if 2 * len(bare) >= len(text) else text


def _once(text: str) -> str:
    """What a text repeats, when it is nothing but a repetition."""
    found = re.fullmatch(r"(.+?)\1+", text)
    return found[1] if found else text


def _is_walk(text: str) -> bool:
    """Whether a text is made of neighbouring keys or letters alone, such as qwerty12345."""
    steps = sum(_neighbours(one + other) for one, other in pairwise(text))
    return steps >= MOSTLY * (len(text) - 1)


def _neighbours(pair: str) -> bool:
    return pair[0] == pair[1] or any(pair in row or pair in row[::-1] for row in ROWS)
