"""How people want to hear of things."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from notifications.digesting import Clock
from notifications.models import MailChoice, MailFormat, Way
from notifications.queries.kinds import GROUP, GROUPS, group_of


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody chose, and as usual where they chose nothing."""

    ways: Mapping[str, Way] = field(default_factory=dict)
    wants_digest: bool = True
    digest_hour: int = MailChoice.USUAL_HOUR
    # Empty: the workspace's.
    time_zone: str = ""
    mail_format: str = MailFormat.BOTH

    def way_of_group(self, group: str) -> Way:
        """In force: what is meant for a digest that nobody wants stays in the inbox."""
        way = self.ways.get(group, GROUP[group].usual)
        return Way.INBOX if way == Way.DIGEST and not self.wants_digest else way

    def way_of(self, kind: str) -> Way:
        return self.way_of_group(group_of(kind))

    def clock(self, workspace_zone: str) -> Clock:
        return Clock(self.digest_hour, self.time_zone or workspace_zone)


USUAL = Choice()


def get_choice(*, user_id: UUID) -> Choice:
    return get_choices(user_ids=[user_id]).get(user_id, USUAL)


def get_choices(*, user_ids: Collection[UUID]) -> dict[UUID, Choice]:
    """Of those who chose anything; for the others `USUAL` holds."""
    rows = MailChoice.objects.filter(user_id__in=user_ids)
    return {row.user_id: _as_choice(row) for row in rows}


def _as_choice(row: MailChoice) -> Choice:
    known = {group.key for group in GROUPS}
    return Choice(
        ways={key: Way(way) for key, way in row.ways.items() if key in known and way in Way.values},
        wants_digest=row.wants_digest,
        digest_hour=row.digest_hour,
        time_zone=row.time_zone,
        mail_format=row.mail_format,
    )
