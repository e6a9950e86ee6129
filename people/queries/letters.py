"""Links that came by mail."""

from typing import TypeVar

from people.models import Letter
from tenancy.keys import fits, split_key
from tenancy.models import Tenant

AnyLetter = TypeVar("AnyLetter", bound=Letter)


def get_letter(*, kind: type[AnyLetter], text: str, name: str) -> AnyLetter | None:
    """The letter whose link this is, alive or over; None when it is no link of ours."""
    parts = split_key(text, name)
    if parts is None:
        return None
    letter = kind._default_manager.filter(prefix=parts[0]).first()
    if letter is None or letter.secret_hash is None:
        return None
    return letter if fits(parts[1], letter.secret_hash) else None


def is_short_name_taken(*, slug: str) -> bool:
    """Whether a workspace has the short name already."""
    return Tenant.objects.filter(slug=slug).exists()
