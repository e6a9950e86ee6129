"""Changes to risks; each change of state or size is kept."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement, Risk, RiskChange
from engagements.operations.notices import tell_of_risk
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from people.models import User
from tenancy import audit

RISK_FIELDS = frozenset(
    {
        "title",
        "probability",
        "impact",
        "owner",
        "owner_at_customer",
        "mitigation",
        "mitigation_due_date",
        "state",
    }
)
KEPT = frozenset({"probability", "impact", "state"})


@transaction.atomic
def raise_risk(
    *, engagement: Engagement, fields: Mapping[str, Any], by: User | None, raised_by: str = ""
) -> Risk:
    """A new risk; with `raised_by` one found by a gate, which raises the same risk once.

    Raises ValidationError, keyed by field.
    """
    if raised_by:
        same = Risk.objects.filter(engagement=engagement, raised_by=raised_by).first()
        if same is not None:
            return same
    risk = Risk(
        customer_id=engagement.customer_id,
        engagement=engagement,
        source=Risk.Source.GATE if raised_by else Risk.Source.HAND,
        raised_by=raised_by,
        **known(fields, RISK_FIELDS),
    )
    save(risk, named_by="title")
    _keep(risk, by, "")
    text = _("Risk written down: %(title)s (%(score)s of 25)")
    tell_of_risk(risk)
    _put(risk, "risk.raised", text % {"title": risk.title, "score": risk.score}, by)
    audit.record(action="risk.raised", subject=risk, about_customer_id=risk.customer_id)
    return risk


@transaction.atomic
def change_risk(*, risk: Risk, fields: Mapping[str, Any], by: User | None, note: str = "") -> Risk:
    """Raises ValidationError, keyed by field; a risk is closed with a word on why."""
    changed = audit.changes(risk, known(fields, RISK_FIELDS))
    if changed.get("state", ["", ""])[1] == Risk.State.CLOSED and not note.strip():
        raise ValidationError({"note": _("Say why it is closed.")})
    change(risk, fields, named_by="title")
    if KEPT & changed.keys() or note:
        _keep(risk, by, note.strip())
    if "owner" in changed:
        tell_of_risk(risk)
    if "state" in changed:
        words = {"title": risk.title, "state": risk.get_state_display(), "note": note.strip()}
        text = _("Risk %(title)s: %(state)s. %(note)s") % words
        _put(risk, f"risk.{risk.state}", text.strip(), by)
    if changed:
        audit.record(
            action="risk.changed",
            subject=risk,
            facts=changed,
            about_customer_id=risk.customer_id,
        )
    return risk


def _put(risk: Risk, kind: str, text: str, by: User | None) -> None:
    url = inside("engagements:risks", risk.engagement_id)
    put_on_timeline(engagement=risk.engagement, kind=kind, text=text, url=url, by=by, shared=True)


def _keep(risk: Risk, by: User | None, note: str) -> None:
    RiskChange.objects.create(
        customer_id=risk.customer_id,
        risk=risk,
        changed_by=by,
        state=risk.state,
        probability=risk.probability,
        impact=risk.impact,
        note=note,
    )
