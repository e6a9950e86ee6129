"""People's tables as spreadsheets."""

import json
from collections.abc import Iterable, Iterator

from people.queries import KeyRow, Member
from people.queries.audit import AuditLine
from rendering.spreadsheets import stream_table, write_table

KEY_COLUMNS = (
    *("name", "begins_with", "scopes", "state", "made_at", "made_by"),
    *("expires_at", "last_used_at", "revoked_at"),
)


def keys_csv(keys: Iterable[KeyRow]) -> bytes:
    """Every key with what it opens; never the key itself."""
    return write_table(
        KEY_COLUMNS,
        (
            (
                key.name,
                key.begins_with,
                " ".join(key.scopes),
                key.state,
                key.created_at,
                key.made_by,
                key.expires_at,
                key.last_used_at,
                key.revoked_at,
            )
            for key in keys
        ),
    )


MEMBER_COLUMNS = (
    *("name", "email", "role", "customer", "member_since", "last_seen_at", "second_factor"),
)


def members_csv(members: Iterable[Member]) -> bytes:
    return write_table(
        MEMBER_COLUMNS,
        (
            (
                member.name,
                member.email,
                member.role,
                member.customer_name,
                member.joined_at,
                member.last_seen_at,
                member.has_second_factor,
            )
            for member in members
        ),
    )


AUDIT_COLUMNS = (
    *("entry", "recorded_at", "actor_kind", "actor", "action", "subject_kind", "subject_id"),
    *("subject", "customer", "facts", "address", "request", "hash_before", "hash"),
)


def audit_csv(portions: Iterable[list[AuditLine]]) -> Iterator[bytes]:
    """The log piece by piece, with the hashes that chain its entries."""
    return stream_table(AUDIT_COLUMNS, (map(_audit_row, portion) for portion in portions))


def _audit_row(line: AuditLine) -> tuple[object, ...]:
    return (
        line.seq,
        line.recorded_at.isoformat() if line.recorded_at else None,
        line.actor_kind,
        line.actor_name,
        line.action,
        line.subject_kind,
        line.subject_id,
        line.subject_name,
        line.customer_name,
        json.dumps(line.plain_facts, ensure_ascii=False, sort_keys=True),
        line.address,
        line.request_id,
        line.prev_hash,
        line.row_hash,
    )
