"""Where the bytes of files lie: in the storage of files, a folder a workspace, under ids of ours."""

from collections.abc import Generator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from engagements.adapters.file_kinds import pieces_of
from engagements.models import StoredFile
from tenancy.models import new_id
from tenancy.scope import current_tenant_id

FOLDER = "attachments"
# An upload that was not kept, because its request broke off, is no younger than this by then.
FORGOTTEN_AFTER = timedelta(days=1)


def storage() -> Any:
    return storages["files"]


def folder_of(tenant_id: UUID) -> str:
    return f"{FOLDER}/{tenant_id}"


def store_bytes(source: Any) -> str:
    """Write a file into the folder of the workspace in force; returns where it lies."""
    return str(storage().save(f"{folder_of(current_tenant_id())}/{new_id()}", File(source)))


def open_bytes(stored_as: str) -> Any:
    """The file, to be read in binary and closed. Raises FileNotFoundError."""
    return storage().open(stored_as, "rb")


def read_pieces(stored_as: str) -> Generator[bytes, None, None]:
    with open_bytes(stored_as) as source:
        yield from pieces_of(source)


def thumbnail_of(stored_as: str) -> str:
    return f"{stored_as}.png"


def store_thumbnail(stored_as: str, content: bytes) -> None:
    place = thumbnail_of(stored_as)
    storage().delete(place)
    storage().save(place, ContentFile(content))


def delete_bytes(stored_as: str) -> None:
    """What is not there any more is no fault."""
    if stored_as:
        for place in (stored_as, thumbnail_of(stored_as)):
            with suppress(FileNotFoundError):
                storage().delete(place)


def sweep_bytes(*, now: datetime) -> int:
    """Delete what lies in the workspace's folder and belongs to no file. Returns how many."""
    known = set(StoredFile.objects.values_list("stored_as", flat=True))
    left = [
        place
        for place in _places(current_tenant_id())
        if place.removesuffix(".png") not in known
        and storage().get_modified_time(place) < now - FORGOTTEN_AFTER
    ]
    for place in left:
        storage().delete(place)
    return len(left)


def forget_files(*, tenant_id: UUID) -> None:
    """Delete the bytes of every file of a workspace that is about to go. Outside any scope."""
    for place in _places(tenant_id):
        storage().delete(place)
    with suppress(OSError, NotImplementedError):
        storage().delete(folder_of(tenant_id))


def _places(tenant_id: UUID) -> list[str]:
    folder = folder_of(tenant_id)
    try:
        names = storage().listdir(folder)[1]
    except FileNotFoundError:
        return []
    return [f"{folder}/{name}" for name in names]
