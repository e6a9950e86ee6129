"""Rows read later, elsewhere or by nobody in particular: the right ones, or an exception.

What must never happen is a page, file or mail that is empty because nobody said whose it was.
"""

import contextvars
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import shared_task
from django.core.management import BaseCommand, call_command
from django.core.signals import request_finished
from django.db import connections, transaction
from django.db.models.signals import post_save
from django.test import Client

from engagements import operations as engagements
from engagements.models import Customer
from tenancy import audit
from tenancy.jobs import for_each_tenant
from tenancy.scope import NoTenant, current_tenant_id, in_scope, tenant_scope
from tenancy.tasks import TenantTask
from tests import lazy_urls
from tests.factories import Cast, make_cast, make_customer

OWN = ["Halden", "Solberg"]


@pytest.fixture
def late_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.lazy_urls"


@pytest.fixture
def committed_cast(committed: None) -> Cast:
    return make_cast()


def names() -> list[str]:
    return [row.name for row in Customer.objects.order_by("name")]


def said(client: Client, path: str) -> list[str]:
    response = client.get(path)
    assert response.status_code == 200
    content = response.getvalue() if response.streaming else response.content
    return content.decode().split()


# --- answers --------------------------------------------------------------------------------


def test_a_template_rendered_after_the_view(cast: Cast, csm: Client, late_pages: None) -> None:
    assert said(csm, cast.at("rendered-late/")) == OWN


def test_a_template_rendered_late_for_the_customer_side(
    cast: Cast, lead: Client, late_pages: None
) -> None:
    assert said(lead, cast.at("rendered-late/")) == ["Halden"]


@pytest.mark.parametrize("page", ["streamed-bare/", "streamed-statement/"])
def test_a_stream_that_forgot_its_scope_breaks_off(
    committed_cast: Cast, late_pages: None, page: str
) -> None:
    client = committed_cast.browser(committed_cast.csm)
    response = client.get(committed_cast.at(page))
    with pytest.raises(NoTenant):
        response.getvalue()


def test_a_stream_with_a_scope_of_its_own(committed_cast: Cast, late_pages: None) -> None:
    cast = committed_cast
    assert said(cast.browser(cast.csm), cast.at("streamed-in-scope/")) == ["HaldenSolberg"]
    assert said(cast.browser(cast.lead), cast.at("streamed-in-scope/")) == ["Halden"]


def test_a_stream_nobody_reads_to_its_end_closes_its_scope(
    committed_cast: Cast, late_pages: None
) -> None:
    client = committed_cast.browser(committed_cast.csm)
    response = client.get(committed_cast.at("streamed-in-scope/"))
    assert next(iter(response)) == b"Halden"
    response.close()
    assert not in_scope()


# --- after the fact -------------------------------------------------------------------------


def test_what_runs_on_commit_has_no_scope(committed_cast: Cast, late_pages: None) -> None:
    lazy_urls.kept.clear()
    with pytest.raises(NoTenant):
        committed_cast.browser(committed_cast.csm).get(committed_cast.at("read-on-commit/"))
    assert lazy_urls.kept == []


def test_what_runs_on_commit_may_open_one(committed_cast: Cast) -> None:
    tenant_id, found = committed_cast.tenant.pk, []

    def read() -> None:
        with tenant_scope(tenant_id):
            found.extend(names())

    with tenant_scope(tenant_id):
        transaction.on_commit(read)
    assert found == OWN


def test_a_signal_within_a_request_sees_its_workspace(cast: Cast, csm: Client) -> None:
    seen: list[Any] = []

    def look(**_kwargs: Any) -> None:
        seen.append((current_tenant_id(), len(names())))

    post_save.connect(look, sender=Customer)
    try:
        fields = {"name": "New", "external_id": "new", "time_zone": "UTC", "csm": cast.csm.pk}
        assert csm.post(cast.at("customers/new/"), fields).status_code == 302
    finally:
        post_save.disconnect(look, sender=Customer)
    assert seen == [(cast.tenant.pk, 3)]


