"""Real objects, made through the operations the product uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.test import Client

from engagements import operations as engagements
from engagements.models import Customer, Engagement
from people.models import User
from people.operations import create_workspace
from tenancy import operations as tenancy
from tenancy.models import Role, Tenant
from tenancy.scope import tenant_scope

TODAY = date(2026, 11, 18)
PASSWORD = "a long enough sentence"


@dataclass(frozen=True)
class Cast:
    """Who is who. Halden is the lead's customer, Other belongs to the second workspace."""

    tenant: Tenant
    other_tenant: Tenant
    admin: User
    manager: User
    csm: User
    executive: User
    lead: User
    member: User
    stranger: User
    customer: Customer
    second_customer: Customer
    other_customer: Customer
    engagement: Engagement
    second_engagement: Engagement
    other_engagement: Engagement

    def browser(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def at(self, path: str) -> str:
        """An address inside the workspace."""
        return f"/w/{self.tenant.slug}/{path}"


def make_user(name: str) -> User:
    # A fast hash would need another setting; signing in by password is tested where it matters.
    return User.objects.create_user(f"{name}@example.org", name=name.title())


def make_tenant(slug: str, **fields: Any) -> Tenant:
    tenant, _admin = create_workspace(
        slug=slug, name=slug.title(), time_zone=fields.pop("time_zone", "Europe/Oslo"), **fields
    )
    return tenant


def make_customer(external_id: str = "halden", **fields: Any) -> Customer:
    seats = fields.pop("seats", 100)
    values = {"name": external_id.title(), "time_zone": "Europe/Oslo"} | fields
    return engagements.create_customer(
        fields={"external_id": external_id} | values, seats=seats, today=date(2020, 1, 1)
    )


def make_engagement(customer: Customer, key: str = "HALDEN-1", **fields: Any) -> Engagement:
    values = {
        "name": f"{customer.name} roll-out",
        "phase": "adopt",
        "start_date": date(2026, 6, 15),
        "go_live_date": date(2026, 10, 5),
        "hypercare_end_date": date(2026, 11, 27),
        "sign_off_date": date(2026, 12, 18),
    }
    return engagements.create_engagement(customer=customer, fields={"key": key} | values | fields)


@contextmanager
def in_one_piece() -> Iterator[None]:
    """Without savepoints, which are most of what is asked of the database while a stage is built:
    nothing of it fails, so nothing of it is taken back alone."""
    features: Any = connection.features
    features.uses_savepoints = False
    try:
        yield
    finally:
        features.uses_savepoints = True


@in_one_piece()
def make_cast() -> Cast:
    tenant, other_tenant = make_tenant("acme"), make_tenant("rival", time_zone="Asia/Tokyo")
    names = ("admin", "manager", "csm", "executive", "lead", "member", "stranger")
    people = {name: make_user(name) for name in names}
    with tenant_scope(tenant.pk):
        customer = make_customer(csm=people["csm"])
        second = make_customer("solberg")
        engagement = make_engagement(customer, csm=people["csm"])
        second_engagement = make_engagement(second, "SOLBERG-1")
    with tenant_scope(other_tenant.pk):
        other_customer = make_customer("canary-customer", name="CANARY customer")
        other_engagement = make_engagement(other_customer, "CANARY-1", name="CANARY engagement")
    for name in ("admin", "manager", "csm", "executive"):
        tenancy.add_member(tenant=tenant, user=people[name], role=Role(name))
    for name in ("lead", "member"):
        tenancy.add_member(
            tenant=tenant, user=people[name], role=Role(name), customer_id=customer.pk
        )
    tenancy.add_member(tenant=other_tenant, user=people["stranger"], role=Role.ADMIN)
    return Cast(
        tenant,
        other_tenant,
        **people,
        customer=customer,
        second_customer=second,
        other_customer=other_customer,
        engagement=engagement,
        second_engagement=second_engagement,
        other_engagement=other_engagement,
    )
