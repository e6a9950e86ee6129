"""The heads of the audit logs, published outside the database, where a cut tail shows."""

import fcntl
import json
import os
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings

from tenancy.audit import Head, get_head
from tenancy.scope import current_tenant_id

log = structlog.get_logger(__name__)


def publish_head(*, business_date: date, now: datetime) -> None:
    """Add the number and hash of the last entry of the workspace in force to the file and the logs.

    The log line matters most where logs leave the machine; the file serves `verify_audit`.
    """
    head = get_head()
    line = {
        "workspace": str(current_tenant_id()),
        "day": business_date.isoformat(),
        "published_at": now.isoformat(),
        "seq": head.seq,
        "hash": head.row_hash.hex(),
    }
    _add(settings.AUDIT_HEADS_FILE, line)
    log.info("audit_head", day=line["day"], seq=head.seq, hash=line["hash"])


def _add(path: Path, line: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a") as file:
        # Workers of one machine may publish at once.
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def published_heads(path: Path) -> dict[UUID, tuple[Head, ...]]:
    """Every head in such a file, by workspace. Raises ValueError, naming a line that is no head."""
    found: dict[UUID, tuple[Head, ...]] = {}
    if not path.exists():
        return found
    with path.open() as file:
        for number, text in enumerate(file, start=1):
            workspace, head = _read(text, f"{path}, line {number}")
            if head.seq:
                found[workspace] = (*found.get(workspace, ()), head)
    return found


def _read(text: str, place: str) -> tuple[UUID, Head]:
    try:
        line = json.loads(text)
        return UUID(line["workspace"]), Head(int(line["seq"]), bytes.fromhex(line["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{place}: this is no published head ({error}).") from error
