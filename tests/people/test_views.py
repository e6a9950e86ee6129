import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE, READING
from tenancy.models import ApiKey, Membership, Role
from tests.factories import Cast, make_tenant, make_user
from tests.pages import assert_same_queries, error_beside
from tests.people.factors import give_app


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.browser(cast.admin)


def membership(cast: Cast, user: User) -> Membership:
    return Membership.objects.get(tenant=cast.tenant, user=user)


def test_one_workspace_is_entered_at_once(cast: Cast, csm: Client) -> None:
    response = csm.get("/")
    assert response.status_code == 302
    assert response["Location"] == cast.at("")


def test_several_workspaces_are_offered(cast: Cast) -> None:
    tenancy.add_member(tenant=cast.other_tenant, user=cast.csm, role=Role.EXECUTIVE)
    page = cast.browser(cast.csm).get("/").content.decode()
    assert cast.at("") in page
    assert f"/w/{cast.other_tenant.slug}/" in page


def test_one_workspace_is_shown_too_when_asked_for(cast: Cast, csm: Client) -> None:
    assert b"Where to?" in csm.get("/?choose").content


def test_nobody_without_a_workspace_is_left_before_an_empty_page(db: None) -> None:
    client = Client()
    client.force_login(make_user("loner"))
    assert b"No workspace yet" in client.get("/").content


def test_staff_see_the_members(cast: Cast, csm: Client) -> None:
    page = csm.get(cast.at("settings/members/")).content.decode()
    assert "lead@example.org" in page
    assert "stranger@example.org" not in page
    assert "Invite somebody" not in page


def test_only_an_administrator_changes_who_is_in(cast: Cast) -> None:
    target = membership(cast, cast.member)
    paths = (f"{target.pk}/", f"{target.pk}/remove/", "restore/")
    for user in (cast.manager, cast.csm, cast.executive, cast.lead):
        browser = cast.browser(user)
        answers = [browser.post(cast.at(f"settings/members/{path}")) for path in paths]
        assert {answer.status_code for answer in answers} == {403}
        assert "Administrator" in answers[0].content.decode()
        assert browser.post(cast.at("settings/keys/"), {"name": "Key"}).status_code == 403
    assert Membership.objects.filter(tenant=cast.tenant).count() == 6


def shown(browser: Client, path: str) -> list[str]:
    page = browser.get(path).content.decode()
    return re.findall(r'<th scope="row">([^<]+)<span', page)


def test_members_are_filtered_and_sorted_by_the_address(cast: Cast, csm: Client) -> None:
    path = cast.at("settings/members/")
    assert shown(csm, path) == ["Admin", "Csm", "Executive", "Manager", "Lead", "Member"]
    assert shown(csm, path + "?side=customer") == ["Lead", "Member"]
    ranked = ["Admin", "Manager", "Csm", "Executive"]
    assert shown(csm, path + "?side=staff&sort=role") == ranked
    assert len(shown(csm, path + "?side=nonsense&sort=nonsense")) == 6
    assert shown(csm, path + "?q=MEMBER%40") == ["Member"]
    assert shown(csm, path + "?q=nobody") == []