def test_a_signal_after_the_request_has_none(cast: Cast, csm: Client) -> None:
    seen: list[bool] = []

    def look(**_kwargs: Any) -> None:
        seen.append(in_scope())

    request_finished.connect(look)
    try:
        csm.get(cast.at("")).close()
    finally:
        request_finished.disconnect(look)
    assert seen
    assert not any(seen)


def test_rows_kept_for_later_are_not_read_later(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        rows = Customer.objects.all()
        row = Customer.objects.get(external_id="halden")
    for late in (lambda: list(rows), rows.count, rows.exists, row.refresh_from_db):
        with pytest.raises(NoTenant):
            late()
    with tenant_scope(cast.other_tenant.pk):
        # Asked inside another workspace, they are that workspace's.
        assert [found.name for found in rows] == ["CANARY customer"]
        with pytest.raises(Customer.DoesNotExist):
            row.refresh_from_db()


# --- elsewhere ------------------------------------------------------------------------------


def in_thread(work: Callable[[], Any]) -> Any:
    """What the work answered, or raised, in a thread of its own."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def test_a_thread_has_no_scope(committed_cast: Cast) -> None:
    with tenant_scope(committed_cast.tenant.pk):
        assert isinstance(in_thread(names), NoTenant)


def test_a_thread_does_not_inherit_a_scope_with_the_context(committed_cast: Cast) -> None:
    """Its connection would know nothing of it and show no row."""
    with tenant_scope(committed_cast.tenant.pk):
        context = contextvars.copy_context()
        assert isinstance(in_thread(lambda: context.run(names)), NoTenant)


def test_a_thread_opens_its_own(committed_cast: Cast) -> None:
    def work() -> list[str]:
        with tenant_scope(committed_cast.other_tenant.pk):
            return names()

    with tenant_scope(committed_cast.tenant.pk):
        assert in_thread(work) == ["CANARY customer"]
        assert names() == OWN


@shared_task(name="tests.bare", ignore_result=False)
def bare_task() -> list[str]:
    return names()


@shared_task(name="tests.scoped", base=TenantTask, ignore_result=False)
def scoped_task() -> list[str]:
    return names()


@shared_task(name="tests.late", base=TenantTask, ignore_result=False)
def late_task() -> Any:
    return Customer.objects.all()


def test_tasks(cast: Cast) -> None:
    with pytest.raises(NoTenant):
        bare_task()
    with pytest.raises(TypeError, match="tenant_id"):
        scoped_task()
    assert scoped_task(tenant_id=str(cast.tenant.pk)) == OWN
    with pytest.raises(NoTenant):
        list(late_task(tenant_id=str(cast.tenant.pk)))


class Reading(BaseCommand):
    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--tenant")

    def handle(self, *args: Any, tenant: str | None, **options: Any) -> str:
        if tenant is None:
            return ",".join(names())
        with tenant_scope(tenant):  # type: ignore[arg-type]
            return ",".join(names())


def test_commands(cast: Cast) -> None:
    with pytest.raises(NoTenant):
        call_command(Reading())
    assert call_command(Reading(), tenant=str(cast.tenant.pk)) == "Halden,Solberg"


def test_what_runs_for_each_workspace(cast: Cast) -> None:
    found = {}
    for tenant in for_each_tenant():
        with tenant_scope(tenant.pk):
            found[tenant.slug] = names()
    assert found == {"acme": OWN, "rival": ["CANARY customer"]}


def test_a_row_cannot_be_written_without_a_workspace(cast: Cast) -> None:
    with pytest.raises(NoTenant):
        make_customer("late")
    with tenant_scope(cast.tenant.pk):
        row = Customer.objects.get(external_id="halden")
    with pytest.raises(NoTenant):
        engagements.archive_customer(customer=row, now=cast.tenant.created_at)


def test_the_audit_log_is_not_verified_without_a_workspace(cast: Cast) -> None:
    """Nothing to check would mean nothing is wrong."""
    with pytest.raises(NoTenant):
        audit.verify()


@pytest.fixture(autouse=True)
def _no_scope_is_left() -> Iterator[None]:
    yield
    assert not in_scope()
