"""Notes on an engagement."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from engagements.models import Engagement, Note
from engagements.operations.mentions import mentioned, names_of_mentioned, tell_mentioned
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, keep_entry, take_off_timeline
from people.models import User
from tenancy import audit

NOTE_FIELDS = frozenset({"text", "pinned", "shared"})


@transaction.atomic
def write_note(*, engagement: Engagement, fields: Mapping[str, Any], by: User | None) -> Note:
    """Raises ValidationError, keyed by field."""
    note = Note(
        customer_id=engagement.customer_id,
        engagement=engagement,
        by=by,
        **known(fields, NOTE_FIELDS),
    )
    _keep(note, {}, by)
    _record("note.written", note)
    return note


@transaction.atomic
def change_note(*, note: Note, fields: Mapping[str, Any], by: User | None) -> Note:
    """What it said before stands in the audit log. Raises ValidationError, keyed by field."""
    changed = _keep(note, known(fields, NOTE_FIELDS), by)
    if changed:
        _record("note.changed", note, changed)
    return note


def _keep(note: Note, fields: Mapping[str, Any], by: User | None) -> dict[str, list[Any]]:
    text, shared = (fields.get(name, getattr(note, name)) for name in ("text", "shared"))
    found = mentioned({"text": text}, customer_id=note.customer_id, shared=shared)
    note.mentions = names_of_mentioned(found)
    facts = change(note, fields, named_by="text") if fields else {}
    if not fields:
        save(note, named_by="text")
    put_note(note)
    page = ("engagements:timeline", note.engagement_id)
    tell_mentioned(found, row=note, text=note.text, by=by, page=page)
    return facts


def put_note(note: Note) -> None:
    keep_entry(
        note,
        engagement_id=note.engagement_id,
        kind="note.written",
        key=f"note:{note.pk}",
        text=note.text,
        at=note.created_at,
        url=inside("engagements:edit_note", note.pk),
    )


@transaction.atomic
def delete_note(*, note: Note, now: datetime) -> None:
    """It is no longer shown; `restore_note` brings it back."""
    note.deleted_at = now
    note.save(update_fields=["deleted_at"])
    take_off_timeline(engagement_id=note.engagement_id, key=f"note:{note.pk}")
    _record("note.deleted", note)


@transaction.atomic
def restore_note(*, note: Note) -> None:
    note.deleted_at = None
    note.save(update_fields=["deleted_at"])
    put_note(note)
    _record("note.restored", note)


def _record(action: str, note: Note, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(action=action, subject=note, facts=facts, about_customer_id=note.customer_id)
