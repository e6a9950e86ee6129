"""Tying files to what they belong to, and taking them off again."""

from datetime import datetime

from django.db import transaction

from engagements.models import Attachment, StoredFile
from engagements.queries.attachments import Target
from people.models import User
from tenancy import audit


class OtherCustomer(ValueError):
    """The file belongs to another customer than the row it should go with."""


@transaction.atomic
def attach_file(*, file: StoredFile, to: Target, by: User | None) -> Attachment:
    """The file goes with that row from now on, once. Raises OtherCustomer."""
    if file.customer_id != to.customer_id:
        raise OtherCustomer
    row, created = Attachment.objects.get_or_create(
        file=file,
        kind=to.kind,
        row_id=to.row_id,
        defaults={"customer_id": file.customer_id, "attached_by": by},
    )
    if created or row.removed_at is not None:
        row.removed_at = None
        row.save(update_fields=["removed_at"])
        _record("file.attached", row)
    return row


@transaction.atomic
def detach_file(*, attachment: Attachment, now: datetime) -> None:
    """The file stays; it no longer goes with that row."""
    if attachment.removed_at is not None:
        return
    attachment.removed_at = now
    attachment.save(update_fields=["removed_at"])
    _record("file.detached", attachment)


@transaction.atomic
def attach_again(*, attachment: Attachment) -> None:
    attachment.removed_at = None
    attachment.save(update_fields=["removed_at"])
    _record("file.attached", attachment)


def _record(action: str, row: Attachment) -> None:
    audit.record(
        action=action,
        subject=row.file,
        facts={"to": row.kind, "id": row.row_id},
        about_customer_id=row.customer_id,
    )
