"""Talks with the customer, and the messages between them and us."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement, Interaction, InteractionPerson, Stakeholder
from engagements.operations.mentions import mentioned, names_of_mentioned, tell_mentioned
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, keep_entry, take_off_timeline
from people.models import User
from tenancy import audit

INTERACTION_FIELDS = frozenset(
    {"kind", "happened_at", "summary", "notes", "minutes", "features", "sentiment", "shared"}
)
People = Sequence[User | Stakeholder]


@transaction.atomic
def record_interaction(
    *, engagement: Engagement, fields: Mapping[str, Any], people: People = (), by: User | None
) -> Interaction:
    """`people` are those who took part, on either side. Raises ValidationError, keyed by field."""
    row = Interaction(
        customer_id=engagement.customer_id,
        engagement=engagement,
        by=by,
        **known(fields, INTERACTION_FIELDS),
    )
    _keep(row, {}, by)
    _seat(row, people)
    _record("interaction.recorded", row, {"kind": row.kind})
    return row


@transaction.atomic
def change_interaction(
    *,
    interaction: Interaction,
    fields: Mapping[str, Any],
    people: People | None = None,
    by: User | None,
) -> Interaction:
    """What it said before stands in the audit log. Without `people` those who took part stay.

    Raises ValidationError, keyed by field.
    """
    changed = _keep(interaction, known(fields, INTERACTION_FIELDS), by)
    interaction.participants.update(shared=interaction.shared)
    if people is not None:
        before = sorted(str(person) for person in participants_of(interaction))
        _seat(interaction, people)
        after = sorted(str(person) for person in people)
        changed |= {"people": [before, after]} if before != after else {}
    if changed:
        _record("interaction.changed", interaction, changed)
    return interaction


def _keep(row: Interaction, fields: Mapping[str, Any], by: User | None) -> dict[str, list[Any]]:
    now_said = {
        name: fields.get(name, getattr(row, name)) for name in ("summary", "notes", "shared")
    }
    shared = now_said.pop("shared")
    found = mentioned(now_said, customer_id=row.customer_id, shared=shared)
    row.mentions = names_of_mentioned(found)
    facts = change(row, fields, named_by="summary") if fields else {}
    if not fields:
        save(row, named_by="summary")
    put_interaction(row)
    page = ("engagements:timeline", row.engagement_id)
    tell_mentioned(found, row=row, text=row.summary, by=by, page=page)
    return facts


def put_interaction(row: Interaction) -> None:
    keep_entry(
        row,
        engagement_id=row.engagement_id,
        kind=f"interaction.{row.kind}",
        key=f"interaction:{row.pk}",
        text=row.summary,
        details="\n".join([row.notes, *row.features]).strip(),
        at=row.happened_at,
        url=inside("engagements:edit_interaction", row.pk),
    )


def participants_of(row: Interaction) -> list[User | Stakeholder]:
    seats = row.participants.select_related("stakeholder", "user")
    return [seat.stakeholder or seat.user for seat in seats]


def _seat(row: Interaction, people: People) -> None:
    strangers = [
        person
        for person in people
        if isinstance(person, Stakeholder) and person.customer_id != row.customer_id
    ]
    if strangers:
        raise ValidationError({"people": _("Somebody here belongs to another customer.")})
    row.participants.all().delete()
    InteractionPerson.objects.bulk_create(
        InteractionPerson(
            customer_id=row.customer_id,
            interaction=row,
            stakeholder=person if isinstance(person, Stakeholder) else None,
            user=person if isinstance(person, User) else None,
            shared=row.shared,
        )
        for person in dict.fromkeys(people)
    )


@transaction.atomic
def delete_interaction(*, interaction: Interaction, now: datetime) -> None:
    """It is no longer shown or counted; `restore_interaction` brings it back."""
    interaction.deleted_at = now
    interaction.save(update_fields=["deleted_at"])
    key = f"interaction:{interaction.pk}"
    take_off_timeline(engagement_id=interaction.engagement_id, key=key)
    _record("interaction.deleted", interaction)


@transaction.atomic
def restore_interaction(*, interaction: Interaction) -> None:
    interaction.deleted_at = None
    interaction.save(update_fields=["deleted_at"])
    put_interaction(interaction)
    _record("interaction.restored", interaction)


def _record(action: str, row: Interaction, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(action=action, subject=row, facts=facts, about_customer_id=row.customer_id)
