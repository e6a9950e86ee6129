"""Puts the demo into the database, through the same operations people use, and takes it out."""

import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from adoption.operations import replace_plan
from adoptiq import nightly
from adoptiq.demo import plans, story
from adoptiq.demo.engagements import Telling, tell
from adoptiq.demo.feedback import tell_feedback
from adoptiq.demo.files import put_files
from adoptiq.demo.health import tell_health
from adoptiq.demo.imports import keep_columns, tell_origins
from adoptiq.demo.intake import tell_intake
from adoptiq.demo.log import tell_log
from adoptiq.demo.measures import tell_measures
from adoptiq.demo.notify import tell_people
from adoptiq.demo.packages import tell_packages
from adoptiq.demo.papers import tell_papers
from adoptiq.demo.portfolio import tell_portfolio
from adoptiq.demo.recognition import tell_recognition
from adoptiq.demo.resourcing import tell_resources
from adoptiq.demo.story import Company, Person
from adoptiq.demo.usage import import_counts, import_use, tell_rules
from adoptiq.demo.versions import tell_versions
from engagements import operations as engagements
from engagements.models import Customer, Engagement
from metrics import operations as metrics
from metrics.definitions import ACTIVE_USERS, Baseline, Milestone
from people import operations as people
from people.models import User
from tenancy import jobs
from tenancy import operations as tenancy
from tenancy.models import JobRun, Membership, Role, Tenant
from tenancy.scope import tenant_scope
from usage import operations as usage

# What is being done, and how much of all is, from 0 to 1.
Report = Callable[[str, float], None]

SIGN_INS_FILE = "demo-sign-ins.json"
WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "jade",
    "kelp",
    "lunar",
    "maple",
    "north",
]


class DemoIsLoaded(RuntimeError):
    """There is a demo already; it is removed before it is loaded anew."""


@dataclass(frozen=True, slots=True)
class DemoWorkspace:
    slug: str
    name: str
    time_zone: str
    companies: Sequence[Company]
    people: Sequence[Person]


WORKSPACES = (
    DemoWorkspace("northwind", "Northwind Cloud", "Europe/Oslo", story.NORTHWIND, story.PEOPLE),
    DemoWorkspace("fjord", "Fjord Apps", "Europe/Oslo", story.FJORD, story.FJORD_PEOPLE),
)


def load_demo(*, now: datetime, report: Callable[[str], None]) -> None:
    """Make the demo workspaces of a fresh copy, with a sign-in for each role.

    Raises DemoIsLoaded. Half a demo is never left behind.
    """
    slugs = [workspace.slug for workspace in WORKSPACES]
    if Tenant.objects.filter(slug__in=slugs).exists():
        raise DemoIsLoaded
    password = "-".join(secrets.choice(WORDS) for _ in range(5))
    try:
        for workspace in WORKSPACES:
            report(f"Demo workspace {workspace.name}")
            _load(workspace, password, now, lambda stage, share: None)
    except BaseException:
        remove_demo()
        raise
    _write_sign_ins(password)


def load_own_demo(*, owner: User, slug: str, now: datetime, report: Report) -> Tenant:
    """A demo workspace of somebody's own, which they administer.

    Whoever else is in it was invented for it and cannot sign in. Safe to repeat: what an attempt
    before left half done is taken out first. `report` is told what is done and the share done.
    """
    loaded = get_own_demo(owner=owner)
    if loaded is not None:
        return loaded
    half_done = Tenant.objects.filter(slug=slug, is_demo=True).first()
    if half_done is not None:
        _remove([half_done])
    own = replace(WORKSPACES[0], slug=slug, people=_people_of(slug))
    tenant = _load(own, None, now, report)
    # Last of all: from here on the demo is whole.
    tenancy.add_member(tenant=tenant, user=owner, role=Role.ADMIN)
    return tenant


def get_own_demo(*, owner: User) -> Tenant | None:
    """The demo workspace that somebody administers, if there is one."""
    return Tenant.objects.filter(
        is_demo=True, memberships__user=owner, memberships__role=Role.ADMIN
    ).first()


def _people_of(slug: str) -> tuple[Person, ...]:
    """The people of the story under addresses that only this demo has."""
    return tuple(
        replace(person, email=person.email.replace("@", f"+{slug}@")) for person in story.PEOPLE
    )


