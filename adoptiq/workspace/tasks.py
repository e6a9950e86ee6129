"""The workspace's part in the queue of record. Each of these commits as it goes and may be
repeated: a worker that dies halfway is followed by one that begins the piece anew."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from adoptiq.demo import loading
from adoptiq.models import Errand
from adoptiq.workspace import ending, errands, exporting
from notifications.operations import notify
from tenancy import jobs
from tenancy.models import JobRun, Tenant
from tenancy.scope import tenant_scope

EXPORT_JOB, DEMO_JOB = "workspace.export", "workspace.load_demo"
KEPT = timedelta(days=7)


def perform_export(run: JobRun) -> None:
    _perform(run, _export)


def perform_demo(run: JobRun) -> None:
    _perform(run, _load_demo)


def _perform(run: JobRun, work: Callable[[Errand], None]) -> None:
    errand = errands.open_errand(run=run)
    if errand is None:
        return
    try:
        work(errand)
    except Exception:
        if run.attempt >= jobs.ATTEMPTS:
            errands.give_up(errand=errand, now=timezone.now())
        raise


def _export(errand: Errand) -> None:
    now = timezone.now()
    written = exporting.write_archive(
        tenant_id=errand.workspace_id,
        name=errand.pk.hex,
        now=now,
        report=errands.reporting(errand),
    )
    with tenant_scope(errand.workspace_id):
        errands.end_errand(
            errand=errand,
            now=timezone.now(),
            stored_as=written.stored_as,
            size_bytes=written.size_bytes,
            sha256=written.sha256,
            row_count=written.row_count,
            expires_at=now + KEPT,
        )
        _tell(errand, _("The workspace’s data is ready to download. It is kept for seven days."))


def _load_demo(errand: Errand) -> None:
    if errand.asked_by is None:
        errands.give_up(errand=errand, now=timezone.now())
        return
    tenant = loading.load_own_demo(
        owner=errand.asked_by,
        slug=f"demo-{errand.pk.hex[-10:]}",
        now=timezone.now(),
        report=errands.reporting(errand),
    )
    with tenant_scope(errand.workspace_id):
        errands.end_errand(errand=errand, now=timezone.now(), made_slug=tenant.slug)
        _tell(errand, _("The demo is loaded."))


def _tell(errand: Errand, text: str) -> None:
    if errand.asked_by is None:
        return
    slug = Tenant.objects.only("slug").get(pk=errand.workspace_id).slug
    notify(
        recipients=[errand.asked_by],
        kind=f"{errand.kind}.ready",
        text=text,
        url=reverse("workspace:data", args=[slug]),
        key=f"errand-{errand.pk}",
    )


def perform_deletion(run: JobRun) -> None:
    """The run goes with its workspace: when it returns, there is no row left to mark as done."""
    tenant = Tenant.objects.get(pk=run.tenant_id)
    ending.delete_workspace(tenant=tenant, now=timezone.now())


def register() -> None:
    jobs.register(jobs.Job(EXPORT_JOB, perform_export, in_steps=True))
    jobs.register(jobs.Job(DEMO_JOB, perform_demo, in_steps=True))
    jobs.register(jobs.Job(ending.JOB, perform_deletion, in_steps=True))
    jobs.PLANNERS.append(ending.plan_deletions)
