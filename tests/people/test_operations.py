from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from people import operations
from people.models import User
from people.queries import get_members, get_staff
from tenancy import operations as tenancy
from tenancy.models import AuditEntry, Membership, Role, Tenant
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_user


def membership(cast: Cast, user: User) -> Membership:
    return Membership.objects.select_related("tenant", "user").get(tenant=cast.tenant, user=user)


def test_an_address_is_one_person_however_it_is_written(db: None) -> None:
    first = operations.find_or_create_user(email="Ann@Example.org", name="Ann")
    again = operations.find_or_create_user(email=" ann@example.ORG ", name="Somebody else")
    assert first == again
    assert (again.email, again.name) == ("ann@example.org", "Ann")
    assert EmailAddress.objects.get(user=first).verified


def test_a_new_person_has_no_password_yet(db: None) -> None:
    assert not operations.find_or_create_user(email="ann@example.org").has_usable_password()


@pytest.mark.parametrize("email", ["nobody", "a@", "", "a b@example.org"])
def test_what_is_no_address_makes_nobody(db: None, email: str) -> None:
    with pytest.raises(ValidationError):
        operations.find_or_create_user(email=email)
    assert not User.objects.exists()


def test_a_workspace_comes_with_its_administrator(db: None) -> None:
    tenant, admin = operations.create_workspace(
        slug="new", name="New", time_zone="Asia/Tokyo", admin_email="ann@example.org"
    )
    assert admin is not None
    assert Membership.objects.get(tenant=tenant).user == admin
    assert Membership.objects.get(tenant=tenant).role == Role.ADMIN


def test_a_workspace_that_cannot_be_leaves_nobody_behind(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        operations.create_workspace(
            slug="acme", name="Again", time_zone="UTC", admin_email="new@example.org"
        )
    assert Tenant.objects.count() == 2
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.fixture
def scope(cast: Cast) -> Iterator[None]:
    with tenant_scope(cast.tenant.pk):
        yield


def actions() -> list[str]:
    about_members = AuditEntry.objects.filter(action__startswith="member.")
    return list(about_members.order_by("seq").values_list("action", flat=True))


def test_who_belongs_is_not_invited(cast: Cast, scope: None) -> None:
    with pytest.raises(operations.AlreadyMember):
        operations.invite(
            tenant=cast.tenant,
            email="CSM@example.org",
            name="",
            role=Role.ADMIN,
            customer_id=None,
            invited_by=cast.admin,
            now=timezone.now(),
        )
    assert membership(cast, cast.csm).role == Role.CSM


def test_a_role_changes_and_is_noted_with_before_and_after(cast: Cast, scope: None) -> None:
    operations.change_role(membership=membership(cast, cast.csm), role=Role.MANAGER)
    assert membership(cast, cast.csm).role == Role.MANAGER
    entry = AuditEntry.objects.get(action="member.role_changed")
    assert entry.facts == {"role": ["csm", "manager"]}


def test_a_role_that_stays_is_not_noted(cast: Cast, scope: None) -> None:
    operations.change_role(membership=membership(cast, cast.csm), role=Role.CSM)
    assert actions() == []


def test_somebody_changes_sides_with_a_customer(cast: Cast, scope: None) -> None:
    for role, customer_id in ((Role.LEAD, cast.customer.pk), (Role.CSM, None)):
        operations.change_role(
            membership=membership(cast, cast.csm), role=role, customer_id=customer_id
        )
        changed = membership(cast, cast.csm)
        assert (changed.role, changed.customer_id) == (role, customer_id)


def test_somebody_taken_out_is_given_back_the_same_place(cast: Cast, scope: None) -> None:
    before = membership(cast, cast.lead)
    operations.remove_member(membership=before)
    for _time in range(2):
        operations.restore_member(
            tenant=cast.tenant, user=cast.lead, role=Role.LEAD, customer_id=before.customer_id
        )
    after = membership(cast, cast.lead)
    assert (after.role, after.customer_id) == (before.role, before.customer_id)
    assert actions() == ["member.removed", "member.restored"]


def test_the_last_administrator_stays_one(cast: Cast, scope: None) -> None:
    admin = membership(cast, cast.admin)
    with pytest.raises(operations.LastAdmin):
        operations.change_role(membership=admin, role=Role.CSM)
    with pytest.raises(operations.LastAdmin):
        operations.remove_member(membership=admin)
    assert membership(cast, cast.admin).role == Role.ADMIN


def test_one_of_two_administrators_may_go(cast: Cast, scope: None) -> None:
    operations.change_role(membership=membership(cast, cast.manager), role=Role.ADMIN)
    operations.remove_member(membership=membership(cast, cast.admin))
    assert not Membership.objects.filter(tenant=cast.tenant, user=cast.admin).exists()


def test_members_are_listed_staff_first(cast: Cast, scope: None) -> None:
    found = get_members(tenant_id=cast.tenant.pk)
    assert [member.name for member in found] == [
        "Admin", "Csm", "Executive", "Manager", "Lead", "Member",
    ]  # fmt: skip
    assert found[0].last_seen_at is None
    assert found[-1].customer_id == cast.customer.pk


def test_staff_who_look_after_customers_are_of_this_workspace(cast: Cast) -> None:
    names = [person.name for person in get_staff(tenant_id=cast.tenant.pk)]
    assert names == ["Admin", "Csm", "Manager"]


@pytest.mark.parametrize(
    ("name", "email", "initials"),
    [
        ("Mara Lindqvist", "m@example.org", "ML"),
        ("Mara", "m@example.org", "M"),
        ("Mara van der Berg", "m@example.org", "MB"),
        ("", "jonas.eide@example.org", "JE"),
        ("", "jonas@example.org", "J"),
    ],
)
def test_initials_are_two_letters_at_most(name: str, email: str, initials: str) -> None:
    assert User(name=name, email=email).initials == initials


def test_who_looks_after_customers_in_two_workspaces_is_listed_once(cast: Cast) -> None:
    helper = make_user("helper")
    for tenant in (cast.tenant, cast.other_tenant):
        tenancy.add_member(tenant=tenant, user=helper, role=Role.CSM)
    assert [p.pk for p in get_staff(tenant_id=cast.tenant.pk)].count(helper.pk) == 1
