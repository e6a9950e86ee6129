"""Two workspaces with one of everything, for the isolation crawl.

What belongs to the second workspace says CANARY, what belongs to the second customer of the first
says Solberg; neither word stands anywhere else.
"""

import csv
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.test import Client
from PIL import Image

from adoption.imports import import_plan
from adoptiq.models import Errand
from adoptiq.workspace.branding import small_png
from adoptiq.workspace.errands import begin_errand
from adoptiq.workspace.tasks import EXPORT_JOB, perform_export
from engagements import operations as engagements
from engagements.models import Customer, Engagement
from metrics import operations as metrics
from metrics.definitions import ACTIVE_USERS, Baseline
from notifications.models import Notification
from notifications.operations import notify
from people import operations as people
from people.models import User
from tenancy import operations as tenancy
from tenancy.access import EVERY_SCOPE
from tenancy.models import JobRun, Membership, Role, Tenant
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.told import tell_everything
from tests.told_notify import mail_ids
from usage import operations as usage

NOW = datetime.now(UTC)
TODAY = NOW.date()
LAST_DAY = TODAY - timedelta(days=2)
DAYS = 40

Ids = dict[str, tuple[Any, Any, Any]]


@dataclass
class World:
    cast: Cast
    api_key: str
    # part of an address -> ids: one's own, another workspace's, another customer's of one's own
    ids: Ids
    browsers: dict[str, Client] = field(default_factory=dict)

    @property
    def program(self) -> Client:
        """One that asks with the workspace's key."""
        return Client(headers={"Authorization": f"Bearer {self.api_key}"})

    @property
    def slug(self) -> str:
        return self.cast.tenant.slug

    @property
    def own(self) -> dict[str, Any]:
        return {part: ids[0] for part, ids in self.ids.items()}

    @property
    def foreign(self) -> dict[str, Any]:
        return {part: ids[1] for part, ids in self.ids.items()}

    @property
    def second(self) -> dict[str, Any]:
        """With things that belong to no customer as one's own."""
        return {part: ids[2] for part, ids in self.ids.items()}


@dataclass(frozen=True)
class Side:
    """One customer with everything that is kept about one, under a word of its own."""

    word: str
    tenant: Tenant
    customer: Customer
    engagement: Engagement
    agreed_by: User

    def fill(self, folder: Path) -> UUID:
        """Use, plan, measure and people; returns the measure's id."""
        self._use(folder)
        with tenant_scope(self.tenant.pk):
            usage.close_days(business_date=LAST_DAY, now=NOW)
            self._name_lead()
            self._plan()
            return self._measure()

    def _use(self, folder: Path) -> None:
        path = folder / f"{self.word}.csv"
        columns = ["message_id", "timestamp", "customer_id", "user_id", "event", "feature"]
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for ago in range(DAYS):
                moment = f"{LAST_DAY - timedelta(days=ago)}T10:00:00Z"
                key, user = self.customer.external_id, f"{self.word} user {ago % 7}"
                writer.writerow([f"{key}-{ago}", moment, key, user, f"{self.word} event", ""])
        usage.import_usage_file(
            tenant_id=self.tenant.pk,
            path=path,
            mapping={},
            now=NOW,
            report=lambda outcome, percent: None,
            note=lambda errors: None,
        )

    def _name_lead(self) -> None:
        lead = engagements.name_stakeholder(
            customer=self.customer, name=f"{self.word} lead", email=f"{self.word}@example.org"
        )
        engagements.change_engagement(engagement=self.engagement, fields={"lead": lead})

    def _plan(self) -> None:
        steps = "".join(
            f"{number},{self.word} step {number},5d,4d,9d,{number - 1 or ''}\n"
            for number in (1, 2, 3)
        )
        import_plan(
            engagement=self.engagement,
            source=BytesIO(
                f"id,name,duration,optimistic,pessimistic,predecessors\n{steps}".encode()
            ),
            file_name=f"{self.word}.csv",
            imported_by=None,
            now=NOW,
        )

    def _measure(self) -> UUID:
        measure = metrics.define_measure(
            engagement=self.engagement, definition=ACTIVE_USERS, now=NOW
        )
        terms = metrics.Terms(
            baseline=Baseline(2, date(2026, 1, 5), f"{self.word} count"),
            quality=f"{self.word} people at work",
            amount=40,
            deadline=TODAY + timedelta(days=60),
            agreed_date=date(2026, 2, 2),
            for_customer=f"{self.word} lead",
        )
        metrics.agree_target(measure=measure, terms=terms, agreed_by=self.agreed_by)
        return measure.pk


