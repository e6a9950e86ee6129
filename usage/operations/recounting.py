"""Having the history of a customer counted again, after its events became another's."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from usage.models import Touch
from usage.operations.counting import whole_history


@transaction.atomic
def ask_for_recount(customer_ids: Iterable[UUID]) -> list[str]:
    """Touch, for each of these customers, all days on which any of them has events, so that the
    next night counts them. Returns the touches' ids.
    """
    customers = list(customer_ids)
    spans = whole_history(customers)
    if not spans:
        return []
    first, last = min(span.first_at for span in spans), max(span.last_at for span in spans)
    touches = [Touch(customer_id=key, first_at=first, last_at=last) for key in customers]
    Touch.objects.bulk_create(touches)
    return [str(touch.pk) for touch in touches]


@transaction.atomic
def withdraw_recount(touch_ids: list[str], customer_ids: Iterable[UUID]) -> None:
    """Take touches back that no night has seen; after a night, ask to count once more."""
    waiting = Touch.objects.filter(pk__in=touch_ids)
    if waiting.count() == len(touch_ids):
        waiting.delete()
    else:
        ask_for_recount(customer_ids)
