"""What was said, asked and still has to be done in the engagements of the demo. Invented."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from engagements import operations
from engagements.models import Engagement, ExpertAnswer, ExpertQuestion, Note, TimelineEntry
from engagements.queries import get_stakeholders
from people.models import User

# days ago, hour, kind, summary, notes, minutes, features, mood, shared
TALKS: tuple[tuple[int, int, str, str, str, int, tuple[str, ...], str, bool], ...] = (
    (
        *(3, 10, "usage", "Finance still exports by hand on the last working day"),
        "The month-end export takes nine minutes; they go back to the old sheet."
        " Two people would try the saved export with us.",
        *(35, ("Month-end export",), "mixed", True),
    ),
    (
        *(9, 14, "call", "Shift leaders ask for half-hour sessions"),
        "Nobody can leave the line for a morning. Sessions at shift change would work.",
        *(20, (), "good", False),
    ),
    (
        *(17, 9, "education", "Second lesson for the service desk"),
        "Fourteen came. Search in the knowledge base is clear now; reports are not.",
        *(90, ("Knowledge base", "Reports"), "good", True),
    ),
    (
        *(26, 13, "need", "Planning needs to see two weeks at once"),
        "They plan crews for fourteen days and print two pages today.",
        *(45, ("Schedule",), "mixed", False),
    ),
    (
        *(41, 11, "meeting", "Governance committee: go-live looked back on"),
        "Access was late for one site. The committee wants the list of people a week earlier.",
        *(60, (), "mixed", True),
    ),
    (*(58, 15, "email", "Photos taken on the road arrive late", "", 10), ("Photos",), "", False),
)
NOTES: tuple[tuple[int, str, bool, bool], ...] = (
    (2, "Month-end is 30 November. Do not plan sessions with Finance in that week.", True, True),
    (6, "@{mate} the works council sits on Thursday; bring the figures by site.", False, False),
    (33, "Night crews share tablets: two people, one device. Count people, not devices.", False, True),
)  # fmt: skip
# days ago, question, days until the answer is needed, answer
QUESTIONS: tuple[tuple[int, str, int, str], ...] = (
    (11, "Can a saved export run by itself on the last working day?", -4, ""),
    (
        *(24, "How long does a tablet keep work orders without a signal?", -18),
        "Seventy-two hours. After that it asks to be connected once before it takes new ones.",
    ),
    (4, "Which report shows requests by site, not by desk?", 6, ""),
)
# title, due in days, priority, shared
TASKS: tuple[tuple[str, int | None, int, bool], ...] = (
    ("Send {lead} the figures by site", -1, 1, False),
    ("Book three half-hour sessions at shift change", 0, 2, True),
    ("Try the saved export with Finance", 3, 2, True),
    ("Ask {lead} for the list of new people", 9, 2, False),
    ("Write up what worked at go-live", None, 3, False),
)
# Others are quieter: the first so many of each.
TALKATIVE = frozenset({"HALDEN-1", "AURORA-1", "MARLOW-1"})


@dataclass(frozen=True, slots=True)
class Telling:
    """One engagement, who looks after it, whom they work with, and when it is."""

    engagement: Engagement
    csm: User
    mate: User
    now: datetime

    def at(self, days_ago: int, hour: int) -> datetime:
        zone = self.engagement.customer.zone
        day = self.now.astimezone(zone).date() - timedelta(days=days_ago)
        return datetime.combine(day, time(hour, 5 * (days_ago % 12)), tzinfo=zone)

    @property
    def seed(self) -> int:
        return sum(map(ord, self.engagement.key))

    @property
    def words(self) -> dict[str, str]:
        lead = self.engagement.lead
        return {
            "lead": str(lead).split()[0] if lead else "them",
            "mate": self.mate.email.partition("@")[0],
        }


def tell_log(*, engagement: Engagement, csm: User, mate: User, now: datetime) -> None:
    """Everything the log of one engagement holds, through the operations people use."""
    if engagement.phase == "sell":
        return
    telling = Telling(engagement, csm, mate, now)
    much = engagement.key in TALKATIVE
    _date_what_was_told(telling)
    _talk(telling, None if much else 3)
    _note(telling, None if much else 1)
    if much:
        _ask(telling)
    _leave_to_do(telling, None if much else 2)


def _date_what_was_told(telling: Telling) -> None:
    """The demo is told in one go; what has no day of its own happened when the work began."""
    started = telling.engagement.start_date
    if started is None:
        return
    zone = telling.engagement.customer.zone
    TimelineEntry.objects.filter(
        engagement=telling.engagement,
        kind__in=["engagement.created", "risk.raised", "csm.changed", "lead.changed"],
    ).update(happened_at=datetime.combine(started, time(9, 30), tzinfo=zone))


def _some(rows: Any, telling: Telling, most: int | None) -> Any:
    """All of them, or as many of them as are wanted, which are others for each engagement."""
    if most is None:
        return rows
    start = telling.seed % len(rows)
    return (rows + rows)[start : start + most]


def _talk(telling: Telling, most: int | None) -> None:
    people = list(get_stakeholders(customer_id=telling.engagement.customer_id))
    for number, row in enumerate(_some(TALKS, telling, most)):
        days_ago, hour, kind, summary, notes, minutes, features, mood, shared = row
        operations.record_interaction(
            engagement=telling.engagement,
            fields={
                "kind": kind,
                "happened_at": telling.at(days_ago, hour),
                "summary": summary,
                "notes": notes,
                "minutes": minutes,
                "features": list(features),
                "sentiment": mood,
                "shared": shared,
            },
            people=[telling.csm, *people[number % 2 : number % 2 + 1]],
            by=telling.csm,
        )


def _note(telling: Telling, most: int | None) -> None:
    for days_ago, text, pinned, shared in _some(NOTES, telling, most):
        note = operations.write_note(
            engagement=telling.engagement,
            fields={"text": text.format(**telling.words), "pinned": pinned, "shared": shared},
            by=telling.csm,
        )
        _written_at(Note, note.pk, "created_at", telling.at(days_ago, 16))
        _moved(telling, f"note:{note.pk}", telling.at(days_ago, 16))


def _ask(telling: Telling) -> None:
    for days_ago, text, needed, answer in QUESTIONS:
        asked_at = telling.at(days_ago, 8)
        fields: dict[str, Any] = {
            "text": text,
            "expert": telling.mate,
            "due_date": telling.now.date() + timedelta(days=needed),
            "shared": True,
        }
        row = operations.ask_question(engagement=telling.engagement, fields=fields, by=telling.csm)
        _written_at(ExpertQuestion, row.pk, "created_at", asked_at)
        _moved(telling, f"question:{row.pk}", asked_at)
        if answer:
            given = operations.answer_question(question=row, text=answer, by=telling.mate)
            answered_at = telling.at(days_ago - 2, 11)
            _written_at(ExpertAnswer, given.pk, "answered_at", answered_at)
            _moved(telling, f"answer:{given.pk}", answered_at)


def _written_at(model: Any, row_id: Any, field: str, moment: datetime) -> None:
    model.objects.filter(pk=row_id).update(**{field: moment})


def _moved(telling: Telling, key: str, moment: datetime) -> None:
    rows = TimelineEntry.objects.filter(engagement=telling.engagement, key=key)
    rows.update(happened_at=moment)


def _leave_to_do(telling: Telling, most: int | None) -> None:
    today = telling.now.date()
    for title, due, priority, shared in _some(TASKS, telling, most):
        operations.add_task(
            fields={
                "title": title.format(**telling.words),
                "due_date": None if due is None else today + timedelta(days=due),
                "priority": priority,
                "owner": telling.csm,
                "engagement": telling.engagement,
                "shared": shared,
            },
            by=telling.csm,
        )
