"""Changes to engagements."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from engagements.models import Customer, Engagement
from engagements.operations.custom_fields import own_changes, put_own_values
from engagements.operations.milestones import put_changes_on_timeline
from engagements.operations.notices import tell_of_handing
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import put_on_timeline
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
        "custom",
    }
)


@transaction.atomic
def create_engagement(*, customer: Customer, fields: Mapping[str, Any]) -> Engagement:
    """A new engagement for a customer. Raises ValidationError, keyed by field."""
    usual = {"currency": customer.currency}
    given = put_own_values(Engagement(), known(fields, ENGAGEMENT_FIELDS))
    engagement = Engagement(customer=customer, **(usual | given))
    save(engagement, named_by="key")
    text = _("The engagement was set up: %(name)s.") % {"name": engagement.name}
    tell_of_handing(engagement)
    put_on_timeline(engagement=engagement, kind="engagement.created", text=text, shared=True)
    _record("engagement.created", engagement, {"phase": engagement.phase})
    return engagement


def _record(action: str, engagement: Engagement, facts: Mapping[str, Any]) -> None:
    record(action=action, subject=engagement, facts=facts, about_customer_id=engagement.customer_id)


@transaction.atomic
def change_engagement(*, engagement: Engagement, fields: Mapping[str, Any]) -> Engagement:
    """Change some fields. Raises ValidationError, keyed by field."""
    given = put_own_values(engagement, known(fields, ENGAGEMENT_FIELDS))
    facts = own_changes(change(engagement, given, named_by="key"))
    if "csm" in facts:
        tell_of_handing(engagement)
    if facts:
        put_changes_on_timeline(engagement, facts)
        _record("engagement.changed", engagement, facts)
    return engagement


@transaction.atomic
def archive_engagement(*, engagement: Engagement, now: datetime) -> None:
    """Out of every list and left alone by the night; its pages stay."""
    if engagement.archived_at is not None:
        return
    engagement.archived_at = now
    engagement.save(update_fields=["archived_at", "changed_at"])
    _say_of_archive(engagement, "engagement.archived", _("The engagement was archived."))


@transaction.atomic
def restore_engagement(*, engagement: Engagement) -> None:
    if engagement.archived_at is None:
        return
    engagement.archived_at = None
    engagement.save(update_fields=["archived_at", "changed_at"])
    _say_of_archive(engagement, "engagement.restored", _("The engagement is under way again."))


def _say_of_archive(engagement: Engagement, kind: str, text: str) -> None:
    put_on_timeline(engagement=engagement, kind=kind, text=text)
    _record(kind, engagement, {})


@transaction.atomic
def note_forecast(*, engagement_id: UUID, finish_date: date | None, now: datetime) -> None:
    """Keep the forecast finish that the plan arrived at, for the header of every page."""
    note_forecasts(finishes={engagement_id: finish_date}, now=now)


@transaction.atomic
def note_forecasts(*, finishes: Mapping[UUID, date | None], now: datetime) -> None:
    """As `note_forecast`, of many engagements at once."""
    if finishes:
        with connection.cursor() as cursor:
            cursor.execute(*noting_forecasts(finishes=finishes, now=now))


def noting_forecasts(
    *, finishes: Mapping[UUID, date | None], now: datetime
) -> tuple[str, Sequence[Any]]:
    """What `note_forecasts` sends, for those who send more along with it."""
    # A night notes ten thousand; Django's own update of many rows takes most of its time for them.
    sql = (
        "UPDATE engagements_engagement SET forecast_finish_date = new.finish, forecast_at = %s"
        " FROM unnest(%s::uuid[], %s::date[]) AS new(id, finish)"
        " WHERE engagements_engagement.id = new.id"
    )
    return sql, [now, list(finishes), list(finishes.values())]
