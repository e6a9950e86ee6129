"""Changes to barriers: noted, worked on, removed, and back when they were not."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from adoption.models import Barrier, BarrierGroup
from adoption.queries.barriers import get_groups_of_owner
from engagements.models import Engagement, ImpactGroup
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from tenancy import audit

BARRIER_FIELDS = frozenset(
    {
        "kind",
        "effect",
        "since_date",
        "severity",
        "owner",
        "owner_at_customer",
        "package_uid",
        "due_date",
        "state",
    }
)


@transaction.atomic
def note_barrier(
    *,
    engagement: Engagement,
    groups: Iterable[ImpactGroup],
    fields: Mapping[str, Any],
    by: User | None,
) -> Barrier:
    """Raises ValidationError, keyed by field: it stops a group, and its owner is outside of it."""
    row = Barrier(
        customer_id=engagement.customer_id, engagement=engagement, **known(fields, BARRIER_FIELDS)
    )
    stopped = list(groups)
    _refuse_groups(row, stopped)
    _refuse_owner_inside(row, stopped)
    save(row, named_by="effect")
    _stop(row, stopped)
    _put(row, "barrier.noted", _("Barrier noted: %(barrier)s") % {"barrier": row}, by)
    _record("barrier.noted", row)
    return row


@transaction.atomic
def change_barrier(
    *,
    barrier: Barrier,
    fields: Mapping[str, Any],
    by: User | None,
    groups: Iterable[ImpactGroup] | None = None,
) -> Barrier:
    """Raises ValidationError, keyed by field. Without `groups` it stops whom it stopped."""
    before = {row.impact_group for row in barrier.stops.select_related("impact_group")}
    stopped = before if groups is None else set(groups)
    _refuse_groups(barrier, stopped)
    changed = change(barrier, known(fields, BARRIER_FIELDS), named_by="effect")
    _refuse_owner_inside(barrier, stopped)
    if stopped != before:
        barrier.stops.exclude(impact_group__in=stopped).delete()
        _stop(barrier, stopped - before)
        changed["groups"] = [_names(before), _names(stopped)]
    if "state" in changed:
        words = {"barrier": barrier, "state": barrier.get_state_display()}
        _put(barrier, "barrier.changed", _("Barrier %(barrier)s: %(state)s") % words, by)
    if changed:
        _record("barrier.changed", barrier, changed)
    return barrier


@transaction.atomic
def remove_barrier(*, barrier: Barrier, day: date, how: str, by: User | None) -> Barrier:
    """It is out of the way since a day. Raises ValidationError, keyed by field."""
    if day < barrier.since_date:
        raise ValidationError({"removed_date": _("It was not there yet on this day.")})
    change(barrier, {"removed_date": day, "removed_how": how.strip()}, named_by="removed_how")
    words = {"barrier": barrier, "how": barrier.removed_how}
    _put(barrier, "barrier.removed", _("Barrier removed: %(barrier)s. %(how)s") % words, by)
    _record("barrier.removed", barrier, {"day": day, "how": barrier.removed_how})
    return barrier


@transaction.atomic
def bring_back_barrier(*, barrier: Barrier, by: User | None) -> Barrier:
    """It was not removed after all and stands as before; without effect when it stands already."""
    if barrier.is_removed:
        change(barrier, {"removed_date": None, "removed_how": ""}, named_by="effect")
        text = _("Barrier still in the way: %(barrier)s") % {"barrier": barrier}
        _put(barrier, "barrier.back", text, by)
        _record("barrier.back", barrier)
    return barrier


def _refuse_groups(row: Barrier, groups: Iterable[ImpactGroup]) -> None:
    stopped = list(groups)
    if not stopped:
        raise ValidationError({"groups": _("Name at least one group that it stops.")})
    if any(group.engagement_id != row.engagement_id for group in stopped):
        raise ValidationError({"groups": _("This group belongs to another engagement.")})


def _refuse_owner_inside(row: Barrier, groups: Iterable[ImpactGroup]) -> None:
    """What users could remove themselves is no barrier of the organisation."""
    person = row.owner or row.owner_at_customer
    if person is None:
        return
    inside_of = get_groups_of_owner(person=person, groups=groups)
    if inside_of:
        field = "owner" if row.owner else "owner_at_customer"
        words = _(
            "%(name)s is an end user of %(group)s. A barrier is outside the users’ control: name"
            " somebody outside the group."
        )
        raise ValidationError({field: words % {"name": person, "group": inside_of[0].name}})


def _stop(row: Barrier, groups: Iterable[ImpactGroup]) -> None:
    BarrierGroup.objects.bulk_create(
        BarrierGroup(customer_id=row.customer_id, barrier=row, impact_group=group)
        for group in groups
    )


def _names(groups: Iterable[ImpactGroup]) -> list[str]:
    return sorted(group.name for group in groups)


def _put(row: Barrier, kind: str, text: str, by: User | None) -> None:
    url = inside("adoption:barriers", row.engagement_id)
    put_on_timeline(engagement=row.engagement, kind=kind, text=text, url=url, by=by, shared=True)


def _record(action: str, row: Barrier, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(
        action=action, subject=row, facts=dict(facts or {}), about_customer_id=row.customer_id
    )
