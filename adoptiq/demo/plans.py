"""PURE the demo's plans: a roll-out with its links, and how far it has come."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from adoption.adapters import PlanFile, PlanRow
from adoption.scheduling import (
    STANDARD,
    Calendar,
    ConstraintType,
    Link,
    LinkType,
    calculate,
)
from adoptiq.demo.story import Company

DAY = STANDARD.day_minutes
CLOSING_DAYS = 15
LEAST_COACHING_DAYS = 8
# Up to so many days a step is known exactly.
KNOWN_EXACTLY = 3
# The share of the planned progress that a plan of each kind has really made.
PACE = {"rollout": 1.0, "recovery": 0.8, "late": 0.45}


@dataclass(frozen=True, slots=True)
class Step:
    outline: str
    name: str
    days: int = 0
    after: str = ""
    owner: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What a kind of step hands over, how that is shown, and what it costs a day."""

    kind: str
    deliverable: str
    test: str
    role: str = ""
    cost_a_day: int = 0
    checks: tuple[str, ...] = ()


# By how the step's name begins; a step without an entry is still to be thought through.
MEANS = {
    "Sponsor message": Means(
        "communication",
        "A message from the sponsor, read by everybody concerned",
        "Nine of ten open it within a week.",
        "executive_sponsor",
    ),
    "Baseline": Means(
        "governance",
        "A sheet with four weeks of counts of the old way",
        "The lead signs the counts.",
        "project_manager",
        400,
    ),
    "Champions": Means(
        "change_management", "A named champion in every group", "Each has agreed, with their boss."
    ),
    "Course": Means(
        "training",
        "Everybody in the group has done the course",
        "The list of who came is complete.",
        "trainer",
        900,
        ("Room booked", "Devices charged and signed in", "Invitations sent", "List of who came"),
    ),
    "First test": Means(
        "training",
        "Each person has done one real task alone",
        "A champion watched and ticked it.",
        "trainer",
        300,
    ),
    "Go-live": Means(
        "technical",
        "The new way is open to everybody",
        "Access of all groups is checked the day before.",
        "technical_support",
        0,
        ("Access checked for every group", "Old links lead to the new place", "Desk is told"),
    ),
    "Floor support": Means(
        "support", "Somebody on the floor on every shift", "No question waits longer than an hour.",
        "support_agent", 350,
    ),
    "Coaching": Means(
        "training",
        "Half an hour at the desk for everybody who asks",
        "The task that failed before is done alone.",
        "trainer",
        500,
        ("Ask who wants it", "Book by shift", "Note what failed"),
    ),
    "Shut": Means(
        "process", "The old form is closed", "It leads to the new one, and nobody is lost."
    ),
    "Evidence": Means(
        "governance",
        "A report of what changed, with sources",
        "The sponsor can follow every figure.",
        "programme_manager",
        400,
    ),
}  # fmt: skip


def steps_for(company: Company, coaching_days: int) -> tuple[Step, ...]:
    """The outline: phases, impact groups inside them, then the packages for each group."""
    lead, first, last = company.lead, company.groups[0].name, company.groups[-1].name
    return (
        Step("1", "Prepare"),
        Step("1.1", "Sponsor message to everybody concerned", 5, "", lead),
        Step("1.2", "Baseline of the old way of working", 15, "1.1", "CSM"),
        Step("1.3", "Champions named in every group", 8, "1.1", lead),
        Step("2", "Train the groups"),
        *_training(company),
        Step("3", "Go live and support"),
        Step("3.1", "Go-live", 0, f"1.2 1.3 {_last_training(company)}", lead),
        Step("3.2", "Floor support in the first weeks", 15, "3.1", "Support"),
        Step("3.3", f"Coaching at the desk, {first}", coaching_days, "3.1", "CSM", first),
        Step("3.4", "Shut the old route", 3, "3.2", "IT"),
        Step("4", "Show that it works"),
        Step("4.1", "Second round of tests", 5, "3.3", "Training", last),
        Step("4.2", "Evidence report", 6, "4.1 3.4", "CSM"),
        Step("4.3", "Sign-off", 4, "4.2", lead),
    )