def _load(workspace: DemoWorkspace, password: str | None, now: datetime, report: Report) -> Tenant:
    with transaction.atomic():
        tenant, _admin = people.create_workspace(
            slug=workspace.slug,
            name=workspace.name,
            time_zone=workspace.time_zone,
            is_demo=True,
        )
        persons = _add_people(tenant, workspace.people, password)
    today = now.date()
    report("Customers", 0.05)
    with tenant_scope(tenant.pk):
        made = {
            company.external_id: _add_company(company, persons, today)
            for company in workspace.companies
        }
        _seat_customer_side(tenant, workspace.people, persons, made)
    report("A year of use", 0.1)
    import_use(tenant, workspace.companies, now)
    import_counts(tenant, workspace.companies[0], now)
    report("Plans and measures", 0.6)
    with tenant_scope(tenant.pk):
        for company in workspace.companies:
            _plan_and_measure(company, made[company.external_id], persons, now)
        _tell_of_all(workspace, made, persons, now)
    report("The night’s counting", 0.7)
    _run_night(tenant, now)
    _tell_of_what_was_counted(tenant, now)
    return tenant


def _tell_of_what_was_counted(tenant: Tenant, now: datetime) -> None:
    with tenant_scope(tenant.pk):
        tell_health(now=now)
        tell_papers(now=now)
        tell_people(tenant, now)


def _tell_of_all(
    workspace: DemoWorkspace,
    made: dict[str, tuple[Customer, Engagement]],
    persons: dict[str, User],
    now: datetime,
) -> None:
    """What spans customers: views, covers, a merge, remembered columns, a source and its words."""
    seats = {company.external_id: company.seats for company in workspace.companies}
    customers = {key: (pair[0], seats[key]) for key, pair in made.items()}
    tell_portfolio(customers=customers, persons=persons, now=now)
    first = next(iter(persons.values()))
    keep_columns(by=first)
    tell_rules(engagements=[pair[1] for pair in made.values()], by=first)
    source, _key = usage.create_source(name="Web application")
    tell_recognition(
        source=source,
        customer=next(iter(made.values()))[0],
        vendor_domain=first.email.partition("@")[2],
        by=first,
        now=now,
    )
    group = next(iter(made))
    tell_intake(source=source, time_zone=workspace.time_zone, group=group, now=now)


def _add_people(tenant: Tenant, persons: Sequence[Person], password: str | None) -> dict[str, User]:
    made: dict[str, User] = {}
    for person in persons:
        user = people.find_or_create_user(email=person.email, name=person.name, password=password)
        made[person.email.partition("@")[0].partition(".")[0]] = user
        if not person.customer:
            tenancy.add_member(tenant=tenant, user=user, role=Role(person.role))
    return made


def _add_company(
    company: Company, persons: dict[str, User], today: date
) -> tuple[Customer, Engagement]:
    customer = engagements.create_customer(
        fields={
            "external_id": company.external_id,
            "name": company.name,
            "time_zone": company.time_zone,
            "segment": company.segment,
            "renewal_date": today + timedelta(days=company.renewal),
            "csm": persons[company.csm],
        },
        seats=company.seats or None,
        today=today - timedelta(days=420),
    )
    engagement = engagements.create_engagement(
        customer=customer,
        fields={
            "key": company.key,
            "name": company.engagement,
            "phase": company.phase,
            "lead": engagements.name_stakeholder(customer=customer, name=company.lead),
            "csm": persons[company.csm],
            "start_date": _day(today, company.start),
            "go_live_date": _day(today, company.go_live),
            "hypercare_end_date": _day(today, company.hypercare_end),
            "sign_off_date": _day(today, company.sign_off),
        },
    )
    return customer, engagement


def _day(today: date, offset: int | None) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


def _seat_customer_side(
    tenant: Tenant,
    persons: Sequence[Person],
    users: dict[str, User],
    made: dict[str, tuple[Customer, Engagement]],
) -> None:
    for person in persons:
        if person.customer:
            tenancy.add_member(
                tenant=tenant,
                user=users[person.email.partition(".")[0]],
                role=Role(person.role),
                customer_id=made[person.customer][0].pk,
            )


