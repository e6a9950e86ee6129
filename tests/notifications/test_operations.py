"""Telling: once, only to whom it may concern, and taken back exactly."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from notifications import operations, queries
from notifications.models import Notification
from people.models import User
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
LATE = datetime(2040, 1, 1, tzinfo=UTC)


@pytest.fixture
def inside(cast: Cast) -> Iterator[None]:
    with tenant_scope(cast.tenant.pk):
        yield


def tell(*recipients: User, **changed: Any) -> int:
    values = {"kind": "job.parked", "text": "A job was given up.", "url": "/w/acme/", "key": "k"}
    return operations.notify(recipients=recipients, **(values | changed))


def told(user: User) -> list[str]:
    return [row.text for row in Notification.objects.filter(user=user).order_by("id")]


@pytest.mark.usefixtures("inside")
def test_the_same_thing_is_told_once_a_person(cast: Cast) -> None:
    assert tell(cast.admin) == 1
    assert tell(cast.admin, cast.csm, cast.csm) == 1
    assert tell(cast.admin, cast.csm) == 0
    assert tell(cast.admin, key="another", text="Another.") == 1
    assert told(cast.admin) == ["A job was given up.", "Another."]
    assert told(cast.csm) == ["A job was given up."]


@pytest.mark.usefixtures("inside")
def test_who_has_no_place_here_is_left_out(cast: Cast) -> None:
    assert tell(cast.stranger, cast.csm) == 1
    assert told(cast.stranger) == []


@pytest.mark.usefixtures("inside")
def test_the_customer_side_hears_of_its_own_customer_only(cast: Cast) -> None:
    assert tell(cast.lead) == 0
    assert tell(cast.lead, cast.csm, customer_id=cast.second_customer.pk) == 1
    assert tell(cast.lead, key="own", customer_id=cast.customer.pk) == 1
    assert told(cast.lead) == ["A job was given up."]


def test_what_the_customer_side_does_is_about_their_customer(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert tell(cast.csm, cast.lead) == 2
    with tenant_scope(cast.tenant.pk):
        assert set(Notification.objects.values_list("customer_id", flat=True)) == {cast.customer.pk}


@pytest.mark.usefixtures("inside")
def test_a_notification_leads_nowhere_else(cast: Cast) -> None:
    for url in ("https://example.org/", "//example.org/", ""):
        with pytest.raises(ValueError, match="a page of the product"):
            tell(cast.csm, url=url)


@pytest.mark.usefixtures("inside")
def test_a_customer_of_another_workspace_is_no_subject(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="customer_id_fk"), transaction.atomic():
        tell(cast.csm, customer_id=cast.other_customer.pk)
        with transaction.get_connection().cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.usefixtures("inside")
def test_reading_and_taking_it_back(cast: Cast) -> None:
    for key in ("a", "b", "c"):
        tell(cast.csm, key=key)
    tell(cast.admin)
    first = Notification.objects.filter(user=cast.csm).earliest("id")
    assert operations.mark_read(notification=first, now=NOW)
    assert not operations.mark_read(notification=first, now=NOW)
    later = NOW.replace(hour=10)
    assert operations.mark_all_read(user=cast.csm, now=later) == 2
    assert queries.get_unread_count(user_id=cast.csm.pk, now=LATE) == 0
    # One's own only, and not what had been read before.
    assert queries.get_unread_count(user_id=cast.admin.pk, now=LATE) == 1
    assert operations.mark_all_unread(user=cast.csm, read_at=later) == 2
    operations.mark_unread(notification=first)
    assert queries.get_unread_count(user_id=cast.csm.pk, now=LATE) == 3
