"""What was deleted can be brought back for a while, and then it is gone."""

from datetime import date, datetime, timedelta

from django.db import transaction

from engagements.models import Interaction, Note, Task, WorkRoute

KEPT_FOR = timedelta(days=30)


@transaction.atomic
def forget_deleted(*, business_date: date, now: datetime) -> int:
    """Works on the workspace in scope. Returns how many rows went."""
    gone = 0
    for model in (Note, Interaction, Task, WorkRoute):
        rows, _by_model = model.objects.filter(deleted_at__lt=now - KEPT_FOR).delete()
        gone += rows
    return gone
