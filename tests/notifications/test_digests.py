"""The daily digest: to whom, with what, once a day, and never when there is nothing new."""

import re
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from notifications import operations, tasks
from notifications.models import Delivery, Notification
from people.models import User
from tenancy import jobs
from tenancy import operations as tenancy
from tenancy.models import JobRun, Membership, Role, Tenant
from tenancy.scope import tenant_scope
from tenancy.tasks import run_job
from tests.factories import Cast, make_cast

# A Wednesday; in Oslo it is an hour later.
BEFORE = datetime(2026, 11, 18, 6, 59, tzinfo=UTC)
AT_EIGHT = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)


def tell(cast: Cast, *people: User, **changed: Any) -> None:
    values = {"kind": "plan.late", "text": "It is late.", "url": "/w/acme/", "key": "k"}
    with tenant_scope(cast.tenant.pk):
        operations.notify(recipients=people, **(values | changed))


def plan(now: datetime) -> list[JobRun]:
    return operations.plan_digests(now)


def make(now: datetime = AT_EIGHT) -> None:
    """What is due, written and sent, as beat and a worker would."""
    plan(now)
    for run in JobRun.objects.filter(state=JobRun.State.DUE):
        run_job(run_id=str(run.pk))
    assert not JobRun.objects.exclude(state=JobRun.State.DONE).exists()
    tasks.send_due()


def sent() -> dict[str, str]:
    return {message.to[0]: str(message.body) for message in mail.outbox}


def test_it_comes_at_the_hour_once_a_working_day(cast: Cast) -> None:
    tell(cast, cast.csm)
    assert {run.tenant for run in plan(BEFORE)} == {cast.other_tenant}
    make()
    assert list(sent()) == ["csm@example.org"]
    make(AT_EIGHT + timedelta(hours=3))
    tell(cast, cast.csm, key="new", text="Another.")
    make(AT_EIGHT + timedelta(hours=5))
    assert len(mail.outbox) == 1
    make(AT_EIGHT + timedelta(days=1))
    assert len(mail.outbox) == 2
    # What stood in one stands in none after it.
    assert "Another." in sent()["csm@example.org"]
    assert "It is late." not in sent()["csm@example.org"]


def test_nothing_new_no_mail(cast: Cast) -> None:
    tell(cast, cast.csm)
    tell(cast, cast.admin)
    with tenant_scope(cast.tenant.pk):
        operations.mark_all_read(user=cast.csm, now=datetime.now(UTC))
        operations.mark_all_done(user=cast.admin, now=datetime.now(UTC))
    make()
    assert mail.outbox == []
    with tenant_scope(cast.tenant.pk):
        assert not Delivery.objects.exists()


