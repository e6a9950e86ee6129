"""Routes of requests with what was counted on them, and contacts with the help desk, for the
isolation crawl."""

from datetime import date
from uuid import UUID

from engagements.models import EndUser, Engagement, ImpactGroup, RouteVolume
from engagements.operations.routes import NewVolume, add_route, record_volumes
from engagements.operations.support import record_contact
from engagements.periods import Period
from people.models import User

SUNDAY, TODAY = date(2026, 9, 27), date(2026, 10, 1)


def tell_registers(engagement: Engagement, *, word: str, by: User) -> dict[str, UUID]:
    """Each row says the word. Returns the rows' ids by the part of an address that names them."""
    new = add_route(engagement=engagement, fields={"name": f"{word} app", "kind": "new"}, by=by)
    fields = {
        "name": f"{word} mailbox",
        "kind": "email",
        "shut_off_date": TODAY,
        "owner": by,
        "note": f"{word} depots",
    }
    route = add_route(engagement=engagement, fields=fields, by=by)
    record_volumes(
        engagement=engagement,
        items=[NewVolume(new, SUNDAY, 6), NewVolume(route, SUNDAY, 4)],
        period=Period.WEEK,
        today=TODAY,
        by=by,
    )
    contact = record_contact(
        engagement=engagement,
        fields={
            "day": SUNDAY,
            "outcome": "coached",
            "topic": f"{word} orders",
            "ticket": f"{word}-1001",
            "impact_group": ImpactGroup.objects.filter(engagement=engagement).first(),
            "end_user": EndUser.objects.filter(customer_id=engagement.customer_id).first(),
        },
        today=TODAY,
        by=by,
    )
    volume = RouteVolume.objects.get(route=route)
    return {
        "work_route_id": route.pk,
        "route_volume_id": volume.pk,
        "support_contact_id": contact.pk,
    }
