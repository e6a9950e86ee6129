"""Two customers that are one: merged, counted as one, and taken apart again to the last byte."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg2 import sql

from engagements import operations
from engagements.models import (
    Customer,
    CustomerMerge,
    EndUser,
    Engagement,
    LicenceSeats,
    Stakeholder,
)
from engagements.operations.merging import samenesses
from engagements.queries.customer_tables import (
    count_rows,
    customer_tables,
    has_id,
    is_counted,
    keys_between,
)
from tenancy import operations as tenancy
from tenancy.models import Membership, Role
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_user
from tests.told import tell_everything
from tests.world import LAST_DAY, NOW, Side
from usage import operations as usage
from usage.models import DailyUse, Event

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def twins(cast: Cast, tmp_path: Path) -> tuple[Customer, Customer]:
    """Halden, kept, and Solberg, which is merged: each with everything a customer can have."""
    for word, customer, engagement in (
        ("Halden", cast.customer, cast.engagement),
        ("Solberg", cast.second_customer, cast.second_engagement),
    ):
        Side(word, cast.tenant, customer, engagement, cast.csm).fill(tmp_path)
        with tenant_scope(cast.tenant.pk):
            tell_everything(engagement, word=word, by=cast.csm)
            shared = operations.name_stakeholder(customer=customer, name=word, email="it@halden.no")
            operations.change_engagement(engagement=engagement, fields={"lead": shared})
            operations.put_on_roster(
                engagement=engagement, external_id="Halden user 3", name=word, fields={}
            )
            operations.set_seats(customer=customer, seats=len(word), from_date=date(2026, 1, 1))
    with tenant_scope(cast.tenant.pk):
        operations.set_seats(customer=cast.second_customer, seats=70, from_date=date(2026, 2, 1))
    send(cast, tmp_path, cast.second_customer, "Halden user 3", "both")
    theirs = make_user("their-lead")
    tenancy.add_member(
        tenant=cast.tenant, user=theirs, role=Role.LEAD, customer_id=cast.second_customer.pk
    )
    with tenant_scope(cast.tenant.pk):
        usage.close_days(business_date=LAST_DAY, now=NOW)
    return cast.customer, cast.second_customer


def send(cast: Cast, folder: Path, customer: Customer, user: str, word: str) -> None:
    """Events of ten days for one end user, as a file."""
    path = folder / f"{word}.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["message_id", "timestamp", "customer_id", "user_id", "event", "feature"])
        for ago in range(10):
            moment = f"{LAST_DAY - timedelta(days=ago)}T11:00:00Z"
            writer.writerow([f"{word}-{ago}", moment, customer.external_id, user, "Done", ""])
    usage.import_usage_file(
        tenant_id=cast.tenant.pk,
        path=path,
        mapping={},
        now=NOW,
        report=lambda outcome, percent: None,
        note=lambda errors: None,
    )


def merge(cast: Cast, kept: Customer, gone: Customer, now: datetime = NOW) -> CustomerMerge:
    with tenant_scope(cast.tenant.pk):
        return operations.merge_customers(kept=kept, gone=gone, by=cast.csm, now=now)


def undo(cast: Cast, made: CustomerMerge, now: datetime = LATER) -> None:
    with tenant_scope(cast.tenant.pk):
        operations.undo_merge(merge=made, now=now)


def everything(cast: Cast) -> dict[str, list[str]]:
    """Each row of each table that says of which customer it is, and the customers, as text."""
    found = {}
    names = [model._meta.db_table for model in customer_tables()] + ["engagements_customer"]
    with tenant_scope(cast.tenant.pk), connection.cursor() as cursor:
        for name in names:
            cursor.execute(
                sql.SQL("SELECT row::text FROM {} AS row ORDER BY 1").format(sql.Identifier(name))
            )
            found[name] = [text for (text,) in cursor.fetchall()]
    return found


def test_every_table_with_a_customer_is_found_and_some_of_each_are_there(
    cast: Cast, twins: tuple[Customer, Customer]
) -> None:
    tables = {model._meta.db_table for model in customer_tables()}
    with tenant_scope(cast.tenant.pk), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.columns JOIN pg_class c"
            " ON c.relname = table_name AND NOT c.relispartition AND c.relkind IN ('r', 'p')"
            " WHERE table_schema = 'public' AND column_name = 'customer_id'"
        )
        # Touches name customers in an array; the column is for processes of the version before.
        assert {name for (name,) in cursor.fetchall()} == tables | {"usage_touch"}
        counts = count_rows(cast.second_customer.pk)
    assert {"engagements_risk", "usage_event", "usage_userday", "adoption_workpackage"} <= {
        name for name, count in counts.items() if count
    }


def test_merged_and_undone_every_table_is_as_it_was(
    cast: Cast, twins: tuple[Customer, Customer]
) -> None:
    before = everything(cast)
    made = merge(cast, *twins)
    during = everything(cast)
    changed = {name for name in before if before[name] != during[name]}
    assert len(changed) > 20
    undo(cast, made)
    after = everything(cast)
    assert {name for name in before if before[name] != after[name]} == set()


def test_undone_after_a_night_the_figures_are_as_they_were(
    cast: Cast, twins: tuple[Customer, Customer]
) -> None:
    before = everything(cast)
    made = merge(cast, *twins)
    with tenant_scope(cast.tenant.pk):
        usage.close_days(business_date=LAST_DAY, now=NOW)
    undo(cast, made)
    with tenant_scope(cast.tenant.pk):
        usage.close_days(business_date=LAST_DAY, now=NOW)
    after = everything(cast)
    assert {name for name in before if before[name] != after[name]} == set()


def test_what_both_have_is_there_once(cast: Cast, twins: tuple[Customer, Customer]) -> None:
    kept, gone = twins
    merge(cast, kept, gone)
    with tenant_scope(cast.tenant.pk):
        seats = {row.from_date: row.seats for row in LicenceSeats.objects.filter(customer=kept)}
        assert (seats[date(2026, 1, 1)], seats[date(2026, 2, 1)]) == (6, 70)
        shared = Stakeholder.objects.get(customer=kept, email="it@halden.no")
        assert {row.lead_id for row in Engagement.objects.filter(customer=kept)} == {shared.pk}
        user = EndUser.objects.get(customer=kept, external_id="Halden user 3")
        assert user.places.count() == 2
        assert not Event.objects.filter(customer=gone).exists()
        members = Membership.objects.filter(tenant=cast.tenant, role=Role.LEAD)
        assert {row.customer_id for row in members} == {kept.pk}


def test_the_night_counts_both_as_one(cast: Cast, twins: tuple[Customer, Customer]) -> None:
    kept, gone = twins
    with tenant_scope(cast.tenant.pk):
        both = {
            row.customer_id: row.mau
            for row in DailyUse.objects.filter(day=LAST_DAY, customer__in=twins)
        }
    # Seven of each; one of the kept one's was active at the other customer as well.
    assert (both[kept.pk], both[gone.pk]) == (7, 8)
    merge(cast, kept, gone)
    with tenant_scope(cast.tenant.pk):
        usage.close_days(business_date=LAST_DAY, now=NOW)
        assert DailyUse.objects.get(day=LAST_DAY, customer=kept).mau == 14
        assert DailyUse.objects.get(day=LAST_DAY, customer=gone).mau == 0


def test_what_still_names_the_merged_customer_reaches_the_kept_one(
    cast: Cast, twins: tuple[Customer, Customer], tmp_path: Path
) -> None:
    kept, gone = twins
    merge(cast, kept, gone)
    send(cast, tmp_path, gone, "somebody new", "later")
    with tenant_scope(cast.tenant.pk):
        assert EndUser.objects.get(external_id="somebody new").customer_id == kept.pk
        found = operations.ensure_customers(external_ids=["solberg", "halden"], time_zone="UTC")
    assert set(found.values()) == {kept.pk}


def test_what_came_later_goes_back_with_what_it_hangs_on(
    cast: Cast, twins: tuple[Customer, Customer], tmp_path: Path
) -> None:
    kept, gone = twins
    made = merge(cast, kept, gone)
    with tenant_scope(cast.tenant.pk):
        engagement = Engagement.objects.get(pk=cast.second_engagement.pk)
        risk = operations.raise_risk(
            engagement=engagement,
            fields={"title": "Later", "probability": 1, "impact": 1},
            by=cast.csm,
        )
    send(cast, tmp_path, gone, "Solberg user 1", "later")
    undo(cast, made)
    with tenant_scope(cast.tenant.pk):
        risk.refresh_from_db()
        assert risk.customer_id == gone.pk
        assert Event.objects.filter(customer=gone, name="Done").count() == 20


def test_what_belongs_to_both_since_keeps_them_together(
    cast: Cast, twins: tuple[Customer, Customer]
) -> None:
    kept, gone = twins
    made = merge(cast, kept, gone)
    with tenant_scope(cast.tenant.pk):
        lead = Stakeholder.objects.get(customer=kept, name="Solberg lead")
        engagement = Engagement.objects.get(pk=cast.engagement.pk)
        operations.change_engagement(engagement=engagement, fields={"lead": lead})
    with pytest.raises(operations.CannotMerge, match="belongs to both"):
        undo(cast, made)


def test_blanks_are_filled_and_emptied_again(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        change = {"segment": "Large", "yearly_amount": 9, "currency": "USD", "csm": cast.manager}
        operations.change_customer(
            customer=cast.second_customer, fields=change, today=date(2026, 1, 1)
        )
    made = merge(cast, cast.customer, cast.second_customer)
    kept = stored(cast, cast.customer)
    assert (kept.segment, kept.yearly_amount, kept.currency) == ("Large", 9, "USD")
    assert kept.csm_id == cast.csm.pk
    with tenant_scope(cast.tenant.pk):
        operations.change_customer(customer=kept, fields={"segment": "Mid"}, today=date(2026, 1, 1))
    undo(cast, made)
    kept = stored(cast, cast.customer)
    assert (kept.segment, kept.yearly_amount, kept.currency) == ("Mid", None, "EUR")


def stored(cast: Cast, customer: Customer) -> Customer:
    with tenant_scope(cast.tenant.pk):
        return Customer.objects.get(pk=customer.pk)


def refusals(cast: Cast) -> Iterator[tuple[str, Any]]:
    with tenant_scope(cast.tenant.pk):
        third = operations.create_customer(
            fields={"external_id": "third", "name": "Third"}, today=date(2026, 1, 1)
        )
    first, second = cast.customer, cast.second_customer
    yield "two different", lambda: merge(cast, first, first)
    made = merge(cast, first, second)
    yield "merged into another", lambda: merge(cast, third, second)
    yield "seven days", lambda: undo(cast, made, NOW + timedelta(days=7, seconds=1))
    over = merge(cast, third, first)
    assert stored(cast, second).merged_into_id == third.pk
    yield "Undo that first", lambda: undo(cast, made)
    undo(cast, over)
    assert stored(cast, second).merged_into_id == first.pk
    undo(cast, made)
    assert stored(cast, second).merged_into_id is None
    yield "undone already", lambda: undo(cast, made)


def test_what_cannot_be_merged_or_undone_says_why(cast: Cast) -> None:
    for words, act in refusals(cast):
        with pytest.raises(operations.CannotMerge, match=words):
            act()


def test_what_two_customers_may_share_hangs_on_nothing_else_of_theirs() -> None:
    """A row that stays behind with the merged customer may not point at one that goes."""
    for model in customer_tables():
        if has_id(model) and not is_counted(model) and list(samenesses(model)):
            assert keys_between(model, customer_tables(), required=True) == [], model


def test_a_merge_moves_nothing_of_another_workspace(
    cast: Cast, twins: tuple[Customer, Customer]
) -> None:
    with tenant_scope(cast.other_tenant.pk):
        tell_everything(cast.other_engagement, word="CANARY", by=cast.stranger)
        before = count_rows(cast.other_customer.pk)
    merge(cast, *twins)
    with tenant_scope(cast.other_tenant.pk):
        assert count_rows(cast.other_customer.pk) == before
    assert datetime.now(UTC) > NOW
