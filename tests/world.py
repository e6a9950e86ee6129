"""Two workspaces with one of everything, for the isolation crawl.

The second workspace's texts all hold the word CANARY.
"""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from tenancy import operations as tenancy
from tenancy.models import Membership
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from usage import operations as usage


@dataclass
class World:
    cast: Cast
    api_key: str
    # part of an address -> ids: one's own, another workspace's, another customer's of one's own
    ids: dict[str, tuple[Any, Any, Any]]
    hints: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, Client] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.cast.tenant.slug

    @property
    def other_slug(self) -> str:
        return self.cast.other_tenant.slug

    def own(self, parts: tuple[str, ...]) -> dict[str, Any]:
        return {part: self.ids[part][0] for part in parts}

    def foreign(self, parts: tuple[str, ...]) -> dict[str, Any]:
        return {part: self.ids[part][1] for part in parts}

    def second(self, parts: tuple[str, ...]) -> dict[str, Any]:
        return {part: self.ids[part][2] for part in parts}

    def browser(self, role: str) -> Client:
        if role not in self.browsers:
            self.browsers[role] = self.cast.browser(getattr(self.cast, role))
        return self.browsers[role]


def make_world() -> World:
    cast = factories.make_cast()
    own_key, own_new = _key(cast.tenant, cast.admin)
    other_key, _new = _key(cast.other_tenant, cast.stranger)
    memberships = [
        Membership.objects.get(tenant=tenant, user=user).pk
        for tenant, user in ((cast.tenant, cast.member), (cast.other_tenant, cast.stranger))
    ]
    ids: dict[str, tuple[Any, Any, Any]] = {
        "workspace": (cast.tenant.slug, cast.other_tenant.slug, cast.tenant.slug),
        "customer_id": (cast.customer.pk, cast.other_customer.pk, cast.second_customer.pk),
        "engagement_id": (cast.engagement.pk, cast.other_engagement.pk, cast.second_engagement.pk),
        "membership_id": (memberships[0], memberships[1], memberships[1]),
        "key_id": (own_key.pk, other_key.pk, other_key.pk),
        **_usage_ids(cast),
    }
    foreign = {"customer": str(cast.other_customer.pk), "q": "CANARY", "sort": "name"}
    return World(cast, own_new.text, ids, hints=foreign)


def _key(tenant: Any, user: Any) -> tuple[Any, Any]:
    return tenancy.create_api_key(
        tenant=tenant, name=f"{tenant.slug} key", can_write=True, created_by=user
    )


def _usage_ids(cast: Cast) -> dict[str, tuple[Any, Any, Any]]:
    """A file and a source of each workspace; neither belongs to a customer."""
    imports, sources, keys = [], [], []
    for tenant, name in ((cast.tenant, "usage"), (cast.other_tenant, "CANARY usage")):
        with tenant_scope(tenant.pk):
            row = usage.start_import(
                file_name=f"{name}.csv", stored_as="", mapping={}, created_by=None
            )
            source, key = usage.create_source(name=name)
        imports.append(row.pk)
        sources.append(source.pk)
        keys.append(key.text)
    return {
        "import_id": (imports[0], imports[1], imports[1]),
        "source_id": (sources[0], sources[1], sources[1]),
        "write_key": (keys[0], keys[1], keys[1]),
    }
