"""Mail that people were sent, for the isolation crawl."""

from uuid import UUID

from notifications import tasks
from notifications.models import Delivery
from notifications.operations import notify
from people.models import User
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast


def mail_ids(cast: Cast) -> tuple[UUID, UUID, UUID]:
    """Mail about each customer to everybody who may know of it; the ids are those of admins."""
    return (
        _mailed(cast.admin, cast.tenant, cast.customer.pk, "Halden"),
        _mailed(cast.stranger, cast.other_tenant, cast.other_customer.pk, "CANARY"),
        _mailed(cast.admin, cast.tenant, cast.second_customer.pk, "Solberg"),
    )


def _mailed(reader: User, tenant: Tenant, customer_id: UUID, word: str) -> UUID:
    with tenant_scope(tenant.pk):
        notify(
            recipients=User.objects.filter(memberships__tenant=tenant),
            kind="criterion.agreed",
            text=f"A criterion of {word} is agreed.",
            url=f"/w/{tenant.slug}/",
            key=f"criterion.agreed {word}",
            customer_id=customer_id,
        )
    tasks.send_due()
    with tenant_scope(tenant.pk):
        return Delivery.objects.get(user=reader, customer_id=customer_id, day=None).pk
