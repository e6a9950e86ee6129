"""The fields of a workspace's own as a table."""

from collections.abc import Mapping, Sequence

from engagements.queries import FieldRow
from rendering.spreadsheets import write_table

FIELD_COLUMNS = ("belongs_to", "name", "column", "type", "choices", "needed", "archived", "values")


def custom_fields_csv(found: Mapping[str, Sequence[FieldRow]]) -> bytes:
    """The fields a workspace keeps of its own, and how many rows say something in each."""
    return write_table(
        FIELD_COLUMNS,
        (
            [
                kind,
                row.label,
                f"own:{row.key}",
                row.type,
                ", ".join(row.choices),
                "yes" if row.required else "no",
                "yes" if row.archived else "no",
                row.used,
            ]
            for kind, rows in found.items()
            for row in rows
        ),
    )
