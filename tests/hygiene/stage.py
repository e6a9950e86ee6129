"""Fifty workspaces whose rows each say one word, with a way in for browser, program and source."""

from uuid import UUID

from django.conf import settings
from django.test import Client

from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE
from tenancy.models import Role, Tenant
from tenancy.scope import tenant_scope
from tests import factories
from tests.hygiene.traffic import Found, Place
from usage import operations as usage
from usage.models import Event

WORKSPACES = 50


def make_places() -> list[Place]:
    """For a test whose rows are committed."""
    return [_place(number) for number in range(WORKSPACES)]


def _place(number: int) -> Place:
    word = f"tango{number:02}x"
    tenant = factories.make_tenant(f"place-{number:02}")
    with tenant_scope(tenant.pk):
        factories.make_customer("only", name=f"{word} customer")
        _source, key = usage.create_source(name="Web")
    return Place(
        tenant_id=tenant.pk,
        slug=tenant.slug,
        word=word,
        api_key=_api_key(tenant),
        source_key=key.text,
        cookie=_cookie(tenant),
    )


def _api_key(tenant: Tenant) -> str:
    _key, new = tenancy.create_api_key(tenant=tenant, name="p", scopes=EVERY_SCOPE, created_by=None)
    return new.text


def _cookie(tenant: Tenant) -> str:
    user = factories.make_user(f"csm-{tenant.slug}")
    tenancy.add_member(tenant=tenant, user=user, role=Role.CSM)
    browser = Client()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def misplaced(places: list[Place], found: Found) -> list[str]:
    """Workspaces whose events are not exactly those that were acknowledged to them."""
    return [
        place.word
        for place in places
        if _events(place.tenant_id) != {f"{place.word} opened": found.stored[place.word]}
        and found.stored[place.word]
    ]


def _events(tenant_id: UUID) -> dict[str, int]:
    with tenant_scope(tenant_id):
        names = list(Event.objects.values_list("name", flat=True))
    return {name: names.count(name) for name in set(names)}
