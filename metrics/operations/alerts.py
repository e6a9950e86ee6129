"""What people do with alerts."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from metrics.models import Alert
from notifications.operations import notify
from people.models import User
from rendering.sentences import sentence
from tenancy.audit import record
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id


@transaction.atomic
def assign_alert(*, alert: Alert, owner: User | None, by: User | None, now: datetime) -> Alert:
    """Make it somebody's, or nobody's. Tells whoever is newly to look after it."""
    if alert.owner_id != (owner.pk if owner else None):
        alert.owner = owner
        alert.save(update_fields=["owner"])
        _record("alert.assigned", alert, {"owner": owner})
        if owner is not None and owner != by:
            _tell_owner(alert, owner, by, now)
    return alert


def _tell_owner(alert: Alert, owner: User, by: User | None, now: datetime) -> None:
    slug = Tenant.objects.only("slug").get(pk=current_tenant_id()).slug
    page = reverse("metrics:alerts", args=[slug])
    notify(
        recipients=[owner],
        kind="alert.assigned",
        text=sentence(
            "%(who)s gave you an alert. %(customer)s: %(reason)s",
            who=str(by) if by else sentence("Somebody"),
            customer=str(alert.customer),
            reason=alert.reason,
        ),
        url=f"{page}?whose=mine&about={alert.engagement_id}",
        key=f"alert.assigned:{alert.pk}:{now.isoformat()}",
        customer_id=alert.customer_id,
    )


@transaction.atomic
def snooze_alert(*, alert: Alert, until: date | None, today: date) -> Alert:
    """Show it again on a day; None wakes it now. Raises ValidationError, keyed by field."""
    if until is not None and until <= today:
        raise ValidationError({"until": _("Choose a day to come.")})
    if alert.snoozed_until != until:
        alert.snoozed_until = until
        alert.save(update_fields=["snoozed_until"])
        _record("alert.snoozed" if until else "alert.woken", alert, {"until": until})
    return alert


@transaction.atomic
def resolve_alert(*, alert: Alert, by: User | None, resolution: str, now: datetime) -> Alert:
    """Somebody did something about it; the night will not raise the same matter again.

    Doing it twice changes nothing. Raises ValidationError, keyed by field.
    """
    if not resolution.strip():
        raise ValidationError({"resolution": _("Say what was done.")})
    if alert.is_open:
        alert.resolved_at, alert.resolved_by, alert.by_hand = now, by, True
        alert.resolution = resolution.strip()
        alert.save(update_fields=["resolved_at", "resolved_by", "by_hand", "resolution"])
        _record("alert.resolved", alert, {"resolution": alert.resolution})
    return alert


@transaction.atomic
def reopen_alert(*, alert: Alert) -> Alert:
    """Take back that it was resolved."""
    if not alert.is_open:
        alert.resolved_at, alert.resolved_by, alert.by_hand = None, None, False
        alert.resolution = ""
        alert.save(update_fields=["resolved_at", "resolved_by", "by_hand", "resolution"])
        _record("alert.reopened", alert, {})
    return alert


def _record(action: str, alert: Alert, facts: dict[str, object]) -> None:
    record(action=action, subject=alert, facts=facts, about_customer_id=alert.customer_id)
