"""What is known of each engagement of the demo besides its plan and its use: the promise, the
people, the money and the risks. Invented, and drawn from the company's story."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from adoptiq.demo.activity import user_id
from adoptiq.demo.story import Company
from engagements import operations
from engagements.models import Engagement, ImpactGroup, Stakeholder
from people.models import User

# Rosters of these are told person by person; the others by their groups only.
WITH_ROSTER = frozenset({"halden-energy", "marlow-health", "aurora-rail"})
VALUE_A_PERSON = 1400

PROBLEM = (
    "Requests reach us on paper, by telephone and by mail. Nobody knows what is open, the same"
    " thing is asked for twice, and an answer takes days.\n\nThe last system was used by one in"
    " fifty people: it was built for those who answer, not for those who ask."
)
SERVICES = (
    ("Work requests", 0.42, 1),
    ("Access and badges", 0.24, 1),
    ("Spare parts", 0.18, 2),
    ("Shift changes", 0.10, 2),
    ("Travel", 0.06, 2),
)
RISKS = (
    ("Field crews have no signal where they work", 3, 4, "Offline mode on every tablet", 30, "open"),
    ("The old form stays open and people keep using it", 4, 4, "Shut-off agreed with the SPL", -6, "open"),
    ("Shift leaders have no time for the second course", 2, 3, "Half-hour sessions at shift change", 12, "mitigated"),
)  # fmt: skip
BUDGET = (
    ("Courses and coaching", "training", "Training", 0.34, 0.9, 0.8),
    ("Roadshows and mailings", "communication", "Communication", 0.12, 1.25, 0.9),
    ("Set-up and integrations", "services", "Technical", 0.34, 0.7, 0.75),
    ("Go-live support", "go_live_support", "Hypercare", 0.12, 0.5, 0.6),
    ("Issue resolution", "issue_resolution", "Hypercare", 0.08, 0.3, 0.6),
)
FIRST_NAMES = (
    *("Anna", "Bram", "Clara", "David", "Elin", "Femi", "Greta", "Hugo", "Ida", "Jan", "Kaja"),
    *("Leo", "Mina", "Nils", "Olga", "Per", "Rania", "Sven", "Tuva", "Uwe", "Vera", "Wim", "Yara"),
)
LAST_NAMES = (
    *("Aas", "Berg", "Costa", "Dahl", "Engel", "Foss", "Grant", "Holm", "Iversen", "Jansen"),
    *("Krog", "Lie", "Moen", "Novak", "Olsen", "Pires", "Rossi", "Strand", "Torres", "Ude", "Vik"),
)
HYPERCARE = (
    ("project_manager", "part", "customer", "Milan Horak"),
    ("support_agent", "full", "vendor", "Lena Osei"),
    ("support_agent", "full", "customer", "Tomas Bakke"),
)
PLACES = (
    ("programme_manager", "part", "vendor"),
    ("project_manager", "full", "customer"),
    ("service_designer", "full", "vendor"),
    ("technical_support", "part", "customer"),
)


@dataclass(frozen=True, slots=True)
class Telling:
    """One engagement, with everything that is needed to tell of it."""

    company: Company
    engagement: Engagement
    csm: User
    today: date

    @property
    def customer(self) -> Any:
        return self.engagement.customer

    def day(self, offset: int | None) -> date | None:
        return None if offset is None else self.today + timedelta(days=offset)

    def past(self, offset: int) -> date:
        """A day that is certainly over."""
        return min(self.today, self.today + timedelta(days=offset))


def tell(telling: Telling) -> None:
    """Everything about one engagement, through the operations people use."""
    lead = _name_people(telling)
    _promise(telling, lead)
    if telling.company.phase == "sell":
        return
    groups = _groups(telling)
    _team(telling)
    _hypercare_team(telling)
    _offer(telling, groups)
    _roster(telling, groups)
    _money(telling, groups)
    _risks(telling, lead)


def _name_people(telling: Telling) -> Stakeholder:
    lead = operations.name_stakeholder(customer=telling.customer, name=telling.company.lead)
    known = {"title": "Senior project lead", "influence": "high", "attitude": "champion"}
    operations.change_stakeholder(person=lead, fields=known | {"in_committee": True})
    sponsor = operations.name_stakeholder(customer=telling.customer, name="Ragna Holt")
    operations.change_stakeholder(
        person=sponsor,
        fields={
            "title": "Chief operating officer",
            "influence": "high",
            "attitude": "supporter",
            "is_sponsor": True,
            "in_committee": True,
        },
    )
    sceptic = operations.name_stakeholder(customer=telling.customer, name="Ivo Brandt")
    operations.change_stakeholder(
        person=sceptic,
        fields={"title": "Works council", "influence": "medium", "attitude": "sceptic"},
    )
    return lead


def _promise(telling: Telling, lead: Stakeholder) -> None:
    company, engagement = telling.company, telling.engagement
    operations.change_engagement(engagement=engagement, fields={"problem": PROBLEM})
    volume = 40 * sum(group.people for group in company.groups)
    for name, share, stage in SERVICES if volume else ():
        fields = {"name": name, "monthly_volume": round(volume * share), "stage": stage}
        operations.add_service(engagement=engagement, fields=fields)
    agreed = telling.past((company.start or 0) + 12)
    for fields in _criteria(telling, lead):
        version = operations.write_criterion(engagement=engagement, fields=fields, by=telling.csm)
        if company.start is not None and version.deadline:
            operations.agree_criterion(
                criterion=version.criterion,
                agreed_date=agreed,
                for_customer=company.lead,
                by=telling.csm,
            )
    _results(telling)


def _criteria(telling: Telling, lead: Stakeholder) -> Iterator[dict[str, Any]]:
    company = telling.company
    deadline = telling.day(company.sign_off)
    yield {
        "statement": "People do their daily work in the new system",
        "owner": lead,
        "measured_by": "Active users within 28 days, from usage events, weekly",
        "quality": "At least one piece of work finished in it",
        "unit": "people",
        "baseline": Decimal(company.baseline),
        "baseline_note": "counted in the old system",
        "target": Decimal(company.target or 60),
        "deadline": deadline,
        "value": Decimal(VALUE_A_PERSON * (company.target or 60)),
    }
    yield {
        "statement": "A request is answered within a working day",
        "owner": lead,
        "measured_by": "Median time from request to answer, monthly",
        "quality": "From asking to the answer that solves it",
        "unit": "hours",
        "baseline": Decimal(31),
        "target": Decimal(8),
        "deadline": deadline,
    }
    yield {
        "statement": "Nobody has to telephone to know where a request stands",
        "owner": lead,
        "measured_by": "Calls about open requests, from the help desk",
    }


def _results(telling: Telling) -> None:
    company, engagement = telling.company, telling.engagement
    if company.go_live is not None and company.go_live < -60:
        operations.record_quick_win(
            engagement=engagement,
            fields={
                "result": "Access requests answered in 1 day, not 9",
                "evidence": "Median of the first four weeks, from the request log",
                "reached_date": telling.past(company.go_live + 28),
                "earned": "Phase 2, granted by the steering committee",
            },
            by=telling.csm,
        )
    if company.phase == "value":
        operations.record_outcome(
            customer=telling.customer,
            fields={
                "engagement": engagement,
                "kind": "renewal",
                "decided_date": telling.past(-40),
                "yearly_amount": Decimal(company.seats * 420),
                "currency": engagement.currency,
                "reason": "Used every day by most of the people it was bought for.",
            },
            by=telling.csm,
        )


def _groups(telling: Telling) -> dict[str, ImpactGroup]:
    return {
        group.name: operations.add_impact_group(
            engagement=telling.engagement,
            fields={
                "name": group.name,
                "size": group.people,
                "features": list(group.features),
                "working_pattern": "Shifts, tablets"
                if group.name == "Operations"
                else "Office days",
            },
        )
        for group in telling.company.groups
    }


def _team(telling: Telling) -> None:
    names = ("Sanne Vries", "Milan Horak", "Aiko Mori", "Pedro Luz")
    for (role, time, side), name in zip(PLACES, names, strict=True):
        operations.add_team_member(
            engagement=telling.engagement,
            fields={
                "profile": "initial",
                "role": role,
                "time": time,
                "side": side,
                "name": name,
                "start_date": telling.day(telling.company.start),
            },
        )


def _hypercare_team(telling: Telling) -> None:
    go_live = telling.company.go_live
    if go_live is None:
        return
    for role, time, side, name in HYPERCARE:
        operations.add_team_member(
            engagement=telling.engagement,
            fields={
                "profile": "hypercare",
                "role": role,
                "time": time,
                "side": side,
                "name": name,
                "start_date": telling.day(go_live),
            },
        )


def _offer(telling: Telling, groups: dict[str, ImpactGroup]) -> None:
    if telling.company.go_live is None or telling.company.go_live > 0:
        return
    for group in groups.values():
        taken = round(group.size * (0.55 if group.name == "Finance" else 0.86))
        operations.record_offering(
            engagement=telling.engagement,
            fields={
                "kind": "training",
                "name": "First steps",
                "impact_group": group,
                "offered_date": telling.past(telling.company.go_live - 9),
                "offered_to": group.size,
                "taken_by": taken,
            },
        )


def _roster(telling: Telling, groups: dict[str, ImpactGroup]) -> None:
    company = telling.company
    if company.external_id not in WITH_ROSTER:
        return
    access = telling.past((company.go_live or 0) - 4)
    shown = telling.past((company.go_live or 0) + 10)
    places: list[operations.Place] = []
    for group in company.groups:
        for number in range(group.people):
            # One in fourteen waits for access, one in five is not proficient yet.
            fields: dict[str, Any] = {"impact_group": groups[group.name]}
            if number % 14:
                fields["access_since"] = access
            if number % 14 and number % 5:
                fields |= {"proficient_since": shown, "proficient_by": "First steps, final task"}
            key, name = user_id(company, group, number), _name(group.name, number)
            places.append(operations.Place(len(places), key, name, fields=fields))
    operations.put_all_on_roster(engagement=telling.engagement, places=places)


def _name(group: str, number: int) -> str:
    """Two groups of the demo do not begin with the same person."""
    start = sum(map(ord, group))
    first = FIRST_NAMES[(start + number) % len(FIRST_NAMES)]
    return f"{first} {LAST_NAMES[(start + 7 * number) % len(LAST_NAMES)]}"


def _money(telling: Telling, groups: dict[str, ImpactGroup]) -> None:
    whole = 900 * (telling.company.seats or 60)
    first = next(iter(groups.values()), None)
    begun = telling.company.start is not None and telling.company.start < -50
    for name, category, stream, share, spent, done in BUDGET:
        amount = Decimal(round(whole * share, -2))
        line = operations.add_budget_line(
            engagement=telling.engagement,
            fields={
                "name": name,
                "category": category,
                "work_stream": stream,
                "amount": amount,
                "impact_group": first if category == "training" else None,
                "percent_done": round(done * 100) if begun else 0,
            },
        )
        if begun:
            fields = {"kind": "actual", "day": telling.past(-21), "note": "Invoices so far"}
            paid = (amount * Decimal(str(spent)) * Decimal(str(done))).quantize(Decimal("0.01"))
            operations.enter_cost(line=line, fields=fields | {"amount": paid}, by=telling.csm)


def _risks(telling: Telling, lead: Stakeholder) -> None:
    owners: tuple[dict[str, Any], ...] = (
        {"owner_at_customer": lead},
        {"owner": telling.csm},
        {},
    )
    for (title, probability, impact, plan, due, state), owner in zip(RISKS, owners, strict=True):
        operations.raise_risk(
            engagement=telling.engagement,
            fields={
                "title": title,
                "probability": probability,
                "impact": impact,
                "mitigation": plan,
                "mitigation_due_date": telling.day(due),
                "state": state,
                **owner,
            },
            by=telling.csm,
        )
