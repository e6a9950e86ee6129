"""Having files looked at before others get them: for viruses, and for a small picture of them."""

from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from engagements.adapters import clamd, pictures
from engagements.adapters.clamd import Verdict
from engagements.models import StoredFile
from engagements.operations.file_bytes import open_bytes, read_pieces, store_thumbnail
from notifications.operations import notify
from people.models import User
from tenancy import audit
from tenancy.models import Membership, Role, Tenant
from tenancy.scope import current_tenant_id

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
# From this many tries on, administrators hear that the scanner does not answer.
TOLD_AFTER = 5


def wait_after(tries: int) -> timedelta:
    """How long to wait before the scanner is asked again: twice as long each time."""
    times: int = 2 ** min(tries, 10)
    return min(FIRST_WAIT * times, LONGEST_WAIT)


@transaction.atomic
def check_file(*, file_id: UUID, now: datetime) -> None:
    """Have a waiting file looked at. Safe to repeat. Raises ScannerAway; then it goes on waiting."""
    row = StoredFile.objects.select_for_update().filter(pk=file_id, deleted_at=None).first()
    if row is None or not row.stored_as:
        return
    if row.scan == StoredFile.Scan.WAITING:
        with closing(read_pieces(row.stored_as)) as pieces:
            _note(row, _verdict(pieces), now)
    if row.kind == StoredFile.Kind.PICTURE and row.is_open and not row.has_thumbnail:
        _draw(row)


def _verdict(pieces: Iterable[bytes]) -> Verdict | None:
    """None when nobody looks."""
    scanner = settings.FILE_SCANNER
    if not scanner:
        return None
    if scanner.startswith("clamd:"):
        return clamd.scan(scanner, pieces, seconds=settings.FILE_SCANNER_SECONDS)
    verdict: Verdict = import_string(scanner)(pieces)
    return verdict


def _note(row: StoredFile, verdict: Verdict | None, now: datetime) -> None:
    if verdict is None:
        row.scan = StoredFile.Scan.UNSCANNED
    else:
        row.scan = StoredFile.Scan.CLEAN if verdict.clean else StoredFile.Scan.REFUSED
        row.finding, row.scanned_at = verdict.finding[:200], now
    row.save(update_fields=["scan", "finding", "scanned_at"])
    if row.scan == StoredFile.Scan.REFUSED:
        _tell_of_refusal(row)
        facts = {"found": row.finding, "sha256": row.sha256}
        audit.record(
            action="file.refused", subject=row, facts=facts, about_customer_id=row.customer_id
        )


def _draw(row: StoredFile) -> None:
    with open_bytes(row.stored_as) as source:
        small = pictures.thumbnail(source)
    if small is not None:
        store_thumbnail(row.stored_as, small)
        row.has_thumbnail = True
        row.save(update_fields=["has_thumbnail"])


def _tell_of_refusal(row: StoredFile) -> None:
    csm = row.engagement.csm if row.engagement else row.customer.csm
    words = _("“%(name)s” is kept away: the virus scanner found %(found)s in it.")
    notify(
        recipients=[person for person in (row.uploaded_by, csm) if person],
        kind="file.refused",
        text=words % {"name": row.name, "found": row.finding or _("something")},
        url=reverse("engagements:file", args=[_slug(), row.pk]),
        key=f"file.refused:{row.pk}",
        # What only staff sees is told to staff only.
        customer_id=row.customer_id if row.shared else None,
    )


@transaction.atomic
def tell_of_missing_scanner(*, now: datetime) -> int:
    """Tell the administrators, once a day, that files wait for a scanner that does not answer."""
    admins = Membership.objects.filter(tenant_id=current_tenant_id(), role=Role.ADMIN)
    return notify(
        recipients=User.objects.filter(pk__in=admins.values("user_id")),
        kind="scanner.away",
        text=_("The virus scanner does not answer. New files wait until it does."),
        url=reverse("reviews:book", args=[_slug()]),
        key=f"scanner.away:{now.date()}",
    )


def _slug() -> str:
    return Tenant.objects.only("slug").get(pk=current_tenant_id()).slug
