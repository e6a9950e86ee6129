"""Who is never counted, though their events are kept."""

from __future__ import annotations

from django.db import transaction

from people.models import User
from tenancy.audit import record
from usage.models import Exclusion
from usage.operations.recounting import ask_for_recount
from usage.queries.exclusions import get_excluded


@transaction.atomic
def leave_out(*, kind: str, pattern: str, reason: str, by: User | None) -> Exclusion:
    """Count these people no more, nor what they did before. Raises ValidationError."""
    text = pattern.strip().lower().lstrip("@") if kind == Exclusion.Kind.DOMAIN else pattern.strip()
    made = Exclusion(kind=kind, pattern=text, reason=reason.strip(), created_by=by)
    made.full_clean()
    made.save()
    _count_again(made)
    facts = {"who": made.pattern, "reason": made.reason}
    record(action="exclusion.added", subject=made, facts=facts)
    return made


@transaction.atomic
def count_again(*, exclusion: Exclusion) -> None:
    """Count these people again, with all they did meanwhile."""
    exclusion = Exclusion.objects.select_for_update().get(pk=exclusion.pk)
    _count_again(exclusion)
    record(action="exclusion.removed", subject=exclusion, facts={"who": exclusion.pattern})
    exclusion.delete()


def _count_again(exclusion: Exclusion) -> None:
    ask_for_recount({customer_id for customer_id, _pk in get_excluded(exclusions=[exclusion])})
