"""What can be counted in this workspace: what is built in and what it defined itself."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from metrics.definitions import Definition, latest_definitions
from metrics.models import Measure, OwnDefinition

# So that no definition of one's own takes the name of one that is built in.
OWN = "own_"


@dataclass(frozen=True, slots=True)
class DefinitionLine:
    """A definition as the catalogue shows it; `id` is of those that can be changed."""

    definition: Definition
    measures: int
    id: UUID | None = None
    withdrawn: bool = False


def get_definitions() -> tuple[Definition, ...]:
    """The newest version of everything that can be measured anew, by label."""
    own = [row.value for row in get_newest_own() if row.withdrawn_at is None]
    return tuple(sorted((*latest_definitions(), *own), key=lambda item: item.label.casefold()))


def get_newest_own() -> list[OwnDefinition]:
    """The newest version of each definition of the workspace's own."""
    rows = OwnDefinition.objects.order_by("key", "-version").distinct("key")
    return list(rows)


def get_catalogue() -> tuple[DefinitionLine, ...]:
    """Every definition with how many measures use it: the workspace's own first."""
    counted = Measure.objects.filter(engagement__archived_at=None, removed_at=None).order_by()
    used = dict(counted.values_list("definition_key").annotate(Count("id")))
    own = sorted(get_newest_own(), key=lambda row: (row.withdrawn_at is not None, row.label))
    lines = [
        DefinitionLine(row.value, used.get(row.key, 0), row.pk, row.withdrawn_at is not None)
        for row in own
    ]
    built_in = [DefinitionLine(item, used.get(item.key, 0)) for item in latest_definitions()]
    return (*lines, *built_in)


def get_own_versions(*, key: str) -> list[OwnDefinition]:
    """Every version of one definition, the newest first."""
    rows = OwnDefinition.objects.filter(key=key).select_related("written_by")
    return list(rows.order_by("-version"))
