"""A customer whose use has a bit of everything: two groups, features, seats, people who stopped."""

from datetime import date, timedelta

from engagements import operations as engagements
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.usage.stage import NOW, make_event, make_source, receive
from usage.operations import close_days

LAST = date(2026, 11, 20)
ACCESS = date(2026, 10, 1)
# Person: on which days back from LAST they came, and with what.
USE: dict[str, tuple[list[int], tuple[str, ...]]] = {
    "ann": (list(range(40)), ("Reports", "Orders")),
    "bob": (list(range(0, 40, 2)), ("Orders",)),
    "cid": ([0, 1, 7, 8, 14, 15, 21], ("Reports",)),
    "dan": ([2], ("Reports",)),
    "eve": ([30, 31, 33, 40], ("Orders", "Photos")),
    "fay": ([45], ("Orders",)),
    "gus": (list(range(10)), ("Chat",)),
    "hal": (list(range(3, 28, 5)), ("Orders",)),
}
PLACES = {
    "Field": ("ann", "bob", "eve", "fay", "new", "off"),
    "Office": ("cid", "dan", "hal", "ida", "jon", "kim"),
}
FEATURES = {"Field": ["Orders", "Photos"], "Office": ["Reports", "Orders"]}


def adopt(cast: Cast) -> None:
    """Rosters and use of the lead's customer, with the days to LAST closed."""
    with tenant_scope(cast.tenant.pk):
        for name, people in PLACES.items():
            group = engagements.add_impact_group(
                engagement=cast.engagement,
                fields={"name": name, "size": len(people), "features": FEATURES[name]},
            )
            for person in people:
                since = {"new": LAST - timedelta(days=3), "off": None}.get(person, ACCESS)
                engagements.put_on_roster(
                    engagement=cast.engagement,
                    external_id=person,
                    name=person.title(),
                    fields={"impact_group": group, "access_since": since},
                )
        events = [
            make_event(
                f"{person}-{ago}-{feature}",
                user=person,
                at=f"{LAST - timedelta(days=ago)}T09:00Z",
                feature=feature,
            )
            for person, (days, features) in USE.items()
            for ago in days
            for feature in features
        ]
        receive(make_source(), events, NOW)
        close_days(business_date=LAST, now=NOW)
