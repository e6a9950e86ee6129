"""What a measure is: its definition, what was agreed about it and what was read so far.

Plain values without Django: the page, the CSV file, the API and the chart all start from a Measure.
"""

from metrics.definitions.agreed import (
    Agreement,
    Baseline,
    Event,
    Measure,
    Milestone,
    Prior,
    Reading,
    Step,
    Target,
    plain_milestones,
)
from metrics.definitions.catalogue import (
    BUILT_IN,
    CATALOGUE,
    COACHED_SHARE,
    HOW_TO_TICKETS,
    NEW_ROUTE_SHARE,
    OLD_ROUTE_SHARE,
    UnknownDefinition,
    get_definition,
    latest_definitions,
)
from metrics.definitions.checks import contradictions, missing_parts
from metrics.definitions.counting import (
    EARLIEST,
    LARGEST,
    LONGEST,
    Definition,
    Direction,
    Source,
    is_plausible,
    say_limits,
)
from metrics.definitions.of_use import ACTIVE_USERS, OF_USE, SEATS_USED

__all__ = [
    "ACTIVE_USERS",
    "BUILT_IN",
    "CATALOGUE",
    "COACHED_SHARE",
    "EARLIEST",
    "HOW_TO_TICKETS",
    "LARGEST",
    "LONGEST",
    "NEW_ROUTE_SHARE",
    "OF_USE",
    "OLD_ROUTE_SHARE",
    "SEATS_USED",
    "Agreement",
    "Baseline",
    "Definition",
    "Direction",
    "Event",
    "Measure",
    "Milestone",
    "Prior",
    "Reading",
    "Source",
    "Step",
    "Target",
    "UnknownDefinition",
    "contradictions",
    "get_definition",
    "is_plausible",
    "latest_definitions",
    "missing_parts",
    "plain_milestones",
    "say_limits",
]
