"""The queue of record: what has to be done, for whom, for which day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models.base import new_id
from tenancy.models.workspace import Tenant


class JobRun(models.Model):
    """One piece of work that takes effect exactly once.

    The broker only carries its id. What is due, leased, done or given up stands here, so a lost
    message, a second beat or a dead worker changes nothing but the time it takes.
    """

    class State(models.TextChoices):
        DUE = "due", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        PARKED = "parked", _("Given up")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="job_runs")
    job = models.CharField(max_length=60)
    business_date = models.DateField()
    # What the run is about when a job runs more than once a day: the id of an import, say.
    subject = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DUE)
    attempt = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    # When the sweeper last told the workers; a message may be lost again.
    published_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "job", "business_date", "subject"], name="one_run_a_job_and_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["due", "running"]),
                name="open_runs",
            )
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.business_date} {self.subject}".strip()
