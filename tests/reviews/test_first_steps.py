"""The first steps of a new workspace: read off what stands, gone when all of it does."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from reviews.queries import get_first_steps
from tenancy.models import Role, Tenant
from tenancy.operations import add_member
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_tenant, make_user
from tests.world import World, make_world

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def done(tenant: Tenant, user: object) -> set[str]:
    with tenant_scope(tenant.pk):
        steps = get_first_steps(tenant_id=tenant.pk, user_id=user.pk)  # type: ignore[attr-defined]
    return {step.key for step in steps.steps if step.done}


def test_nothing_stands_in_an_empty_workspace(cast: Cast) -> None:
    tenant, user = make_tenant("fresh"), make_user("founder")
    add_member(tenant=tenant, user=user, role=Role.ADMIN)
    assert done(tenant, user) == set()
    page = Client()
    page.force_login(user)
    assert "0 of 9 done" in page.get("/w/fresh/").content.decode()


def test_what_is_there_is_ticked_off(cast: Cast) -> None:
    assert done(cast.tenant, cast.admin) == {
        "customer",
        "engagement",
        "colleague",
        "customer_side",
    }


def test_all_of_it_is_read_off_what_stands(db: None, tmp_path: object) -> None:
    world: World = make_world(tmp_path)  # type: ignore[arg-type]
    cast = world.cast
    admin = cast.browser(cast.admin)
    assert "First steps" in admin.get(cast.at("")).content.decode()
    admin.post(
        cast.at("settings/"),
        {
            "name": "Acme",
            "slug": "acme",
            "time_zone": "Europe/Oslo",
            "locale": "en-GB",
            "currency": "EUR",
        },
    )
    Authenticator.objects.create(user=cast.admin, type=Authenticator.Type.TOTP, data={})
    assert len(done(cast.tenant, cast.admin)) == 9
    assert "First steps" not in admin.get(cast.at("")).content.decode()


def test_it_is_put_away_and_brought_back(cast: Cast, admin: Client) -> None:
    page = admin.post(cast.at("first-steps/hide/"), follow=True).content.decode()
    assert "First steps</h2>" not in page
    assert cast.at("first-steps/show/") in page
    assert "First steps</h2>" in (
        admin.post(cast.at("first-steps/show/"), follow=True).content.decode()
    )


def test_only_administrators_see_and_put_it_away(cast: Cast) -> None:
    for user in (cast.manager, cast.csm, cast.executive):
        browser = cast.browser(user)
        assert "First steps" not in browser.get(cast.at("")).content.decode()
        assert browser.post(cast.at("first-steps/hide/")).status_code == 403


def test_a_demo_has_no_first_steps(cast: Cast, admin: Client) -> None:
    Tenant.objects.filter(pk=cast.tenant.pk).update(is_demo=True)
    assert "First steps" not in admin.get(cast.at("")).content.decode()


def test_every_step_leads_somewhere(cast: Cast, admin: Client) -> None:
    import re

    page = admin.get(cast.at("")).content.decode()
    listed = page[page.index('class="sheet pad first-steps"') : page.index('id="book"')]
    for path in re.findall(r'href="([^"#]+)', listed):
        assert admin.get(path).status_code in (200, 302), path
