"""Usage logs read from files: how far each is, and which rows were left out."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel


class UsageImport(TenantModel):
    """One file on its way in."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CHECKING = "checking", _("Checking the file")
        READING = "reading", _("Reading events")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    file_name = models.CharField(max_length=255)
    # Where the upload lies until it is read, below the files folder.
    stored_as = models.CharField(max_length=255, blank=True)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)
    rows_read = models.BigIntegerField(default=0)
    rows_new = models.BigIntegerField(default=0)
    rows_repeated = models.BigIntegerField(default=0)
    rows_wrong = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=1000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.DONE, self.State.REFUSED)


class RowFault(TenantModel):
    """Why one row of a file was left out. The header is row 1."""

    usage_import = TenantForeignKey(
        UsageImport, on_delete=models.CASCADE, related_name="faults", db_index=False
    )
    row = models.BigIntegerField()
    field = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        ordering = ["row", "id"]
        indexes = [models.Index(fields=["tenant", "usage_import", "row"], name="faults_of_import")]

    def __str__(self) -> str:
        return f"{self.row}: {self.reason}"