def test_a_filter_refreshes_the_list_alone(cast: Cast, csm: Client) -> None:
    answer = csm.get(cast.at("settings/members/?side=staff"), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert page.strip().startswith('<div id="members"')
    assert "<html" not in page


def test_whose_customer_and_whether_guarded_is_shown(cast: Cast, csm: Client) -> None:
    give_app(cast.lead)
    page = csm.get(cast.at("settings/members/?side=customer")).content.decode()
    lead, member = page.split("Lead<span")[1].split("Member<span")
    assert "Halden" in lead
    assert "<td>on</td>" in lead and "<td>on</td>" not in member


def test_members_as_a_spreadsheet(cast: Cast, csm: Client) -> None:
    answer = csm.get(cast.at("settings/members/members.csv?side=customer"))
    assert answer["Content-Disposition"].startswith('attachment; filename="acme-members-')
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("name,email,role,customer")
    assert lines[1].startswith("Lead,lead@example.org,lead,Halden")
    assert len(lines) == 3


def test_a_role_is_changed_with_a_side(cast: Cast, admin: Client) -> None:
    path = cast.at(f"settings/members/{membership(cast, cast.csm).pk}/")
    assert b'value="csm" selected' in admin.get(path).content
    refused = admin.post(path, {"role": "lead"})
    assert "Choose the customer" in error_beside(refused, "customer")
    sent = {"role": "lead", "customer": str(cast.second_customer.pk)}
    assert "Csm is Customer lead (SPL) from now on." in html.unescape(
        admin.post(path, sent, follow=True).content.decode()
    )
    assert membership(cast, cast.csm).customer_id == cast.second_customer.pk
    admin.post(path, {"role": "executive", "customer": str(cast.second_customer.pk)})
    changed = membership(cast, cast.csm)
    assert (changed.role, changed.customer_id) == (Role.EXECUTIVE, None)


def test_the_last_administrators_role_stays(cast: Cast, admin: Client) -> None:
    path = cast.at(f"settings/members/{membership(cast, cast.admin).pk}/")
    refused = admin.post(path, {"role": "csm"})
    assert "at least one administrator" in error_beside(refused, "role")


def test_a_removal_is_asked_about_done_and_undone(cast: Cast, admin: Client) -> None:
    path = cast.at(f"settings/members/{membership(cast, cast.lead).pk}/remove/")
    assert b"Remove Lead?" in admin.get(path).content
    done = admin.post(path, follow=True).content.decode()
    back = cast.at("settings/members/restore/")
    assert "Lead is out." in done and f'action="{back}"' in done
    assert "Lead is back." in admin.post(back, follow=True).content.decode()
    restored = membership(cast, cast.lead)
    assert (restored.role, restored.customer_id) == (Role.LEAD, cast.customer.pk)
    assert "nothing to take back" in admin.post(back, follow=True).content.decode()


def test_a_removal_is_undone_where_it_was_made(cast: Cast, admin: Client) -> None:
    tenancy.add_member(tenant=cast.other_tenant, user=cast.admin, role=Role.ADMIN)
    admin.post(cast.at(f"settings/members/{membership(cast, cast.lead).pk}/remove/"))
    admin.post("/w/rival/settings/members/restore/")
    assert not Membership.objects.filter(user=cast.lead).exists()


def test_another_workspaces_member_is_not_there(cast: Cast, admin: Client) -> None:
    theirs = Membership.objects.get(tenant=cast.other_tenant, user=cast.stranger)
    for path in (f"settings/members/{theirs.pk}/", f"settings/members/{theirs.pk}/remove/"):
        assert admin.get(cast.at(path)).status_code == 404
        assert admin.post(cast.at(path), {"role": "csm"}).status_code == 404


def test_the_customer_side_does_not_see_the_members(cast: Cast, lead: Client) -> None:
    assert lead.get(cast.at("settings/members/")).status_code == 403
    assert lead.get(cast.at("settings/keys/")).status_code == 403


def test_a_member_is_taken_out_and_finds_no_workspace(
    cast: Cast, admin: Client, lead: Client
) -> None:
    path = cast.at(f"settings/members/{membership(cast, cast.lead).pk}/remove/")
    assert b"Lead is out." in admin.post(path, follow=True).content
    assert lead.get(cast.at("")).status_code == 404


def test_the_last_administrator_stays(cast: Cast, admin: Client) -> None:
    path = cast.at(f"settings/members/{membership(cast, cast.admin).pk}/remove/")
    assert b"keeps at least one administrator" in admin.post(path, follow=True).content
    assert membership(cast, cast.admin).role == Role.ADMIN


def test_a_key_is_shown_once_and_opens_the_api(cast: Cast, admin: Client) -> None:
    page = admin.post(cast.at("settings/keys/"), {"name": "Warehouse", "reads": ["customers"]})
    text = page.context["new_key"]
    assert text in page.content.decode()
    assert text not in admin.get(cast.at("settings/keys/")).content.decode()
    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 200


def test_a_revoked_key_opens_nothing(cast: Cast, admin: Client) -> None:
    key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Old", scopes=EVERY_SCOPE, created_by=cast.admin
    )
    page = admin.post(cast.at(f"settings/keys/{key.pk}/revoke/"), follow=True)
    assert "opens nothing any more" in page.content.decode()
    headers = {"Authorization": f"Bearer {new.text}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 401


def test_an_eleventh_key_is_refused_in_words(cast: Cast, admin: Client) -> None:
    for number in range(10):
        admin.post(cast.at("settings/keys/"), {"name": f"Key {number}", "reads": ["usage"]})
    page = admin.post(cast.at("settings/keys/"), {"name": "One more", "reads": ["usage"]})
    assert page.status_code == 200
    assert "Ten keys are live already" in page.content.decode()
    assert ApiKey.objects.filter(tenant=cast.tenant).count() == 10


def test_a_key_needs_a_name(cast: Cast, admin: Client) -> None:
    response = admin.post(cast.at("settings/keys/"), {"name": ""})
    assert "required" in error_beside(response, "name")
    assert not ApiKey.objects.exists()


def test_what_changes_something_is_never_a_get(cast: Cast, admin: Client) -> None:
    for path in (
        "settings/members/restore/",
        f"settings/members/invitations/{cast.customer.pk}/revoke/",
        f"settings/keys/{cast.customer.pk}/revoke/",
    ):
        assert admin.get(cast.at(path)).status_code == 405
        assert admin.put(cast.at(path)).status_code == 405


def test_a_stranger_finds_nothing(cast: Cast, stranger: Client) -> None:
    for name in ("people:members", "people:keys"):
        path = reverse(name, args=[cast.tenant.slug])
        assert stranger.get(path).status_code == 404
        assert stranger.post(path).status_code == 404


def test_what_is_not_there_is_said_in_the_shell(cast: Cast, csm: Client) -> None:
    response = csm.get(cast.at("settings/nothing/"))
    assert response.status_code == 404
    assert b"AdoptIQ" in response.content


def test_members_cost_the_same_queries_for_many(cast: Cast, admin: Client) -> None:
    def grow() -> None:
        for name in ("one", "two", "three"):
            tenancy.add_member(tenant=cast.tenant, user=make_user(name), role=Role.CSM)

    assert_same_queries(admin, cast.at("settings/members/"), grow)


def test_keys_cost_the_same_queries_for_many(cast: Cast, admin: Client) -> None:
    def make(name: str, user: User) -> None:
        tenancy.create_api_key(tenant=cast.tenant, name=name, scopes=READING, created_by=user)

    def grow() -> None:
        for number in range(3):
            make(f"Key {number}", make_user(f"maker{number}"))

    make("First", cast.admin)
    assert_same_queries(admin, cast.at("settings/keys/"), grow)


def test_workspaces_to_choose_from_cost_the_same_queries(cast: Cast) -> None:
    tenancy.add_member(tenant=cast.other_tenant, user=cast.csm, role=Role.CSM)

    def grow() -> None:
        for slug in ("third", "fourth", "fifth"):
            tenancy.add_member(tenant=make_tenant(slug), user=cast.csm, role=Role.CSM)

    assert_same_queries(cast.browser(cast.csm), "/", grow)
