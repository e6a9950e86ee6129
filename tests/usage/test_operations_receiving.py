"""Events in: once each, with whom they belong, or put aside with the reason."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, connections

from engagements.models import Customer, EndUser
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.usage.stage import NOW, make_event, make_source, receive
from usage.adapters.canonical import Received, Rejected
from usage.models import Event, Quarantined, Receipt, Touch
from usage.operations import create_source, record_events


@pytest.fixture
def scoped(cast: Cast):
    with tenant_scope(cast.tenant.pk):
        yield cast


def test_an_event_is_kept_with_customer_user_and_what_was_done(scoped: Cast) -> None:
    source = make_source()
    outcome = receive(source, [make_event("m1", feature="reports")])
    assert (outcome.new, outcome.repeated, outcome.quarantined) == (1, 0, 0)
    event = Event.objects.get()
    assert event.customer_id == scoped.customer.pk
    assert EndUser.objects.get(pk=event.end_user_id).external_id == "ann"
    assert (event.name, event.feature, event.source_id) == ("Report Exported", "reports", source.pk)
    assert event.received_at == NOW


def test_a_retry_counts_once_also_later_with_another_time_in_another_month(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", at="2026-10-31T23:59Z"), make_event("m2")])
    again = [
        make_event("m1", at="2026-11-01T00:01Z"),
        make_event("m2", at="2026-09-01T10:00Z"),
        make_event("m3"),
    ]
    outcome = receive(source, again, NOW + timedelta(hours=12))
    assert (outcome.new, outcome.repeated) == (1, 2)
    assert Event.objects.count() == Receipt.objects.count() == 3


def test_repeats_within_a_request_count_once_and_the_first_wins(scoped: Cast) -> None:
    events = [make_event("m1", name="First"), make_event("m1", name="Second"), make_event("m2")]
    assert receive(make_source(), events).new == 2
    assert sorted(Event.objects.values_list("name", flat=True)) == ["First", "Report Exported"]


def test_the_same_message_id_of_another_source_is_another_event(scoped: Cast) -> None:
    for name in ("web", "server"):
        assert receive(make_source(name), [make_event("m1")]).new == 1


def test_the_same_message_id_in_another_workspace_is_another_event(cast: Cast) -> None:
    for tenant in (cast.tenant, cast.other_tenant):
        with tenant_scope(tenant.pk):
            source = make_source(creates_customers=True)
            assert receive(source, [make_event("m1")]).new == 1


def test_calls_about_users_and_groups_make_them_known_but_are_no_use(scoped: Cast) -> None:
    source = make_source()
    outcome = receive(source, [make_event("g1", user="eve", kind="group", name="group")])
    assert (outcome.new, Event.objects.count()) == (0, 0)
    assert EndUser.objects.get(external_id="eve").customer_id == scoped.customer.pk
    # Browser libraries name no group after that call.
    assert receive(source, [make_event("m1", user="eve", group_id=None)]).new == 1


def test_an_unknown_group_is_put_aside_once(scoped: Cast) -> None:
    source = make_source()
    event = make_event("m1", group_id="nobody", user="eve")
    assert receive(source, [event]).quarantined == 1
    receive(source, [event])
    row = Quarantined.objects.get()
    assert (row.group_key, row.user_key) == ("nobody", "eve")
    assert "“nobody”" in row.reason
    assert Event.objects.count() == 0


def test_an_event_put_aside_is_still_new_once_its_customer_exists(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", group_id="later")])
    factories.make_customer("later")
    assert receive(source, [make_event("m1", group_id="later")]).new == 1


def test_a_source_may_create_customers_with_the_zone_of_the_workspace(scoped: Cast) -> None:
    receive(make_source(creates_customers=True), [make_event("m1", group_id="brand-new")])
    customer = Customer.objects.get(external_id="brand-new")
    assert customer.time_zone == scoped.tenant.time_zone


def test_a_user_of_several_customers_needs_a_group(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1"), make_event("m2", group_id="solberg")])
    assert receive(source, [make_event("m3", group_id=None)]).quarantined == 1
    assert "several customers" in Quarantined.objects.get().reason


def test_an_unreadable_item_is_kept_with_its_reason(scoped: Cast) -> None:
    received = Received([], [Rejected(0, "“type” is missing", {"a": "\0"})])
    record_events(source=make_source(), received=received, received_at=NOW)
    assert Quarantined.objects.get().reason == "“type” is missing"


def test_a_touch_spans_what_arrived_of_its_customers_on_a_day(scoped: Cast) -> None:
    events = [
        make_event("m1", at="2026-11-01T10:00Z"),
        make_event("m2", at="2026-11-01T12:00Z"),
        make_event("m3", at="2026-11-06T09:00Z"),
        make_event("m4", at="2026-11-01T09:00Z", group_id="solberg"),
    ]
    receive(make_source(), events)
    spans = [
        (t.first_at.day, t.first_at.hour, t.last_at.hour, len(t.customers))
        for t in Touch.objects.order_by("first_at")
    ]
    assert spans == [(1, 9, 12, 2), (6, 9, 9, 1)]


def test_nothing_new_touches_nothing(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1")])
    Touch.objects.all().delete()
    receive(source, [make_event("m1")])
    assert Touch.objects.count() == 0


def test_an_empty_request_is_fine(scoped: Cast) -> None:
    assert receive(make_source(), []).new == 0


def send(tenant_id: UUID, source: object, numbers: range, start: threading.Barrier) -> None:
    start.wait()
    try:
        for number in numbers:
            with tenant_scope(tenant_id):
                batch = [make_event(f"m{number + step}") for step in range(20)]
                receive(source, batch)
    finally:
        connection.close()


def test_senders_at_the_same_time_keep_each_event_once(committed: None) -> None:
    """Overlapping batches in opposite orders, each with its own connection and real commits."""
    tenant = factories.make_tenant("acme")
    with tenant_scope(tenant.pk):
        factories.make_customer()
        source, _key = create_source(name="web")
    start = threading.Barrier(4)
    orders = [range(0, 40, 5), range(35, -5, -5), range(0, 40, 5), range(35, -5, -5)]
    threads = [
        threading.Thread(target=send, args=(tenant.pk, source, order, start)) for order in orders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with tenant_scope(tenant.pk):
        assert Event.objects.count() == Receipt.objects.count() == 55
    connections.close_all()
