"""PURE names of files: what somebody's computer called it, as a name that is safe to show."""

import re
import unicodedata

LONGEST = 150
LONGEST_ENDING = 10
# What some system takes for more than a letter of a name.
NOT_IN_NAMES = re.compile(r'[<>:"|?*\\/]')
# Controls, marks that turn the direction of writing, halves of letters, what has no meaning yet.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown_name(claimed: str) -> str:
    """The last part of the name without what cannot be seen, at most 150 characters.

    Never empty, never with a dot in front, never part of a path.
    """
    text = "".join(
        letter
        for letter in unicodedata.normalize("NFC", claimed)
        if unicodedata.category(letter) not in UNSEEN
    )
    last = re.split(r"[\\/]", text)[-1]
    plain = " ".join(NOT_IN_NAMES.sub("_", last).split()).strip(" .")
    return _shortened(plain) or "file"


def ending_of(name: str) -> str:
    """`pdf` of `Report.PDF`; empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    fits = stem and ending.isalnum() and ending.isascii() and len(ending) <= LONGEST_ENDING
    return ending.lower() if dot and fits else ""


def with_ending(name: str, endings: tuple[str, ...]) -> str:
    """The name, ending in one of these: with the first of them added where it ends otherwise."""
    if ending_of(name) in endings:
        return name
    added = f".{endings[0]}"
    return name[: LONGEST - len(added)].rstrip(" .") + added


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    ending = ending_of(name)
    kept = f".{ending}" if ending else ""
    return name[: LONGEST - len(kept) - 1].rstrip(" .") + "…" + kept
