"""Mail as it was sent: to whom it is shown, and how."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from notifications import tasks
from notifications.models import Delivery
from notifications.operations import notify, prune
from people.models import User
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.notifications.smtp import mail_server
from tests.pages import assert_same_queries


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def mailed(cast: Cast, *people: User, **changed: Any) -> Delivery:
    values = {"kind": "risk.assigned", "text": "A risk.", "url": "/w/acme/", "key": "k"}
    with tenant_scope(cast.tenant.pk):
        notify(recipients=people, **(values | changed))
    tasks.send_due()
    with tenant_scope(cast.tenant.pk):
        return Delivery.objects.get(user=people[0], notification__key=(values | changed)["key"])


def test_the_reader_and_administrators_see_a_mail_and_nobody_else(cast: Cast) -> None:
    row = mailed(cast, cast.csm, text="For <b>Eva</b>.")
    path = cast.at(f"inbox/mail/{row.pk}/")
    for user, status in ((cast.csm, 200), (cast.admin, 200), (cast.manager, 404), (cast.lead, 404)):
        assert cast.browser(user).get(path).status_code == status
        assert cast.browser(user).get(f"{path}html/").status_code == status
    page = cast.browser(cast.csm).get(path).content.decode()
    assert "csm@example.org" in page and "For &lt;b&gt;Eva&lt;/b&gt;." in page
    assert path in cast.browser(cast.csm).get(cast.at("inbox/")).content.decode()


def test_as_html_it_may_do_nothing(cast: Cast, csm: Client) -> None:
    row = mailed(cast, cast.csm, text="<script>alert(1)</script>")
    response = csm.get(cast.at(f"inbox/mail/{row.pk}/html/"))
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"<script" not in response.content
    assert b"notifications/stop/-/" in response.content


def test_the_customers_side_reads_its_own_mail(cast: Cast, lead: Client) -> None:
    row = mailed(cast, cast.lead, customer_id=cast.customer.pk)
    assert lead.get(cast.at(f"inbox/mail/{row.pk}/")).status_code == 200


def test_the_list_is_for_administrators(cast: Cast, admin: Client, csm: Client) -> None:
    mailed(cast, cast.csm, cast.manager)
    assert csm.get(cast.at("settings/mail/")).status_code == 403
    page = admin.get(cast.at("settings/mail/")).content.decode()
    assert "csm@example.org" in page and "All mail is out" in page
    assert cast.browser(cast.stranger).get("/w/rival/settings/mail/").content.count(b"A risk.") == 0


def test_what_failed_is_tried_again_by_hand(cast: Cast, admin: Client, settings: Any) -> None:
    with mail_server(settings) as post:
        post.answers["csm"] = "550 no such mailbox"
        row = mailed(cast, cast.csm)
        page = admin.get(cast.at("settings/mail/?state=failed")).content.decode()
        assert "One mail was not delivered" in page and "550 no such mailbox" in page
        post.answers.clear()
        admin.post(cast.at(f"settings/mail/{row.pk}/again/"))
        tasks.send_due()
        assert post.addressees == ["csm@example.org"]
    # A mail that is out is not sent again.
    admin.post(cast.at(f"settings/mail/{row.pk}/again/"))
    with tenant_scope(cast.tenant.pk):
        assert Delivery.objects.get(pk=row.pk).state == "sent"


def test_the_file_holds_the_same_rows(cast: Cast, admin: Client) -> None:
    mailed(cast, cast.csm, text="=A1")
    response = admin.get(cast.at("settings/mail/mail.csv?state=sent"))
    (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert (row["subject"], row["address"], row["state"]) == ("'=A1", "csm@example.org", "sent")
    with tenant_scope(cast.tenant.pk):
        assert AuditEntry.objects.latest("seq").action == "mails.exported"


def test_a_thousand_cost_what_ten_cost(cast: Cast, admin: Client) -> None:
    def add(count: int, start: int) -> None:
        with tenant_scope(cast.tenant.pk):
            Delivery.objects.bulk_create(
                Delivery(
                    user=cast.csm,
                    day=datetime(2020, 1, 1).date() + timedelta(days=start + n),  # noqa: DTZ001
                    subject="S",
                    text="T",
                )
                for n in range(count)
            )

    add(10, 0)
    assert_same_queries(admin, cast.at("settings/mail/"), lambda: add(990, 10))
    assert admin.get(cast.at("settings/mail/?page=99&state=nonsense")).status_code == 200


def test_words_of_mail_are_kept_for_thirty_days(cast: Cast) -> None:
    now = datetime.now(UTC)
    mailed(cast, cast.csm)
    with tenant_scope(cast.tenant.pk):
        prune(business_date=now.date(), now=now + timedelta(days=29))
        assert Delivery.objects.count() == 1
        prune(business_date=now.date(), now=now + timedelta(days=31))
        assert not Delivery.objects.exists()
