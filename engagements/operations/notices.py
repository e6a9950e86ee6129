"""Telling the people concerned what became of an engagement."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Engagement, Phase
from notifications.models import Notification
from notifications.operations import notify
from rendering.formats import Formats
from tenancy.models import Tenant
from tenancy.scope import current_tenant_id

PLAN_LATE = "plan.late"


@transaction.atomic
def tell_of_late_plans(*, business_date: date, now: datetime) -> int:
    """Tell each CSM, once for every agreed sign-off, that a plan now ends after it.

    Works on the workspace in scope. Returns how many people were told.
    """
    late = Engagement.objects.filter(
        forecast_finish_date__gt=F("sign_off_date"),
        sign_off_date__gt=business_date,
        phase__in=[Phase.IMPLEMENT, Phase.ADOPT],
        csm__isnull=False,
        customer__archived_at=None,
    )
    told = set(Notification.objects.filter(kind=PLAN_LATE).values_list("key", flat=True))
    new = [row for row in late.select_related("csm", "customer") if _key(row) not in told]
    if not new:
        return 0
    tenant = Tenant.objects.get(pk=current_tenant_id())
    return sum(_tell(row, tenant) for row in new)


def _key(row: Engagement) -> str:
    return f"{PLAN_LATE}:{row.pk}:{row.sign_off_date}"


def _tell(row: Engagement, tenant: Tenant) -> int:
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
        key=_key(row),
        customer_id=row.customer_id,
    )
