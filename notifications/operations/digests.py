"""The daily digest: for whom it is due, and what stands in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from notifications.digesting import Clock, due_day
from notifications.models import Delivery, MailChoice, Notification, Way
from notifications.operations.telling import put_out
from notifications.queries import USUAL, Choice, get_choices, is_open
from tenancy.jobs import for_each_tenant
from tenancy.models import JobRun, Membership, Tenant
from tenancy.scope import current_tenant_id

JOB = "notifications.digest"
# Nobody is reminded of what is older than this; the inbox still holds it.
REACHES_BACK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is told in the digest of a day. `delivery` is neither written nor kept yet."""

    delivery: Delivery
    choice: Choice
    rows: tuple[Notification, ...]


def plan_digests(now: datetime) -> list[JobRun]:
    """A run for each workspace, day and clock whose hour has come; only those not there yet."""
    wanted = set(_due_clocks(now))
    known = JobRun.objects.filter(job=JOB, business_date__in={day for _id, day, _at in wanted})
    there = set(known.values_list("tenant_id", "business_date", "subject"))
    runs = [
        JobRun(tenant_id=tenant_id, job=JOB, business_date=day, subject=words, due_at=now)
        for tenant_id, day, words in wanted - there
    ]
    JobRun.objects.bulk_create(runs, ignore_conflicts=True)
    return list(JobRun.objects.filter(pk__in=[run.pk for run in runs]))


def _due_clocks(now: datetime) -> Iterable[tuple[UUID, date, str]]:
    own = _own_clocks()
    for tenant in for_each_tenant():
        for clock in {USUAL.clock(tenant.time_zone), *own.get(tenant.pk, ())}:
            day = due_day(clock, now, tenant.working_days)
            if day is not None:
                yield tenant.pk, day, clock.words


def _own_clocks() -> dict[UUID, set[Clock]]:
    """The clocks that people chose, by the workspaces they belong to."""
    found: dict[UUID, set[Clock]] = defaultdict(set)
    chosen = MailChoice.objects.filter(wants_digest=True).values_list(
        "user__memberships__tenant_id",
        "user__memberships__tenant__time_zone",
        "digest_hour",
        "time_zone",
    )
    for tenant_id, workspace_zone, hour, zone in chosen.distinct():
        if tenant_id is not None:
            found[tenant_id].add(Clock(hour, zone or workspace_zone))
    return found


def gather(*, clock: Clock, day: date, now: datetime) -> list[Digest]:
    """The digests of those in the workspace in force who go by that clock and have news.

    Each thing stands in one digest only; what was put off stands in one again when it is back.
    """
    people = _people_by(clock)
    had = Delivery.objects.filter(day=day).values_list("user_id", flat=True)
    for user_id in had:
        people.pop(user_id, None)
    return [
        Digest(
            Delivery(user_id=user_id, customer_id=people[user_id][0], day=day),
            people[user_id][1],
            tuple(rows),
        )
        for user_id, rows in _news(people, now).items()
    ]


def _people_by(clock: Clock) -> dict[UUID, tuple[UUID | None, Choice]]:
    """Their customer, for those on that side, and their choice."""
    tenant = Tenant.objects.get(pk=current_tenant_id())
    members = Membership.objects.filter(tenant=tenant, user__is_active=True)
    customers = dict(members.values_list("user_id", "customer_id"))
    choices = get_choices(user_ids=list(customers))
    found = {}
    for user_id, customer_id in customers.items():
        choice = choices.get(user_id, USUAL)
        if choice.wants_digest and choice.clock(tenant.time_zone) == clock:
            found[user_id] = (customer_id, choice)
    return found


def _news(
    people: Mapping[UUID, tuple[UUID | None, Choice]], now: datetime
) -> dict[UUID, list[Notification]]:
    """What is new to each, among what each of them wants in a digest."""
    fresh = Notification.objects.filter(is_open(now), read_at=None, digested_at=None)
    fresh = fresh.annotate(at=Coalesce("snoozed_until", "created_at"))
    found: dict[UUID, list[Notification]] = defaultdict(list)
    for row in fresh.filter(user_id__in=list(people), at__gt=now - REACHES_BACK).order_by("-at"):
        customer_id, choice = people[row.user_id]
        if choice.way_of(row.kind) == Way.DIGEST and customer_id in (None, row.customer_id):
            found[row.user_id].append(row)
    return found


@transaction.atomic
def put_digests_out(*, digests: Iterable[Digest], now: datetime) -> int:
    """Keep written digests as due. Returns how many; a person has one a day, whoever tries."""
    written = list(digests)
    kept = put_out([digest.delivery for digest in written], now)
    told = [row.pk for digest in written if digest.delivery.pk in kept for row in digest.rows]
    Notification.objects.filter(pk__in=told).update(digested_at=now)
    return len(kept)