def make_world(folder: Path) -> World:
    """Everything goes into the database in force; `folder` is for files on their way in."""
    cast = factories.make_cast()
    cast.stranger.name = "CANARY stranger"
    cast.stranger.save()
    own = Side("Halden", cast.tenant, cast.customer, cast.engagement, cast.csm)
    foreign = Side(
        "CANARY", cast.other_tenant, cast.other_customer, cast.other_engagement, cast.stranger
    )
    second = Side("Solberg", cast.tenant, cast.second_customer, cast.second_engagement, cast.csm)
    own_key, text = _key(cast.tenant, cast.admin)
    other_key, _text = _key(cast.other_tenant, cast.stranger)
    ids: Ids = {
        "workspace": (cast.tenant.slug, cast.other_tenant.slug, cast.tenant.slug),
        "customer_id": (cast.customer.pk, cast.other_customer.pk, cast.second_customer.pk),
        "engagement_id": (cast.engagement.pk, cast.other_engagement.pk, cast.second_engagement.pk),
        "measure_id": (own.fill(folder), foreign.fill(folder), second.fill(folder)),
        "membership_id": _membership_ids(cast),
        "key_id": (own_key, other_key, own_key),
        "notification_id": _notification_ids(cast),
        "delivery_id": mail_ids(cast),
        "run_id": _run_ids(cast),
        "errand_id": _errand_ids(cast),
        "invitation_id": _invitation_ids(cast),
        "session_id": _session_ids(cast),
        # Of links by mail, and of a passkey; they open nothing.
        "token": ("none", "none", "none"),
        "pk": (0, 0, 0),
        **_usage_ids(cast),
        **_engagement_ids(own, foreign, second),
        # Of the pages for people who forgot a password; they open nothing.
        "uidb36": ("1", "1", "1"),
        "key": ("none", "none", "none"),
    }
    browsers = {role.value: cast.browser(getattr(cast, role.value)) for role in Role}
    world = World(cast, text, ids, browsers)
    # The first use of a session or a key is written down; those that follow are not.
    for client in (*browsers.values(), world.program):
        client.get("/api/v1/")
    return world


def _key(tenant: Tenant, user: User) -> tuple[UUID, str]:
    word = "CANARY" if tenant.slug == "rival" else "own"
    key, new = tenancy.create_api_key(
        tenant=tenant, name=f"{word} key", scopes=EVERY_SCOPE, created_by=user
    )
    return key.pk, new.text


def _membership_ids(cast: Cast) -> tuple[UUID, UUID, UUID]:
    neighbour = factories.make_user("solberg-lead")
    theirs = tenancy.add_member(
        tenant=cast.tenant, user=neighbour, role=Role.LEAD, customer_id=cast.second_customer.pk
    )
    own = Membership.objects.get(tenant=cast.tenant, user=cast.member)
    other = Membership.objects.get(tenant=cast.other_tenant, user=cast.stranger)
    return own.pk, other.pk, theirs.pk


def _notification_ids(cast: Cast) -> tuple[UUID, UUID, UUID]:
    """Everybody is told of each customer as far as they may know; the ids are those of admins."""
    return (
        _told(cast.admin, cast.tenant, cast.customer, "Halden"),
        _told(cast.stranger, cast.other_tenant, cast.other_customer, "CANARY"),
        _told(cast.admin, cast.tenant, cast.second_customer, "Solberg"),
    )


