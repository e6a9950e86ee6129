"""What somebody was told and the mail that was sent, as spreadsheets: the rows of the pages."""

from collections.abc import Iterable
from datetime import datetime

from notifications.queries import MailRow, Told
from rendering.spreadsheets import write_table

TOLD = ("told_at", "kind", "customer", "text", "path", "read_at", "snoozed_until", "done_at")
MAILS = ("written_at", "to", "address", "subject", "state", "attempts", "reason", "sent_at")


def inbox_csv(rows: Iterable[Told]) -> bytes:
    return write_table(
        TOLD,
        (
            (
                _stamp(row.created_at),
                row.kind,
                row.customer,
                row.text,
                row.url,
                _stamp(row.read_at),
                _stamp(row.snoozed_until),
                _stamp(row.done_at),
            )
            for row in rows
        ),
    )


def mails_csv(rows: Iterable[MailRow]) -> bytes:
    return write_table(
        MAILS,
        (
            (
                _stamp(row.created_at),
                row.to,
                row.address,
                row.subject,
                row.state,
                row.attempts,
                row.reason,
                _stamp(row.sent_at),
            )
            for row in rows
        ),
    )


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None
