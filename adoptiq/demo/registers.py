"""What the demo's registers hold: a mailbox that should have been closed and still takes requests, a
help desk that learns to coach, and how the system itself did. Invented, the same on every day."""

from datetime import date, datetime, timedelta

from engagements.models import Engagement, ImpactGroup, Stakeholder, WorkRoute
from engagements.models.routes import Way
from engagements.operations.routes import NewVolume, add_route, record_volumes
from engagements.operations.support import NewContact, record_contacts
from engagements.periods import Period, last_over
from metrics import operations as metrics
from metrics.definitions import latest_definitions
from metrics.models.readings import Way as ReadingWay
from people.models import User

WEEK, DAY = timedelta(days=7), timedelta(days=1)
# Requests a week, and how many of a hundred took the mailbox, the telephone and the paper form.
REQUESTS = (236, 241, 238, 244, 240, 246, 239, 243, 247, 242, 245, 250)
MAILBOX = (46, 46, 44, 42, 41, 40, 38, 36, 35, 33, 32, 31)
PHONE = (24, 23, 22, 20, 19, 19, 19, 22, 20, 18, 18, 17)
PAPER = (18, 17, 15, 12, 10, 7, 4)
# Calls a week since go-live: coached, done for the caller, faults.
CALLS = (
    *((2, 7, 3), (3, 7, 4), (4, 5, 2), (4, 4, 2), (4, 4, 1)),
    *((4, 3, 2), (4, 2, 1), (4, 1, 1), (3, 1, 0), (3, 1, 1)),
)
TOPICS = ("Approve an order", "Find an order", "Attach a photo", "Split an order", "Sign in")
CHANNELS = ("phone", "phone", "email", "chat")
# A rough fortnight in the middle: milliseconds, percent failed, percent up.
RESPONSE = (410, 420, 405, 430, 480, 560, 640, 610, 520, 450, 430, 420, 415, 400)
FAILED = (0.4, 0.3, 0.5, 0.4, 0.9, 1.6, 2.1, 1.4, 0.8, 0.5, 0.4, 0.3, 0.4, 0.3)
UPTIME = (100, 100, 99.9, 100, 99.6, 98.7, 97.9, 99.2, 100, 100, 99.9, 100, 100, 100)
DAYS_READ = 42


def tell_registers(*, engagement: Engagement, csm: User, now: datetime) -> None:
    today = now.date()
    _tell_routes(engagement, csm, today)
    _tell_calls(engagement, csm, today)


def _tell_routes(engagement: Engagement, csm: User, today: date) -> None:
    days = [last_over(Period.WEEK, today) - WEEK * ago for ago in reversed(range(len(REQUESTS)))]
    new = _route(engagement, csm, name="Work orders", kind="new", owner=csm)
    old = _old_routes(engagement, csm, today, closed=days[len(PAPER) - 1])
    items = []
    for at, (day, count) in enumerate(zip(days, REQUESTS, strict=True)):
        taken = [
            (route, round(count * shares[at] / 100)) for route, shares in old if at < len(shares)
        ]
        taken.append((new, count - sum(amount for _route, amount in taken)))
        items += [NewVolume(route, day, amount) for route, amount in taken]
    record_volumes(
        engagement=engagement,
        items=items,
        period=Period.WEEK,
        today=today,
        by=csm,
        way=Way.FILE,
    )


def _old_routes(
    engagement: Engagement, csm: User, today: date, *, closed: date
) -> list[tuple[WorkRoute, tuple[int, ...]]]:
    """What the new software replaces, each with its shares of all requests."""
    lead = Stakeholder.objects.filter(customer_id=engagement.customer_id).first()
    mailbox = {
        "name": "Mailbox orders@",
        "kind": "email",
        "owner_at_customer": lead,
        "shut_off_date": today - 2 * WEEK,
        "note": "Kept open for two depots that wait for their tablets",
    }
    phone = {
        "name": "Dispatcher’s telephone",
        "kind": "phone",
        "shut_off_date": today + 30 * DAY,
    }
    paper = {
        "name": "Order form 12",
        "kind": "paper",
        "owner_at_customer": lead,
        "shut_off_date": closed - 2 * DAY,
        "shut_date": closed,
    }
    told = ((mailbox, MAILBOX), (phone, PHONE), (paper, PAPER))
    return [(_route(engagement, csm, **fields), shares) for fields, shares in told]


def _route(engagement: Engagement, by: User, **fields: object) -> WorkRoute:
    return add_route(engagement=engagement, fields=fields, by=by)


def _tell_calls(engagement: Engagement, csm: User, today: date) -> None:
    groups = list(ImpactGroup.objects.filter(engagement=engagement))
    begin = today - WEEK * len(CALLS)
    found: list[dict[str, object]] = []
    for week, counts in enumerate(CALLS):
        for outcome, count in zip(("coached", "did_for", "fault"), counts, strict=True):
            for call in range(count):
                number = len(found)
                # The last call of all is one of yesterday.
                day = begin + WEEK * week + DAY * (6 - (call * 2 + week % 2) % 7)
                found.append(
                    {
                        "day": day,
                        "outcome": outcome,
                        "channel": CHANNELS[number % len(CHANNELS)],
                        "topic": TOPICS[(number * number + week) % len(TOPICS)],
                        "impact_group": groups[number % len(groups)] if groups else None,
                        "ticket": f"HD-{2101 + number * 3}",
                    }
                )
    items = [NewContact(row, fields) for row, fields in enumerate(found)]
    record_contacts(engagement=engagement, items=items, today=today, by=csm, way=Way.API)


def tell_performance(*, engagement: Engagement, now: datetime) -> None:
    """Six weeks of the system's own figures, a rough fortnight between two calm ones."""
    known = {item.key: item for item in latest_definitions()}
    told = {"response_time_p95": RESPONSE, "failed_share": FAILED, "uptime": UPTIME}
    yesterday = now.date() - DAY
    for key, amounts in told.items():
        calm = amounts[0:3]
        quiet = [calm[at % len(calm)] for at in range(14)]
        days = [yesterday - DAY * ago for ago in reversed(range(DAYS_READ))]
        measure = metrics.define_measure(engagement=engagement, definition=known[key], now=now)
        metrics.record_readings(
            items=[
                metrics.NewReading(measure, day, float(amount))
                for day, amount in zip(days, (*quiet, *amounts, *quiet), strict=True)
            ],
            now=now,
            today=now.date(),
            recorded_by=None,
            way=ReadingWay.API,
        )
