"""PURE keys for programs: made, split and compared, never stored in the clear.

A key reads `aiq_<kind>_<prefix>_<secret>`: the prefix finds its row, the secret proves it.
256 random bits need no slow hash; SHA-256 keeps the look-up cheap.
"""

import hashlib
import hmac
import re
import secrets
import string
from dataclasses import dataclass

ALPHABET = string.ascii_letters + string.digits
KEY = re.compile(r"aiq_[a-z]+_[A-Za-z0-9]+_[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key at the only moment it can be read."""

    text: str
    prefix: str
    secret_hash: bytes


def make_key(kind: str) -> NewKey:
    """A new key of a kind, "live" for the API or "src" for a usage source."""
    prefix = "".join(secrets.choice(ALPHABET) for _ in range(8))
    secret = "".join(secrets.choice(ALPHABET) for _ in range(43))
    return NewKey(f"aiq_{kind}_{prefix}_{secret}", prefix, hash_secret(secret))


def split_key(text: str, kind: str) -> tuple[str, str] | None:
    """(prefix, secret) of a key of that kind, or None when the text is no such key."""
    parts = text.split("_")
    if len(parts) != 4 or parts[:2] != ["aiq", kind]:
        return None
    if not (parts[2].isascii() and parts[2].isalnum()):
        return None
    return parts[2], parts[3]


def without_keys(text: str) -> str:
    """The text with a mark in place of each key in it, for whatever is kept or shown."""
    return KEY.sub("[key]", text)


def hash_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def fits(secret: str, secret_hash: bytes | memoryview) -> bool:
    return hmac.compare_digest(hash_secret(secret), bytes(secret_hash))
