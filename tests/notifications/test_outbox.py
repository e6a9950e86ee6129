"""The outbox: written with what happened, sent once, and what becomes of mail that is not taken."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from notifications import operations, tasks
from notifications.models import Delivery, DueMail, Notification
from notifications.operations import outbox
from notifications.tasks import Outcome
from people.models import User
from tenancy import operations as tenancy
from tenancy.models import Membership, Tenant
from tenancy.scope import Realm, tenant_scope
from tests.factories import Cast, make_cast
from tests.notifications.smtp import Post, mail_server

URL = "/w/acme/usage/"
SOON = timedelta(seconds=1)


def now() -> datetime:
    return datetime.now(UTC) + SOON


def tell(cast: Cast, *people: User, **changed: Any) -> None:
    values = {"kind": "risk.assigned", "text": "A risk is yours.", "url": URL, "key": "k"}
    with tenant_scope(cast.tenant.pk):
        operations.notify(recipients=people, **(values | changed))


def states(cast: Cast) -> dict[str, int]:
    with tenant_scope(cast.tenant.pk):
        found = Delivery.objects.values_list("state", flat=True)
        return {state: list(found).count(state) for state in found}


def only(cast: Cast) -> Delivery:
    with tenant_scope(cast.tenant.pk):
        return Delivery.objects.get()


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with mail_server(settings) as server:
        yield server


def test_mail_is_due_for_those_who_want_it_at_once(cast: Cast) -> None:
    operations.choose_mail(user=cast.admin, fields={"ways": {"yours": "inbox"}})
    operations.choose_mail(user=cast.manager, fields={"ways": {"yours": "digest"}})
    tell(cast, cast.csm, cast.admin, cast.manager, cast.stranger)
    tell(cast, cast.csm, kind="plan.late", key="in the digest, as usual")
    row = only(cast)
    assert (row.user, row.state) == (cast.csm, "waiting")
    assert DueMail.objects.get().pk == row.pk
    with tenant_scope(cast.tenant.pk):
        assert Notification.objects.count() == 4


def test_told_again_is_not_mailed_again(cast: Cast) -> None:
    tell(cast, cast.csm)
    tell(cast, cast.csm, cast.admin)
    tasks.send_due()
    assert sorted(address for message in mail.outbox for address in message.to) == [
        "admin@example.org",
        "csm@example.org",
    ]


def test_what_did_not_happen_is_not_mailed(cast: Cast) -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        tell(cast, cast.csm)
        assert DueMail.objects.exists()
        raise Undone
    assert not DueMail.objects.exists()
    assert states(cast) == {}
    assert tasks.send_next(now=now()) is Outcome.NOTHING_DUE


def test_it_is_sent_and_kept_as_sent(cast: Cast) -> None:
    tell(cast, cast.csm)
    tasks.send_due()
    row, (sent,) = only(cast), mail.outbox
    assert (row.state, row.address, row.subject) == ("sent", "csm@example.org", "A risk is yours.")
    assert row.sent_at is not None and not DueMail.objects.exists()
    assert sent.subject == row.subject
    assert sent.extra_headers["Message-ID"] == row.message_id
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert f"/w/acme/inbox/{row.notification_id}/" in str(sent.body)
    # Whoever reads the kept mail finds no link that stops the person's mail.
    stop = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert stop in str(sent.body)
    assert stop not in row.text + row.html


def test_text_alone_for_those_who_want_that(cast: Cast) -> None:
    operations.choose_mail(user=cast.csm, fields={"mail_format": "text"})
    tell(cast, cast.csm, cast.admin)
    tasks.send_due()
    forms = {message.to[0]: len(message.alternatives) for message in mail.outbox}  # type: ignore[attr-defined]
    assert forms == {"csm@example.org": 0, "admin@example.org": 1}


@pytest.mark.parametrize("left", ["removed", "inactive", "moved"])
def test_nobody_who_left_is_written_to(cast: Cast, left: str) -> None:
    tell(cast, cast.lead, customer_id=cast.customer.pk)
    place = Membership.objects.filter(user=cast.lead)
    if left == "removed":
        tenancy.remove_member(membership=place.get())
    elif left == "inactive":
        User.objects.filter(pk=cast.lead.pk).update(is_active=False)
    else:
        place.update(customer_id=cast.second_customer.pk)
    tasks.send_due()
    row = only(cast)
    assert (row.state, row.reason, mail.outbox) == ("skipped", "The person has left.", [])
    assert not DueMail.objects.exists()


def test_what_was_seen_already_is_not_mailed(cast: Cast) -> None:
    tell(cast, cast.csm)
    with tenant_scope(cast.tenant.pk):
        operations.mark_all_read(user=cast.csm, now=now())
    tasks.send_due()
    assert (only(cast).state, mail.outbox) == ("skipped", [])


def test_a_closed_workspace_writes_to_nobody(cast: Cast) -> None:
    tell(cast, cast.csm)
    Tenant.objects.filter(pk=cast.tenant.pk).update(delete_after=now() + timedelta(days=9))
    tasks.send_due()
    assert (only(cast).reason, mail.outbox) == ("The workspace is closed.", [])


def test_invented_people_get_no_mail_from_a_real_server(cast: Cast, post: Post) -> None:
    User.objects.filter(pk=cast.csm.pk).update(email="eva@northwind.example")
    tell(cast, cast.csm)
    tasks.send_due()
    assert (only(cast).state, post.kept) == ("skipped", [])


def test_a_real_server_gets_the_whole_mail(cast: Cast, post: Post) -> None:
    tell(cast, cast.csm, text="Ærlig: “100 %” – ferdig.")
    tasks.send_due()
    (message,) = post.kept
    assert message["Subject"] == "Ærlig: “100 %” – ferdig."
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert str(message["List-Unsubscribe"]).strip().startswith("<http://localhost:8000/accounts/")
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]


def test_nothing_people_write_adds_a_header_or_a_tag(cast: Cast, post: Post) -> None:
    evil = "Hello\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>\u2028X: y"
    Tenant.objects.filter(pk=cast.tenant.pk).update(name="Acme\nCc: other@example.org")
    tell(cast, cast.csm, text=evil)
    tasks.send_due()
    (message,) = post.kept
    assert message["Bcc"] is None and message["Cc"] is None and message["X"] is None
    assert message["Subject"].startswith("Hello Bcc: victim@example.org")
    html = message.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert "&lt;script&gt;" in html.get_content()
    assert post.addressees == ["csm@example.org"]


def test_refused_for_good_is_given_up_and_administrators_are_told_once(
    cast: Cast, post: Post
) -> None:
    post.answers["csm"] = "550 no such mailbox"
    tell(cast, cast.csm, cast.executive)
    tasks.send_due()
    assert states(cast) == {"failed": 1, "sent": 1}
    assert not DueMail.objects.exists()
    with tenant_scope(cast.tenant.pk):
        row = Delivery.objects.get(state="failed")
        assert row.reason == "550 no such mailbox"
        told = Notification.objects.get(kind="mail.failed")
        assert told.user == cast.admin
        assert told.text == (
            "A mail to csm@example.org could not be delivered: 550 no such mailbox"
        )
        assert operations.try_again(delivery=row, now=datetime.now(UTC))
        assert not operations.try_again(delivery=row, now=datetime.now(UTC))
    del post.answers["csm"]
    tasks.send_due()
    assert states(cast) == {"sent": 2}


def test_refused_for_the_moment_is_tried_again_ever_later(cast: Cast, post: Post) -> None:
    post.answers["csm"] = "451 later, please"
    tell(cast, cast.csm)
    moment, waits = now(), []
    for _try in range(outbox.REFUSALS - 1):
        assert tasks.send_next(now=moment) is Outcome.SETTLED
        due = DueMail.objects.get().due_at
        waits.append(int((due - moment).total_seconds() // 60))
        assert tasks.send_next(now=due - SOON) is Outcome.NOTHING_DUE
        moment = due
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]
    assert only(cast).state == "waiting"
    tasks.send_next(now=moment)
    assert (only(cast).state, only(cast).attempts) == ("failed", outbox.REFUSALS)


@pytest.mark.parametrize("fault", ["silent", "away", "refuses the sender"])
def test_without_a_server_everything_waits_and_nothing_is_lost(
    cast: Cast, post: Post, settings: Any, fault: str
) -> None:
    post.silent = fault == "silent"
    if fault == "away":
        settings.EMAIL_PORT = 1
    if fault == "refuses the sender":
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    tell(cast, cast.csm, cast.admin)
    moment = now()
    assert tasks.send_next(now=moment) is Outcome.AWAY
    # Both wait, and neither counts a refusal.
    assert tasks.send_next(now=moment + SOON) is Outcome.NOTHING_DUE
    with tenant_scope(cast.tenant.pk):
        assert set(Delivery.objects.values_list("state", "attempts")) == {("waiting", 0)}
    post.silent, settings.EMAIL_PORT, settings.EMAIL_HOST_USER = False, post.port, ""
    later = moment + outbox.AWAY_WAIT + SOON
    while tasks.send_next(now=later) is not Outcome.NOTHING_DUE:
        pass
    assert sorted(post.addressees) == ["admin@example.org", "csm@example.org"]


def test_of_a_long_outage_administrators_hear_once_a_day_in_the_inbox(
    cast: Cast, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    tell(cast, cast.csm)
    for minutes in (16, 18, 20):
        tasks.send_next(now=now() + timedelta(minutes=minutes))
    with tenant_scope(cast.tenant.pk):
        told = Notification.objects.get(kind="mail.waiting")
    assert told.user == cast.admin and "no mail server answers" in told.text
    assert DueMail.objects.count() == 1
    tasks.send_next(now=now() + timedelta(days=2, hours=1))
    assert only(cast).state == "failed"


def test_mail_of_another_customers_side_stays_unseen(cast: Cast) -> None:
    tell(cast, cast.csm, cast.lead, customer_id=cast.second_customer.pk)
    tell(cast, cast.csm, cast.lead, key="own", customer_id=cast.customer.pk)
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert set(Delivery.objects.values_list("customer_id", flat=True)) == {cast.customer.pk}
    with tenant_scope(cast.other_tenant.pk):
        assert not Delivery.objects.exists()


def test_two_senders_send_each_mail_once(committed: None, settings: Any) -> None:
    cast = make_cast()
    people = [cast.csm, cast.admin, cast.manager, cast.executive]
    for number in range(10):
        tell(cast, *people, key=f"n{number}", text=f"Number {number}.")

    def work() -> None:
        try:
            tasks.send_due()
        finally:
            connection.close()

    with mail_server(settings) as post:
        senders = [threading.Thread(target=work) for _sender in range(4)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        tasks.send_due()
    ids = [message["Message-ID"] for message in post.kept]
    assert len(ids) == len(set(ids)) == 40
    assert states(cast) == {"sent": 40}


def test_a_sender_that_dies_leaves_its_mail_to_the_next(committed: None) -> None:
    cast = make_cast()
    tell(cast, cast.csm)
    held, may_die = threading.Event(), threading.Event()

    def work() -> None:
        with pytest.raises(RuntimeError), transaction.atomic():
            assert operations.take_due(now=now()) is not None
            held.set()
            may_die.wait(20)
            raise RuntimeError("killed")
        connection.close()

    dying = threading.Thread(target=work)
    dying.start()
    assert held.wait(20)
    assert tasks.send_next(now=now()) is Outcome.NOTHING_DUE
    may_die.set()
    dying.join()
    assert tasks.send_next(now=now()) is Outcome.SETTLED
    assert len(mail.outbox) == 1


def test_no_more_senders_than_there_should_be(committed: None) -> None:
    cast = make_cast()
    tell(cast, cast.csm, cast.admin, cast.manager)
    enough, may_end = threading.Barrier(outbox.SENDERS + 1), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            assert operations.take_due(now=now()) is not None
            enough.wait(20)
            may_end.wait(20)
        connection.close()

    holders = [threading.Thread(target=hold) for _number in range(outbox.SENDERS)]
    for holder in holders:
        holder.start()
    enough.wait(20)
    assert tasks.send_next(now=now()) is Outcome.NOTHING_DUE
    may_end.set()
    for holder in holders:
        holder.join()
    assert tasks.send_next(now=now()) is Outcome.SETTLED


def test_who_stands_in_is_told_too(cast: Cast) -> None:
    def stand_in(*, user_ids: Any, now: datetime) -> set[Any]:
        return {cast.manager.pk} if cast.csm.pk in user_ids else set()

    operations.ALSO_TO.append(stand_in)
    try:
        tell(cast, cast.csm)
    finally:
        operations.ALSO_TO.remove(stand_in)
    tasks.send_due()
    assert sorted(message.to[0] for message in mail.outbox) == [
        "csm@example.org",
        "manager@example.org",
    ]
