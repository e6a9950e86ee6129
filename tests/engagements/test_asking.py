"""Who is asked, the mail that goes out, reminders, and what the night does."""

from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from engagements import operations, tasks
from engagements.models import AnswerLink, Customer, Invitee, RosterEntry, Survey
from engagements.operations import Asked
from notifications.models import Notification
from tenancy.models import JobRun
from tenancy.scope import tenant_scope
from tests.engagements.asking import NOW, answer, links, make_survey, open_survey, send_mail
from tests.factories import TODAY, Cast

DAY = timedelta(days=1)


class Refusing(EmailBackend):
    """A mail server that knows nobody called p1."""

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            if message.to == ["p1@example.org"]:
                raise SMTPRecipientsRefused({"p1@example.org": (550, b"no such user")})
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def empty_box() -> None:
    mail.outbox = []


def invitees(cast: Cast) -> list[Invitee]:
    with tenant_scope(cast.tenant.pk):
        return list(Invitee.objects.order_by("email"))


def remind(cast: Cast, now: datetime) -> int:
    with tenant_scope(cast.tenant.pk):
        operations.make_reminders_due(now=now)
    before = len(mail.outbox)
    send_mail(cast, now)
    return len(mail.outbox) - before


def test_everybody_gets_one_mail_with_a_link_of_their_own(cast: Cast) -> None:
    open_survey(cast, asked=3, intro="We want to do better.")
    send_mail(cast)
    send_mail(cast)
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "p0@example.org",
        "p1@example.org",
        "p2@example.org",
    ]
    assert len(set(links())) == 3
    text = str(mail.outbox[0].body)
    assert "We want to do better." in text
    assert "2 questions, about a minute. You need no account." in text
    assert "Csm of Acme asks for your answers." in text
    whole = mail.outbox[0].message().as_string()
    assert "text/html" in whole and whole.count(links()[0].rpartition("_")[2].rstrip("/")[:20]) >= 2


def test_a_title_cannot_add_a_header(cast: Cast) -> None:
    open_survey(cast, title="Hello\r\nBcc: everybody@example.org")
    send_mail(cast)
    assert mail.outbox[0].subject == "Hello Bcc: everybody@example.org"
    assert mail.outbox[0].recipients() == ["p0@example.org"]


def test_nobody_gets_mail_before_it_is_sent_or_after_it_is_closed(cast: Cast) -> None:
    make_survey(cast, asked=2)
    send_mail(cast)
    survey = open_survey(cast, "csat", asked=2)
    with tenant_scope(cast.tenant.pk):
        operations.close_survey(survey=survey, now=NOW)
    send_mail(cast)
    assert mail.outbox == []


def test_who_is_added_to_an_open_survey_gets_mail_at_once(cast: Cast) -> None:
    survey = open_survey(cast, asked=0)
    with tenant_scope(cast.tenant.pk):
        operations.invite_people(survey=survey, people=[Asked("late@example.org")])
    send_mail(cast)
    assert [letter.to for letter in mail.outbox] == [["late@example.org"]]


def test_two_reminders_at_most_and_only_to_the_silent(cast: Cast) -> None:
    survey = open_survey(cast, asked=2)
    send_mail(cast)
    answer(cast, survey, [9])
    sent = [remind(cast, NOW + days * DAY) for days in (3, 4, 5, 8, 12, 30)]
    assert sent == [0, 1, 0, 1, 0, 0]
    silent = [row for row in invitees(cast) if row.answered_at is None]
    assert [row.reminders for row in silent] == [2]
    assert mail.outbox[-1].subject.startswith("Reminder:")


def test_a_link_from_the_first_mail_works_beside_that_of_a_reminder(cast: Cast) -> None:
    open_survey(cast)
    send_mail(cast)
    remind(cast, NOW + 4 * DAY)
    first, second = links()
    assert first != second and AnswerLink.objects.count() == 2
    assert [Client().get(path).status_code for path in (first, second)] == [200, 200]


