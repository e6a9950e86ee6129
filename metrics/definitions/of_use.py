"""The definitions of what usage counts of each closed day. It alone computes them."""

from typing import Any

from metrics.definitions.counting import Definition, Direction, Source
from rendering.sentences import Sentence, sentence

PEOPLE = sentence("people")


def _of_use(key: str, label: Sentence, counting: Sentence, **more: Any) -> Definition:
    """A share of four weeks that should rise, unless something else is said."""
    usual: dict[str, Any] = {
        "unit": "%",
        "direction": Direction.RISING,
        "window_days": 28,
        "decimals": 1 if more.get("unit", "%") == "%" else 0,
    }
    return Definition(
        key=key,
        label=label,
        counting=counting,
        source=Source.USAGE,
        version=1,
        valid_days=7,
        lowest=0.0,
        **(usual | more),
    )


ACTIVE_USERS = _of_use(
    "active_users_28d",
    sentence("28-day active users"),
    sentence(
        "Different people with at least one event in the 28 days that end on the day of the "
        "reading, in the customer's time zone."
    ),
    unit=PEOPLE,
)
WEEKLY_USERS = _of_use(
    "active_users_7d",
    sentence("7-day active users"),
    sentence(
        "Different people with at least one event in the 7 days that end on the day of the "
        "reading, in the customer's time zone."
    ),
    unit=PEOPLE,
    window_days=7,
)
DAILY_USERS = _of_use(
    "active_users_1d",
    sentence("People active on the day"),
    sentence(
        "Different people with at least one event on the day of the reading, in the customer's "
        "time zone."
    ),
    unit=PEOPLE,
    window_days=1,
)
EVENTS = _of_use(
    "events_1d",
    sentence("Events of the day"),
    sentence(
        "Events of people who count, on the day of the reading, in the customer's time zone. It "
        "says how much was done, not by how many."
    ),
    unit=sentence("events"),
    window_days=1,
    small_count=0,
)
DAILY_SHARE = _of_use(
    "daily_share",
    sentence("Active on a usual day"),
    sentence(
        "People active on one day, on average over 28 days, as a share of those active in these "
        "28 days: DAU/MAU."
    ),
    highest=100.0,
)
DEEP_SHARE = _of_use(
    "deep_share",
    sentence("Active users who use it much"),
    sentence(
        "People with use on as many days as the workspace's rules ask for, as a share of those "
        "active in the 28 days that end on the day of the reading."
    ),
)
HABIT_SHARE = _of_use(
    "habit_share",
    sentence("Active users with a habit"),
    sentence(
        "People who use it week after week, by the workspace's rules, as a share of those active "
        "in the 28 days that end on the day of the reading."
    ),
)
ADOPTER_SHARE = _of_use(
    "adopter_share",
    sentence("Active users who adopted a feature"),
    sentence(
        "People who adopted at least one feature, by the workspace's rules, as a share of those "
        "active in the 28 days that end on the day of the reading."
    ),
)
SEATS_USED = _of_use(
    "seats_used",
    sentence("Licences in use"),
    sentence(
        "People active in the 28 days that end on the day of the reading, as a share of the seats "
        "of that very day."
    ),
)
SEATS_GIVEN = _of_use(
    "seats_given",
    sentence("Licences given out"),
    sentence(
        "People who have access on the day of the reading, by the rosters, as a share of the "
        "seats of that very day; more than all of them where more was given out than bought."
    ),
    window_days=1,
)
BEST_KEPT = _of_use(
    "best_kept",
    sentence("Use against its best"),
    sentence(
        "People active in the 28 days that end on the day of the reading, as a share of the most "
        "there were on any day of the 26 weeks before."
    ),
)
FEATURES_TRIED = _of_use(
    "features_tried",
    sentence("Features tried"),
    sentence(
        "Different features that somebody used in the 28 days that end on the day of the reading."
    ),
    unit=sentence("features"),
    small_count=0,
)
FEATURES_ADOPTED = _of_use(
    "features_adopted",
    sentence("Features adopted"),
    sentence(
        "Different features that somebody adopted, by the workspace's rules, in the 28 days that "
        "end on the day of the reading."
    ),
    unit=sentence("features"),
    small_count=0,
)
BREADTH = _of_use(
    "breadth",
    sentence("Intended features that are adopted"),
    sentence(
        "Features adopted by at least half of those who are meant to use them, as a share of all "
        "that the engagement's groups are meant to use."
    ),
    highest=100.0,
)
ACTIVATED_SHARE = _of_use(
    "activated_share",
    sentence("People activated"),
    sentence(
        "People who reached the agreed first value within the agreed days, as a share of those "
        "given access at least that many days before the reading."
    ),
    window_days=1,
    highest=100.0,
)
DAYS_TO_VALUE = _of_use(
    "days_to_value",
    sentence("Days to first value"),
    sentence(
        "Days from the agreed start by which half of the people have reached the agreed first "
        "value; who still waits is counted in (Kaplan and Meier)."
    ),
    unit=sentence("days"),
    direction=Direction.FALLING,
    window_days=1,
    small_count=0,
)
SLOWEST_TO_VALUE = _of_use(
    "days_to_value_p90",
    sentence("Days to first value, nine of ten"),
    sentence(
        "Days from the agreed start by which nine of ten people have reached the agreed first "
        "value; who still waits is counted in (Kaplan and Meier)."
    ),
    unit=sentence("days"),
    direction=Direction.FALLING,
    window_days=1,
    small_count=0,
)
WAITING_FOR_VALUE = _of_use(
    "waiting_for_value",
    sentence("People still without first value"),
    sentence("People whose time to the agreed first value runs on the day of the reading."),
    unit=PEOPLE,
    direction=Direction.FALLING,
    window_days=1,
)
RETAINED_SHARE = _of_use(
    "retained_share",
    sentence("Back in the fourth week"),
    sentence(
        "People active in the fourth week after the one they began in, as a share of all for whom "
        "that week is over; all beginnings together."
    ),
    highest=100.0,
)
FREQUENCY = _of_use(
    "frequency",
    sentence("Expected days with use"),
    sentence(
        "Days with use among the days use is expected on, in the 28 days that end on the day of "
        "the reading: the median of everybody with access."
    ),
    highest=100.0,
)
DEEP_OF_ALL = _of_use(
    "deep_of_access",
    sentence("People with access who use it much"),
    sentence(
        "People with use on as many days as the workspace's rules ask for, as a share of those "
        "who have access on the day of the reading."
    ),
    highest=100.0,
)
HABIT_OF_SETTLED = _of_use(
    "habit_of_settled",
    sentence("People with access who have a habit"),
    sentence(
        "People who use it week after week, by the workspace's rules, as a share of those who had "
        "access all of the 28 days that end on the day of the reading."
    ),
    highest=100.0,
)
IDLE = _of_use(
    "idle_people",
    sentence("People with access and no use"),
    sentence(
        "People who have access on the day of the reading and were not active in the 28 days that "
        "end on it."
    ),
    unit=PEOPLE,
    direction=Direction.FALLING,
)
WITHOUT_ACCESS = _of_use(
    "active_without_access",
    sentence("Active people without access"),
    sentence(
        "People active in the 28 days that end on the day of the reading whom no roster gives "
        "access."
    ),
    unit=PEOPLE,
    direction=Direction.FALLING,
)
STOPPED = _of_use(
    "stopped_28d",
    sentence("People who stopped"),
    sentence(
        "People active in the 28 days before the last 28 that end on the day of the reading, and "
        "not in these."
    ),
    unit=PEOPLE,
    direction=Direction.FALLING,
    window_days=56,
)
CAME = _of_use(
    "came_28d",
    sentence("People new or back"),
    sentence(
        "People active in the 28 days that end on the day of the reading, and not in the 28 days "
        "before."
    ),
    unit=PEOPLE,
    window_days=56,
)

OF_USE = (
    ACTIVE_USERS,
    WEEKLY_USERS,
    DAILY_USERS,
    EVENTS,
    DAILY_SHARE,
    DEEP_SHARE,
    HABIT_SHARE,
    ADOPTER_SHARE,
    SEATS_USED,
    SEATS_GIVEN,
    BEST_KEPT,
    FEATURES_TRIED,
    FEATURES_ADOPTED,
    BREADTH,
    ACTIVATED_SHARE,
    DAYS_TO_VALUE,
    SLOWEST_TO_VALUE,
    WAITING_FOR_VALUE,
    RETAINED_SHARE,
    FREQUENCY,
    DEEP_OF_ALL,
    HABIT_OF_SETTLED,
    IDLE,
    WITHOUT_ACCESS,
    STOPPED,
    CAME,
)
