"""Changes to the addresses at which calendar programs read a plan."""

import secrets
import string
from datetime import datetime

from django.db import transaction

from adoption.models import PlanFeed
from engagements.models import Engagement
from people.models import User
from tenancy.audit import record
from tenancy.keys import hash_secret
from tenancy.scope import current_tenant_id

_LETTERS = string.ascii_letters + string.digits
_SECRET_LENGTH = 43


@transaction.atomic
def make_feed(
    *, engagement: Engagement, user: User, with_own_packages: bool, now: datetime
) -> tuple[PlanFeed, str]:
    """A new address for one person and engagement; the one before is dead.

    Returns the row and the token, which can be read at this moment only.
    """
    secret = "".join(secrets.choice(_LETTERS) for _ in range(_SECRET_LENGTH))
    feed, _made = PlanFeed.objects.update_or_create(
        engagement=engagement,
        user=user,
        defaults={
            "customer_id": engagement.customer_id,
            "with_own_packages": with_own_packages,
            "secret_hash": hash_secret(secret),
            "created_at": now,
        },
    )
    record(
        action="plan_feed.made",
        subject=engagement,
        facts={"with_own_packages": with_own_packages},
        about_customer_id=engagement.customer_id,
    )
    return feed, f"aiq_feed_{current_tenant_id().hex}{feed.pk.hex}_{secret}"


@transaction.atomic
def revoke_feed(*, feed: PlanFeed) -> None:
    """The address opens nothing from now on."""
    feed.delete()
    record(
        action="plan_feed.revoked",
        subject=feed.engagement,
        about_customer_id=feed.engagement.customer_id,
    )
