"""PURE fields of a workspace's own: what a value of each type may be, as text and as it is kept.

A value is kept as JSON holds it: text, choice and link as a string, a number as a number, a date
as YYYY-MM-DD, yes or no as true or false. No value at all is None.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from urllib.parse import urlsplit

Value = str | int | float | bool

LONGEST_TEXT = 500
# What a binary fraction carries exactly.
MOST_DIGITS = 15
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
SPACES = re.compile(r"[\s\u00a0\u202f]")
YES = frozenset({"yes", "y", "true", "1"})
NO = frozenset({"no", "n", "false", "0"})


class Type(StrEnum):
    """What a field of one's own holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    LINK = "link"


class WrongValue(ValueError):
    """This is no value of the field; the message says why in plain words."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field as its values are read and written; `key` names it in files and addresses."""

    key: str
    label: str
    type: Type
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def column(self) -> str:
        """What the field is called at the head of a spreadsheet's column."""
        return f"own:{self.key}"


def read(field: Field, text: str) -> Value | None:
    """The value that a text stands for; None for a blank one. Raises WrongValue."""
    text = text.strip()
    if text:
        return READERS[field.type](field, text)
    if field.required:
        raise WrongValue("Give a value; this field is needed.")
    return None


def write(field: Field, value: Value | None) -> str:
    """The text that `read` makes the same value of; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return write_number(value) if isinstance(value, float) else str(value)


def write_number(value: float) -> str:
    """All its digits, never as a power of ten."""
    return format(Decimal(repr(value)), "f")


def check(field: Field, value: object) -> Value | None:
    """A value as a program gives it, typed already. Raises WrongValue."""
    if value is None or isinstance(value, str):
        return read(field, value or "")
    if isinstance(value, bool):
        return _of_type(field, Type.YES_NO, value)
    if isinstance(value, int | float):
        _of_type(field, Type.NUMBER, value)
        return read(field, write(field, value) if math.isfinite(value) else "not finite")
    raise WrongValue("Give a single value.")


def _of_type(field: Field, wanted: Type, value: Value) -> Value:
    if field.type != wanted:
        raise WrongValue(
            f"This field holds no {'number' if wanted == Type.NUMBER else 'yes or no'}."
        )
    return value


def _text(_field: Field, text: str) -> Value:
    if len(text) > LONGEST_TEXT:
        raise WrongValue(f"Use at most {LONGEST_TEXT} characters.")
    if any(sign != "\n" and not _can_be_kept(sign) for sign in text):
        raise WrongValue("There is a sign in this text that cannot be kept.")
    return text


def _can_be_kept(sign: str) -> bool:
    """Neither a control character nor half of a pair."""
    return sign >= " " and not "\ud800" <= sign <= "\udfff"


def _number(_field: Field, text: str) -> Value:
    plain = SPACES.sub("", text).replace("\u2212", "-")
    if not NUMBER.fullmatch(plain) or not plain.isascii():
        raise WrongValue("Give a number such as 1200 or 12.5.")
    digits = re.sub(r"\D", "", plain).strip("0")
    if len(digits) > MOST_DIGITS or len(plain) > 2 * MOST_DIGITS:
        raise WrongValue(f"Use at most {MOST_DIGITS} digits.")
    number = float(plain)
    return int(number) if number.is_integer() else number


def _date(_field: Field, text: str) -> Value:
    try:
        return date.fromisoformat(text[:10] if text.endswith("00:00:00") else text).isoformat()
    except ValueError:
        raise WrongValue("Give a day as YYYY-MM-DD, such as 2026-10-31.") from None


def _choice(field: Field, text: str) -> Value:
    for choice in field.choices:
        if choice.casefold() == text.casefold():
            return choice
    raise WrongValue(f"Choose one of: {', '.join(field.choices)}.")


def _yes_no(_field: Field, text: str) -> Value:
    said = text.casefold()
    if said in YES | NO:
        return said in YES
    raise WrongValue("Say yes or no.")


def _link(field: Field, text: str) -> Value:
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.netloc or SPACES.search(text):
        raise WrongValue("Give an address that begins with https://.")
    return _text(field, text)


READERS: dict[Type, Callable[[Field, str], Value]] = {
    Type.TEXT: _text,
    Type.NUMBER: _number,
    Type.DATE: _date,
    Type.CHOICE: _choice,
    Type.YES_NO: _yes_no,
    Type.LINK: _link,
}
