"""Concerns from feedback: tracked to a named person, a time and an outcome."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Answer, Concern, Engagement, Interview
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from notifications.operations import notify
from people.models import User
from tenancy import audit
from tenancy.queries import get_current_tenant

CONCERN_FIELDS = frozenset(
    {"text", "owner", "owner_at_customer", "due_at", "state", "resolution", "shared"}
)


@transaction.atomic
def raise_concern(
    *,
    engagement: Engagement,
    fields: Mapping[str, Any],
    by: User | None,
    now: datetime,
    answer: Answer | None = None,
    interview: Interview | None = None,
) -> Concern:
    """Something to be looked into; with the answer or interview it came from.

    Raises ValidationError, keyed by field.
    """
    concern = Concern(
        customer_id=engagement.customer_id,
        engagement=engagement,
        answer=answer,
        interview=interview,
        raised_by=by,
        **known(fields, CONCERN_FIELDS),
    )
    _settle(concern, now)
    save(concern, named_by="text")
    _tell_owner(concern, by)
    _put(concern, "concern.raised", _("A concern was raised: %(text)s"), by, now)
    _record("concern.raised", concern)
    return concern


@transaction.atomic
def change_concern(
    *, concern: Concern, fields: Mapping[str, Any], by: User | None, now: datetime
) -> Concern:
    """Raises ValidationError, keyed by field; a concern is solved with a word on how."""
    wanted = known(fields, CONCERN_FIELDS)
    for name in ("state", "resolution"):
        setattr(concern, name, wanted.get(name, getattr(concern, name)))
    _settle(concern, now)
    changed = change(concern, wanted, named_by="text")
    if "owner" in changed:
        _tell_owner(concern, by)
    if changed.get("state", [""])[-1] == Concern.State.SOLVED:
        _put(concern, "concern.solved", _("A concern was solved: %(text)s"), by, now)
    if changed:
        _record("concern.changed", concern, changed)
    return concern


def _settle(concern: Concern, now: datetime) -> None:
    """When it was solved goes with whether it is."""
    solved = concern.state == Concern.State.SOLVED
    if solved and not concern.resolution.strip():
        raise ValidationError({"resolution": _("Say what was done about it.")})
    concern.solved_at = (concern.solved_at or now) if solved else None


def _tell_owner(concern: Concern, by: User | None) -> None:
    """Whoever gives a concern to somebody else; not who takes it on."""
    if concern.owner is not None and concern.owner != by:
        _notify(concern, concern.owner, "concern.assigned", _("A concern is yours: %(text)s"), "")


@transaction.atomic
def tell_of_overdue_concerns(*, now: datetime) -> int:
    """Tell each owner, once for each due time, of what is overdue. Returns how many were told.

    A concern that nobody on our side owns goes to the CSM of its engagement.
    """
    late = Concern.objects.filter(due_at__lt=now, engagement__customer__archived_at=None).exclude(
        state=Concern.State.SOLVED
    )
    text = _("A concern is overdue: %(text)s")
    told = 0
    for concern in late.select_related("owner", "engagement__csm"):
        reader = concern.owner or concern.engagement.csm
        if reader is not None and concern.due_at is not None:
            key = f"{concern.due_at:%Y-%m-%dT%H:%M}"
            told += _notify(concern, reader, "concern.overdue", text, key)
    return told


def _notify(concern: Concern, reader: User, kind: str, text: str, key: str) -> int:
    slug = get_current_tenant().slug
    return notify(
        recipients=[reader],
        kind=kind,
        text=text % {"text": concern.text},
        url=reverse("engagements:edit_concern", args=[slug, concern.pk]),
        key=f"{kind}:{concern.pk}:{key}",
        customer_id=concern.customer_id,
    )


def _put(concern: Concern, kind: str, text: str, by: User | None, at: datetime) -> None:
    put_on_timeline(
        engagement=concern.engagement,
        kind=kind,
        text=text % {"text": concern.text},
        url=inside("engagements:edit_concern", concern.pk),
        by=by,
        at=at,
        shared=concern.shared,
    )


def _record(action: str, concern: Concern, facts: Mapping[str, Any] | None = None) -> None:
    audit.record(action=action, subject=concern, facts=facts, about_customer_id=concern.customer_id)
