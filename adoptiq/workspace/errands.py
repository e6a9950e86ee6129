"""Long pieces of work: begun once at a time, reported on while they run, ended once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from adoptiq.models import Errand
from people.models import User
from tenancy import jobs
from tenancy.models import JobRun
from tenancy.scope import tenant_scope

# What is being done, and how much of all is, from 0 to 1.
Report = Callable[[str, float], None]


class AlreadyUnderWay(ValueError):
    """One of that kind is waiting or running; there is nothing to gain from a second."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An errand and the run that does it, to be published by the caller."""

    errand: Errand
    run: JobRun


@transaction.atomic
def begin_errand(
    *, kind: Errand.Kind, job: str, asked_by: User, today: date, now: datetime
) -> Asked:
    """Put one in line for the workspace in force. Raises AlreadyUnderWay."""
    try:
        with transaction.atomic():
            errand = Errand.objects.create(kind=kind, asked_by=asked_by)
    except IntegrityError as error:
        raise AlreadyUnderWay from error
    run = jobs.add_run(
        tenant_id=errand.workspace_id, job=job, business_date=today, subject=str(errand.pk), now=now
    )
    return Asked(errand, run)


def open_errand(*, run: JobRun) -> Errand | None:
    """The errand of a run, now running; None when it is over, or gone."""
    with tenant_scope(run.tenant_id):
        errand = Errand.objects.select_related("asked_by").filter(pk=UUID(run.subject)).first()
        if errand is None or not errand.is_open:
            return None
        errand.state = Errand.State.RUNNING
        errand.save(update_fields=["state"])
        return errand


def reporting(errand: Errand) -> Report:
    """Writes down how far it is, each time in a transaction of its own, so that others see it."""

    def report(stage: str, share: float) -> None:
        with tenant_scope(errand.workspace_id):
            percent = min(99, round(share * 100))
            Errand.objects.filter(pk=errand.pk).update(stage=stage[:120], percent=percent)

    return report


@transaction.atomic
def end_errand(*, errand: Errand, now: datetime, **result: Any) -> None:
    """It is done, and this is what came of it. In the scope of its workspace."""
    for name, value in result.items():
        setattr(errand, name, value)
    errand.state, errand.percent, errand.finished_at = Errand.State.DONE, 100, now
    errand.stage = ""
    errand.save()


def give_up(*, errand: Errand, now: datetime) -> None:
    with tenant_scope(errand.workspace_id):
        Errand.objects.filter(pk=errand.pk).update(state=Errand.State.FAILED, finished_at=now)
