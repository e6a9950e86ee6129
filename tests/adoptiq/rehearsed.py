"""A few jobs more, for workers that are made to fail.

A run's subject says what is to happen: `slow` hangs on its first attempt, `poison` fails on each,
`deadly` kills its worker on each, anything else is done at once. To take effect means one customer.
"""

import os
import signal
import time
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from engagements import operations as engagements
from tenancy import jobs
from tenancy.models import JobRun, new_id

JOB = "rehearsal.effect"
HANGS_SECONDS = 120.0


def folder() -> Path:
    found = Path(settings.ADOPTIQ_HOME) / "rehearsal"
    found.mkdir(exist_ok=True)
    return found


def take_effect(run: JobRun) -> None:
    """Notes which process is at it before anything goes wrong."""
    engagements.create_customer(
        fields={"external_id": str(new_id()), "name": run.subject, "time_zone": "UTC"},
        seats=None,
        today=date(2026, 1, 1),
    )
    (folder() / f"{run.pk}.{run.attempt}").write_text(str(os.getpid()))
    if run.subject.startswith("slow") and run.attempt == 1:
        time.sleep(HANGS_SECONDS)
    if run.subject.startswith("poison"):
        raise ValueError("bad input")
    if run.subject.startswith("deadly"):
        os.kill(os.getpid(), signal.SIGKILL)


def note_parked(run: JobRun) -> None:
    with (folder() / "parked").open("a") as file:
        file.write(f"{run.subject}\n")


jobs.register(jobs.Job(JOB, take_effect))
jobs.ON_PARKED.append(note_parked)
# Nobody waits for a test to be patient.
jobs.BACK_OFF = timedelta(seconds=0.5)
