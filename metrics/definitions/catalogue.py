"""The definitions that are built in."""

from dataclasses import replace
from types import MappingProxyType

from metrics.definitions.counting import Definition, Direction, Source
from metrics.definitions.of_use import OF_USE
from rendering.sentences import sentence


class UnknownDefinition(LookupError):
    """No definition has this key and version."""


NEW_ROUTE_BY_HAND = Definition(
    key="new_route_share",
    label=sentence("Work done in the new system"),
    unit="%",
    direction=Direction.RISING,
    source=Source.HAND,
    version=1,
    counting=sentence(
        "Work items done in the new system, as a share of all of them, counted by hand."
    ),
    decimals=1,
    lowest=0.0,
    highest=100.0,
    minutes=20,
)
NEW_ROUTE_SHARE = replace(
    NEW_ROUTE_BY_HAND,
    source=Source.ROUTES,
    version=2,
    counting=sentence(
        "Work items that took the new route in a week or a month, as a share of those that took any "
        "route, out of the register of routes; by hand while that is empty."
    ),
)
OLD_ROUTE_SHARE = Definition(
    key="old_route_share",
    label=sentence("Work still done the old way"),
    unit="%",
    direction=Direction.FALLING,
    source=Source.ROUTES,
    version=1,
    counting=sentence(
        "Work items done through a route that the new system replaces, as a share of all of them."
    ),
    decimals=1,
    lowest=0.0,
    highest=100.0,
    minutes=20,
)
SATISFIED_SHARE = Definition(
    key="satisfied_share",
    label=sentence("People who are satisfied"),
    unit="%",
    direction=Direction.RISING,
    source=Source.SURVEY,
    version=1,
    counting=sentence("Answers of 4 or 5 on a scale of five, as a share of all answers."),
    valid_days=92,
    decimals=1,
    lowest=0.0,
    highest=100.0,
    minutes=30,
)
PASSING_SHARE = Definition(
    key="passing_share",
    label=sentence("People who meet the standard"),
    unit="%",
    direction=Direction.RISING,
    source=Source.ASSESSMENT,
    version=1,
    counting=sentence(
        "People whose test score is at the minimum standard or above, as a share of those tested."
    ),
    valid_days=92,
    decimals=1,
    lowest=0.0,
    highest=100.0,
    minutes=30,
)
HOW_TO_TICKETS = Definition(
    key="how_to_tickets",
    label=sentence("How-to questions to the help desk"),
    unit=sentence("per 100 active users"),
    direction=Direction.FALLING,
    source=Source.SUPPORT,
    version=1,
    counting=sentence(
        "Calls and tickets that ask how something is done, in 28 days, for each 100 people active "
        "in these 28 days."
    ),
    window_days=28,
    decimals=1,
    lowest=0.0,
    small_count=0,
    minutes=15,
)
COACHED_SHARE = Definition(
    key="coached_share",
    label=sentence("Callers who were coached"),
    unit="%",
    direction=Direction.RISING,
    source=Source.SUPPORT,
    version=1,
    counting=sentence(
        "How-to calls in which the caller was walked through the steps, as a share of these and of "
        "those in which the help desk did it for the caller, in 28 days."
    ),
    window_days=28,
    decimals=1,
    lowest=0.0,
    highest=100.0,
    minutes=15,
)
RESPONSE_TIME = Definition(
    key="response_time_p95",
    label=sentence("Response time"),
    unit="ms",
    direction=Direction.FALLING,
    source=Source.PERFORMANCE,
    version=1,
    counting=sentence("The time within which 95 of 100 requests of the day were answered."),
    valid_days=7,
    lowest=0.0,
    small_count=0,
)
FAILED_SHARE = Definition(
    key="failed_share",
    label=sentence("Requests that failed"),
    unit="%",
    direction=Direction.FALLING,
    source=Source.PERFORMANCE,
    version=1,
    counting=sentence("Requests of the day that ended in an error, as a share of all of them."),
    valid_days=7,
    decimals=2,
    lowest=0.0,
    highest=100.0,
    small_count=0,
)
UPTIME = Definition(
    key="uptime",
    label=sentence("Time the system was up"),
    unit="%",
    direction=Direction.RISING,
    source=Source.PERFORMANCE,
    version=1,
    counting=sentence("Minutes of the day in which the system answered, as a share of the day."),
    valid_days=7,
    decimals=2,
    lowest=0.0,
    highest=100.0,
    small_count=0,
)

BUILT_IN = (
    *OF_USE,
    NEW_ROUTE_BY_HAND,
    NEW_ROUTE_SHARE,
    OLD_ROUTE_SHARE,
    SATISFIED_SHARE,
    PASSING_SHARE,
    HOW_TO_TICKETS,
    COACHED_SHARE,
    RESPONSE_TIME,
    FAILED_SHARE,
    UPTIME,
)
CATALOGUE = MappingProxyType({(item.key, item.version): item for item in BUILT_IN})


def get_definition(key: str, version: int) -> Definition:
    """The definition as it was counted under this version.

    Raises UnknownDefinition.
    """
    try:
        return CATALOGUE[key, version]
    except KeyError:
        raise UnknownDefinition(f"No measure is defined as {key}, version {version}.") from None


def latest_definitions() -> tuple[Definition, ...]:
    """The newest version of every definition, by label."""
    newest: dict[str, Definition] = {}
    for definition in sorted(CATALOGUE.values(), key=lambda item: item.version):
        newest[definition.key] = definition
    return tuple(sorted(newest.values(), key=lambda item: item.label))
