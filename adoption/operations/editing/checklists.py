"""What stands beside a package's dates: its checklist, and what is said of it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from adoption.models import CheckItem, PackageComment, WorkPackage
from engagements.operations.mentions import mentioned, names_of_mentioned, tell_mentioned
from people.models import User
from tenancy.audit import record

MOST_ITEMS = 100


@transaction.atomic
def add_check_item(*, package: WorkPackage, text: str, by: User | None, now: datetime) -> CheckItem:
    """Raises ValidationError, keyed by field."""
    last = CheckItem.objects.filter(package=package).aggregate(last=Max("position"))["last"]
    if CheckItem.objects.filter(package=package).count() >= MOST_ITEMS:
        raise ValidationError({"text": _("A checklist holds at most 100 lines.")})
    item = CheckItem(
        customer_id=package.customer_id,
        package=package,
        position=0 if last is None else last + 1,
        text=" ".join(text.replace("\0", "").split()),
    )
    item.full_clean(exclude=["done_by"])
    item.save()
    _record("check_item.added", package, item.text)
    return item


@transaction.atomic
def tick_item(*, item: CheckItem, by: User | None, now: datetime) -> None:
    """Done; a line that is ticked already stays as it was ticked."""
    if item.done_at is None:
        item.done_at, item.done_by = now, by
        item.save(update_fields=["done_at", "done_by"])
        _record("check_item.ticked", item.package, item.text)


@transaction.atomic
def untick_item(*, item: CheckItem, by: User | None, now: datetime) -> None:
    if item.done_at is not None:
        item.done_at, item.done_by = None, None
        item.save(update_fields=["done_at", "done_by"])
        _record("check_item.unticked", item.package, item.text)


@transaction.atomic
def remove_check_item(*, item: CheckItem, by: User | None, now: datetime) -> None:
    """Off the list; `restore_check_item` puts it back where it was."""
    item.deleted_at = now
    item.save(update_fields=["deleted_at"])
    _record("check_item.removed", item.package, item.text)


@transaction.atomic
def restore_check_item(*, item: CheckItem, by: User | None, now: datetime) -> None:
    if item.deleted_at is not None:
        item.deleted_at = None
        item.save(update_fields=["deleted_at"])
        _record("check_item.restored", item.package, item.text)


@transaction.atomic
def rename_check_item(*, item: CheckItem, text: str, by: User | None, now: datetime) -> None:
    """Raises ValidationError, keyed by field."""
    item.text = " ".join(text.replace("\0", "").split())
    item.full_clean(exclude=["done_by"])
    item.save(update_fields=["text"])
    _record("check_item.changed", item.package, item.text)


@transaction.atomic
def comment_on_package(
    *, package: WorkPackage, text: str, by: User | None, now: datetime
) -> PackageComment:
    """Whoever is mentioned in it hears of it, on either side.

    Raises ValidationError, keyed by field.
    """
    said = text.replace("\0", "").strip()
    found = mentioned({"text": said}, customer_id=package.customer_id, shared=True)
    comment = PackageComment(
        customer_id=package.customer_id,
        package=package,
        text=said,
        by=by,
        at=now,
        mentions=names_of_mentioned(found),
    )
    comment.full_clean(exclude=["by"])
    comment.save()
    tell_mentioned(found, row=comment, text=said, by=by, page=("adoption:package", package.pk))
    _record("package.commented", package, "")
    return comment


@transaction.atomic
def remove_comment(*, comment: PackageComment, by: User | None, now: datetime) -> None:
    """Its author's to do; `restore_comment` brings it back."""
    comment.deleted_at = now
    comment.save(update_fields=["deleted_at"])
    _record("package_comment.removed", comment.package, "")


@transaction.atomic
def restore_comment(*, comment: PackageComment, by: User | None, now: datetime) -> None:
    if comment.deleted_at is not None:
        comment.deleted_at = None
        comment.save(update_fields=["deleted_at"])
        _record("package_comment.restored", comment.package, "")


def _record(action: str, package: WorkPackage, text: str) -> None:
    record(
        action=action,
        subject=package,
        facts={"text": text} if text else {},
        about_customer_id=package.customer_id,
    )
