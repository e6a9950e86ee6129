"""A demo of one's own: loaded by a job, whole after a worker died, gone without touching others."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from adoptiq.demo import loading
from adoptiq.models import Errand
from adoptiq.workspace import tasks
from people.models import User
from reviews.queries import Filters, get_book
from tenancy.models import JobRun, Membership, Role, Tenant
from tenancy.scope import tenant_scope
from tenancy.tasks import run_job
from tests.adoptiq.test_demo import counts
from tests.factories import Cast, make_cast, make_user

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)


@pytest.fixture
def cast(committed: None) -> Cast:
    return make_cast()


def ask(cast: Cast, admin: Client) -> JobRun:
    admin.post(cast.at("settings/data/demo/"))
    return JobRun.objects.get(job=tasks.DEMO_JOB)


def attempt(run: JobRun) -> None:
    JobRun.objects.filter(pk=run.pk).update(due_at=timezone.now())
    run_job(run_id=str(run.pk))


def test_a_demo_of_ones_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counts()
    admin = cast.browser(cast.admin)
    run = ask(cast, admin)
    with monkeypatch.context() as patch:
        patch.setattr(loading, "_run_night", _die)
        attempt(run)
    assert Tenant.objects.filter(is_demo=True).count() == 1
    assert loading.get_own_demo(owner=cast.admin) is None
    attempt(run)

    demo = loading.get_own_demo(owner=cast.admin)
    assert demo is not None
    assert Tenant.objects.filter(is_demo=True).count() == 1
    with tenant_scope(cast.tenant.pk):
        errand = Errand.objects.get()
    assert (errand.state, errand.percent, errand.made_slug) == ("done", 100, demo.slug)
    with tenant_scope(demo.pk):
        assert len(get_book(filters=Filters(), today=timezone.localdate()).rows) == 15
    assert_nobody_else_gets_in(cast, demo)
    assert_it_is_loaded_once(cast, admin)

    # Somebody else's administrator reaches neither the demo nor its end.
    assert cast.browser(cast.stranger).post(f"/w/{demo.slug}/demo/remove/").status_code == 404
    admin.post(f"/w/{demo.slug}/demo/remove/")
    with tenant_scope(cast.tenant.pk):
        Errand.objects.all().delete()
    JobRun.objects.all().delete()
    grown = {name for name, count in counts().items() if count != before[name]}
    # What was said and done in the workspace itself stays there.
    assert grown <= {
        "tenancy_auditentry",
        "tenancy_audithead",
        "notifications_notification",
        "django_session",
        "usersessions_usersession",
    }


def _die(*args: Any) -> None:
    raise MemoryError


def assert_nobody_else_gets_in(cast: Cast, demo: Tenant) -> None:
    people = User.objects.filter(memberships__tenant=demo).exclude(pk=cast.admin.pk)
    assert people.count() == 7
    assert not any(person.has_usable_password() for person in people)
    for user in (cast.manager, cast.stranger):
        assert cast.browser(user).get(f"/w/{demo.slug}/").status_code == 404


def assert_it_is_loaded_once(cast: Cast, admin: Client) -> None:
    page = admin.post(cast.at("settings/data/demo/"), follow=True).content.decode()
    assert "You have a demo already" in page
    assert "Remove the demo" in page
    assert JobRun.objects.filter(job=tasks.DEMO_JOB).count() == 1


def test_two_people_have_two_demos(cast: Cast) -> None:
    owner, other = cast.admin, make_user("other-owner")
    mine = _demo_of(owner, "demo-one")
    theirs = _demo_of(other, "demo-two")
    Membership.objects.create(tenant=theirs, user=owner, role=Role.CSM)
    loading.remove_own_demo(tenant=mine)
    assert [tenant.slug for tenant in Tenant.objects.filter(is_demo=True)] == ["demo-two"]
    loading.remove_own_demo(tenant=theirs)
    assert User.objects.filter(pk__in=[owner.pk, other.pk]).count() == 2


def _demo_of(owner: User, slug: str) -> Tenant:
    from people.operations import create_workspace
    from tenancy.operations import add_member

    tenant, _admin = create_workspace(slug=slug, name="Demo", time_zone="UTC", is_demo=True)
    add_member(tenant=tenant, user=owner, role=Role.ADMIN)
    return tenant
