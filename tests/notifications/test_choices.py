"""How somebody wants to hear of things: chosen in the account, or by one click in a mail."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail, signing
from django.test import Client
from django.utils import timezone

from notifications import letters, tasks
from notifications.models import MailChoice, Way
from notifications.operations import choose_mail, notify
from notifications.queries import GROUPS, KINDS, USUAL, get_choice, group_of
from people.models import User
from people.operations import forget_people
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.pages import error_beside

SETTINGS = "/accounts/notifications/"
VALUES = {
    "wants_digest": "on",
    "digest_hour": "7",
    "time_zone": "Asia/Tokyo",
    "mail_format": "text",
    **{f"way_{group.key}": "inbox" for group in GROUPS},
}


def choice_of(user: User) -> Any:
    return get_choice(user_id=user.pk)


def stop_path(user: User, what: str) -> str:
    return letters.stop_address(user.pk, what).removeprefix("http://localhost:8000")


def test_as_usual_what_concerns_one_directly_comes_at_once() -> None:
    now = {group.key for group in GROUPS if USUAL.way_of_group(group.key) == Way.NOW}
    assert now == {"mentions", "yours", "sign_off"}
    assert group_of("note.mentioned") == "mentions"
    assert group_of("risk.assigned") == "yours"
    assert group_of("something.new") == "customers"
    assert {group_of(kind) for kind in KINDS} <= {group.key for group in GROUPS}


def test_what_is_chosen_is_kept_and_shown(cast: Cast, csm: Client) -> None:
    page = csm.get(SETTINGS).content.decode()
    assert re.search(r'<option value="now" selected>By mail, at once', page)
    assert csm.post(SETTINGS, VALUES).status_code == 302
    kept = choice_of(cast.csm)
    assert (kept.digest_hour, kept.time_zone, kept.mail_format) == (7, "Asia/Tokyo", "text")
    assert {kept.way_of_group(group.key) for group in GROUPS} == {Way.INBOX}
    assert 'value="Asia/Tokyo" selected' in csm.get(SETTINGS).content.decode()
    assert choice_of(cast.admin) == USUAL


@pytest.mark.parametrize(
    ("field", "value"),
    [("digest_hour", "24"), ("time_zone", "Mars/Base"), ("way_yours", "pigeon")],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, field: str, value: str
) -> None:
    response = csm.post(SETTINGS, VALUES | {field: value})
    assert error_beside(response, field)
    assert not MailChoice.objects.exists()


def test_it_is_for_people_signed_in(db: None) -> None:
    assert Client().get(SETTINGS).status_code == 302


def test_without_a_digest_such_news_stays_in_the_inbox(cast: Cast) -> None:
    choose_mail(user=cast.csm, fields={"wants_digest": False})
    assert choice_of(cast.csm).way_of("plan.late") == Way.INBOX
    assert choice_of(cast.csm).way_of("risk.assigned") == Way.NOW


def test_one_click_in_a_digest_stops_it_without_signing_in(cast: Cast) -> None:
    path = stop_path(cast.csm, letters.DIGEST)
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(path)
    assert "Stop the daily digest?" in page.content.decode()
    # A scanner that follows links changes nothing.
    assert choice_of(cast.csm).wants_digest
    answer = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and "No digest any more" in answer.content.decode()
    assert not choice_of(cast.csm).wants_digest
    assert choice_of(cast.admin).wants_digest
    # Once more is no fault, and it can be had back.
    assert stranger.post(path).status_code == 200
    cast.browser(cast.csm).post(SETTINGS, VALUES)
    assert choice_of(cast.csm).wants_digest


def test_one_click_in_mail_at_once_puts_such_news_into_the_digest(cast: Cast) -> None:
    choose_mail(user=cast.csm, fields={"ways": {"files": "inbox"}, "digest_hour": 6})
    with tenant_scope(cast.tenant.pk):
        notify(recipients=[cast.csm], kind="risk.assigned", text="T", url="/w/acme/", key="k")
    tasks.send_due()
    header = mail.outbox[0].extra_headers["List-Unsubscribe"]
    Client().post(header.strip("<>").removeprefix("http://localhost:8000"))
    kept = choice_of(cast.csm)
    assert kept.way_of("risk.assigned") == Way.DIGEST
    assert (kept.way_of("import.finished"), kept.digest_hour) == (Way.INBOX, 6)


def tampered(cast: Cast) -> str:
    # Another person's id under the signature of one's own.
    _data, _colon, seal = (
        letters.stop_address(cast.csm.pk, letters.DIGEST).rpartition("/stop/")[2].partition(":")
    )
    data = letters.stop_address(cast.admin.pk, letters.DIGEST).rpartition("/stop/")[2]
    return f"{data.partition(':')[0]}:{seal.rstrip('/')}"


def foreign(cast: Cast) -> str:
    return signing.dumps([letters.DIGEST, str(cast.csm.pk)], salt="something else")


def nobodys(cast: Cast) -> str:
    return signing.dumps([letters.DIGEST, str(uuid4())], salt=letters.SALT)


def unknown(cast: Cast) -> str:
    return signing.dumps(["everything", str(cast.csm.pk)], salt=letters.SALT)


def malformed(cast: Cast) -> str:
    return signing.dumps({"no": "list"}, salt=letters.SALT)


@pytest.mark.parametrize("make", [tampered, foreign, nobodys, unknown, malformed])
def test_a_link_that_is_not_ours_stops_nothing(cast: Cast, make: Any) -> None:
    path = f"{SETTINGS}stop/{make(cast)}/"
    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    assert not MailChoice.objects.exists()


def test_a_link_that_is_too_old_stops_nothing(cast: Cast, settings: Any) -> None:
    class Old(signing.TimestampSigner):
        def timestamp(self) -> str:
            then = timezone.now() - timedelta(seconds=letters.STOP_WORKS_FOR_SECONDS + 60)
            return signing.b62_encode(int(then.timestamp()))

    value = [letters.DIGEST, str(cast.csm.pk)]
    token = Old(salt=letters.SALT).sign_object(value)
    assert Client().post(f"{SETTINGS}stop/{token}/").status_code == 410
    assert choice_of(cast.csm).wants_digest


def test_a_choice_goes_with_its_person(cast: Cast) -> None:
    choose_mail(user=cast.csm, fields={"digest_hour": 5})
    leaver = User.objects.create_user("leaver@example.org")
    choose_mail(user=leaver, fields={"digest_hour": 5})
    assert forget_people(user_ids=[leaver.pk]) == 1
    assert MailChoice.objects.get().user == cast.csm
