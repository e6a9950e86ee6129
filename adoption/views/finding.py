"""The engagement whose plan an address names."""

from uuid import UUID

from django.shortcuts import get_object_or_404

from engagements.models import Engagement
from engagements.queries import get_engagements


def find_engagement(engagement_id: UUID) -> Engagement:
    return get_object_or_404(get_engagements(), pk=engagement_id)
