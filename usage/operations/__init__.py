"""Changes to usage: events in, days closed, sources and files looked after."""

from usage.operations.aliases import join_people
from usage.operations.at_once import attributed_at_once, record_at_once
from usage.operations.closing import close_days
from usage.operations.erasing import Erased, erase_person
from usage.operations.exclusions import count_again, leave_out
from usage.operations.importing import (
    ImportOutcome,
    NoSuchLayout,
    begin_import,
    bring_file,
    cancel_import,
    discard_import,
    drop_stale_files,
    forget_layout,
    give_up_import,
    import_usage_file,
    keep_layout,
    layout_called,
    look_again,
    path_of,
    put_aside_dropped,
    read_again,
    read_import,
    restore_layout,
    start_import,
    take_dropped,
)
from usage.operations.keeping import change_retention, drop_old_events
from usage.operations.metering import admit_request, keep_hours, note_key_use, note_request
from usage.operations.naming import add_domain, attach_group, detach_group, remove_domain
from usage.operations.partitions import empty_months, make_partitions
from usage.operations.rebuilding import ask_for_rebuild, rebuild_days, waiting_for_rebuild
from usage.operations.receiving import ReceivedOutcome, record_events
from usage.operations.recounting import (
    ask_for_recount,
    forget_days,
    note_dropped,
    withdraw_recount,
)
from usage.operations.remembering import forget_changes
from usage.operations.replaying import replay_known
from usage.operations.rules import agree_first_value, set_rules
from usage.operations.sources import (
    TooManySourceKeys,
    add_source_key,
    change_source,
    create_source,
    ensure_file_source,
    revoke_source_key,
)
from usage.operations.verifying import Verification, verify_days

__all__ = [
    "Erased",
    "ImportOutcome",
    "NoSuchLayout",
    "ReceivedOutcome",
    "TooManySourceKeys",
    "Verification",
    "add_domain",
    "add_source_key",
    "admit_request",
    "agree_first_value",
    "ask_for_rebuild",
    "ask_for_recount",
    "attach_group",
    "attributed_at_once",
    "begin_import",
    "bring_file",
    "cancel_import",
    "change_retention",
    "change_source",
    "close_days",
    "count_again",
    "create_source",
    "detach_group",
    "discard_import",
    "drop_old_events",
    "drop_stale_files",
    "empty_months",
    "ensure_file_source",
    "erase_person",
    "forget_changes",
    "forget_days",
    "forget_layout",
    "give_up_import",
    "import_usage_file",
    "join_people",
    "keep_hours",
    "keep_layout",
    "layout_called",
    "leave_out",
    "look_again",
    "make_partitions",
    "note_dropped",
    "note_key_use",
    "note_request",
    "path_of",
    "put_aside_dropped",
    "read_again",
    "read_import",
    "rebuild_days",
    "record_at_once",
    "record_events",
    "remove_domain",
    "replay_known",
    "restore_layout",
    "revoke_source_key",
    "set_rules",
    "start_import",
    "take_dropped",
    "verify_days",
    "waiting_for_rebuild",
    "withdraw_recount",
]
