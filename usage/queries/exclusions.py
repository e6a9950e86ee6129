"""Who is left out of every count."""

from collections.abc import Iterable
from uuid import UUID

from engagements.queries import get_end_users_like
from usage.models import Exclusion


def get_excluded(*, exclusions: Iterable[Exclusion]) -> list[tuple[UUID, UUID]]:
    """(customer, end user) of the people these exclusions mean."""
    patterns: dict[str, list[str]] = {kind: [] for kind in Exclusion.Kind.values}
    for row in exclusions:
        patterns[row.kind].append(row.pattern)
    return get_end_users_like(
        ids=patterns[Exclusion.Kind.PERSON], domains=patterns[Exclusion.Kind.DOMAIN]
    )
