"""What stands beside a package's dates: its checklist, and what is said of it."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from adoption.models import CheckItem, PackageComment, WorkPackage
from people.models import User
from tenancy.audit import record

MOST_ITEMS = 100


@transaction.atomic
def add_check_item(*, package: WorkPackage, text: str, by: User | None, now: datetime) -> CheckItem:
    """Raises ValidationError, keyed by field."""
    counted = CheckItem.objects.filter(package=package).aggregate(last=Max("position"))
    last = -1 if counted["last"] is None else counted["last"]
    if last + 1 >= MOST_ITEMS:
        raise ValidationError({"text": _("A checklist holds at most 100 lines.")})
    item = CheckItem(
        customer_id=package.customer_id,
        package=package,
        position=last + 1,
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
    package, text = item.package, item.text
    item.delete()
    _record("check_item.removed", package, text)


@transaction.atomic
def comment_on_package(
    *, package: WorkPackage, text: str, by: User | None, now: datetime
) -> PackageComment:
    """Raises ValidationError, keyed by field."""
    comment = PackageComment(
        customer_id=package.customer_id,
        package=package,
        text=text.replace("\0", "").strip(),
        by=by,
        at=now,
    )
    comment.full_clean(exclude=["by"])
    comment.save()
    _record("package.commented", package, "")
    return comment


@transaction.atomic
def remove_comment(*, comment: PackageComment, by: User | None, now: datetime) -> None:
    """Its author's to do, or whoever may change the plan."""
    package = comment.package
    comment.delete()
    _record("package_comment.removed", package, "")


def _record(action: str, package: WorkPackage, text: str) -> None:
    record(
        action=action,
        subject=package,
        facts={"text": text} if text else {},
        about_customer_id=package.customer_id,
    )
