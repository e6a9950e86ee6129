"""Changes to usage: events in, days closed, sources and files looked after."""

from usage.operations.aliases import join_people
from usage.operations.closing import close_days
from usage.operations.exclusions import count_again, leave_out
from usage.operations.importing import (
    ImportOutcome,
    give_up_import,
    import_usage_file,
    read_import,
    start_import,
)
from usage.operations.naming import add_domain, attach_group, detach_group, remove_domain
from usage.operations.partitions import make_partitions
from usage.operations.receiving import ReceivedOutcome, record_events
from usage.operations.recounting import ask_for_recount, withdraw_recount
from usage.operations.replaying import replay_known
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
    "add_domain",
    "add_source_key",
    "ask_for_recount",
    "attach_group",
    "close_days",
    "count_again",
    "create_source",
    "detach_group",
    "ensure_file_source",
    "give_up_import",
    "import_usage_file",
    "join_people",
    "leave_out",
    "make_partitions",
    "read_import",
    "record_events",
    "remove_domain",
    "replay_known",
    "revoke_source_key",
    "start_import",
    "withdraw_recount",
]
