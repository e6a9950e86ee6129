"""Coming into a workspace by an invitation."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from engagements.models import Customer
from people.models import Invitation, User
from tenancy.models import AuditEntry, Membership, Role
from tenancy.scope import tenant_scope
from tests.factories import PASSWORD, Cast
from tests.pages import error_beside
from tests.people.mailbox import addressees, deliver, link_in

NEWCOMER = {"email": "New@Example.org", "name": "New Person", "role": "csm"}


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def invite(cast: Cast, **change: str) -> str:
    """Invites by the page; returns the path of the link in the mail."""
    answer = cast.browser(cast.admin).post(cast.at("settings/members/"), NEWCOMER | change)
    assert answer.status_code == 302, answer.content.decode()
    deliver()
    return link_in()


def actions(cast: Cast) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


def test_an_administrator_invites_and_the_page_says_so(cast: Cast, admin: Client) -> None:
    page = admin.post(cast.at("settings/members/"), NEWCOMER, follow=True).content.decode()
    assert "The invitation to new@example.org is on its way." in page.replace("New@E", "new@e")
    assert "mail on its way" in page
    deliver()
    assert addressees() == ["new@example.org"]
    assert "until" in admin.get(cast.at("settings/members/")).content.decode()
    assert not Membership.objects.filter(user__email="new@example.org").exists()


def test_somebody_new_comes_in_with_a_password(cast: Cast) -> None:
    path, client = invite(cast), Client()
    page = client.get(path).content.decode()
    assert "Admin invites new@example.org as CSM" in page
    answer = client.post(path, {"name": "Ann New", "password": PASSWORD})
    assert answer["Location"] == cast.at("")
    member = Membership.objects.get(tenant=cast.tenant, user__email="new@example.org")
    assert (member.role, member.user.name) == (Role.CSM, "Ann New")
    assert member.user.check_password(PASSWORD)
    assert client.get(cast.at("")).status_code == 200
    assert {"invitation.made", "invitation.accepted"} <= set(actions(cast))


def test_somebody_new_may_do_without_a_password(cast: Cast) -> None:
    path, client = invite(cast), Client()
    client.post(path, {"name": "Ann New", "password": ""})
    assert not User.objects.get(email="new@example.org").has_usable_password()
    assert client.get(cast.at("")).status_code == 200


def test_a_weak_password_is_refused_beside_the_field(cast: Cast) -> None:
    path = invite(cast)
    answer = Client().post(path, {"name": "Ann New", "password": "password1234"})
    assert "tried first" in error_beside(answer, "password")
    assert not User.objects.filter(email="new@example.org").exists()
    assert Invitation.objects.get().used_at is None


def test_a_customers_person_is_invited_for_that_customer(cast: Cast) -> None:
    path = invite(cast, role="member", customer=str(cast.second_customer.pk))
    client = Client()
    client.post(path, {"name": "Ann New", "password": ""})
    member = Membership.objects.get(tenant=cast.tenant, user__email="new@example.org")
    assert (member.role, member.customer_id) == (Role.MEMBER, cast.second_customer.pk)
    assert client.get(cast.at(f"customers/{cast.customer.pk}/")).status_code == 404


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": "csm@example.org"}, "email", "in the workspace already"),
        ({"email": "nobody"}, "email", "valid email"),
        ({"name": ""}, "name", "required"),
        ({"role": "emperor"}, "role", "valid choice"),
        ({"role": "lead"}, "customer", "Choose the customer"),
    ],
)
def test_what_is_wrong_is_said(
    cast: Cast, admin: Client, change: dict[str, str], field: str, words: str
) -> None:
    answer = admin.post(cast.at("settings/members/"), NEWCOMER | change)
    assert answer.status_code == 200
    assert words in error_beside(answer, field)
    assert not Invitation.objects.exists()


def test_another_workspaces_customer_is_no_choice(cast: Cast, admin: Client) -> None:
    sent = NEWCOMER | {"role": "lead", "customer": str(cast.other_customer.pk)}
    answer = admin.post(cast.at("settings/members/"), sent)
    assert "valid choice" in error_beside(answer, "customer")


def test_inviting_does_not_tell_who_is_known_elsewhere(cast: Cast, admin: Client) -> None:
    pages = []
    for email in ("stranger@example.org", "nobody@example.org"):
        sent = NEWCOMER | {"email": email}
        page = admin.post(cast.at("settings/members/"), sent, follow=True).content.decode()
        assert admin.post(cast.at("settings/members/"), sent).status_code == 302
        pages.append("is on its way" in page)
    assert pages == [True, True]
    assert Membership.objects.filter(user=cast.stranger).count() == 1


def test_somebody_known_signs_in_and_accepts(cast: Cast) -> None:
    path = invite(cast, email="stranger@example.org")
    page = Client().get(path).content.decode()
    assert "You have an account already" in page
    assert f"/accounts/login/?next={path.replace('/', '%2F')}" in page
    client = cast.browser(cast.stranger)
    assert client.post(path)["Location"] == cast.at("")
    assert Membership.objects.get(tenant=cast.tenant, user=cast.stranger).role == Role.CSM


def test_nobody_takes_a_known_persons_place_by_the_link_alone(cast: Cast) -> None:
    path = invite(cast, email="stranger@example.org")
    Client().post(path, {"name": "Evil", "password": PASSWORD})
    assert not Membership.objects.filter(tenant=cast.tenant, user=cast.stranger).exists()
    assert User.objects.get(pk=cast.stranger.pk).name == "Stranger"


def test_it_is_for_the_one_who_was_invited(cast: Cast) -> None:
    path, client = invite(cast), cast.browser(cast.stranger)
    page = client.post(path).content.decode()
    assert "You are signed in as stranger@example.org" in page
    assert not Membership.objects.filter(tenant=cast.tenant, user=cast.stranger).exists()


def test_a_used_link_says_so(cast: Cast) -> None:
    path = invite(cast)
    Client().post(path, {"name": "Ann", "password": ""})
    for again in (Client().get(path), Client().post(path, {"name": "Bob", "password": ""})):
        assert again.status_code == 410
        assert b"was accepted" in again.content


def test_it_works_for_seven_days(cast: Cast, admin: Client) -> None:
    path = invite(cast)
    row = Invitation.objects.get()
    assert row.sent_at is not None
    assert row.expires_at == row.sent_at + timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now())
    answer = Client().post(path, {"name": "Ann", "password": ""})
    assert answer.status_code == 410
    assert b"too old" in answer.content
    assert b"too old" in admin.get(cast.at("settings/members/")).content


def test_a_revoked_one_opens_nothing(cast: Cast, admin: Client) -> None:
    path = invite(cast)
    row = Invitation.objects.get()
    where = cast.at(f"settings/members/invitations/{row.pk}/revoke/")
    assert b"opens nothing any more" in admin.post(where, follow=True).content
    answer = Client().post(path, {"name": "Ann", "password": ""})
    assert answer.status_code == 410
    assert b"taken back" in answer.content
    assert "invitation.revoked" in actions(cast)


def test_sent_again_the_first_link_dies(cast: Cast, admin: Client) -> None:
    first = invite(cast)
    where = cast.at(f"settings/members/invitations/{Invitation.objects.get().pk}/again/")
    admin.post(where)
    deliver()
    second = link_in()
    assert first != second
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_inviting_twice_renews(cast: Cast) -> None:
    invite(cast)
    invite(cast, role="manager")
    assert Invitation.objects.get().role == Role.MANAGER


def test_one_address_is_not_flooded(cast: Cast, admin: Client) -> None:
    answers = [admin.post(cast.at("settings/members/"), NEWCOMER).status_code for _i in range(7)]
    assert answers == [302] * 5 + [429] * 2


def test_only_administrators_invite_revoke_and_send_again(cast: Cast) -> None:
    invite(cast)
    row = Invitation.objects.get()
    for user in (cast.manager, cast.csm, cast.executive, cast.lead, cast.member):
        browser = cast.browser(user)
        assert browser.post(cast.at("settings/members/"), NEWCOMER).status_code == 403
        for verb in ("again", "revoke"):
            where = cast.at(f"settings/members/invitations/{row.pk}/{verb}/")
            assert browser.post(where).status_code == 403
    row.refresh_from_db()
    assert row.revoked_at is None


def test_another_workspaces_invitation_is_not_there(cast: Cast) -> None:
    invite(cast)
    row = Invitation.objects.get()
    browser = cast.browser(cast.stranger)
    for verb in ("again", "revoke"):
        where = f"/w/rival/settings/members/invitations/{row.pk}/{verb}/"
        assert browser.post(where).status_code == 404


def test_the_mail_names_who_where_and_as_what(cast: Cast) -> None:
    invite(cast)
    body = str(mail.outbox[-1].body)
    assert "Admin invites you to the workspace Acme" in body
    assert "CSM" in body
    assert mail.outbox[-1].subject == "Admin invites you to Acme"


def test_whose_customer_is_gone_meanwhile_is_not_let_in(cast: Cast) -> None:
    path = invite(cast, role="member", customer=str(cast.second_customer.pk))
    with tenant_scope(cast.tenant.pk):
        Customer.objects.filter(pk=cast.second_customer.pk).update(archived_at=timezone.now())
    answer = Client().post(path, {"name": "Ann New", "password": ""})
    assert answer.status_code == 410
    assert not User.objects.filter(email="new@example.org").exists()
