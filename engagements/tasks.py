"""Engagements' part in the queue of record: looking at uploaded files, mail of surveys."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from smtplib import SMTPRecipientsRefused
from uuid import UUID

from django.utils import timezone

from engagements import letters, operations, queries
from engagements.adapters.clamd import ScannerAway
from engagements.models import StoredFile
from engagements.operations import scanning
from tenancy import jobs
from tenancy.models import JobRun, Tenant
from tenancy.queries import get_current_tenant
from tenancy.scope import current_tenant_id, tenant_scope
from tenancy.tasks import publish

CHECK_JOB = "files.check"
OPEN = (JobRun.State.DUE, JobRun.State.RUNNING)


def ask_for_check(*, file_id: UUID, today: date, now: datetime, tries: int = 0) -> JobRun:
    """The run that has a file of the workspace in force looked at; to be published by the caller."""
    return jobs.add_run(
        tenant_id=current_tenant_id(),
        job=CHECK_JOB,
        business_date=today,
        subject=f"{file_id}#{tries}",
        now=now,
    )


def have_checked(*, files: Iterable[StoredFile], today: date, now: datetime) -> None:
    """Put in line what a scanner has to look at, and pictures for a small one of them."""
    for row in files:
        if row.scan == StoredFile.Scan.WAITING or row.kind == StoredFile.Kind.PICTURE:
            publish(ask_for_check(file_id=row.pk, today=today, now=now))


def perform_check(run: JobRun) -> None:
    """Have the file looked at; while the scanner is away, ask again later, for as long as it takes."""
    file_id, _mark, tries = run.subject.partition("#")
    now = timezone.now()
    try:
        scanning.check_file(file_id=UUID(file_id), now=now)
    except ScannerAway:
        tried = int(tries) + 1
        if tried >= scanning.TOLD_AFTER:
            scanning.tell_of_missing_scanner(now=now)
        ask_for_check(
            file_id=UUID(file_id),
            today=run.business_date,
            now=now + scanning.wait_after(tried - 1),
            tries=tried,
        )


def ask_again(*, business_date: date, now: datetime) -> None:
    """For each file that waits although no run is about to have it looked at any more."""
    runs = JobRun.objects.filter(tenant_id=current_tenant_id(), job=CHECK_JOB)
    under_way = {
        subject.partition("#")[0]
        for subject in runs.filter(state__in=OPEN).values_list("subject", flat=True)
    }
    for file_id in queries.get_waiting_files():
        if str(file_id) not in under_way:
            ask_for_check(file_id=file_id, today=business_date, now=now, tries=scanning.TOLD_AFTER)


jobs.register(jobs.Job(CHECK_JOB, perform_check))


SURVEY_MAIL_JOB = "engagements.send_survey_mail"
# So that a run ends well before its time is over; what is left goes to the next one.
MAILS_A_RUN = 300


def ask_for_survey_mail(*, today: date, now: datetime) -> JobRun | None:
    """The run that sends what surveys of the workspace in force have due; to be published by the
    caller. None when nothing is."""
    if not operations.waiting_letters():
        return None
    return jobs.add_run(
        tenant_id=current_tenant_id(),
        job=SURVEY_MAIL_JOB,
        business_date=today,
        subject=f"{now:%H:%M:%S.%f}",
        now=now,
    )


def send_survey_mail(run: JobRun) -> None:
    send_due_mail(tenant_id=run.tenant_id, today=run.business_date, clock=timezone.now)


def send_due_mail(*, tenant_id: UUID, today: date, clock: Callable[[], datetime]) -> None:
    """One transaction a mail, so that whoever repeats it goes on where it broke off."""
    with tenant_scope(tenant_id):
        waiting = operations.waiting_letters()
        tenant = get_current_tenant()
    for invitee_id in waiting[:MAILS_A_RUN]:
        _send_one(tenant, invitee_id, clock())
    if waiting[MAILS_A_RUN:]:
        with tenant_scope(tenant_id):
            ask_for_survey_mail(today=today, now=clock())


def _send_one(tenant: Tenant, invitee_id: UUID, now: datetime) -> None:
    try:
        with tenant_scope(tenant.pk):
            due = operations.claim_survey_letter(invitee_id=invitee_id, now=now)
            if due is not None:
                letters.send_survey_letter(due, tenant=tenant)
    except SMTPRecipientsRefused:
        with tenant_scope(tenant.pk):
            operations.note_bounce(invitee_id=invitee_id, now=now)


def tend_feedback(*, business_date: date, now: datetime) -> None:
    """The night's step for feedback: what is due falls due, and mail goes out."""
    operations.tend_feedback(business_date=business_date, now=now)
    run = ask_for_survey_mail(today=business_date, now=now)
    if run is not None:
        publish(run)


jobs.register(jobs.Job(SURVEY_MAIL_JOB, send_survey_mail, in_steps=True))
