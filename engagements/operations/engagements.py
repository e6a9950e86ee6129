"""Changes to engagements."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from engagements.models import Customer, Engagement
from engagements.operations.saving import change, known, save
from tenancy.audit import record

ENGAGEMENT_FIELDS = frozenset(
    {
        "key",
        "name",
        "phase",
        "mode",
        "problem",
        "currency",
        "lead",
        "csm",
        "start_date",
        "go_live_date",
        "hypercare_end_date",
        "sign_off_date",
        "larger_scope_date",
    }
)


@transaction.atomic
def create_engagement(*, customer: Customer, fields: Mapping[str, Any]) -> Engagement:
    """A new engagement for a customer. Raises ValidationError, keyed by field."""
    usual = {"currency": customer.currency}
    engagement = Engagement(customer=customer, **(usual | known(fields, ENGAGEMENT_FIELDS)))
    save(engagement, named_by="key")
    _record("engagement.created", engagement, {"phase": engagement.phase})
    return engagement


def _record(action: str, engagement: Engagement, facts: Mapping[str, Any]) -> None:
    record(action=action, subject=engagement, facts=facts, about_customer_id=engagement.customer_id)


@transaction.atomic
def change_engagement(*, engagement: Engagement, fields: Mapping[str, Any]) -> Engagement:
    """Change some fields. Raises ValidationError, keyed by field."""
    facts = change(engagement, known(fields, ENGAGEMENT_FIELDS), named_by="key")
    if facts:
        _record("engagement.changed", engagement, facts)
    return engagement


@transaction.atomic
def note_forecast(*, engagement_id: UUID, finish_date: date | None, now: datetime) -> None:
    """Keep the forecast finish that the plan arrived at, for the header of every page."""
    Engagement.objects.filter(pk=engagement_id).update(
        forecast_finish_date=finish_date, forecast_at=now
    )
