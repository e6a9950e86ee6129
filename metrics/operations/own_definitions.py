"""Definitions of a workspace's own; a changed one gets a new version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from engagements.operations.saving import known, save
from metrics.models import Measure, OwnDefinition
from metrics.queries.catalogue import OWN, get_definitions
from people.models import User
from tenancy.audit import changes, record

DEFINITION_FIELDS = frozenset(
    {
        "label",
        "unit",
        "direction",
        "source",
        "counting",
        "window_days",
        "valid_days",
        "decimals",
        "lowest",
        "highest",
        "small_count",
        "minutes",
    }
)
LONGEST_KEY = 60


@transaction.atomic
def write_definition(*, fields: Mapping[str, Any], by: User | None) -> OwnDefinition:
    """A new definition of the workspace's own. Raises ValidationError, keyed by field."""
    row = OwnDefinition(written_by=by, **known(fields, DEFINITION_FIELDS))
    row.key = _free_key(row.label)
    _refuse_same_label(row)
    save(row, named_by="label")
    record(action="definition.written", subject=row)
    return row


def _free_key(label: str) -> str:
    stem = f"{OWN}{slugify(label).replace('-', '_') or 'measure'}"[: LONGEST_KEY - 4]
    taken = set(OwnDefinition.objects.filter(key__startswith=stem).values_list("key", flat=True))
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (stem, *numbered) if key not in taken)


def _refuse_same_label(row: OwnDefinition) -> None:
    wanted = row.label.strip().casefold()
    same = (item for item in get_definitions() if item.key != row.key)
    if any(str(item.label).casefold() == wanted for item in same):
        raise ValidationError({"label": _("Another measure has this name already.")})


@transaction.atomic
def change_definition(
    *, definition: OwnDefinition, fields: Mapping[str, Any], by: User | None
) -> OwnDefinition:
    """The next version, by which everything that uses it is counted from now on; what was read
    keeps the version it was read by.

    Raises ValidationError, keyed by field.
    """
    held = OwnDefinition.objects.select_for_update(of=("self",))
    newest = held.filter(key=definition.key).latest("version")
    changed = changes(newest, known(fields, DEFINITION_FIELDS))
    if not changed:
        return newest
    row = OwnDefinition(
        key=newest.key,
        version=newest.version + 1,
        written_by=by,
        withdrawn_at=newest.withdrawn_at,
        **{name: getattr(newest, name) for name in DEFINITION_FIELDS} | dict(fields),
    )
    _refuse_same_label(row)
    save(row, named_by="label")
    Measure.objects.filter(definition_key=row.key).update(
        own_definition=row, definition_version=row.version, stated_date=None
    )
    record(action="definition.changed", subject=row, facts=changed)
    return row


@transaction.atomic
def withdraw_definition(*, definition: OwnDefinition, now: datetime) -> None:
    """Offer it no longer; what is measured by it goes on. Doing it twice changes nothing."""
    rows = OwnDefinition.objects.filter(key=definition.key, withdrawn_at=None)
    if rows.update(withdrawn_at=now):
        record(action="definition.withdrawn", subject=definition)


@transaction.atomic
def restore_definition(*, definition: OwnDefinition) -> None:
    """Offer it again."""
    rows = OwnDefinition.objects.filter(key=definition.key).exclude(withdrawn_at=None)
    if rows.update(withdrawn_at=None):
        record(action="definition.restored", subject=definition)
