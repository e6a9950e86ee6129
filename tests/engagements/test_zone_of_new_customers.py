from django.test import Client

from engagements.models import Customer
from engagements.operations import create_customer
from tenancy.access import EVERY_SCOPE
from tenancy.operations import create_api_key
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast


def test_a_new_customer_starts_in_the_zone_of_the_workspace(cast: Cast) -> None:
    with tenant_scope(cast.other_tenant.pk):
        plain = create_customer(fields={"external_id": "a", "name": "A"}, today=TODAY)
        fields = {"external_id": "b", "name": "B", "time_zone": "Europe/Rome"}
        own = create_customer(fields=fields, today=TODAY)
    assert (plain.time_zone, own.time_zone) == ("Asia/Tokyo", "Europe/Rome")


def test_so_does_one_that_a_program_adds(cast: Cast) -> None:
    _key, new = create_api_key(
        tenant=cast.other_tenant, name="CRM", scopes=EVERY_SCOPE, created_by=None
    )
    response = Client().post(
        "/api/v1/customers/",
        {"external_id": "c", "name": "C"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {new.text}"},
    )
    assert response.status_code == 201
    with tenant_scope(cast.other_tenant.pk):
        assert Customer.objects.get(external_id="c").time_zone == "Asia/Tokyo"
