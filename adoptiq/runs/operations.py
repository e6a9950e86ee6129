"""What somebody may do to a run by hand, and who is told when one was given up."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from adoptiq.runs.queries import REPEATABLE, name_of
from notifications.operations import notify
from people.models import User
from tenancy import jobs
from tenancy.audit import record
from tenancy.models import JobRun, Role


class NotRepeatable(ValueError):
    """The run is still open, or is of a kind that cannot be begun again by hand."""


@transaction.atomic
def run_again(*, run: JobRun, now: datetime) -> JobRun:
    """Make a run due again, to be published by the caller. Raises NotRepeatable."""
    before = JobRun.State(run.state)
    if run.job not in REPEATABLE or before not in (JobRun.State.DONE, JobRun.State.PARKED):
        raise NotRepeatable(str(run))
    again = jobs.repeat_run(run=run, now=now)
    record(
        action="job.repeated",
        subject=run,
        subject_name=name_of(run.job),
        facts={"job": run.job, "day": run.business_date, "was": before.value},
    )
    return again


def tell_admins(run: JobRun) -> None:
    """Tell the workspace's administrators, once, that a run was given up."""
    admins = User.objects.filter(
        memberships__tenant_id=run.tenant_id, memberships__role=Role.ADMIN
    ).distinct()
    text = _("“%(job)s” for %(day)s was given up after %(attempts)d attempts.")
    values = {"job": name_of(run.job), "day": run.business_date, "attempts": run.attempt}
    notify(
        recipients=admins,
        kind="job.parked",
        text=text % values,
        url=reverse("runs:runs", args=[run.tenant.slug]) + "?state=parked",
        # Begun again by hand and given up again is news again.
        key=f"job-parked:{run.pk}:{run.finished_at:%Y%m%d%H%M%S%f}",
    )
