"""What a workspace says of its senders' words, and what waits for that."""

from datetime import UTC, datetime
from uuid import UUID

from engagements.models import EndUser, Engagement
from people.models import User
from tests.usage.stage import make_event, make_source, receive
from usage import operations
from usage.models import Domain, Exclusion, GroupName

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


def tell_usage(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns ids by the part of an address that names them."""
    customer, said = engagement.customer, word.lower()
    operations.attach_group(said=f"{word} group", customer=customer, now=NOW)
    operations.add_domain(name=f"{said}.example", customer=customer, now=NOW)
    operations.leave_out(kind="domain", pattern=f"own.{said}.example", reason=f"{word} team", by=by)
    waiting = make_event(f"{word} waits", f"{word} guest", group_id=f"{word} hidden")
    receive(make_source(f"{word} host"), [waiting], NOW)
    return {
        "end_user_id": EndUser.objects.filter(customer=customer).values_list("pk", flat=True)[0],
        "group_name_id": GroupName.objects.get(customer=customer).pk,
        "domain_id": Domain.objects.get(customer=customer).pk,
        "exclusion_id": Exclusion.objects.get(reason=f"{word} team").pk,
    }