def _plan_and_measure(
    company: Company,
    made: tuple[Customer, Engagement],
    persons: dict[str, User],
    now: datetime,
) -> None:
    _customer, engagement = made
    tell(Telling(company, engagement, persons[company.csm], now.date()))
    by = persons[company.csm]
    tell_origins(customer=engagement.customer, today=now.date())
    tell_log(engagement=engagement, csm=by, mate=_mate(by, persons), now=now)
    put_files(external_id=company.external_id, engagement=engagement, by=by, now=now)
    tell_feedback(company=company, engagement=engagement, csm=by, now=now)
    if company.plan:
        replace_plan(
            engagement=engagement,
            plan_file=plans.plan_file(company, now.date()),
            file_name=f"{company.key.lower()}.xml",
            imported_by=persons[company.csm],
            now=now,
            follows_today=company.phase in ("implement", "adopt"),
        )
    tell_resources(company=company, engagement=engagement, now=now)
    tell_packages(company=company, engagement=engagement, csm=by, now=now)
    tell_versions(company=company, engagement=engagement, by=by, now=now)
    tell_measures(company=company, engagement=engagement, csm=by, now=now)
    if company.target:
        measure = metrics.define_measure(engagement=engagement, definition=ACTIVE_USERS, now=now)
        metrics.agree_target(measure=measure, terms=_terms(company, now.date()), agreed_by=by)


def _mate(csm: User, persons: dict[str, User]) -> User:
    """Somebody else on our side, to ask and to mention."""
    return next(
        (person for name, person in persons.items() if name == "tomas" and person != csm),
        persons.get("mara", csm),
    )


def _terms(company: Company, today: date) -> metrics.Terms:
    began = today + timedelta(days=company.start or 0)
    go_live = today + timedelta(days=company.go_live or 0)
    deadline = today + timedelta(days=company.sign_off or 0)
    rise = company.target - company.baseline
    names = ("First groups at work", "Half of the people at work", "Most people at work")
    shares = (0.25, 0.55, 0.80)
    return metrics.Terms(
        baseline=Baseline(company.baseline, began, "counted in the old system"),
        quality="people who do their daily work in it",
        amount=company.target,
        deadline=deadline,
        milestones=tuple(
            Milestone(
                name, round(company.baseline + rise * share), go_live + (deadline - go_live) * share
            )
            for name, share in zip(names, shares, strict=True)
        ),
        agreed_date=began + timedelta(days=12),
        for_customer=company.lead,
    )


def _run_night(tenant: Tenant, now: datetime) -> None:
    """Every step of the night, here and now, so that the demo is whole when it is loaded."""
    run: JobRun | None = nightly.begin_night(
        tenant=tenant, business_date=nightly.closed_day(tenant, now), now=now
    )
    while run is not None:
        leased = jobs.take_lease(run_id=run.pk, now=now)
        if leased is None:
            return
        run = jobs.perform_run(run=leased, clock=lambda: now)


def _write_sign_ins(password: str) -> None:
    """One sign-in a role, where only whoever runs this machine can read it."""
    entries: dict[str, dict[str, str]] = {}
    for person in story.PEOPLE:
        entries.setdefault(
            person.role,
            {"role": str(Role(person.role).label), "email": person.email, "password": password},
        )
    path = Path(settings.ADOPTIQ_HOME) / SIGN_INS_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w") as file:  # noqa: PTH123
        json.dump(list(entries.values()), file, indent=1)


def remove_demo() -> None:
    """Delete every demo workspace, and the people who belong to nothing else."""
    _remove(list(Tenant.objects.filter(is_demo=True)))
    (Path(settings.ADOPTIQ_HOME) / SIGN_INS_FILE).unlink(missing_ok=True)


def remove_own_demo(*, tenant: Tenant) -> None:
    """Delete one demo workspace; of a fresh copy's demo, all that belongs to it."""
    slugs = [workspace.slug for workspace in WORKSPACES]
    if tenant.slug not in slugs:
        _remove([tenant])
        return
    _remove(list(Tenant.objects.filter(is_demo=True, slug__in=slugs)))
    (Path(settings.ADOPTIQ_HOME) / SIGN_INS_FILE).unlink(missing_ok=True)


def _remove(tenants: Sequence[Tenant]) -> None:
    members = Membership.objects.filter(tenant__in=tenants, user__email__endswith=".example")
    users = set(members.values_list("user_id", flat=True))
    for tenant in tenants:
        engagements.forget_files(tenant_id=tenant.pk)
        tenancy.delete_tenant(tenant=tenant)
    people.forget_people(user_ids=users)
