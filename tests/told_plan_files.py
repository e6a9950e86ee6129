"""A plan file on its way in and a calendar address of each workspace, for the isolation crawl."""

from datetime import UTC, datetime
from uuid import UUID

from adoption import operations
from engagements.models import Engagement
from people.models import User

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def tell_plan_files(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns the rows' ids by the part of an address that names them."""
    staged = operations.stage_plan(
        engagement=engagement,
        file_name=f"{word}.csv",
        content=f"id,name,duration\n1,{word} step,2d\n".encode(),
        names={"id": "id", "name": "name", "duration": "duration"},
        by=by,
        now=NOW,
    )
    operations.make_feed(engagement=engagement, user=by, with_own_packages=True, now=NOW)
    return {"plan_import_id": staged.pk}
