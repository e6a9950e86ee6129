"""Files that say a word, in their name and in their bytes, for the isolation crawl."""

import io
from uuid import UUID

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from engagements import operations, queries
from engagements.imports.stored_files import Shelving, take_in
from engagements.models import Engagement, Risk
from engagements.operations.file_bytes import store_thumbnail
from people.models import User


def tell_files(engagement: Engagement, word: str, by: User) -> dict[str, UUID]:
    """A shared file with a thumbnail, attached to a risk, and one that staff alone sees."""
    shared, hidden = (
        _kept(engagement, by, name=f"{word} {kind}.txt", text=f"{word} {kind}", shared=open_to_all)
        for kind, open_to_all in (("shared file", True), ("hidden file", False))
    )
    store_thumbnail(shared.stored_as, _picture())
    shared.has_thumbnail = True
    shared.save(update_fields=["has_thumbnail"])
    risk = Risk.objects.filter(engagement=engagement).first()
    target = queries.get_target(key=f"risk:{risk.pk}") if risk else None
    assert target is not None
    attachment = operations.attach_file(file=shared, to=target, by=by)
    operations.attach_file(file=hidden, to=target, by=by)
    return {"file_id": shared.pk, "attachment_id": attachment.pk}


def _kept(engagement: Engagement, by: User, *, name: str, text: str, shared: bool):  # type: ignore[no-untyped-def]
    shelving = Shelving(engagement.customer, engagement, shared, by, timezone.now())
    file = ContentFile(text.encode(), name=name)
    return take_in(files=[file], shelving=shelving).kept[0]


def _picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8)).save(drawn, "PNG")
    return drawn.getvalue()