def test_not_on_a_day_off(cast: Cast) -> None:
    tell(cast, cast.csm)
    assert plan(datetime(2026, 11, 21, 12, tzinfo=UTC)) == []
    Tenant.objects.filter(pk=cast.tenant.pk).update(working_days=[6, 7])
    make(datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert list(sent()) == ["csm@example.org"]


def test_what_somebody_chose_otherwise_is_left_out(cast: Cast) -> None:
    tell(cast, cast.csm, cast.manager, cast.admin, key="late")
    tell(cast, cast.csm, key="mine", kind="risk.assigned", text="At once.")
    operations.choose_mail(user=cast.manager, fields={"ways": {"customers": "inbox"}})
    operations.stop_digest(user=cast.admin)
    tasks.send_due()
    mail.outbox.clear()
    make()
    assert list(sent()) == ["csm@example.org"]
    assert "At once." not in sent()["csm@example.org"]


def test_everybody_has_a_clock_of_their_own(cast: Cast) -> None:
    tell(cast, cast.csm, cast.manager, cast.admin)
    operations.choose_mail(user=cast.manager, fields={"digest_hour": 6})
    operations.choose_mail(user=cast.admin, fields={"time_zone": "America/New_York"})
    make(datetime(2026, 11, 18, 5, 30, tzinfo=UTC))
    assert list(sent()) == ["manager@example.org"]
    make(AT_EIGHT)
    assert len(mail.outbox) == 2
    make(datetime(2026, 11, 18, 13, 0, tzinfo=UTC))
    assert list(sent()) == ["manager@example.org", "csm@example.org", "admin@example.org"]


def test_another_hour_chosen_on_the_same_day_brings_no_second_one(cast: Cast) -> None:
    tell(cast, cast.csm)
    make()
    operations.choose_mail(user=cast.csm, fields={"digest_hour": 15})
    tell(cast, cast.csm, key="new")
    make(AT_EIGHT + timedelta(hours=8))
    assert len(mail.outbox) == 1
    with tenant_scope(cast.tenant.pk):
        assert Delivery.objects.get().day == date(2026, 11, 18)


def test_what_was_put_off_stands_in_it_when_it_is_back(cast: Cast) -> None:
    tell(cast, cast.csm)
    now = datetime.now(UTC)
    with tenant_scope(cast.tenant.pk):
        row = Notification.objects.get()
        operations.snooze(notification=row, until=now + timedelta(days=2))
    make()
    assert mail.outbox == []
    with tenant_scope(cast.tenant.pk):
        operations.snooze(notification=row, until=now - timedelta(seconds=1))
    make(AT_EIGHT + timedelta(days=1))
    assert len(mail.outbox) == 1


def test_by_customer_in_plural_with_links(cast: Cast) -> None:
    for number, customer in enumerate((cast.customer, cast.second_customer, None, cast.customer)):
        key = customer.pk if customer else None
        tell(cast, cast.csm, key=f"n{number}", text=f"Number {number}.", customer_id=key)
    make()
    (message,) = mail.outbox
    assert message.subject == "4 things are new at Acme"
    order = re.findall(r"^(Halden|Solberg|- Number \d)", str(message.body), re.M)
    assert order == ["Halden", "- Number 3", "- Number 0", "Solberg", "- Number 1", "- Number 2"]
    with tenant_scope(cast.tenant.pk):
        row = Notification.objects.get(key="n0")
    assert f"http://localhost:8000/w/acme/inbox/{row.pk}/" in str(message.body)
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    assert "<h2>Halden</h2>" in html


def test_a_long_one_says_how_much_is_left_out(cast: Cast) -> None:
    for number in range(63):
        tell(cast, cast.csm, key=f"n{number}", text=f"Number {number}.")
    make()
    body = sent()["csm@example.org"]
    assert body.count("- Number") == 60
    assert "3 more are in your inbox." in body


def test_the_customers_side_reads_of_its_own_customer(cast: Cast) -> None:
    tell(cast, cast.lead, cast.csm, key="own", text="Of yours.", customer_id=cast.customer.pk)
    tell(cast, cast.lead, cast.csm, key="x", text="Of others.", customer_id=cast.second_customer.pk)
    make()
    assert "Of yours." in sent()["lead@example.org"]
    assert "Of others." not in sent()["lead@example.org"]
    with tenant_scope(cast.tenant.pk):
        assert Delivery.objects.get(user=cast.lead).customer_id == cast.customer.pk


def test_whoever_moved_to_another_customer_reads_nothing_of_the_old_one(cast: Cast) -> None:
    tell(cast, cast.lead, customer_id=cast.customer.pk)
    Membership.objects.filter(user=cast.lead).update(customer_id=cast.second_customer.pk)
    make()
    assert mail.outbox == []


def test_in_two_workspaces_each_has_one_of_its_own(cast: Cast) -> None:
    tenancy.add_member(tenant=cast.other_tenant, user=cast.csm, role=Role.CSM)
    tell(cast, cast.csm, text="Of Acme.")
    with tenant_scope(cast.other_tenant.pk):
        operations.notify(
            recipients=[cast.csm], kind="plan.late", text="Of Rival.", url="/w/rival/", key="k"
        )
    make(datetime(2026, 11, 18, 9, tzinfo=UTC))
    bodies = sorted(str(message.body).split("\n")[0] for message in mail.outbox)
    assert bodies == ["One thing is new at Acme", "One thing is new at Rival"]
    assert sum("Of Acme." in str(message.body) for message in mail.outbox) == 1


def test_a_worker_that_dies_halfway_leaves_no_half_digest(cast: Cast) -> None:
    tell(cast, cast.csm)
    (run,) = [run for run in plan(AT_EIGHT) if run.tenant_id == cast.tenant.pk]
    leased = jobs.take_lease(run_id=run.pk, now=AT_EIGHT)
    assert leased is not None
    with pytest.raises(jobs.LostLease):
        # Somebody else took the run over in the meantime.
        JobRun.objects.filter(pk=run.pk).update(attempt=2, started_at=AT_EIGHT + timedelta(hours=1))
        jobs.perform_run(run=leased, clock=lambda: AT_EIGHT)
    with tenant_scope(cast.tenant.pk):
        assert not Delivery.objects.exists()
        assert Notification.objects.get().digested_at is None


def test_two_beats_and_two_workers_make_one(committed: None) -> None:
    cast = make_cast()
    tell(cast, cast.csm, cast.admin, cast.manager)
    together = threading.Barrier(4)

    def work() -> None:
        try:
            together.wait(20)
            plan(AT_EIGHT)
            together.wait(20)
            for run in JobRun.objects.filter(tenant=cast.tenant):
                run_job(run_id=str(run.pk))
            tasks.send_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    tasks.send_due()
    assert JobRun.objects.filter(tenant=cast.tenant).count() == 1
    with tenant_scope(cast.tenant.pk):
        assert Delivery.objects.filter(state="sent").count() == 3
    assert sorted(message.to[0] for message in mail.outbox) == [
        "admin@example.org",
        "csm@example.org",
        "manager@example.org",
    ]
