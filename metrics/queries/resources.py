"""Where the money of a plan goes, by impact group, as parts of the whole."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID

from adoption.queries import GroupMoney, get_money_by_group
from engagements.models import Engagement, ImpactGroup
from metrics.narrative.resources import UNGROUPED, Resource, Slice, slices_of
from rendering.sentences import sentence

Of = Literal["spent", "planned"]


@dataclass(frozen=True, slots=True)
class GroupResources:
    """One impact group, or what is for none, with its parts of the whole (0 to 1; None of none)."""

    key: str
    name: str
    people: int | None
    money: GroupMoney
    planned_share: float | None
    spent_share: float | None

    def amount(self, of: Of) -> Decimal:
        return self.money.spent if of == "spent" else self.money.planned


@dataclass(frozen=True, slots=True)
class ResourcesView:
    """What the page, its chart, its CSV and the API share; groups by name, what is for none last."""

    currency: str
    rows: tuple[GroupResources, ...]
    planned: Decimal
    spent: Decimal

    def total(self, of: Of) -> Decimal:
        return self.spent if of == "spent" else self.planned

    def slices(self, of: Of) -> tuple[Slice, ...]:
        return slices_of([Resource(row.key, row.name, float(row.amount(of))) for row in self.rows])

    def without(self, of: Of) -> tuple[str, ...]:
        """The groups that get nothing, by name."""
        return tuple(row.name for row in self.rows if row.key != UNGROUPED and not row.amount(of))


def get_resources(*, engagement: Engagement) -> ResourcesView:
    """Budgets and costs of the live plan's packages; every group is a row, also without any."""
    groups = ImpactGroup.objects.filter(engagement=engagement).order_by("name", "id")
    money = {
        key: GroupMoney(max(one.planned, Decimal(0)), max(one.spent, Decimal(0)), one.packages)
        for key, one in get_money_by_group(engagement_id=engagement.pk).items()
    }
    planned = sum((one.planned for one in money.values()), Decimal(0))
    spent = sum((one.spent for one in money.values()), Decimal(0))
    found: list[tuple[str, str, int | None, GroupMoney]] = [
        (str(key), name, people, money.get(key, GroupMoney()))
        for key, name, people in groups.values_list("pk", "name", "size")
    ]
    rest = money.get(None, GroupMoney())
    if rest.planned or rest.spent:
        found.append((UNGROUPED, sentence("without a group"), None, rest))
    rows = tuple(
        GroupResources(*one, _share(one[3].planned, planned), _share(one[3].spent, spent))
        for one in found
    )
    return ResourcesView(engagement.currency, rows, planned, spent)


def get_spent_shares(*, engagement_id: UUID) -> dict[str, float]:
    """Each group's part of all that was spent, by the group's id as text; nothing of nothing."""
    money = get_money_by_group(engagement_id=engagement_id)
    spent = {key: max(one.spent, Decimal(0)) for key, one in money.items()}
    whole = sum(spent.values(), Decimal(0))
    return {str(key): float(amount / whole) for key, amount in spent.items() if key and amount}


def _share(amount: Decimal, whole: Decimal) -> float | None:
    return float(amount / whole) if whole else None
