"""Who is to answer a question."""

from engagements.models import ExpertQuestion, TeamMember
from people.models import User


def experts_of(row: ExpertQuestion) -> list[User]:
    """The one who was asked, those who have that part in the team, or the CSM when nobody has."""
    if row.expert is not None:
        return [row.expert]
    if row.expert_role:
        team = TeamMember.objects.filter(
            engagement_id=row.engagement_id, role=row.expert_role, user__isnull=False
        )
        people = [member.user for member in team.select_related("user") if member.user]
        if people:
            return people
    return [row.engagement.csm] if row.engagement.csm else []
