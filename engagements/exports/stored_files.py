"""Files people keep, as a table."""

from collections.abc import Iterable

from engagements.queries import FileRow
from rendering.spreadsheets import write_table

FILE_COLUMNS = (
    "name",
    "kind",
    "size_bytes",
    "version",
    "visible_to_customer",
    "virus_check",
    "engagement",
    "uploaded_by",
    "uploaded_at",
    "attached_to",
    "sha256",
)


def files_csv(rows: Iterable[FileRow]) -> bytes:
    """The newest version of each file, one row each; `attached_to` counts what it goes with."""
    return write_table(
        FILE_COLUMNS,
        (
            [
                row.name,
                row.kind,
                row.size_bytes,
                row.version,
                "yes" if row.shared else "no",
                row.scan,
                row.engagement_key,
                row.uploaded_by,
                row.uploaded_at.isoformat(),
                row.attached,
                row.sha256,
            ]
            for row in rows
        ),
    )
