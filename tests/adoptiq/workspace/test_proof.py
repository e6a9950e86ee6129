"""What matters most is done only by somebody who has just shown who they are."""

from typing import Any

import pytest
from django.test import Client

from adoptiq.models import Errand
from people.proof import SIGNED_IN_AT
from tenancy.access import READING
from tenancy.models import ApiKey, Tenant
from tenancy.operations import create_api_key
from tenancy.scope import tenant_scope
from tests.factories import Cast

SENSITIVE: dict[str, dict[str, Any]] = {
    "settings/second-factor/": {"second_factor": "staff"},
    "settings/data/export/": {},
    "settings/data/delete/": {"typed_name": "Acme"},
    "settings/keys/": {"name": "New", "reads": ["usage"]},
    "settings/keys/{key}/rotate/": {"grace_days": "7"},
    "settings/keys/{key}/revoke/": {},
}


def state(cast: Cast) -> tuple[Any, ...]:
    tenant = Tenant.objects.get(pk=cast.tenant.pk)
    with tenant_scope(tenant.pk):
        errands = Errand.objects.count()
    keys = list(ApiKey.objects.values_list("pk", "revoked_at", "expires_at").order_by("pk"))
    return tenant.second_factor, tenant.delete_after, errands, keys


@pytest.mark.parametrize("path", SENSITIVE)
def test_a_stale_sign_in_changes_nothing(cast: Cast, path: str) -> None:
    key, _new = create_api_key(
        tenant=cast.tenant, name="Old", scopes=READING, created_by=cast.admin
    )
    browser, values = cast.browser(cast.admin), SENSITIVE[path]
    here = cast.at(path.format(key=key.pk))
    _sign_in_was_long_ago(browser)
    before = state(cast)
    response = browser.post(here, values)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/")
    assert state(cast) == before
    browser.force_login(cast.admin)
    browser.post(here, values)
    assert state(cast) != before


def _sign_in_was_long_ago(browser: Client) -> None:
    session = browser.session
    session[SIGNED_IN_AT] = 0.0
    session.pop("account_authentication_methods", None)
    session.save()
