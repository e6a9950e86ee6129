"""What the API names and no page does: ids by the part of an address."""

from uuid import UUID

from engagements import operations
from engagements.models import (
    CriterionVersion,
    Engagement,
    LicenceSeats,
    Offering,
    Outcome,
    QuickWin,
    RiskChange,
)
from tests.factories import TODAY


def tell_api(engagement: Engagement) -> dict[str, UUID]:
    """The newest row of each kind that was told about the engagement; a seat count is added."""
    operations.set_seats(customer=engagement.customer, seats=120, from_date=TODAY)
    return {
        "win_id": QuickWin.objects.filter(engagement=engagement).latest("pk").pk,
        "outcome_id": Outcome.objects.filter(engagement=engagement).latest("pk").pk,
        "offering_id": Offering.objects.filter(engagement=engagement).latest("pk").pk,
        "change_id": RiskChange.objects.filter(risk__engagement=engagement).latest("pk").pk,
        "version_id": CriterionVersion.objects.filter(criterion__engagement=engagement)
        .latest("pk")
        .pk,
        "seats_id": LicenceSeats.objects.filter(customer=engagement.customer).latest("pk").pk,
    }