def _told(reader: User, tenant: Tenant, customer: Customer, word: str) -> UUID:
    with tenant_scope(tenant.pk):
        notify(
            recipients=User.objects.filter(memberships__tenant=tenant),
            kind="plan.late",
            text=f"The plan of {word} runs late.",
            url=f"/w/{tenant.slug}/",
            key=f"plan.late {word}",
            customer_id=customer.pk,
        )
        row = Notification.objects.get(user=reader, customer_id=customer.pk)
    return row.pk


def _run_ids(cast: Cast) -> tuple[UUID, UUID, UUID]:
    """A step of a night that is over; it belongs to no customer."""
    own, other = (
        JobRun.objects.create(
            tenant=tenant,
            job="metrics.refresh",
            business_date=LAST_DAY,
            subject=subject,
            state=JobRun.State.PARKED,
            error=f"ValueError: {subject}",
            due_at=NOW,
            started_at=NOW,
            finished_at=NOW,
        )
        for tenant, subject in ((cast.tenant, "own run"), (cast.other_tenant, "CANARY run"))
    )
    return own.pk, other.pk, own.pk


def _errand_ids(cast: Cast) -> tuple[UUID, UUID, UUID]:
    """An archive that each workspace asked for; it belongs to no customer. And a logo."""
    ids = []
    for tenant, person in ((cast.tenant, cast.admin), (cast.other_tenant, cast.stranger)):
        with tenant_scope(tenant.pk):
            asked = begin_errand(
                kind=Errand.Kind.EXPORT, job=EXPORT_JOB, asked_by=person, today=TODAY, now=NOW
            )
            ids.append(asked.errand.pk)
            tenancy.change_logo(tenant=tenant, logo=small_png(*_picture()))
        perform_export(asked.run)
    return ids[0], ids[1], ids[0]


def _picture() -> tuple[BytesIO, int]:
    drawn = BytesIO()
    Image.new("RGB", (40, 10)).save(drawn, "PNG")
    return drawn, drawn.tell()


def _invitation_ids(cast: Cast) -> tuple[UUID, UUID, UUID]:
    """An invitation of each workspace, and one for the second customer's side."""
    ids = []
    for tenant, word, role, customer in (
        (cast.tenant, "own", Role.CSM, None),
        (cast.other_tenant, "CANARY", Role.CSM, None),
        (cast.tenant, "Solberg", Role.LEAD, cast.second_customer.pk),
    ):
        with tenant_scope(tenant.pk):
            row = people.invite(
                tenant=tenant,
                email=f"{word}-guest@example.org",
                name=f"{word} guest",
                role=role,
                customer_id=customer,
                invited_by=cast.admin,
                now=NOW,
            )
        ids.append(row.pk)
    return ids[0], ids[1], ids[2]


def _session_ids(cast: Cast) -> tuple[int, int, int]:
    """A session of one's own side, and of somebody elsewhere."""
    ids = [
        UserSession.objects.create(
            user=user, session_key=word, ip="192.0.2.1", user_agent=f"{word} browser"
        ).pk
        for user, word in ((cast.admin, "own"), (cast.stranger, "CANARY"), (cast.lead, "Solberg"))
    ]
    return ids[0], ids[1], ids[2]


def _engagement_ids(*sides: Side) -> Ids:
    """One of everything that is told about an engagement, for each of the three customers."""
    told = []
    for side in sides:
        with tenant_scope(side.tenant.pk):
            told.append(tell_everything(side.engagement, word=side.word, by=side.agreed_by))
    return {part: (told[0][part], told[1][part], told[2][part]) for part in told[0]}


def _usage_ids(cast: Cast) -> Ids:
    """A file and a source of each workspace; neither belongs to a customer."""
    imports, sources, keys = [], [], []
    for tenant, name in ((cast.tenant, "usage"), (cast.other_tenant, "CANARY usage")):
        with tenant_scope(tenant.pk):
            row = usage.start_import(
                file_name=f"{name}.csv", stored_as="", mapping={}, created_by=None
            )
            source, key = usage.create_source(name=name)
        imports.append(row.pk)
        sources.append(source.pk)
        keys.append(key.text)
    return {
        "import_id": (imports[0], imports[1], imports[0]),
        "source_id": (sources[0], sources[1], sources[0]),
        "write_key": (keys[0], keys[1], keys[0]),
    }
