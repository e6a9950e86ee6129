"""One's own account: name, address, password."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, Cast
from tests.pages import error_beside
from tests.people.factors import give_app
from tests.people.mailbox import addressees, link_in


def actions(cast: Cast) -> set[str]:
    with tenant_scope(cast.tenant.pk):
        return set(AuditEntry.objects.values_list("action", flat=True))


def test_a_name_is_changed(cast: Cast, csm: Client) -> None:
    page = csm.post("/accounts/profile/", {"name": "Mara Lindqvist"}, follow=True)
    assert b"Your name is kept." in page.content
    assert b">ML<" in page.content
    assert "required" in error_beside(csm.post("/accounts/profile/", {"name": ""}), "name")


def test_it_is_reached_from_the_menu(cast: Cast, csm: Client) -> None:
    assert b'href="/accounts/profile/"' in csm.get(cast.at("")).content


def test_nobody_has_an_account_page_without_signing_in(db: None) -> None:
    for path in ("profile/", "sessions/", "2fa/", "email/", "link/prove/"):
        answer = Client().get(f"/accounts/{path}")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("guarded", [False, True])
def test_an_address_changes_once_it_is_confirmed(cast: Cast, guarded: bool) -> None:
    EmailAddress.objects.create(user=cast.csm, email=cast.csm.email, primary=True, verified=True)
    if guarded:
        give_app(cast.csm)
    client = cast.browser(cast.csm)
    client.post("/accounts/email/", {"action_add": "", "email": "moved@example.org"})
    assert addressees() == ["moved@example.org"]
    path = link_in()
    assert client.get(path).status_code == 200
    cast.csm.refresh_from_db()
    assert cast.csm.email == "csm@example.org"
    client.post(path)
    cast.csm.refresh_from_db()
    assert cast.csm.email == "moved@example.org"
    assert "email.changed" in actions(cast)
    told = [message for message in mail.outbox if message.to == ["csm@example.org"]]
    assert "was changed" in str(told[-1].body)


def test_an_address_somebody_has_is_not_told(cast: Cast, csm: Client) -> None:
    for user in (cast.csm, cast.stranger):
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    pages = []
    for email in ("stranger@example.org", "nobody@example.org"):
        sent = {"action_add": "", "email": email}
        pages.append(csm.post("/accounts/email/", sent, follow=True).status_code)
    assert pages == [200, 200]
    assert "/accounts/login/" in str(mail.outbox[0].body)
    cast.csm.refresh_from_db()
    assert cast.csm.email == "csm@example.org"


def test_a_changed_password_is_noted_and_told(cast: Cast) -> None:
    cast.csm.set_password(PASSWORD)
    cast.csm.save()
    client = cast.browser(cast.csm)
    new = PASSWORD + " indeed"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", sent)
    assert "password.changed" in actions(cast)
    assert "Your password was changed." in str(mail.outbox[-1].body)
    assert "127.0.0.1" in str(mail.outbox[-1].body)


def test_a_first_password_is_set(cast: Cast, csm: Client) -> None:
    csm.post("/accounts/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    cast.csm.refresh_from_db()
    assert cast.csm.check_password(PASSWORD)


def test_mail_that_is_away_stops_no_change(cast: Cast, settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]
    cast.csm.set_password(PASSWORD)
    cast.csm.save()
    new = PASSWORD + " indeed"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert cast.browser(cast.csm).post("/accounts/password/change/", sent).status_code == 302
    cast.csm.refresh_from_db()
    assert cast.csm.check_password(new)
