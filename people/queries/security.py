"""What guards a person's account."""

from uuid import UUID

from allauth.mfa.models import Authenticator

from people.models import User
from tenancy.models import Membership, Role, SecondFactorRule
from tenancy.scope import Realm

GUARDING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(*, user_id: UUID) -> bool:
    """Whether signing in takes more than the first proof."""
    found: bool = Authenticator.objects.filter(user_id=user_id, type__in=GUARDING).exists()
    return found


def lacks_second_factor(membership: Membership) -> bool:
    """Whether the workspace asks this member for a second factor that is not there."""
    rule = membership.tenant.second_factor
    concerned = (rule == SecondFactorRule.ADMINS and membership.role == Role.ADMIN) or (
        rule == SecondFactorRule.STAFF and membership.realm is Realm.STAFF
    )
    return concerned and not has_second_factor(user_id=membership.user_id)


def is_address_of_another(*, email: str, user_id: UUID) -> bool:
    """Whether somebody else signs in with the address."""
    return User.objects.filter(email__iexact=email).exclude(pk=user_id).exists()
