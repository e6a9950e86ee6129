"""Whatever is sent again, by whom, when and with which time: each message counts once."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import django
import pytest
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenancy.scope import tenant_scope
from tests import factories
from usage.models import Event, Receipt, Touch
from usage.operations import create_source

SENDERS = 3
# Two minutes on either side of the turn of a month, so that any shift may cross it.
MIDNIGHT = datetime(2026, 11, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

# A message: its number, and by how many minutes its time is wrong when it is sent.
messages = st.tuples(st.integers(0, 14), st.integers(-2, 2))
batches = st.lists(messages, min_size=1, max_size=8)
# What each sender sends, with how many hours it waited before.
sendings = st.lists(
    st.lists(st.tuples(st.integers(0, 30), batches), max_size=3),
    min_size=SENDERS,
    max_size=SENDERS,
)


def send(tenant_id: UUID, source_id: UUID, sent: list[tuple[int, list[tuple[int, int]]]]) -> int:
    """In a process of its own: one request after another. Returns how many events were new."""
    from tests.usage.stage import receive
    from usage.models import Source

    new = 0
    for hours, batch in sent:
        with tenant_scope(tenant_id):
            source = Source.objects.get(pk=source_id)
            new += receive(
                source, [_event(*one) for one in batch], NOW + timedelta(hours=hours)
            ).new
    connections.close_all()
    return new


def _event(number: int, shift: int) -> Any:
    from tests.usage.stage import make_event

    at = MIDNIGHT + timedelta(minutes=number % 5 - 2 + shift)
    return make_event(f"m{number}", user=f"user-{number % 4}", at=at.isoformat())


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    with ProcessPoolExecutor(SENDERS, get_context("spawn"), initializer=django.setup) as pool:
        yield pool


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sendings=sendings)
def test_each_message_counts_once(
    committed: None, processes: ProcessPoolExecutor, sendings: list[Any]
) -> None:
    tenant = factories.make_tenant(f"once-{datetime.now(UTC):%H%M%S%f}")
    with tenant_scope(tenant.pk):
        factories.make_customer()
        source, _key = create_source(name="web")
    running = [processes.submit(send, tenant.pk, source.pk, sent) for sent in sendings]
    new = sum(one.result() for one in running)
    every = [one for sent in sendings for _hours, batch in sent for one in batch]
    with tenant_scope(tenant.pk):
        assert new == Event.objects.count() == Receipt.objects.count()
        assert new == len({number for number, _shift in every})
        # As it was sent by one of them, and the night will look at its day.
        assert set(Event.objects.values_list("occurred_at", flat=True)) <= {
            _event(*one).occurred_at for one in every
        }
        for at in Event.objects.values_list("occurred_at", flat=True):
            assert Touch.objects.filter(first_at__lte=at, last_at__gte=at).exists()
