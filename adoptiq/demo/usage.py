"""How the demo's software is used: a year of events, counts of days that name nobody, and what the
workspace counts by."""

import csv
import gzip
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zlib import crc32

from adoptiq.demo import activity
from adoptiq.demo.story import Company
from engagements.models import Engagement, ImpactGroup
from people.models import User
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from usage import operations
from usage.adapters.files import Layout
from usage.adapters.files.layouts import DAILY

# From so many active days of twenty or so working days in four weeks on, use is deep.
DEEP_DAYS = 8
USES, WITHIN_DAYS = 3, 21
EVENT_COLUMNS = ("message_id", "timestamp", "customer_id", "user_id", "event", "feature")
# A portal that counts its visitors itself and tells of nobody.
PORTAL_DAYS = 60
PORTAL_FEATURES = (("Order tracking", 2), ("Invoices", 5))
SATURDAY = 5


def tell_rules(*, engagements: Iterable[Engagement], by: User) -> None:
    """The rules, and for engagements whose groups name features their first value: what the
    largest is meant to use first, used three times."""
    operations.set_rules(fields={"with_weekends": False, "deep_days": DEEP_DAYS}, by=by)
    for engagement in engagements:
        groups = ImpactGroup.objects.filter(engagement=engagement).exclude(features=[])
        group = groups.order_by("-size").first()
        if group is not None:
            fields = {"feature": group.features[0], "uses": USES, "within_days": WITHIN_DAYS}
            operations.agree_first_value(engagement=engagement, fields=fields)


def import_use(tenant: Tenant, companies: Sequence[Company], now: datetime) -> None:
    """A year of events as a file, read the way any file is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "product-usage.csv.gz"
        with gzip.open(path, "wt", compresslevel=1, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(EVENT_COLUMNS)
            for company in companies:
                for event in activity.events_of(company, now.date()):
                    if event.occurred_at <= now:
                        writer.writerow(
                            (
                                event.message_id,
                                event.occurred_at.isoformat(),
                                company.external_id,
                                event.user,
                                event.name,
                                event.feature,
                            )
                        )
        _read(tenant, path, Layout(), now)


def import_counts(tenant: Tenant, company: Company, now: datetime) -> None:
    """What one customer's portal counted on each day, which stands beside the figures of events."""
    layout = Layout(kind=DAILY, constants={"customer_id": company.external_id})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "partner-portal-days.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("day", "feature", "active_users", "events"))
            for ago in range(PORTAL_DAYS, 0, -1):
                day = now.date() - timedelta(days=ago)
                writer.writerows(_counts(day))
        _read(tenant, path, layout, now)


def _counts(day: date) -> Iterator[tuple[str, str, int, int]]:
    """The portal as a whole, then its parts: a few dozen visitors on working days, hardly any on
    others."""
    usual = 5 if day.weekday() >= SATURDAY else 30 + day.month
    users = usual + crc32(day.isoformat().encode()) % 9
    yield day.isoformat(), "", users, users * 4
    for name, part in PORTAL_FEATURES:
        yield day.isoformat(), name, users - users // part, users * 2


def _read(tenant: Tenant, path: Path, layout: Layout, now: datetime) -> None:
    with tenant_scope(tenant.pk):
        row = operations.start_import(
            file_name=path.name, stored_as="", mapping={}, created_by=None, layout=layout
        )
    operations.read_import(tenant_id=tenant.pk, import_id=row.pk, path=path, now=now)
