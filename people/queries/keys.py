"""Reads about a workspace's API keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tenancy.access import AREAS, opens
from tenancy.models import ApiKey

ENDS_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One row of the keys page. `state` is live, ending (its end is set and near), ended, revoked.

    `replaced` says that a successor lives beside it. `opens` pairs the areas with "read" or
    "write", in the order of the areas.
    """

    id: UUID
    name: str
    begins_with: str
    scopes: tuple[str, ...]
    opens: tuple[tuple[str, str], ...]
    state: str
    replaced: bool
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_live(self) -> bool:
        return self.state in ("live", "ending")


def get_api_keys(*, tenant_id: UUID, now: datetime) -> list[KeyRow]:
    """The workspace's API keys, newest first, those that open nothing last."""
    keys = list(ApiKey.objects.select_related("created_by").filter(tenant_id=tenant_id))
    replaced = {key.replaces_id for key in keys if _state(key, now) in ("live", "ending")}
    rows = [_key_row(key, now, key.pk in replaced) for key in keys]
    return sorted(rows, key=lambda row: not row.is_live)


def _key_row(key: ApiKey, now: datetime, replaced: bool) -> KeyRow:
    return KeyRow(
        id=key.pk,
        name=key.name,
        begins_with=f"aiq_live_{key.prefix}…",
        scopes=tuple(key.scopes),
        opens=tuple(
            (str(label), "write" if f"{area}:write" in key.scopes else "read")
            for area, label in AREAS.items()
            if opens(key.scopes, area, to_write=False)
        ),
        state=_state(key, now),
        replaced=replaced,
        made_by=str(key.created_by) if key.created_by else "",
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
        revoked_at=key.revoked_at,
    )


def _state(key: ApiKey, now: datetime) -> str:
    if key.revoked_at:
        return "revoked"
    if key.expires_at is None:
        return "live"
    if key.expires_at <= now:
        return "ended"
    return "ending" if key.expires_at - now < ENDS_SOON else "live"
