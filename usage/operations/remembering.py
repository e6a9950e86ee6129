"""What names stood for, remembered by this process for as long as nothing about names changes.

Senders say the same names again and again, and to look each up costs about as much as to keep its
event. A workspace's memory is good for one mark: how many changes of names are noted, and the last
of them. Who asks reads the mark in its own transaction; another mark, and it is forgotten. What a
transaction learnt is remembered once it is committed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from tenancy.scope import current_tenant_id
from usage.models import NameChange

# About a third of a kilobyte each.
REMEMBERED_AT_MOST = 100_000
# No transaction lasts as long. Sooner, one that is still open could bring an old mark back.
CHANGES_KEPT = timedelta(days=1)

Mark = tuple[int, int]
Pair = tuple[str, str]
Keys = tuple[bytes, bytes]


@dataclass(slots=True)
class Memory:
    """Keys of (customer, user) by what a sender calls them, and who ids are another name of."""

    mark: Mark | None = None
    keys: dict[Pair, Keys] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.keys) + len(self.persons)


_memories: OrderedDict[UUID, Memory] = OrderedDict()
_lock = Lock()


def recall(mark: Mark | None) -> Memory:
    """What is known of the workspace in force under that mark; without a mark, nothing."""
    if mark is None:
        return Memory()
    tenant_id = current_tenant_id()
    with _lock:
        memory = _memories.get(tenant_id)
        if memory is None or memory.mark != mark:
            memory = _memories[tenant_id] = Memory(mark)
        _memories.move_to_end(tenant_id)
    return memory


def names_known(tenant_id: UUID, mark: Mark) -> Memory | None:
    """What is known of a workspace under that mark, outside of any scope; None when nothing is."""
    memory = _memories.get(tenant_id)
    return memory if memory is not None and memory.mark == mark else None


def remember(
    memory: Memory,
    *,
    keys: Mapping[Pair, Keys] | None = None,
    persons: Mapping[str, str] | None = None,
) -> None:
    """Add to a memory what this transaction learnt, when it is committed."""
    if memory.mark is not None:
        transaction.on_commit(lambda: _add(memory, keys or {}, persons or {}))


def _add(memory: Memory, keys: Mapping[Pair, Keys], persons: Mapping[str, str]) -> None:
    with _lock:
        memory.keys |= keys
        memory.persons |= persons
        held = sum(map(len, _memories.values()))
        while held > REMEMBERED_AT_MOST and _memories:
            _tenant, longest_unasked = _memories.popitem(last=False)
            held -= len(longest_unasked)


def forget_changes(*, now: datetime) -> None:
    """Delete noted changes that are a day old, but the last, of which the mark is made."""
    rows = NameChange.objects.filter(tenant_id=current_tenant_id())
    last = rows.aggregate(last=Max("id"))["last"]
    rows.filter(changed_at__lt=now - CHANGES_KEPT, id__lt=last or 0).delete()
