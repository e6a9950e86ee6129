"""Signing in by a link, from the wish to the workspace."""

import hashlib
from datetime import timedelta

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import operations, tasks
from people.models import MailedLink, Purpose
from tests.factories import Cast, make_user
from tests.people.mailbox import addressees, deliver, link_in


def ask(email: str, **more: str) -> Client:
    client = Client()
    answer = client.post("/accounts/link/", {"email": email} | more)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/link/sent/")
    return client


def test_a_customers_lead_comes_in_without_a_password(cast: Cast) -> None:
    client = ask("LEAD@example.org")
    deliver()
    assert addressees() == ["lead@example.org"]
    page = client.get(link_in())
    assert page.status_code == 200
    assert b"Welcome, Lead" in page.content
    assert client.get(cast.at("")).status_code == 302
    assert client.post(link_in(), follow=True).status_code == 200
    assert client.get(cast.at("settings/members/")).status_code == 403


def test_scanners_that_follow_links_change_nothing(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    for _time in range(10):
        assert Client().get(link_in()).status_code == 200
        assert Client().head(link_in()).status_code == 200
    assert MailedLink.objects.get().used_at is None
    assert Client().post(link_in()).status_code == 302


def test_a_link_works_once(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    Client().post(link_in())
    for again in (Client().get(link_in()), Client().post(link_in())):
        assert again.status_code == 410
        assert b"works no more" in again.content
        assert b"Ask for a new link" in again.content


def test_a_link_works_for_ten_minutes(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    MailedLink.objects.update(expires_at=timezone.now())
    client = Client()
    assert client.post(link_in()).status_code == 410
    assert client.get(cast.at("")).status_code == 302


def test_it_expires_ten_minutes_after_it_was_sent(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    row = MailedLink.objects.get()
    assert row.sent_at is not None
    assert row.expires_at == row.sent_at + timedelta(minutes=10)


@pytest.mark.parametrize("token", ["x", "aiq_link_aaaaaaaa_bbbb", "aiq_invitation_aaaaaaaa_b", "é"])
def test_a_link_that_nobody_made_is_dead(db: None, token: str) -> None:
    assert Client().get(f"/accounts/link/{token}/").status_code == 410


def test_a_changed_link_is_dead(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    path = link_in()
    assert Client().post(path[:-2] + ("a/" if path[-2] != "a" else "b/")).status_code == 410


def test_only_the_hash_is_kept(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    secret = link_in().rstrip("/").rsplit("_", 1)[1]
    row = MailedLink.objects.get()
    assert bytes(row.secret_hash or b"") == hashlib.sha256(secret.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row::text, '') FROM people_mailedlink AS row")
        assert secret not in cursor.fetchone()[0]
    server = redis.Redis.from_url(settings.REDIS_URL)
    assert all(secret.encode() not in key for key in server.scan_iter("*"))


def test_the_subject_says_nothing_secret(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    assert "aiq_" not in mail.outbox[0].subject


def test_the_mail_reads_as_text_and_as_html(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    message = mail.outbox[0]
    html, kind = message.alternatives[0]  # type: ignore[attr-defined]
    assert kind == "text/html"
    assert link_in() in html
    assert "&#x27;" not in str(message.body)


def test_nobody_and_somebody_get_the_same_answer_after_the_same_work(
    cast: Cast,
) -> None:
    loner = make_user("loner")
    gone = make_user("gone")
    gone.is_active = False
    gone.save()
    answers, counts = [], []
    for email in ("lead@example.org", "nobody@example.org", loner.email, gone.email):
        with CaptureQueriesContext(connection) as asked:
            answers.append(Client().post("/accounts/link/", {"email": email}))
        counts.append(len(asked.captured_queries))
    assert len(set(counts)) == 1
    assert len({(answer.status_code, answer["Location"]) for answer in answers}) == 1
    deliver()
    assert addressees() == ["lead@example.org"]


def test_a_lost_message_heals_and_a_repeated_one_sends_once(cast: Cast) -> None:
    ask("lead@example.org")
    row = MailedLink.objects.get()
    for _time in range(3):
        tasks.send_letter(kind="link", letter_id=str(row.pk))
    deliver()
    assert len(mail.outbox) == 1


def test_what_nobody_sent_in_time_is_not_sent_late(cast: Cast) -> None:
    ask("lead@example.org")
    MailedLink.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    deliver()
    assert mail.outbox == []


def test_old_links_are_forgotten(cast: Cast) -> None:
    now = timezone.now()
    operations.ask_for_link(
        email="lead@example.org",
        purpose=Purpose.SIGN_IN,
        next_path="",
        now=now - timedelta(days=3),
    )
    operations.forget_old_letters(now=now)
    assert not MailedLink.objects.exists()


def test_it_leads_to_where_somebody_wanted_to_go(cast: Cast) -> None:
    where = cast.at(f"engagements/{cast.engagement.pk}/")
    ask("lead@example.org", next=where)
    deliver()
    answer = Client().post(link_in())
    assert answer["Location"] == where


@pytest.mark.parametrize(
    "where", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_it_leads_nowhere_else(cast: Cast, where: str) -> None:
    ask("lead@example.org", next=where)
    deliver()
    assert Client().post(link_in())["Location"] == "/"


def test_too_many_wishes_are_refused_in_words(cast: Cast) -> None:
    for _time in range(5):
        ask("lead@example.org")
    answer = Client().post("/accounts/link/", {"email": "lead@example.org"})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert b"tried too often" in answer.content
    ask("member@example.org")


def test_who_is_signed_in_as_another_becomes_the_one_of_the_link(cast: Cast) -> None:
    ask("lead@example.org")
    deliver()
    client = cast.browser(cast.csm)
    client.post(link_in())
    assert client.get(cast.at("settings/members/")).status_code == 403


def test_a_forgotten_password_is_asked_for_without_telling_who_is_known(cast: Cast) -> None:
    for email in ("csm@example.org", "nobody@example.org"):
        answer = Client().post("/accounts/password/reset/", {"email": email})
        assert answer["Location"] == "/accounts/password/reset/done/"
    deliver()
    assert addressees() == ["csm@example.org"]
