"""Changes to usage: events in, days closed, sources and files looked after."""

from usage.operations.closing import close_days
from usage.operations.importing import (
    ImportOutcome,
    give_up_import,
    import_usage_file,
    read_import,
    start_import,
)
from usage.operations.partitions import make_partitions
from usage.operations.receiving import ReceivedOutcome, record_events
from usage.operations.recounting import ask_for_recount, withdraw_recount
from usage.operations.sources import (
    TooManySourceKeys,
    add_source_key,
    create_source,
    ensure_file_source,
    revoke_source_key,
)

__all__ = [
    "ImportOutcome",
    "ReceivedOutcome",
    "TooManySourceKeys",
    "add_source_key",
    "ask_for_recount",
    "close_days",
    "create_source",
    "ensure_file_source",
    "give_up_import",
    "import_usage_file",
    "make_partitions",
    "read_import",
    "record_events",
    "revoke_source_key",
    "start_import",
    "withdraw_recount",
]
