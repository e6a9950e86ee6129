"""Answering by a link from a mail: once a person, without an account, telling nobody else."""

import threading
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test import Client

from engagements import operations
from engagements.models import Answer, AnswerLink, Invitee, Response
from engagements.operations import Given
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.engagements.asking import NOW, answer, given, links, make_survey, open_survey, send_mail
from tests.factories import TODAY, Cast, make_cast


def ask(cast: Cast, instrument: str = "nps", asked: int = 1, **fields: Any) -> list[str]:
    """A survey whose mail went out; the pages its links lead to."""
    mail.outbox.clear()
    open_survey(cast, instrument, asked, **fields)
    send_mail(cast)
    return links()


def responses(cast: Cast) -> list[Response]:
    with tenant_scope(cast.tenant.pk):
        return list(Response.objects.all())


def numbers(cast: Cast) -> list[int]:
    with tenant_scope(cast.tenant.pk):
        return sorted(row.number or 0 for row in Answer.objects.exclude(number=None))


def test_somebody_answers_without_an_account(cast: Cast) -> None:
    (path,) = ask(cast)
    visitor = Client()
    page = visitor.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    assert "How likely are you to recommend" in text and "nps one" in text
    thanks = visitor.post(path, {"q1": "9", "q2": "It saves me an hour"})
    assert (thanks.status_code, "Thank you" in thanks.content.decode()) == (200, True)
    (row,) = responses(cast)
    with tenant_scope(cast.tenant.pk):
        assert [(a.number, a.text) for a in row.answers.order_by("question__position")] == [
            (9, ""),
            (None, "It saves me an hour"),
        ]
        assert AuditEntry.objects.filter(action="survey.answered").count() == 1


def test_the_second_visit_says_that_and_when_it_was_answered(cast: Cast) -> None:
    (path,) = ask(cast)
    Client().post(path, {"q1": "9", "q2": ""})
    for again in (Client().get(path), Client().post(path, {"q1": "1", "q2": ""})):
        assert again.status_code == 410
        assert "You answered on" in again.content.decode()
    assert numbers(cast) == [9]


def test_what_is_missing_is_said_beside_it_and_the_rest_is_kept(cast: Cast) -> None:
    (path,) = ask(cast, "sentiment")
    page = Client().post(path, {"q2": "4", "q3": "Too many clicks"}).content.decode()
    assert 'id="id_q1_error"' in page and "Please answer this question." in page
    assert 'aria-describedby="id_q1_error"' in page
    assert "Too many clicks</textarea>" in page
    assert page.count("checked") == 1
    assert responses(cast) == []


@pytest.mark.parametrize("body", [{"q1": "11"}, {"q1": "x"}, {"q1": ["1", "99"]}, {}])
def test_what_was_not_offered_is_refused(cast: Cast, body: dict[str, Any]) -> None:
    (path,) = ask(cast)
    assert "another look" in Client().post(path, body).content.decode()
    assert responses(cast) == []


def test_the_operation_itself_takes_nothing_that_was_not_offered(cast: Cast) -> None:
    survey = open_survey(cast)
    with tenant_scope(cast.tenant.pk):
        invitee = Invitee.objects.get()
        for wrong in (Given(number=11), Given(text="x"), Given(choices=("x",)), Given()):
            with pytest.raises(ValidationError):
                operations.take_answer(
                    invitee=invitee,
                    given=dict.fromkeys(given(survey, 1), wrong),
                    today=TODAY,
                    now=NOW,
                )
        invitee.refresh_from_db()
        assert invitee.answered_at is None


def test_a_closed_survey_and_one_whose_last_day_is_over_say_so(cast: Cast, csm: Client) -> None:
    (path,) = ask(cast)
    with tenant_scope(cast.tenant.pk):
        survey = Invitee.objects.get().survey
    csm.post(cast.at(f"surveys/{survey.pk}/close/"))
    for page in (Client().get(path), Client().post(path, {"q1": "9"})):
        assert (page.status_code, "closed" in page.content.decode()) == (410, True)
    assert responses(cast) == []


def test_its_last_day_still_counts(cast: Cast) -> None:
    survey = open_survey(cast, closes_date=TODAY)
    assert operations.takes_answers(survey, today=TODAY)
    assert not operations.takes_answers(survey, today=NOW.date().replace(day=19))


@pytest.mark.parametrize(
    "token", ["none", "aiq_answer_abcdefgh_" + "x" * 43, "aiq_answer__", "%00"]
)
def test_a_link_nobody_made_learns_nothing(cast: Cast, token: str) -> None:
    ask(cast)
    for path in (f"/answer/{token}/", f"/answer/{token}/stop/"):
        page = Client(REMOTE_ADDR="198.51.100.7").get(path)
        assert page.status_code == 410
        assert "Halden" not in page.content.decode() and "acme" not in page.content.decode().lower()


def test_guessing_is_counted(cast: Cast) -> None:
    visitor = Client(REMOTE_ADDR="198.51.100.9")
    statuses = {visitor.get(f"/answer/guess{number}/").status_code for number in range(70)}
    assert statuses == {410, 429}


def test_a_changed_link_opens_nothing(cast: Cast) -> None:
    (path,) = ask(cast)
    wrong = path[:-2] + ("a" if path[-2] != "a" else "b") + "/"
    assert Client(REMOTE_ADDR="198.51.100.8").get(wrong).status_code == 410
    assert Client().get(path).status_code == 200


