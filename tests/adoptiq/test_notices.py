"""Whoever invited somebody hears that they came."""

from datetime import UTC, datetime

from notifications.models import Notification
from people.operations import invitations, links
from tenancy.models import Role
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_user

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def test_the_inviter_hears_of_the_one_who_came(cast: Cast) -> None:
    newcomer = make_user("newcomer")
    with tenant_scope(cast.tenant.pk):
        invitation = invitations.invite(
            tenant=cast.tenant,
            email=newcomer.email,
            name="Newcomer",
            role=Role.CSM,
            customer_id=None,
            invited_by=cast.admin,
            now=NOW,
        )
    links.claim_letter(letter=invitation, kind="invitation", now=NOW)
    invitations.accept_invitation(invitation=invitation, user=newcomer, now=NOW)
    with tenant_scope(cast.tenant.pk):
        row = Notification.objects.get()
    assert (row.user, row.kind) == (cast.admin, "invitation.accepted")
    assert row.text == "Newcomer accepted the invitation and is in as: CSM."