def test_an_address_that_takes_no_mail_is_not_tried_again(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{Refusing.__module__}.Refusing"
    open_survey(cast, asked=3)
    send_mail(cast)
    assert [row.bounced_at is not None for row in invitees(cast)] == [False, True, False]
    assert len(mail.outbox) == 2
    assert remind(cast, NOW + 5 * DAY) == 2


def test_the_same_address_is_asked_once(cast: Cast) -> None:
    survey = make_survey(cast)
    people = [Asked("A@example.org"), Asked("a@example.org "), Asked(""), Asked("no address")]
    with tenant_scope(cast.tenant.pk):
        first = operations.invite_people(survey=survey, people=people)
        second = operations.invite_people(survey=survey, people=people)
    assert (first.added, first.without_address) == (1, 2)
    assert (second.added, second.already) == (0, 1)
    with tenant_scope(cast.tenant.pk):
        assert Survey.objects.get(pk=survey.pk).invited == 1


def test_a_person_without_mail_yet_is_taken_off_the_list(cast: Cast, csm: Client) -> None:
    survey = make_survey(cast, asked=1)
    (row,) = invitees(cast)
    csm.post(cast.at(f"invitees/{row.pk}/remove/"))
    assert invitees(cast) == []
    open_survey(cast, "csat", asked=1)
    send_mail(cast)
    (row,) = invitees(cast)
    csm.post(cast.at(f"invitees/{row.pk}/remove/"))
    assert len(invitees(cast)) == 1
    with tenant_scope(cast.tenant.pk):
        assert Survey.objects.get(pk=survey.pk).invited == 0


def test_people_are_chosen_by_group_and_pasted(cast: Cast, csm: Client) -> None:
    survey = make_survey(cast)
    with tenant_scope(cast.tenant.pk):
        group = operations.add_impact_group(
            engagement=cast.engagement, fields={"name": "Crews", "size": 9}
        )
        for number in range(3):
            operations.put_on_roster(
                engagement=cast.engagement,
                external_id=f"u{number}",
                email=f"u{number}@example.org" if number else "",
                fields={"impact_group": group},
            )
        person = operations.name_stakeholder(
            customer=cast.customer, name="Kari", email="kari@example.org"
        )
    answered = csm.post(
        cast.at(f"surveys/{survey.pk}/recipients/"),
        {
            "groups": [str(group.pk)],
            "stakeholders": [str(person.pk)],
            "addresses": "one@example.org, two@example.org\r\none@example.org",
        },
        follow=True,
    )
    assert "5 people added, one has no address." in answered.content.decode()
    rows = {row.email: row for row in invitees(cast)}
    assert sorted(rows) == sorted(
        f"{name}@example.org" for name in ("u1", "u2", "kari", "one", "two")
    )
    assert rows["u1@example.org"].impact_group_id == group.pk
    with tenant_scope(cast.tenant.pk):
        assert rows["u1@example.org"].roster_entry_id in set(
            RosterEntry.objects.values_list("pk", flat=True)
        )
    refused = csm.post(
        cast.at(f"surveys/{survey.pk}/recipients/"), {"addresses": "ok@example.org\nnot one"}
    )
    assert "valid email" in refused.content.decode()


def test_the_night_closes_what_is_over_and_tells_the_owner_once(cast: Cast) -> None:
    survey = open_survey(cast, asked=2, closes_date=TODAY)
    for _time in range(2):
        with tenant_scope(cast.tenant.pk):
            tasks.tend_feedback(business_date=TODAY - DAY, now=NOW)
            survey.refresh_from_db()
            assert survey.is_open
    for _time in range(2):
        with tenant_scope(cast.tenant.pk):
            tasks.tend_feedback(business_date=TODAY, now=NOW + DAY)
    with tenant_scope(cast.tenant.pk):
        survey.refresh_from_db()
        assert survey.state == Survey.State.CLOSED
        told = Notification.objects.filter(kind="survey.closed")
        assert [(row.user, row.text) for row in told] == [
            (cast.csm, "nps one is closed. Answers: 0; people asked: 2.")
        ]


def test_the_last_day_of_a_survey_ends_when_it_ends_at_the_customer(cast: Cast) -> None:
    survey = open_survey(cast, closes_date=TODAY)
    midnight_in_oslo = datetime(TODAY.year, TODAY.month, TODAY.day, 23, 30, tzinfo=UTC)
    with tenant_scope(cast.tenant.pk):
        Customer.objects.update(time_zone="America/New_York")
        for hours, is_open in ((0, True), (6, False)):
            now = midnight_in_oslo + timedelta(hours=hours)
            tasks.tend_feedback(business_date=TODAY, now=now)
            survey.refresh_from_db()
            assert survey.is_open is is_open


def test_opened_again_a_survey_keeps_its_last_day_and_mails_whom_it_had_not(cast: Cast) -> None:
    survey = open_survey(cast, closes_date=TODAY)
    with tenant_scope(cast.tenant.pk):
        operations.close_survey(survey=survey, now=NOW)
        assert operations.waiting_letters() == []
        assert operations.reopen_survey(survey=survey, today=TODAY)
        assert survey.closes_date == TODAY
        assert len(operations.waiting_letters()) == 1
        operations.close_survey(survey=survey, now=NOW)
        operations.reopen_survey(survey=survey, today=TODAY + DAY)
        assert survey.closes_date is None


def test_a_run_of_the_queue_sends_what_is_due(cast: Cast) -> None:
    open_survey(cast, asked=2)
    with tenant_scope(cast.tenant.pk):
        run = tasks.ask_for_survey_mail(today=TODAY, now=NOW)
    assert run is not None
    tasks.send_survey_mail(run)
    tasks.send_survey_mail(run)
    assert len(mail.outbox) == 2


def test_the_night_asks_for_a_run_only_when_mail_is_due(cast: Cast) -> None:
    def runs() -> int:
        return JobRun.objects.filter(job=tasks.SURVEY_MAIL_JOB).count()

    with tenant_scope(cast.tenant.pk):
        tasks.tend_feedback(business_date=TODAY, now=NOW)
    assert runs() == 0
    open_survey(cast)
    send_mail(cast)
    before = runs()
    with tenant_scope(cast.tenant.pk):
        tasks.tend_feedback(business_date=TODAY, now=NOW + 6 * DAY)
    assert runs() == before + 1


def test_the_workspace_beside_sends_nothing_of_ours(cast: Cast) -> None:
    open_survey(cast)
    with tenant_scope(cast.other_tenant.pk):
        assert operations.waiting_letters() == []
    mine = invitees(cast)[0]
    with tenant_scope(cast.other_tenant.pk):
        assert operations.claim_survey_letter(invitee_id=mine.pk, now=datetime.now(UTC)) is None
