"""Remembered columns and counted days of each workspace, for the isolation crawl."""

from datetime import UTC, datetime
from uuid import UUID

from engagements.models import Engagement
from people.models import User
from usage import operations
from usage.adapters.files import Layout
from usage.adapters.files.counts import Count, CountBlock
from usage.operations.importing.counts import store_counts

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def tell_usage_files(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns ids by the part of an address that names them."""
    layout = Layout(columns={f"{word} account": "customer_id"})
    kept = operations.keep_layout(
        name=f"{word} weekly", layout=layout, header=list(layout.columns), by=by
    )
    row = operations.start_import(
        file_name=f"{word} days.csv", stored_as="", mapping={}, created_by=by
    )
    count = Count(2, engagement.customer.external_id, NOW.date(), f"{word} reports", 3, 40)
    store_counts(block=CountBlock([count], [], 1, 99), import_id=row.pk, now=NOW)
    return {"layout_id": kept.pk}
