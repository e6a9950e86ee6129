"""Taking somebody's traces away, along, and keeping them away."""

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from engagements.models import EndUser
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.usage.stage import NOW, make_event, make_source, receive
from usage.exports import person_archive
from usage.models import (
    Alias,
    Belonging,
    DailyUse,
    Erasure,
    Event,
    Quarantined,
    Receipt,
    SpentReceipts,
    UserDay,
)
from usage.operations import change_retention, close_days, drop_old_events, erase_person
from usage.operations.keeping import RECEIPTS_OUTLIVE
from usage.queries import get_traces

BATCH = [
    make_event("m1", "ann@halden.example"),
    make_event("m2", "ann@halden.example", at="2026-11-03T10:00Z"),
    make_event("m3", "bo", at="2026-11-03T11:00Z"),
    make_event("m4", "bo", anonymous_id="device-of-ann"),
    make_event("g1", "ann@halden.example", kind="group", name="group"),
    make_event("i1", "ann@halden.example", kind="identify", anonymous_id="a-1", name="identify"),
    make_event("q1", "ann@halden.example", group_id="nobody"),
]
LATER = NOW + timedelta(days=1)


def counted() -> dict[str, object]:
    """What the product says of how the customer uses it, and of whom it knows."""
    return {
        "days": set(UserDay.objects.values_list("end_user__external_id", "day", "events")),
        "use": list(DailyUse.objects.values_list("day", "dau", "mau", "events")),
        "people": set(EndUser.objects.values_list("external_id", flat=True)),
        "events": set(Event.objects.values_list("end_user__external_id", "occurred_at")),
        "said": set(Belonging.objects.values_list("person", flat=True))
        | set(Alias.objects.values_list("said", "person")),
        "aside": set(Quarantined.objects.values_list("user_key", flat=True)),
    }


def night() -> None:
    close_days(business_date=NOW.date() - timedelta(days=1), now=NOW)


def test_what_is_erased_is_gone_and_a_batch_sent_again_restores_nothing(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        source = make_source()
        receive(source, BATCH)
        night()
        before = counted()
        assert {"ann@halden.example", "bo"} <= before["people"]
        assert get_traces(said="a-1").events == 2
        erased = erase_person(said="Ann@Halden.example".lower(), now=NOW)
        night()
        assert (erased.end_users, erased.events, erased.put_aside) == (1, 2, 1)
        after = counted()
        assert "ann" not in str(after).replace("device-of-ann", "")
        assert [row for row in after["days"] if row[0] == "bo"]
        assert get_traces(said="ann@halden.example").is_nothing
        for _time in range(2):
            receive(source, BATCH, LATER)
            night()
        assert counted() == after


def test_whoever_comes_back_after_the_erasure_is_new(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        source = make_source()
        receive(source, BATCH)
        erase_person(said="ann@halden.example", now=NOW)
        back = make_event("n1", "ann@halden.example", at=(NOW + timedelta(hours=1)).isoformat())
        assert receive(source, [back], LATER).new == 1


def test_the_audit_log_says_that_and_not_whom(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        receive(make_source(), BATCH)
        erase_person(said="ann@halden.example", now=NOW)
        entry = AuditEntry.objects.get(action="end_user.erased")
        assert entry.facts == {"end_users": 1, "events": 2, "put_aside": 1}
        assert "ann" not in f"{entry.subject_name} {entry.facts}"
        assert not Erasure.objects.filter(digest__contains=b"ann").exists()


def test_nothing_is_noted_of_a_name_nobody_has(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        assert erase_person(said="nobody", now=NOW).events == 0
        assert not Erasure.objects.exists()


def test_all_that_is_stored_can_be_taken_along(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        receive(make_source(), BATCH)
        night()
        packed = person_archive(get_traces(said="ann@halden.example"))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        texts = {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}
    assert texts["events.csv"].count("ann@halden.example") == 2
    assert texts["days.csv"].count("ann@halden.example") == 2
    assert "a-1" in texts["also-called.csv"]
    assert "nobody" in texts["put-aside.csv"]
    assert "halden" in texts["belongs-to.csv"].lower()


def test_another_workspace_keeps_its_own_person_of_that_name(cast: Cast) -> None:
    with tenant_scope(cast.other_tenant.pk):
        factories.make_customer("halden")
        receive(make_source(), BATCH)
    with tenant_scope(cast.tenant.pk):
        receive(make_source(), BATCH)
        erase_person(said="ann@halden.example", now=NOW)
    with tenant_scope(cast.other_tenant.pk):
        assert get_traces(said="ann@halden.example").events == 2


# --- how long events stay -----------------------------------------------------------------------

OLD = [make_event(f"o{n}", at=f"2025-0{n}-10T10:00Z") for n in (1, 2, 3)]


def test_old_events_go_their_days_and_figures_stay_and_nothing_comes_back(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        source = make_source()
        receive(source, [*OLD, *BATCH[:3]])
        night()
        days, use = UserDay.objects.count(), list(DailyUse.objects.values_list("day", "mau"))
        change_retention(months=12)
        assert drop_old_events(business_date=NOW.date(), now=NOW) == 3
        assert Event.objects.order_by("occurred_at").first().occurred_at >= datetime(
            2025, 11, 1, tzinfo=UTC
        )
        again = receive(source, OLD)
        assert (again.new, again.left_out) == (0, 3)
        night()
        assert UserDay.objects.count() == days
        assert list(DailyUse.objects.values_list("day", "mau")) == use
        assert drop_old_events(business_date=NOW.date(), now=NOW) == 0


def test_receipts_outlive_their_events_by_more_than_a_week(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        receive(make_source(), OLD)
        change_retention(months=12)
        drop_old_events(business_date=NOW.date(), now=NOW)
        drop_old_events(business_date=NOW.date(), now=NOW + timedelta(days=7))
        assert (Receipt.objects.count(), SpentReceipts.objects.count()) == (3, 1)
        drop_old_events(business_date=NOW.date(), now=NOW + RECEIPTS_OUTLIVE + timedelta(minutes=1))
        assert (Receipt.objects.count(), SpentReceipts.objects.count()) == (0, 0)


def test_a_workspace_that_says_nothing_keeps_everything(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        receive(make_source(), OLD)
        change_retention(months=12)
        change_retention(months=None)
        assert drop_old_events(business_date=NOW.date(), now=NOW) == 0


@pytest.mark.parametrize("months", [0, 2, 121])
def test_months_without_sense_are_refused(cast: Cast, months: int) -> None:
    with tenant_scope(cast.tenant.pk), pytest.raises(Exception, match="number from 3 to 120"):
        change_retention(months=months)
