import time
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Q
from django.utils import timezone

from adoptiq import health, nightly
from tenancy import jobs, tasks
from tenancy.models import JobRun, Tenant

LOOK_EVERY_SECONDS = 0.2


class Command(BaseCommand):
    help = (
        "Run the night: close past days, reschedule plans, refresh readings. Work is handed to the "
        "workers; with --wait and no worker running, this process does it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="default: every workspace")
        parser.add_argument(
            "--date", type=date.fromisoformat, help="last day to close; default: yesterday there"
        )
        parser.add_argument("--wait", action="store_true", help="return when all of it is done")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        nights = [
            (tenant, self._day(tenant, options["date"], now)) for tenant in self._tenants(options)
        ]
        for tenant, day in nights:
            tasks.publish(nightly.begin_night(tenant=tenant, business_date=day, now=now))
        if options["wait"]:
            self._wait(nights)
        for tenant, day in nights:
            done = "closed" if options["wait"] else "begun"
            self.stdout.write(f"{tenant.slug} {day} {done}")

    def _tenants(self, options: dict[str, Any]) -> Iterable[Tenant]:
        if options["workspace"] is None:
            return jobs.for_each_tenant()
        try:
            return [Tenant.objects.get(slug=options["workspace"])]
        except Tenant.DoesNotExist:
            raise CommandError(f"There is no workspace {options['workspace']}.") from None

    def _day(self, tenant: Tenant, asked: date | None, now: datetime) -> date:
        latest = nightly.closed_day(tenant, now)
        if asked is not None and asked > latest:
            raise CommandError(
                f"{asked} is not over in {tenant.slug} yet; the last day is {latest}."
            )
        return asked or latest

    def _wait(self, nights: list[tuple[Tenant, date]]) -> None:
        for tenant, day in nights:
            while (run := self._last(tenant, day)) is None or run.state != JobRun.State.DONE:
                self._refuse_parked(tenant, day)
                if health.check().worker.ok:
                    time.sleep(LOOK_EVERY_SECONDS)
                else:
                    self._work(tenant, day)

    def _last(self, tenant: Tenant, day: date) -> JobRun | None:
        return JobRun.objects.filter(
            tenant=tenant, job=nightly.LAST_STEP, business_date=day, subject=""
        ).first()

    def _refuse_parked(self, tenant: Tenant, day: date) -> None:
        parked = JobRun.objects.filter(
            tenant=tenant, business_date=day, subject="", state=JobRun.State.PARKED
        ).first()
        if parked is not None:
            raise CommandError(f"{tenant.slug}: {parked.job} failed: {parked.error}")

    def _work(self, tenant: Tenant, day: date) -> None:
        ours = Q(subject="") | Q(job=nightly.PART)
        open_runs = JobRun.objects.filter(
            ours, tenant=tenant, business_date=day, state=JobRun.State.DUE
        )
        for run in open_runs:
            tasks.run_job(run_id=str(run.pk))
        time.sleep(LOOK_EVERY_SECONDS)
