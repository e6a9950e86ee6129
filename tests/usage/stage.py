"""Events made for tests, through the operations the product uses."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from usage.adapters.canonical import Event, Received
from usage.models import Source
from usage.operations import ReceivedOutcome, create_source, record_events

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_event(message_id: str, user: str = "ann", at: str = "2026-11-01T10:00Z", **fields: Any):
    values = {"kind": "track", "name": "Report Exported", "group_id": "halden"} | fields
    moment = datetime.fromisoformat(at).astimezone(UTC)
    return Event(message_id=message_id, user_id=user, occurred_at=moment, **values)


def make_source(name: str = "web", **fields: Any) -> Source:
    source, _key = create_source(name=name, **fields)
    return source


def receive(source: Source, events: Iterable[Event], now: datetime = NOW) -> ReceivedOutcome:
    return record_events(source=source, received=Received(list(events), []), received_at=now)