def test_the_page_tells_nobody_of_its_address(cast: Cast) -> None:
    (path,) = ask(cast)
    for address in (path, f"{path}stop/", "/answer/none/"):
        page = Client().get(address)
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]
        assert "set-cookie" not in {name.lower() for name in page.headers}
        assert not page.cookies


def test_nothing_of_the_workspace_stands_on_the_page(cast: Cast) -> None:
    (path,) = ask(cast)
    text = Client().get(path).content.decode()
    for inner in ("/w/acme", "Solberg", "HALDEN-1", str(cast.engagement.pk), "p0@example.org"):
        assert inner not in text


def test_only_the_hash_of_a_link_is_kept(cast: Cast) -> None:
    (path,) = ask(cast)
    secret = path.rstrip("/").rpartition("_")[2].encode()
    (link,) = AnswerLink.objects.all()
    assert secret not in bytes(link.secret_hash)
    assert len(bytes(link.secret_hash)) == 32
    with connection.cursor() as cursor:
        cursor.execute("SELECT l::text FROM engagements_answerlink l")
        assert secret.decode() not in cursor.fetchone()[0]


def test_an_anonymous_answer_leads_back_to_nobody(cast: Cast) -> None:
    paths = ask(cast, "csat", asked=3, anonymous=True)
    for number, path in zip("345", paths, strict=True):
        page = Client().get(path).content.decode()
        assert "kept apart from your name" in page
        Client().post(path, {"q1": number, "q2": f"words {number}"})
    found = responses(cast)
    assert [(row.invitee_id, row.answered_at) for row in found] == [(None, None)] * 3
    # Neither table's id holds a moment, which version 7 would.
    with tenant_scope(cast.tenant.pk):
        ids = [row.pk for row in (*found, *Answer.objects.all())]
        assert {pk.version for pk in ids} == {4}
        assert Invitee.objects.exclude(answered_at=None).count() == 3
        assert not AuditEntry.objects.filter(action="survey.answered").exists()
        # The row in which the database would keep a link says no.
        invitee = Invitee.objects.first()
        with pytest.raises(Exception, match="anonymous_is_anonymous"):
            Response.objects.filter(pk=found[0].pk).update(invitee=invitee)


def test_the_database_lets_no_answer_deny_that_its_survey_is_anonymous(cast: Cast) -> None:
    (path, *_rest) = ask(cast, "csat", asked=2, anonymous=True)
    Client().post(path, {"q1": "3", "q2": ""})
    with pytest.raises(Exception, match="engagements_response_word"), tenant_scope(cast.tenant.pk):
        Response.objects.update(anonymous=False)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(("people", "kept"), [(4, False), (5, True)])
def test_a_small_group_is_not_kept_with_an_anonymous_answer(
    cast: Cast, people: int, kept: bool
) -> None:
    survey = make_survey(cast, "csat", anonymous=True)
    with tenant_scope(cast.tenant.pk):
        group = operations.add_impact_group(
            engagement=cast.engagement, fields={"name": "Crews", "size": 9}
        )
        operations.invite_people(
            survey=survey,
            people=[
                operations.Asked(f"c{number}@example.org", impact_group=group)
                for number in range(people)
            ],
        )
        operations.open_survey(survey=survey, now=NOW)
    answer(cast, survey, [4])
    (row,) = responses(cast)
    assert (row.impact_group_id is not None) is kept


def test_who_does_not_want_to_be_asked_is_not(cast: Cast) -> None:
    (path,) = ask(cast)
    stop = f"{path}stop/"
    assert "Do not ask me any more" in Client().get(stop).content.decode()
    with tenant_scope(cast.tenant.pk):
        assert Invitee.objects.get().opted_out_at is None
    assert "not be asked again" in Client().post(stop, {"ask": "never"}).content.decode()
    second = make_survey(cast, "csat")
    with tenant_scope(cast.tenant.pk):
        invited = operations.invite_people(
            survey=second, people=[operations.Asked("P0@example.org")]
        )
    assert (invited.added, invited.opted_out) == (0, 1)
    assert "Do not ask me any more" in Client().post(stop, {"ask": "again"}).content.decode()
    with tenant_scope(cast.tenant.pk):
        assert Invitee.objects.get().opted_out_at is None


def test_the_button_of_a_mail_program_stops_it_too(cast: Cast) -> None:
    (path,) = ask(cast)
    (letter,) = mail.outbox
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"{path}stop/>")
    visitor = Client(enforce_csrf_checks=True)
    visitor.post(f"{path}stop/", {"List-Unsubscribe": "One-Click"})
    with tenant_scope(cast.tenant.pk):
        assert Invitee.objects.get().opted_out_at is not None


def test_a_browser_that_names_no_origin_can_answer(cast: Cast) -> None:
    """With `no-referrer` a browser sends the origin “null”."""
    (path,) = ask(cast)
    visitor = Client(enforce_csrf_checks=True, headers={"Origin": "null"})
    assert visitor.post(path, {"q1": "9", "q2": ""}).status_code == 200
    assert numbers(cast) == [9]


def test_of_answers_sent_at_once_one_counts(committed: None) -> None:
    cast = make_cast()
    (path,) = ask(cast)
    statuses: list[int] = []
    barrier = threading.Barrier(4)

    def post(number: int) -> None:
        barrier.wait()
        try:
            statuses.append(Client().post(path, {"q1": str(number), "q2": ""}).status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=post, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 410, 410, 410]
    assert len(responses(cast)) == 1
