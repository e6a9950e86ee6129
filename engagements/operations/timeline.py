"""Putting what happened on an engagement's timeline."""

import re
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Least, Now
from django.urls import reverse

from engagements.models import Engagement, ExpertAnswer, TimelineEntry
from engagements.models.log import Written
from people.models import User
from tenancy.audit import at_work
from tenancy.models import ActorKind
from tenancy.scope import Realm, current_scope

LONGEST_TEXT = 4000
# Any short name will do to make an address: what is kept begins below it.
ANY_WORKSPACE = "w"
WORKSPACE_PART = re.compile(r"^/w/[^/]+/")


def inside(name: str, *ids: UUID) -> str:
    """The address of a page, as the timeline keeps it: below the workspace's own."""
    return below_workspace(reverse(name, args=[ANY_WORKSPACE, *ids]))


def below_workspace(url: str) -> str:
    return WORKSPACE_PART.sub("", url)


@transaction.atomic
def put_on_timeline(
    *,
    engagement: Engagement,
    kind: str,
    text: str,
    url: str = "",
    by: User | None = None,
    at: datetime | None = None,
    on: date | None = None,
    shared: bool = False,
    key: str = "",
) -> None:
    """Put something that happened on the timeline, once where it has a key.

    `kind` reads "noun.verb". `url` is a path of the product, with its workspace or as `inside`
    gives it. Without `by` it is whoever the audit log would name. It happened at the moment `at`;
    or `on` a day of the customer's, as the last thing of a day that is over; or now.
    What the customer's side does is shared with it always.
    """
    name, user_id = _who(by)
    entry = TimelineEntry(
        customer_id=engagement.customer_id,
        engagement=engagement,
        kind=kind,
        text=str(text)[:LONGEST_TEXT],
        url=below_workspace(url),
        by_id=user_id,
        by_name=name[:200],
        happened_at=at or _moment(on, engagement),
        shared=shared or current_scope().realm is Realm.CUSTOMER,
        key=key,
    )
    # Not an insert that may fail: a second entry of the same key is no error.
    TimelineEntry.objects.bulk_create([entry], ignore_conflicts=True)


def keep_entry(
    row: Written | ExpertAnswer,
    *,
    engagement_id: UUID,
    kind: str,
    key: str,
    text: str,
    at: datetime,
    url: str,
    details: str = "",
) -> None:
    """The entry of something written, made or brought to what is written now."""
    now_said = {
        "kind": kind,
        "text": text[:LONGEST_TEXT],
        "details": details,
        "happened_at": at,
        "url": url,
        "shared": row.shared,
        "mentions": row.mentions,
    }
    first_said = {"customer_id": row.customer_id, "by": row.by, "by_name": str(row.by or "")}
    TimelineEntry.objects.update_or_create(
        engagement_id=engagement_id,
        key=key,
        defaults=now_said,
        create_defaults=now_said | first_said,
    )


def take_off_timeline(*, engagement_id: UUID, key: str) -> None:
    TimelineEntry.objects.filter(engagement_id=engagement_id, key=key).delete()


def _moment(day: date | None, engagement: Engagement) -> Any:
    if day is None:
        return Now()
    end = datetime.combine(day, time.max, tzinfo=engagement.customer.zone)
    return Least(Now(), Value(end, DateTimeField()))


def _who(by: User | None) -> tuple[str, UUID | None]:
    if by is not None:
        return str(by), by.pk
    actor = at_work()
    if actor.kind == ActorKind.PERSON:
        return actor.name, actor.id
    return ("" if actor.kind == ActorKind.SYSTEM else actor.name), None
