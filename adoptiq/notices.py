"""What people are told of that apps below the notifications bring about."""

from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.operations import notify
from people.models import Invitation, User
from tenancy.models import Role


def tell_of_acceptance(invitation: Invitation, user: User) -> None:
    """Tell whoever invited somebody that they came."""
    if invitation.invited_by is None:
        return
    values = {"name": user, "role": Role(invitation.role).label}
    notify(
        recipients=[invitation.invited_by],
        kind="invitation.accepted",
        text=_("%(name)s accepted the invitation and is in as: %(role)s.") % values,
        url=reverse("people:members", args=[invitation.tenant.slug]),
        key=f"invitation.accepted:{invitation.pk}",
        customer_id=invitation.customer_id,
    )
