"""Usage logs from files: brought, confirmed, read block by block, stopped or read again."""

from usage.operations.importing.beginning import (
    begin_import,
    bring_file,
    cancel_import,
    discard_import,
    drop_stale_files,
    look_again,
    read_again,
    start_import,
)
from usage.operations.importing.book import give_up_import, read_import
from usage.operations.importing.dropping import path_of, put_aside_dropped, take_dropped
from usage.operations.importing.layouts import (
    NoSuchLayout,
    forget_layout,
    keep_layout,
    layout_called,
    restore_layout,
)
from usage.operations.importing.outcomes import ImportOutcome
from usage.operations.importing.reading import import_usage_file

__all__ = [
    "ImportOutcome",
    "NoSuchLayout",
    "begin_import",
    "bring_file",
    "cancel_import",
    "discard_import",
    "drop_stale_files",
    "forget_layout",
    "give_up_import",
    "import_usage_file",
    "keep_layout",
    "layout_called",
    "look_again",
    "path_of",
    "put_aside_dropped",
    "read_again",
    "read_import",
    "restore_layout",
    "start_import",
    "take_dropped",
]
