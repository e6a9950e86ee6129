"""What a process remembers of names, and that it never outlives a change of one."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from engagements.models import Customer, EndUser
from engagements.operations import drop_end_users
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import factories
from tests.usage.stage import NOW, make_event
from usage.adapters.canonical import Received
from usage.models import Alias, Event, GroupName, NameChange, Source
from usage.operations import create_source, forget_changes, record_events
from usage.queries import get_open_source

Send = Callable[..., list[str]]


@pytest.fixture
def tenant(committed: None) -> Iterator[Tenant]:
    tenant = factories.make_tenant("acme")
    with tenant_scope(tenant.pk):
        factories.make_customer(external_id="halden")
        factories.make_customer(external_id="ferro")
    yield tenant
    connections.close_all()


@pytest.fixture
def send(tenant: Tenant) -> Send:
    """Sends one event as a request does; gives back the questions asked of names."""
    with tenant_scope(tenant.pk):
        source, _key = create_source(name="web")
    numbers = iter(range(1000))

    def sent(**fields: object) -> list[str]:
        with tenant_scope(tenant.pk), CaptureQueriesContext(connection) as asked:
            found = get_open_source(source_id=source.pk)
            assert found is not None
            record_events(
                source=found.source,
                received=Received([make_event(f"m{next(numbers)}", **fields)], []),
                received_at=NOW,
                mark=found.mark,
            )
        return [
            query["sql"]
            for query in asked
            if "engagements_enduser u" in query["sql"] or "FROM usage_alias" in query["sql"]
        ]

    return sent


def owners(tenant: Tenant) -> list[tuple[str, str]]:
    """Customer and end user of each event, by their external ids, sorted."""
    with tenant_scope(tenant.pk):
        customers = dict(Customer.objects.values_list("pk", "external_id"))
        people = dict(EndUser.objects.values_list("pk", "external_id"))
        rows = Event.objects.values_list("customer_id", "end_user_id")
        return sorted((customers[one], people.get(other, "gone")) for one, other in rows)


def test_names_sent_again_are_not_looked_up_again(tenant: Tenant, send: Send) -> None:
    assert len(send()) == 2
    assert send() == []
    assert len(send(user="bob")) == 2
    assert owners(tenant) == [("halden", "ann"), ("halden", "ann"), ("halden", "bob")]


def test_a_renamed_customer_is_found_by_its_new_name_only(tenant: Tenant, send: Send) -> None:
    send()
    with tenant_scope(tenant.pk):
        Customer.objects.filter(external_id="halden").update(external_id="halden-old")
        Customer.objects.filter(external_id="ferro").update(external_id="halden")
    send()
    assert owners(tenant) == [("halden", "ann"), ("halden-old", "ann")]


def test_events_of_a_merged_customer_go_to_the_kept_one(tenant: Tenant, send: Send) -> None:
    send()
    with tenant_scope(tenant.pk):
        kept = Customer.objects.get(external_id="ferro")
        Customer.objects.filter(external_id="halden").update(merged_into=kept)
    send()
    assert owners(tenant) == [("ferro", "ann"), ("halden", "ann")]


def test_a_dropped_end_user_is_made_anew(tenant: Tenant, send: Send) -> None:
    send()
    with tenant_scope(tenant.pk):
        drop_end_users(ids=EndUser.objects.values_list("pk", flat=True))
    send()
    assert owners(tenant) == [("halden", "ann"), ("halden", "gone")]


def test_an_alias_said_elsewhere_holds_from_the_next_request(tenant: Tenant, send: Send) -> None:
    send(user="a-1")
    with tenant_scope(tenant.pk):
        Alias.objects.create(said="a-1", person="ann", known_at=NOW)
    send(user="a-1")
    assert owners(tenant) == [("halden", "a-1"), ("halden", "ann")]


def test_a_customer_made_under_a_group_name_takes_it_over(tenant: Tenant, send: Send) -> None:
    with tenant_scope(tenant.pk):
        GroupName.objects.create(said="h2", customer=Customer.objects.get(external_id="halden"))
    send(group_id="h2")
    with tenant_scope(tenant.pk):
        factories.make_customer(external_id="h2")
    send(group_id="h2")
    assert owners(tenant) == [("h2", "ann"), ("halden", "ann")]


def test_what_was_rolled_back_is_not_remembered(tenant: Tenant, send: Send) -> None:
    with pytest.raises(ZeroDivisionError), tenant_scope(tenant.pk):
        found = get_open_source(source_id=Source.objects.get().pk)
        assert found is not None
        received = Received([make_event("x", user="eve")], [])
        record_events(source=found.source, received=received, received_at=NOW, mark=found.mark)
        raise ZeroDivisionError
    assert len(send(user="eve")) == 2
    assert owners(tenant) == [("halden", "eve")]


def test_old_changes_go_and_the_last_stays(tenant: Tenant, send: Send) -> None:
    with tenant_scope(tenant.pk):
        for _time in range(3):
            Customer.objects.update(name="Another")
        last = NameChange.objects.filter(tenant=tenant).latest("id").pk
        NameChange.objects.update(changed_at=NOW - timedelta(days=2))
        forget_changes(now=NOW)
        assert list(NameChange.objects.values_list("pk", flat=True)) == [last]
