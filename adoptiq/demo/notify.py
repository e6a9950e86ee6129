"""What people of the demo were told lately: some of it read, put off or done, some of it mailed."""

from datetime import datetime, timedelta

from django.urls import reverse

from engagements.models import Engagement
from notifications import operations
from notifications.models import Notification
from people.models import User
from tenancy.models import Membership, Role, Tenant

# kind, words, and the page of an engagement they lead to
TOLD = (
    ("criterion.agreed", "%(customer)s: a success criterion is agreed: People do their daily work in the new system", "engagements:promise"),
    ("risk.assigned", "Nadia Rahman gave you a risk of %(customer)s: Field crews have no signal where they work", "engagements:risks"),
    ("engagement.handed", "Nadia Rahman made you the CSM of %(customer)s", "reviews:engagement"),
)  # fmt: skip


def tell_people(tenant: Tenant, now: datetime) -> None:
    """In the workspace in force: each CSM of their newest engagements."""
    members = Membership.objects.filter(tenant=tenant, role=Role.CSM).select_related("user")
    for member in members:
        own = Engagement.objects.filter(csm=member.user).select_related("customer")
        for engagement, told in zip(own.order_by("key"), TOLD, strict=False):
            _tell(tenant, member.user, engagement, told)
        _look_through(member.user, now)


def _tell(tenant: Tenant, user: User, engagement: Engagement, told: tuple[str, str, str]) -> None:
    kind, text, page = told
    operations.notify(
        recipients=[user],
        kind=kind,
        text=text % {"customer": engagement.customer},
        url=reverse(page, args=[tenant.slug, engagement.pk]),
        key=f"demo:{kind}:{engagement.pk}",
        customer_id=engagement.customer_id,
    )


def _look_through(user: User, now: datetime) -> None:
    """Of the older ones the first is done, the next put off, the one after it read."""
    rows = list(Notification.objects.filter(user=user).order_by("pk")[:3])
    if len(rows) < 3:
        return
    done, later, read = rows
    operations.mark_done(notification=done, now=now)
    operations.snooze(notification=later, until=now + timedelta(days=3))
    operations.mark_read(notification=read, now=now)
