from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.management import CommandError, call_command
from django.test import Client

from people import letters
from people.models import User
from tenancy import operations as tenancy
from tenancy.models import AuditEntry, Membership, Role, Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.people.factors import give_app, give_recovery_codes


def create(slug: str, *arguments: str) -> tuple[list[str], str]:
    """The lines on stdout, and what was said on stderr."""
    out, err = StringIO(), StringIO()
    call_command("create_workspace", slug, *arguments, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue()


NEW = ("--name", "New", "--time-zone", "Europe/Oslo")


def test_it_prints_where_the_workspace_is(db: None) -> None:
    lines, said = create("new", *NEW)
    assert lines == ["http://localhost:8000/w/new/"]
    assert said == ""
    assert Tenant.objects.get(slug="new").time_zone == "Europe/Oslo"


def test_a_new_administrator_sets_a_password_by_the_printed_address(db: None) -> None:
    lines, _said = create("new", *NEW, "--admin", "ann@example.org")
    path = lines[1].removeprefix("http://localhost:8000")
    client = Client()
    form = client.get(path, follow=True)
    sentence = "a sentence long enough"
    client.post(form.request["PATH_INFO"], {"password1": sentence, "password2": sentence})
    user = User.objects.get(email="ann@example.org")
    assert user.check_password(sentence)
    assert Membership.objects.get(user=user).role == Role.ADMIN
    assert client.post(form.request["PATH_INFO"]).status_code in (200, 302)
    assert "password1" not in client.get(path, follow=True).content.decode()


def test_somebody_who_has_a_password_gets_no_address(cast: Cast) -> None:
    cast.csm.set_password("a sentence long enough")
    cast.csm.save()
    lines, said = create("new", *NEW, "--admin", "csm@example.org")
    assert (len(lines), said) == (1, "")
    assert Membership.objects.get(tenant__slug="new").user == cast.csm


@pytest.mark.parametrize(
    ("slug", "arguments", "words"),
    [
        ("new", ("--name", "New", "--time-zone", "Mars/Olympus"), "no IANA time zone"),
        ("No Good", NEW, "lower-case letters"),
        ("new-", NEW, "lower-case letters"),
        ("n" * 51, NEW, "lower-case letters"),
        ("acme", NEW, "already exists"),
        ("new", ("--name", "", "--time-zone", "UTC"), "blank"),
        ("new", ("--name", "n" * 121, "--time-zone", "UTC"), "at most 120"),
        ("new", (*NEW, "--admin", "nobody"), "valid email"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    cast: Cast, slug: str, arguments: tuple[str, ...], words: str
) -> None:
    users = User.objects.count()
    with pytest.raises(CommandError, match=words):
        create(slug, *arguments)
    assert Tenant.objects.count() == 2
    assert User.objects.count() == users


def test_an_operator_takes_second_factors_away_and_it_is_noted(cast: Cast) -> None:
    give_app(cast.csm)
    give_recovery_codes(cast.csm)
    tenancy.add_member(tenant=cast.other_tenant, user=cast.csm, role=Role.EXECUTIVE)
    browser = cast.browser(cast.csm)
    UserSession.objects.create(
        user=cast.csm, session_key=browser.session.session_key, ip="192.0.2.1", user_agent="x"
    )
    out = StringIO()
    call_command("forget_second_factor", email="CSM@example.org", stdout=out)
    assert "2 taken away" in out.getvalue()
    assert not Authenticator.objects.filter(user=cast.csm).exists()
    assert browser.get(cast.at("")).status_code == 302
    for tenant in (cast.tenant, cast.other_tenant):
        with tenant_scope(tenant.pk):
            entry = AuditEntry.objects.get(action="second_factor.forgotten")
        assert (entry.actor_kind, entry.subject_name) == ("operator", "Csm")


def test_nobodys_second_factor_cannot_be_taken_away(db: None) -> None:
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("forget_second_factor", email="nobody@example.org")


def test_mail_that_stays_here_can_be_read(tmp_path: Path, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    with pytest.raises(CommandError, match="No mail"):
        call_command("last_mail")
    letters.send("ann@example.org", letters.about_known_address())
    out = StringIO()
    call_command("last_mail", stdout=out)
    assert "To: ann@example.org" in out.getvalue()
    assert "/accounts/login/" in out.getvalue()
    letters.send("ben@example.org", letters.about_known_address())
    call_command("last_mail", to="ann@example.org", stdout=out)
    assert "ben@example.org" not in out.getvalue()
    with pytest.raises(CommandError, match="No mail"):
        call_command("last_mail", to="cid@example.org")
