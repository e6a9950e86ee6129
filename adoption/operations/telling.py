"""Whom of the people around a plan something concerns, and what they are told."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext as _

from adoption.editing import MovedPackage, Moves, Stand
from adoption.models import Baseline, Plan, WorkPackage
from engagements.models import Stakeholder
from notifications.operations import notify
from people.models import User
from rendering.formats import current
from tenancy.models import Role
from tenancy.queries import get_current_tenant
from tenancy.scope import current_tenant_id

BASELINE_SET = "baseline.set"
WHAT_IF_TAKEN_OVER = "what_if.taken_over"
PACKAGE_MOVED = "package.moved"
# Working days by which a package moves before its owner is told.
_FAR = 1


def stands_of(packages: Iterable[WorkPackage]) -> dict[str, Stand]:
    """Where packages stand, by uid, as what moves is told from."""
    return {
        row.uid: Stand(
            row.id,
            row.uid,
            row.outline,
            row.name,
            row.is_summary,
            not row.is_summary and row.done_percent < 100,
            row.start,
            row.finish,
            row.critical,
            row.deadline_at,
        )
        for row in packages
    }


def tell_of_baseline(row: Baseline) -> int:
    """Whoever plans there hears that a plan is held as it stands. Returns how many were told."""
    words = _words(row.plan, row.taken_by, name=row.name, day=_day(row))
    text = _("%(customer)s: %(who)s set the baseline “%(name)s”, finish %(day)s.") % words
    people = _planners(row.plan, row.taken_by)
    return _tell(row.plan, people, BASELINE_SET, text, "adoption:versions", row.pk)


def tell_of_take_over(live: Plan, name: str, by: User | None, change_id: UUID | None) -> int:
    """Whoever plans there hears that a what-if is the plan now. Returns how many were told."""
    words = _words(live, by, name=name, day=_day(live))
    text = _("%(customer)s: %(who)s took over the what-if “%(name)s”, finish %(day)s.") % words
    people = _planners(live, by)
    return _tell(live, people, WHAT_IF_TAKEN_OVER, text, "adoption:plan", change_id)


def tell_of_moves(
    plan: Plan, packages: Iterable[WorkPackage], moves: Moves, *, by: User | None, change_id: UUID
) -> int:
    """Owners of open packages that somebody else's edit moves by more than a working day hear of
    it once, however many of theirs move. Returns how many were told."""
    far = {row.id: row for row in moves.moved if abs(row.days) > _FAR}
    theirs = [row for row in packages if row.id in far and row.done_percent < 100]
    people = _owners(theirs, by) if far and plan.what_if_of_id is None else []
    if not people:
        return 0
    text = _moved_words(plan, [far[row.id] for row in theirs], moves, by)
    return _tell(plan, people, PACKAGE_MOVED, text, "adoption:plan", change_id)


def _moved_words(plan: Plan, rows: list[MovedPackage], moves: Moves, by: User | None) -> str:
    words = _words(plan, by, what=moves.text, name=rows[0].name, day=_day_of(rows[0].finish_after))
    if len(rows) == 1:
        return _("%(customer)s: “%(name)s” now ends on %(day)s. %(who)s: %(what)s") % words
    text = _("%(customer)s: work packages of yours move by more than a day. %(who)s: %(what)s")
    return text % words


def _words(plan: Plan, by: User | None, **more: str) -> Mapping[str, Any]:
    return {"customer": plan.engagement.customer, "who": by or _("AdoptIQ"), **more}


def _day(row: Plan | Baseline) -> str:
    return _day_of(row.finish)


def _day_of(moment: Any) -> str:
    return current().day_and_year(moment.date())


def _planners(plan: Plan, by: User | None) -> list[User]:
    """The CSM and the customer's leads, without whoever did it."""
    leads = User.objects.filter(
        memberships__role=Role.LEAD,
        memberships__customer_id=plan.customer_id,
        memberships__tenant_id=current_tenant_id(),
    )
    return [person for person in {plan.engagement.csm, *leads} if person and person != by]


def _owners(packages: Iterable[WorkPackage], by: User | None) -> list[User]:
    """Members who own any of these, and stakeholders who sign in with their address."""
    members = {row.owner_member_id for row in packages if row.owner_member_id}
    others = {row.owner_stakeholder_id for row in packages if row.owner_stakeholder_id}
    named = Stakeholder.objects.filter(pk__in=others).values_list("email", flat=True)
    mails = {email.lower() for email in (named if others else ()) if email}
    if not members and not mails:
        return []
    rows = User.objects.annotate(address=Lower("email"))
    owners = rows.filter(Q(pk__in=members) | Q(address__in=mails))
    return [person for person in owners if person != by]


def _tell(plan: Plan, people: list[User], kind: str, text: str, page: str, key: UUID | None) -> int:
    if not people:
        return 0
    return notify(
        recipients=people,
        kind=kind,
        text=text,
        url=reverse(page, args=[get_current_tenant().slug, plan.engagement_id]),
        key=f"{kind}:{key}",
        customer_id=plan.customer_id,
    )
