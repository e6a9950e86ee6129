"""The night: what is recomputed for a workspace once its day is over, step after step.

Each step is a run of its own in the queue of record, in one transaction with its results, and
adds the next step when it is done. So the night may be interrupted, repeated or started twice.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from adoption import operations as adoption
from adoption import queries as plans
from adoptiq.workspace import exporting
from engagements import operations as engagements
from engagements.tasks import ask_again, tend_feedback
from metrics import operations as metrics
from notifications import operations as notifications
from tenancy import heads, jobs
from tenancy.models import JobRun, Tenant
from tenancy.rest import repeats
from tenancy.scope import current_tenant_id
from tenancy.tasks import publish
from usage import operations as usage

# Late events of the evening are in by then.
NIGHT_BEGINS = time(1, 0)
PART = "adoption.reschedule_part"


def _share_plans(*, business_date: date, now: datetime) -> None:
    """Where a workspace has many plans, parts of the next step for whichever worker is free. They
    are asked for before it, so they are under way when it begins and takes what is left."""
    for number in range(plans.get_parts(business_date=business_date)):
        part = jobs.add_run(
            tenant_id=current_tenant_id(),
            job=PART,
            business_date=business_date,
            subject=str(number + 1),
            now=now,
        )
        publish(jobs.repeat_run(run=part, now=now))


def _reschedule_part(run: JobRun) -> None:
    adoption.reschedule_part(business_date=run.business_date, now=timezone.now())


def _reschedule(*, business_date: date, now: datetime) -> None:
    """Plans meet the new day, and whoever looks after one that now ends too late hears of it."""
    adoption.reschedule_plans(business_date=business_date, now=now)
    engagements.tell_of_late_plans(business_date=business_date, now=now)


def _recognise(*, business_date: date, now: datetime) -> None:
    """What was put aside for somebody who is known by now comes in, and two ids become one."""
    usage.replay_known(now=now)
    usage.join_people(now=now)
    usage.forget_changes(now=now)


def _make_months(*, business_date: date, now: datetime) -> None:
    """Room for the events of the months to come, long before they begin."""
    usage.make_partitions(today=business_date)


def _tidy_files(*, business_date: date, now: datetime) -> None:
    """What was deleted long enough ago goes for good; what still waits is looked at again."""
    engagements.purge_files(now=now)
    ask_again(business_date=business_date, now=now)


STEPS: tuple[tuple[str, Callable[..., object]], ...] = (
    ("usage.recognise", _recognise),
    ("usage.close_days", usage.close_days),
    ("usage.keep_hours", usage.keep_hours),
    ("usage.empty_months", usage.empty_months),
    ("usage.drop_old_events", usage.drop_old_events),
    ("usage.make_months", _make_months),
    ("usage.drop_stale_files", usage.drop_stale_files),
    ("adoption.share_plans", _share_plans),
    ("adoption.reschedule", _reschedule),
    ("adoption.keep_versions", adoption.keep_versions),
    ("metrics.refresh", metrics.refresh_readings),
    ("metrics.judge", metrics.judge_engagements),
    ("engagements.tell_of_dates", engagements.tell_of_dates),
    ("notifications.prune", notifications.prune),
    ("workspace.drop_old_exports", exporting.drop_expired),
    ("engagements.drop_stale_imports", engagements.drop_stale_imports),
    ("adoption.drop_stale_plans", adoption.drop_stale_plans),
    ("files.tidy", _tidy_files),
    ("engagements.tend_feedback", tend_feedback),
    ("engagements.forget_deleted", engagements.forget_deleted),
    ("tenancy.drop_stored_answers", repeats.drop_expired),
    ("tenancy.publish_audit_head", heads.publish_head),
)
FIRST_STEP, LAST_STEP = STEPS[0][0], STEPS[-1][0]


def register() -> None:
    """Make the steps known to the queue, each followed by the next."""
    following = [name for name, _step in STEPS[1:]] + [None]
    for (name, step), then in zip(STEPS, following, strict=True):
        jobs.register(jobs.Job(name, _performing(step), then=then))
    jobs.register(jobs.Job(PART, _reschedule_part))
    jobs.register(jobs.Job(engagements.REMIND_JOB, _remind))
    jobs.PLANNERS.append(begin_due_nights)


def _remind(_run: JobRun) -> None:
    engagements.send_reminders(now=timezone.now())


def _performing(step: Callable[..., object]) -> Callable[[JobRun], None]:
    def perform(run: JobRun) -> None:
        step(business_date=run.business_date, now=timezone.now())

    return perform


def closed_day(tenant: Tenant, now: datetime) -> date:
    """The last day that is over in the workspace's time zone, the night's hour included."""
    local = now.astimezone(ZoneInfo(tenant.time_zone))
    days = 1 if local.time() >= NIGHT_BEGINS else 2
    return local.date() - timedelta(days=days)


def next_night(tenant: Tenant, now: datetime) -> datetime:
    """When the day that is running there will be closed, by the workspace's clock."""
    zone = ZoneInfo(tenant.time_zone)
    day = closed_day(tenant, now) + timedelta(days=2)
    return datetime.combine(day, NIGHT_BEGINS, tzinfo=zone)


def begin_due_nights(now: datetime) -> list[JobRun]:
    """The first step for every workspace whose night has come; only those not begun yet."""
    days = {tenant.pk: closed_day(tenant, now) for tenant in jobs.for_each_tenant()}
    return jobs.add_runs(job=FIRST_STEP, days=days, now=now)


def begin_night(*, tenant: Tenant, business_date: date, now: datetime) -> JobRun:
    """The night of one workspace for one day, begun again when it was done before."""
    run = jobs.add_run(tenant_id=tenant.pk, job=FIRST_STEP, business_date=business_date, now=now)
    for name, _step in STEPS[1:]:
        JobRun.objects.filter(
            tenant=tenant, job=name, business_date=business_date, subject=""
        ).exclude(state=JobRun.State.RUNNING).delete()
    return jobs.repeat_run(run=run, now=now)
