"""Requests whose every name is known: one message to the database, and what it must not miss."""

import json
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg2
import pytest
from django.db import close_old_connections, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.models import Customer
from tenancy.models import Tenant
from tenancy.scope import ask_once, tenant_scope
from tests import factories
from usage.models import Event, GroupName, Quarantined, Receipt, Source, Touch
from usage.operations import change_retention, create_source, erase_person

Send = Callable[..., str]


@pytest.fixture
def tenant(committed: None) -> Iterator[Tenant]:
    tenant = factories.make_tenant("acme")
    with tenant_scope(tenant.pk):
        for name in ("halden", "ferro"):
            factories.make_customer(external_id=name)
    yield tenant
    connections.close_all()


@pytest.fixture
def key(tenant: Tenant) -> str:
    with tenant_scope(tenant.pk):
        _source, key = create_source(name="web")
    return key.text


@pytest.fixture
def send(key: str) -> Send:
    """Sends items of these numbers; gives back what became of them."""

    def sent(*numbers: int, status: int = 200, **fields: Any) -> str:
        body = {"batch": [track(number, **fields) for number in numbers]}
        headers = {"Authorization": f"Bearer {key}", "Origin": "https://app.example.com"}
        answer = Client().post(
            "/v1/batch", json.dumps(body), content_type="application/json", headers=headers
        )
        assert answer.status_code == status, answer.content
        return answer.headers.get("AdoptIQ-Intake", "")

    return sent


def track(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "type": "track",
        "event": "Report Exported",
        "userId": "ann",
        "messageId": f"m{number}",
        "timestamp": "2026-11-01T10:00:00Z",
        "properties": {"feature": "reports"},
        "context": {"groupId": "halden"},
    } | fields


def stored(tenant: Tenant) -> list[tuple[Any, ...]]:
    with tenant_scope(tenant.pk):
        rows = Event.objects.order_by("occurred_at", "end_user_id", "feature")
        return list(
            rows.values_list("customer_id", "end_user_id", "occurred_at", "name", "feature")
        )


def counts(tenant: Tenant) -> tuple[int, int]:
    with tenant_scope(tenant.pk):
        return Event.objects.count(), Receipt.objects.count()


def messages(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        call()
    return len(asked)


def test_what_is_known_takes_one_message(tenant: Tenant, send: Send) -> None:
    send(1)
    assert messages(lambda: send(2, 3)) == 1
    assert counts(tenant) == (3, 3)
    with tenant_scope(tenant.pk):
        at = Event.objects.values_list("occurred_at", flat=True)[0]
        assert Touch.objects.filter(first_at__lte=at, last_at__gte=at).count() == 2


def test_both_ways_keep_the_same(tenant: Tenant, send: Send) -> None:
    said = {"event": "Dates", "properties": {"feature": "dates"}, "userId": "bob"}
    long_way = send(1, **said)
    first = stored(tenant)
    assert messages(lambda: said.update(told=send(2, **said))) == 1
    assert said["told"] == long_way == "accepted=1, repeated=0, put-aside=0, told=0, left-out=0"
    assert stored(tenant) == first * 2


def test_a_repeat_counts_once(tenant: Tenant, send: Send) -> None:
    send(1)
    assert send(2, 3).startswith("accepted=2, repeated=0")
    assert send(2, 3).startswith("accepted=0, repeated=2")
    assert send(3, 4, 4).startswith("accepted=1, repeated=2")
    assert counts(tenant) == (4, 4)


def test_a_repeat_counts_once_against_the_limit_of_a_source(tenant: Tenant, send: Send) -> None:
    with tenant_scope(tenant.pk):
        Source.objects.update(requests_a_second=1)
    # The second is Valkey's own, so each is sent in another one.
    for number in (1, 2, 2):
        assert send(number)
        time.sleep(1.1)
    assert counts(tenant) == (2, 2)


def test_a_sender_of_news_goes_the_long_way(tenant: Tenant, send: Send) -> None:
    send(1)
    assert send(2, 3, userId="eve").startswith("accepted=2")
    assert send(4, type="identify", traits={"email": "ann@halden.example"}).endswith(
        "told=1, left-out=0"
    )
    assert send(5, messageId=7, userId=None).startswith("accepted=0, repeated=0, put-aside=1")
    assert send(6, context={"groupId": "stranger"}).startswith("accepted=0, repeated=0, put-aside")
    assert counts(tenant)[0] == 3
    with tenant_scope(tenant.pk):
        assert Quarantined.objects.count() == 2


def test_a_name_that_means_another_customer_does_so_at_once(tenant: Tenant, send: Send) -> None:
    send(1)
    send(2)
    with tenant_scope(tenant.pk):
        ferro = Customer.objects.get(external_id="ferro")
        Customer.objects.filter(external_id="halden").update(external_id="halden-old")
        GroupName.objects.create(said="halden", customer=ferro)
    send(3)
    assert [row[0] for row in stored(tenant)].count(ferro.pk) == 1


def test_a_closed_workspace_takes_nothing(tenant: Tenant, send: Send) -> None:
    send(1)
    send(2)
    Tenant.objects.filter(pk=tenant.pk).update(delete_after=timezone.now() + timedelta(days=1))
    send(3, status=401)
    assert counts(tenant)[0] == 2


def test_a_page_that_may_no_longer_send_is_refused(tenant: Tenant, send: Send) -> None:
    send(1)
    with tenant_scope(tenant.pk):
        Source.objects.update(allowed_origins=["https://other.example.com"])
    send(2, status=403)
    with tenant_scope(tenant.pk):
        Source.objects.update(allowed_origins=["https://app.example.com"])
    assert send(3).startswith("accepted=1")


def test_what_is_older_than_the_workspace_keeps_is_left_out(tenant: Tenant, send: Send) -> None:
    old = "2024-02-01T10:00:00Z"
    send(1)
    assert send(2, timestamp=old).startswith("accepted=1")
    with tenant_scope(tenant.pk):
        change_retention(months=3)
    assert send(3, timestamp=old).endswith("left-out=1")
    assert send(4, 5).startswith("accepted=2")
    assert messages(lambda: send(6)) == 1


def test_somebody_who_was_erased_stays_so(tenant: Tenant, send: Send) -> None:
    send(1)
    send(2)
    with tenant_scope(tenant.pk):
        erase_person(said="ann", now=timezone.now())
    assert send(3).endswith("left-out=1")
    assert counts(tenant)[0] == 0


def test_a_lost_connection_is_told_to_come_back(tenant: Tenant, send: Send) -> None:
    send(1)
    send(2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = psycopg2.connect(os.environ["DATABASE_URL"])
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    other.close()
    send(3, status=503)
    # As a web server does behind each request, and the client of tests does not.
    close_old_connections()
    assert send(3).startswith("accepted=1")
    assert counts(tenant) == (3, 3)


def test_one_statement_is_a_scope_of_its_own_and_leaves_none(tenant: Tenant, key: str) -> None:
    asked = "SELECT count(*) FROM usage_source"
    assert ask_once(tenant.pk, asked, {}) == (1,)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        assert cursor.fetchone() == (0,)
    with tenant_scope(tenant.pk), pytest.raises(RuntimeError, match="stay told"):
        ask_once(tenant.pk, asked, {})
