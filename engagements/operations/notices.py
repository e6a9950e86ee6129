"""Telling the people concerned what became of an engagement: at night what the calendar brings,
and at once what somebody else did."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.models import Customer, Engagement, Phase, Risk
from notifications.models import Notification
from notifications.operations import notify
from people.models import User
from rendering.formats import Formats
from tenancy.audit import at_work
from tenancy.models import ActorKind, Role, Tenant, new_id
from tenancy.scope import current_tenant_id

PLAN_LATE, SIGN_OFF_NEAR = "plan.late", "sign_off.near"
RISK_OVERDUE, RENEWAL_NEAR = "risk.overdue", "renewal.near"
UNDER_WAY = (Phase.IMPLEMENT, Phase.ADOPT)
SIGN_OFF_IS_NEAR = timedelta(days=14)
# A renewal is told of twice, this many days ahead.
RENEWAL_IS_NEAR = (30, 90)


@transaction.atomic
def tell_of_late_plans(*, business_date: date, now: datetime) -> int:
    """Tell each CSM, once for every agreed sign-off, that a plan now ends after it.

    Works on the workspace in scope. Returns how many people were told.
    """
    late = _looked_after().filter(
        forecast_finish_date__gt=F("sign_off_date"), sign_off_date__gt=business_date
    )
    new = _not_told(PLAN_LATE, ((row, _key(PLAN_LATE, row, row.sign_off_date)) for row in late))
    if not new:
        return 0
    tenant = Tenant.objects.get(pk=current_tenant_id())
    return sum(_tell_of_late_plan(row, key, tenant) for row, key in new)


@transaction.atomic
def tell_of_dates(*, business_date: date, now: datetime) -> int:
    """Tell whoever looks after it, once for each date: of mitigations overdue, of sign-offs and
    renewals that are near.

    Works on the workspace in scope, for the day after `business_date`. Returns how many were told.
    """
    today = business_date + timedelta(days=1)
    tenant = Tenant.objects.get(pk=current_tenant_id())
    return (
        _tell_of_overdue_mitigations(today, tenant)
        + _tell_of_sign_offs(today, tenant)
        + _tell_of_renewals(today, tenant)
    )


def _looked_after() -> Any:
    """Engagements under way that are somebody's."""
    return Engagement.objects.filter(
        phase__in=UNDER_WAY,
        csm__isnull=False,
        archived_at=None,
        customer__archived_at=None,
    ).select_related("csm", "customer")


def _key(kind: str, row: Any, *parts: object) -> str:
    return ":".join(map(str, (kind, row.pk, *parts)))