def _training(company: Company) -> tuple[Step, ...]:
    steps: list[Step] = []
    for number, group in enumerate(company.groups, start=1):
        outline = f"2.{number}"
        steps += [
            Step(outline, group.name),
            Step(
                *(f"{outline}.1", f"Course for {group.name}", 6 + 2 * number, "1.3", "Training"),
                group.name,
            ),
            Step(
                *(f"{outline}.2", f"First test, {group.name}", 2, f"{outline}.1", "Training"),
                group.name,
            ),
        ]
    return tuple(steps)


def _last_training(company: Company) -> str:
    return " ".join(f"2.{number}.2" for number in range(1, len(company.groups) + 1))


def plan_file(company: Company, today: date) -> PlanFile:
    """The company's plan as a file would bring it, with the progress made by today."""
    go_live = today + timedelta(days=company.go_live or 0)
    sign_off = today + timedelta(days=company.sign_off or 0)
    after_go_live = sum(
        (go_live + timedelta(n)).weekday() < 5 for n in range((sign_off - go_live).days)
    )
    coaching = max(after_go_live - CLOSING_DAYS, LEAST_COACHING_DAYS)
    steps = steps_for(company, coaching)
    start = datetime.combine(go_live - timedelta(days=49), time(8))
    rows = tuple(_row(step, steps, go_live) for step in steps)
    planned = PlanFile(
        name=company.engagement,
        start=start,
        calendar=Calendar(STANDARD.week, name="Standard"),
        rows=rows,
        links=tuple(
            Link(before, step.outline, LinkType.FS)
            for step in steps
            for before in step.after.split()
        ),
    )
    return replace(planned, rows=_with_progress(planned, start, today, PACE[company.plan]))


def _row(step: Step, steps: tuple[Step, ...], go_live: date) -> PlanRow:
    is_go_live = step.outline == "3.1"
    row = _timed(step, steps, go_live, is_go_live)
    begins = (means for words, means in MEANS.items() if step.name.startswith(words))
    means = next(begins, None)
    if means is None or row.summary:
        return row
    spent = means.cost_a_day * step.days
    return replace(
        row,
        kind=means.kind,
        deliverable=means.deliverable,
        acceptance_test=means.test,
        role=means.role,
        impact_group=step.group,
        budget=Decimal(spent) if spent else None,
        checklist=tuple((text, False) for text in means.checks),
    )


def _timed(step: Step, steps: tuple[Step, ...], go_live: date, is_go_live: bool) -> PlanRow:
    return PlanRow(
        uid=step.outline,
        outline=step.outline,
        name=step.name,
        level=step.outline.count(".") + 1,
        parent=step.outline.rpartition(".")[0] or None,
        summary=any(other.outline.startswith(f"{step.outline}.") for other in steps),
        duration=step.days * DAY,
        # Longer steps are known less exactly, and run over more often than under.
        optimistic=round(step.days * 0.8) * DAY if step.days > KNOWN_EXACTLY else None,
        pessimistic=round(step.days * 1.5) * DAY if step.days > KNOWN_EXACTLY else None,
        constraint=ConstraintType.SNET if is_go_live else ConstraintType.ASAP,
        constraint_at=datetime.combine(go_live, time(8)) if is_go_live else None,
        resources=(step.owner,) if step.owner else (),
    )


def _with_progress(
    planned: PlanFile, start: datetime, today: date, pace: float
) -> tuple[PlanRow, ...]:
    schedule = calculate(planned.plan(start))
    now = datetime.combine(today, time(8))
    return tuple(
        row
        if row.summary
        else _progressed(row, schedule[row.uid].start, schedule[row.uid].finish, now, pace)
        for row in planned.rows
    )


def _progressed(
    row: PlanRow, start: datetime, finish: datetime, now: datetime, pace: float
) -> PlanRow:
    """The row as far as it has come. A slow plan is slow in coaching, and what waits for that."""
    if pace < 1 and row.outline.startswith("4"):
        return row
    if finish <= now and not (pace < 1 and row.outline == "3.3"):
        return replace(
            row,
            percent=100.0,
            actual_start=start,
            actual_finish=finish,
            cost=row.budget,
            checklist=tuple((text, True) for text, _done in row.checklist),
        )
    if start >= now:
        return row
    share = min(pace * (now - start) / (finish - start), 0.95)
    return replace(
        row,
        percent=float(round(share * 100)),
        actual_start=start,
        remaining=round(row.duration * (1 - share)),
    )
