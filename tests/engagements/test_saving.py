"""How a row is checked before it is kept: what is at hand is not asked for again."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import ImpactGroup
from engagements.operations.saving import save
from tenancy.scope import tenant_scope
from tests.factories import Cast


def test_what_is_at_hand_is_not_asked_for_again(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        row = ImpactGroup(
            customer_id=cast.customer.pk, engagement=cast.engagement, name="Crew", size=3
        )
        with CaptureQueriesContext(connection) as asked:
            save(row, named_by="name")
    said = [query["sql"] for query in asked]
    for table in ("tenancy_tenant", "engagements_customer", "engagements_engagement"):
        assert not any(f'FROM "{table}"' in sql for sql in said), table


def test_ids_that_were_only_named_are_looked_up(cast: Cast) -> None:
    """The customer of somebody else beside one's own engagement; and an engagement elsewhere."""
    for ids, named in (
        ({"customer_id": cast.other_customer.pk, "engagement": cast.engagement}, "customer"),
        (
            {"customer_id": cast.customer.pk, "engagement_id": cast.other_engagement.pk},
            "engagement",
        ),
    ):
        with tenant_scope(cast.tenant.pk), pytest.raises(ValidationError) as refusal:
            save(ImpactGroup(name="Crew", size=3, **ids), named_by="name")
        assert named in refusal.value.message_dict


def test_all_that_is_wrong_is_said_at_once(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk), pytest.raises(ValidationError) as refusal:
        row = ImpactGroup(customer_id=cast.other_customer.pk, engagement=cast.engagement, name="")
        save(row, named_by="name")
    assert {"customer", "name"} <= set(refusal.value.message_dict)