def _not_told(kind: str, rows: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Those rows, each with the key of what there is to tell, of which nobody was told yet."""
    found = list(rows)
    keys = [key for _row, key in found]
    told = set(Notification.objects.filter(kind=kind, key__in=keys).values_list("key", flat=True))
    return [(row, key) for row, key in found if key not in told]


def _tell_of_late_plan(row: Engagement, key: str, tenant: Tenant) -> int:
    if row.csm is None or row.forecast_finish_date is None or row.sign_off_date is None:
        return 0
    days = Formats(tenant.locale)
    words = {
        "customer": row.customer,
        "finish": days.day_and_year(row.forecast_finish_date),
        "agreed": days.day_and_year(row.sign_off_date),
    }
    text = _("%(customer)s: the plan now ends on %(finish)s; sign-off was agreed for %(agreed)s.")
    return notify(
        recipients=[row.csm],
        kind=PLAN_LATE,
        text=text % words,
        url=reverse("adoption:plan", args=[tenant.slug, row.pk]),
        key=key,
        customer_id=row.customer_id,
    )


def _tell_of_overdue_mitigations(today: date, tenant: Tenant) -> int:
    open_risks = Risk.objects.filter(
        state__in=[Risk.State.OPEN, Risk.State.OCCURRED],
        mitigation_due_date__lt=today,
        owner__isnull=False,
        engagement__archived_at=None,
        customer__archived_at=None,
    ).select_related("owner", "customer")
    keyed = (
        (risk, _key(RISK_OVERDUE, risk, risk.mitigation_due_date, risk.owner_id))
        for risk in open_risks
    )
    days = Formats(tenant.locale)
    text = _("%(customer)s: the mitigation of “%(risk)s” was due on %(day)s.")
    return sum(
        notify(
            recipients=[risk.owner],
            kind=RISK_OVERDUE,
            text=text
            % {
                "customer": risk.customer,
                "risk": risk.title,
                "day": days.day_and_year(risk.mitigation_due_date),
            },
            url=reverse("engagements:risks", args=[tenant.slug, risk.engagement_id]),
            key=key,
            customer_id=risk.customer_id,
        )
        for risk, key in _not_told(RISK_OVERDUE, keyed)
    )


def _tell_of_sign_offs(today: date, tenant: Tenant) -> int:
    near = _looked_after().filter(sign_off_date__range=(today, today + SIGN_OFF_IS_NEAR))
    keyed = ((row, _key(SIGN_OFF_NEAR, row, row.sign_off_date)) for row in near)
    days = Formats(tenant.locale)
    text = _("%(customer)s: sign-off is agreed for %(day)s.")
    return sum(
        notify(
            recipients=[row.csm],
            kind=SIGN_OFF_NEAR,
            text=text % {"customer": row.customer, "day": days.day_and_year(row.sign_off_date)},
            url=reverse("engagements:promise", args=[tenant.slug, row.pk]),
            key=key,
            customer_id=row.customer_id,
        )
        for row, key in _not_told(SIGN_OFF_NEAR, keyed)
    )


def _tell_of_renewals(today: date, tenant: Tenant) -> int:
    last = today + timedelta(days=max(RENEWAL_IS_NEAR))
    near = Customer.objects.current().filter(csm__isnull=False, renewal_date__range=(today, last))
    keyed = (
        (row, _key(RENEWAL_NEAR, row, row.renewal_date, _reached(row.renewal_date, today)))
        for row in near.select_related("csm")
    )
    return sum(
        _tell_of_renewal(row, key, today, tenant) for row, key in _not_told(RENEWAL_NEAR, keyed)
    )


def _reached(renewal: date | None, today: date) -> int:
    """The shortest notice that a renewal is within."""
    ahead = (renewal - today).days if renewal else 0
    return min(days for days in RENEWAL_IS_NEAR if ahead <= days)


def _tell_of_renewal(row: Customer, key: str, today: date, tenant: Tenant) -> int:
    if row.renewal_date is None:
        return 0
    ahead = (row.renewal_date - today).days
    text = ngettext(
        "%(customer)s renews on %(day)s, in %(n)s day.",
        "%(customer)s renews on %(day)s, in %(n)s days.",
        ahead,
    )
    day = Formats(tenant.locale).day_and_year(row.renewal_date)
    return notify(
        recipients=[row.csm] if row.csm else [],
        kind=RENEWAL_NEAR,
        text=text % {"customer": row, "day": day, "n": ahead},
        url=reverse("engagements:customer", args=[tenant.slug, row.pk]),
        key=key,
        customer_id=row.pk,
    )


def _others(people: Iterable[User | None]) -> list[User]:
    """Those of them who do not know, since it was somebody else who did it."""
    actor = at_work()
    if actor.kind == ActorKind.SYSTEM:
        return []
    return [person for person in people if person is not None and person.pk != actor.id]


def _slug() -> str:
    return Tenant.objects.only("slug").get(pk=current_tenant_id()).slug


def tell_of_risk(risk: Risk) -> None:
    """Tell a risk's new owner, unless they took it themselves."""
    owners = _others([risk.owner])
    if not owners:
        return
    words = {"who": at_work().name, "customer": risk.customer, "risk": risk.title}
    notify(
        recipients=owners,
        kind="risk.assigned",
        text=_("%(who)s gave you a risk of %(customer)s: %(risk)s") % words,
        url=reverse("engagements:risks", args=[_slug(), risk.engagement_id]),
        key=_key("risk.assigned", risk, new_id()),
        customer_id=risk.customer_id,
    )


def tell_of_handing(engagement: Engagement) -> None:
    """Tell an engagement's new CSM, unless they took it themselves."""
    people = _others([engagement.csm])
    if not people:
        return
    words = {"who": at_work().name, "customer": engagement.customer, "name": engagement.name}
    notify(
        recipients=people,
        kind="engagement.handed",
        text=_("%(who)s made you the CSM of %(customer)s: %(name)s") % words,
        url=reverse("reviews:engagement", args=[_slug(), engagement.pk]),
        key=_key("engagement.handed", engagement, new_id()),
        customer_id=engagement.customer_id,
    )


def tell_of_agreement(engagement: Engagement, statement: str, key: object) -> None:
    """Tell the CSM and the customer's lead that a criterion of success was agreed."""
    leads = Q(memberships__role=Role.LEAD, memberships__customer_id=engagement.customer_id)
    here = Q(memberships__tenant_id=current_tenant_id())
    people = _others([engagement.csm, *User.objects.filter(leads & here)])
    if not people:
        return
    words = {"customer": engagement.customer, "criterion": statement}
    notify(
        recipients=people,
        kind="criterion.agreed",
        text=_("%(customer)s: a success criterion is agreed: %(criterion)s") % words,
        url=reverse("engagements:promise", args=[_slug(), engagement.pk]),
        key=f"criterion.agreed:{key}",
        customer_id=engagement.customer_id,
    )
