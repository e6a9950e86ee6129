"""Telling people what happened, what they do with it, and the mail that goes out about it."""

from notifications.operations.choices import choose_mail, stop_digest, stop_mail_at_once
from notifications.operations.digests import (
    JOB as DIGEST_JOB,
)
from notifications.operations.digests import (
    Digest,
    gather,
    plan_digests,
    put_digests_out,
)
from notifications.operations.marking import (
    mark_all_done,
    mark_all_read,
    mark_all_unread,
    mark_done,
    mark_read,
    mark_unread,
    prune,
    put_all_back,
    put_back,
    snooze,
    unsnooze,
)
from notifications.operations.outbox import (
    in_the_way,
    note_away,
    note_refused,
    note_sent,
    note_skipped,
    take_due,
    try_again,
)
from notifications.operations.telling import ALSO_TO, notify

__all__ = [
    "ALSO_TO",
    "DIGEST_JOB",
    "Digest",
    "choose_mail",
    "gather",
    "in_the_way",
    "mark_all_done",
    "mark_all_read",
    "mark_all_unread",
    "mark_done",
    "mark_read",
    "mark_unread",
    "note_away",
    "note_refused",
    "note_sent",
    "note_skipped",
    "notify",
    "plan_digests",
    "prune",
    "put_all_back",
    "put_back",
    "put_digests_out",
    "snooze",
    "stop_digest",
    "stop_mail_at_once",
    "take_due",
    "try_again",
    "unsnooze",
]
