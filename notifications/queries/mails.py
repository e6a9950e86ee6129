"""Mail as it was sent, or why it was not."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet

from notifications.models import Delivery, DueMail

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class MailRow:
    """One mail. `next_at` is when it is tried again, None when it is settled."""

    id: UUID
    user_id: UUID
    to: str
    address: str
    subject: str
    is_digest: bool
    state: str
    state_label: str
    attempts: int
    reason: str
    created_at: datetime
    sent_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with its words."""

    row: MailRow
    text: str
    html: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Mails:
    """One page of a workspace's mail, newest first, and how many there are in each state."""

    rows: tuple[MailRow, ...]
    counts: dict[str, int]
    page: int
    pages: int


def get_mails(*, state: str = "", page: int = 1) -> Mails:
    """The mail of the workspace in force."""
    counts = dict(
        Delivery.objects.order_by()
        .values("state")
        .annotate(n=Count("id"))
        .values_list("state", "n")
    )
    pages = Paginator(_of(state), PAGE_SIZE)
    shown = pages.get_page(page)
    return Mails(_as_rows(list(shown)), counts, shown.number, pages.num_pages)


def get_every_mail(*, state: str = "") -> tuple[MailRow, ...]:
    """All of them, for a spreadsheet."""
    return _as_rows(list(_of(state)))


def get_mail(*, delivery: Delivery) -> Mail:
    (row,) = _as_rows([delivery])
    return Mail(row, delivery.text, delivery.html, delivery.message_id)


def _of(state: str) -> QuerySet[Delivery]:
    rows = Delivery.objects.select_related("user").order_by("-pk")
    rows = rows.defer("text", "html")
    return rows.filter(state=state) if state in Delivery.State.values else rows


def _as_rows(found: list[Delivery]) -> tuple[MailRow, ...]:
    waiting = [row.pk for row in found if row.state == Delivery.State.WAITING]
    due = dict(DueMail.objects.filter(pk__in=waiting).values_list("pk", "due_at"))
    return tuple(
        MailRow(
            id=row.pk,
            user_id=row.user_id,
            to=str(row.user),
            address=row.address or row.user.email,
            subject=row.subject,
            is_digest=row.day is not None,
            state=row.state,
            state_label=str(Delivery.State(row.state).label),
            attempts=row.attempts,
            reason=row.reason,
            created_at=row.created_at,
            sent_at=row.sent_at,
            next_at=due.get(row.pk),
        )
        for row in found
    )
