"""Baselines and comparisons over the API."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from adoption import operations
from adoption.models import Baseline
from tenancy import operations as tenancy
from tenancy.access import READING
from tenancy.scope import tenant_scope
from tests.adoption.test_versions import bring_in, longer
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@pytest.fixture
def program(cast: Cast) -> Client:
    _key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Key", scopes=READING, created_by=cast.admin
    )
    return Client(headers={"Authorization": f"Bearer {new.text}"})


@pytest.fixture
def baseline(cast: Cast) -> Baseline:
    with tenant_scope(cast.tenant.pk):
        plan = bring_in(cast.engagement)
        row = operations.take_baseline(plan=plan, name="Agreed", by=cast.csm, now=NOW)
        longer(plan, "3", 5, cast)
        bring_in(cast.second_engagement)
    return row


def test_baselines_are_listed_by_engagement_without_deleted_ones(
    cast: Cast, program: Client, baseline: Baseline
) -> None:
    at = f"/api/v1/baselines/?engagement={cast.engagement.pk}"
    found: Any = program.get(at).json()["results"]
    assert [(row["name"], row["chosen"], row["packages"]) for row in found] == [("Agreed", True, 3)]
    assert program.get(f"/api/v1/baselines/{baseline.pk}/").json()["day"] == "2026-11-18"
    with tenant_scope(cast.tenant.pk):
        operations.drop_baseline(baseline=baseline, now=NOW)
    assert program.get(at).json()["results"] == []
    assert program.get(f"/api/v1/baselines/{baseline.pk}/").status_code == 404


def test_two_versions_are_compared_and_the_cause_is_named(
    cast: Cast, program: Client, baseline: Baseline
) -> None:
    at = f"/api/v1/engagements/{cast.engagement.pk}/plan/comparison/"
    found = program.get(f"{at}?before={baseline.pk}").json()
    assert found["finish_days"] == 2
    assert [(cause["kind"], cause["name"], cause["days"]) for cause in found["causes"]] == [
        ("duration", "Train", 2)
    ]
    assert [(row["uid"], row["kind"]) for row in found["rows"]] == [("3", "moved")]
    assert program.get(f"{at}?before=nonsense").status_code == 404
    assert program.get(at).status_code == 404
    other = f"/api/v1/engagements/{cast.other_engagement.pk}/plan/comparison/"
    assert program.get(f"{other}?before=live").status_code == 404
