"""The one door to a workspace's rows."""

import pytest
from django.db import IntegrityError, connection, transaction

from engagements.models import Customer, Engagement
from tenancy.scope import NoTenant, Realm, TenantMismatch, current_scope, tenant_scope
from tests.factories import Cast, make_customer


def setting(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [name])
        return str(cursor.fetchone()[0])


def test_tests_connect_as_the_app_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("adoptiq_app", False, False)


def test_the_driver_is_psycopg2(db: None) -> None:
    connection.ensure_connection()
    assert type(connection.connection).__module__.startswith("psycopg2")


def test_without_a_scope_the_orm_refuses_and_the_database_is_empty(cast: Cast) -> None:
    with pytest.raises(NoTenant):
        list(Customer.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM engagements_customer")
        assert cursor.fetchone() == (0,)


def test_a_scope_shows_its_workspace_only(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        assert {c.external_id for c in Customer.objects.all()} == {"halden", "solberg"}
    with tenant_scope(cast.other_tenant.pk):
        assert {c.external_id for c in Customer.objects.all()} == {"canary-customer"}


def test_the_database_holds_without_the_orm_filter(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk), connection.cursor() as cursor:
        cursor.execute("SELECT external_id FROM engagements_customer ORDER BY 1")
        assert cursor.fetchall() == [("halden",), ("solberg",)]


def test_the_filter_resolves_when_the_query_runs(cast: Cast) -> None:
    made_outside = Customer.objects.order_by("external_id")
    with tenant_scope(cast.other_tenant.pk):
        assert [c.external_id for c in made_outside.all()] == ["canary-customer"]
    with tenant_scope(cast.tenant.pk):
        assert [c.external_id for c in made_outside.all()] == ["halden", "solberg"]


def test_the_customer_side_sees_one_customer(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER, customer_id=cast.customer.pk):
        assert [c.external_id for c in Customer.objects.all()] == ["halden"]
        assert [e.key for e in Engagement.objects.all()] == ["HALDEN-1"]
    with tenant_scope(cast.tenant.pk, realm=Realm.CUSTOMER):
        assert not Customer.objects.exists()


def test_leaving_restores_what_was_before(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        with tenant_scope(cast.tenant.pk):
            pass
        assert setting("app.tenant_id") == str(cast.tenant.pk)
    assert setting("app.tenant_id") == ""


def test_leaving_by_an_error_restores_too(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), tenant_scope(cast.tenant.pk):
        1 / 0  # noqa: B018
    assert setting("app.tenant_id") == ""
    with pytest.raises(NoTenant):
        current_scope()


def test_a_scope_inside_the_scope_of_another_is_refused(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk), pytest.raises(TenantMismatch):
        with tenant_scope(cast.other_tenant.pk):
            pass


def test_new_rows_belong_to_the_scope(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        assert make_customer("new").tenant_id == cast.tenant.pk


def test_a_row_cannot_be_written_for_another_workspace(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk), pytest.raises(Exception, match="row-level security"):
        Customer.objects.create(external_id="x", name="x", tenant_id=cast.other_tenant.pk)


def test_a_key_cannot_leave_its_workspace(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), tenant_scope(cast.tenant.pk):
        Engagement.objects.create(customer_id=cast.other_customer.pk, key="X", name="x")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_runs_after_the_commit_has_no_scope(
    cast: Cast, django_capture_on_commit_callbacks: object
) -> None:
    seen: list[bool] = []

    def look() -> None:
        with pytest.raises(NoTenant):
            current_scope()
        seen.append(True)

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        with tenant_scope(cast.tenant.pk):
            transaction.on_commit(look)
    assert seen == [True]
