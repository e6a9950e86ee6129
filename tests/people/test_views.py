import pytest
from django.test import Client
from django.urls import reverse

from people.models import User
from tenancy import operations as tenancy
from tenancy.models import ApiKey, Membership, Role
from tests.factories import Cast, make_tenant, make_user
from tests.pages import assert_same_queries, error_beside

NEWCOMER = {"email": "new@example.org", "name": "New Person", "role": "csm"}


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
    assert "Let somebody in" not in page


def test_an_administrator_lets_somebody_in(cast: Cast, admin: Client) -> None:
    response = admin.post(cast.at("settings/members/"), NEWCOMER, follow=True)
    assert "New Person may come in now." in response.content.decode()
    made = Membership.objects.get(tenant=cast.tenant, user__email="new@example.org")
    assert made.role == Role.CSM


def test_somebody_known_elsewhere_keeps_the_one_account(cast: Cast, admin: Client) -> None:
    admin.post(cast.at("settings/members/"), NEWCOMER | {"email": "Stranger@Example.org"})
    user = User.objects.get(email="stranger@example.org")
    assert user.name == "Stranger"
    assert user.memberships.count() == 2


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"email": "csm@example.org"}, "email", "in the workspace already"),
        ({"email": "nobody"}, "email", "valid email"),
        ({"name": ""}, "name", "required"),
        ({"role": "emperor"}, "role", "valid choice"),
        ({"role": "lead"}, "role", "valid choice"),
    ],
)
def test_an_invitation_says_what_is_wrong(
    cast: Cast, admin: Client, change: dict[str, str], field: str, words: str
) -> None:
    before = Membership.objects.count()
    response = admin.post(cast.at("settings/members/"), NEWCOMER | change)
    assert response.status_code == 200
    assert words in error_beside(response, field)
    assert Membership.objects.count() == before


def test_only_an_administrator_lets_people_in_and_out(cast: Cast) -> None:
    remove = cast.at(f"settings/members/{membership(cast, cast.member).pk}/remove/")
    for user in (cast.manager, cast.csm, cast.executive, cast.lead):
        browser = cast.browser(user)
        response = browser.post(cast.at("settings/members/"), NEWCOMER)
        assert response.status_code == 403
        assert "Administrator" in response.content.decode()
        assert browser.post(remove).status_code == 403
        assert browser.post(cast.at("settings/keys/"), {"name": "Key"}).status_code == 403
    assert Membership.objects.filter(tenant=cast.tenant).count() == 6


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
    page = admin.post(cast.at("settings/keys/"), {"name": "Warehouse"})
    text = page.context["new_key"]
    assert text in page.content.decode()
    assert text not in admin.get(cast.at("settings/keys/")).content.decode()
    headers = {"Authorization": f"Bearer {text}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 200


def test_a_revoked_key_opens_nothing(cast: Cast, admin: Client) -> None:
    key, new = tenancy.create_api_key(
        tenant=cast.tenant, name="Old", can_write=True, created_by=cast.admin
    )
    page = admin.post(cast.at(f"settings/keys/{key.pk}/revoke/"), follow=True)
    assert "opens nothing any more" in page.content.decode()
    headers = {"Authorization": f"Bearer {new.text}"}
    assert Client().get("/api/v1/customers/", headers=headers).status_code == 401


def test_an_eleventh_key_is_refused_in_words(cast: Cast, admin: Client) -> None:
    for number in range(10):
        admin.post(cast.at("settings/keys/"), {"name": f"Key {number}"})
    page = admin.post(cast.at("settings/keys/"), {"name": "One more"})
    assert page.status_code == 200
    assert "Ten keys are live already" in page.content.decode()
    assert ApiKey.objects.filter(tenant=cast.tenant).count() == 10


def test_a_key_needs_a_name(cast: Cast, admin: Client) -> None:
    response = admin.post(cast.at("settings/keys/"), {"name": ""})
    assert "required" in error_beside(response, "name")
    assert not ApiKey.objects.exists()


def test_what_changes_something_is_never_a_get(cast: Cast, admin: Client) -> None:
    for path in (
        f"settings/members/{membership(cast, cast.member).pk}/remove/",
        f"settings/keys/{cast.customer.pk}/revoke/",
    ):
        assert admin.get(cast.at(path)).status_code == 405
        assert admin.put(cast.at(path)).status_code == 405


def test_a_stranger_finds_nothing(cast: Cast, stranger: Client) -> None:
    for name in ("people:members", "people:keys"):
        path = reverse(name, args=[cast.tenant.slug])
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, NEWCOMER).status_code == 404


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
        tenancy.create_api_key(tenant=cast.tenant, name=name, can_write=False, created_by=user)

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
