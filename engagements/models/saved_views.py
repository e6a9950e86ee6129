"""Ways of looking at the list of customers that somebody gave a name."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tenancy.fields import TenantForeignKey
from tenancy.models import TenantModel

LONGEST_QUERY = 2000


class SavedView(TenantModel):
    """A name for what an address asks of the list: filters, columns and order."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    is_shared = models.BooleanField(_("everybody on our side sees it"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Kept, so that deleting can be taken back.
    deleted_at = models.DateTimeField(null=True, editable=False)

    class Meta(TenantModel.Meta):
        ordering = ["name", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "tenant",
                "owner",
                Lower("name"),
                name="one_view_a_name",
                condition=models.Q(deleted_at=None),
                violation_error_message=_("You have a view of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class DefaultView(TenantModel):
    """The view with which the list opens for somebody."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    view = TenantForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "user"], name="one_default_view_a_person")
        ]

    def __str__(self) -> str:
        return str(self.view)
