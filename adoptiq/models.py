"""Long pieces of work somebody asked for and waits for."""

from typing import ClassVar, cast
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.models import TenantModel


class Errand(TenantModel):
    """One such piece of work: how far it is, what came of it. Its run is a JobRun about its id."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("The workspace’s data")
        DEMO = "demo", _("The demo")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its turn")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Given up")

    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    # What is being done just now: the name of a table, of a workspace.
    stage = models.CharField(max_length=120, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    # The file that came of it, until when it is kept, and what it holds.
    stored_as = models.CharField(max_length=255, blank=True)
    expires_at = models.DateTimeField(null=True)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    row_count = models.BigIntegerField(default=0)
    # The short name of the demo workspace that came of it.
    made_slug = models.CharField(max_length=50, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "kind"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="one_errand_of_a_kind_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def workspace_id(self) -> UUID:
        """The workspace it is for; a row always has one."""
        return cast(UUID, self.tenant_id)

    @property
    def is_open(self) -> bool:
        return self.state in (Errand.State.WAITING, Errand.State.RUNNING)

    @property
    def has_file(self) -> bool:
        return bool(self.stored_as)
