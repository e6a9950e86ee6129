"""Who is asked to answer a survey, and the mail that is due to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Lower

from engagements.models import (
    AnswerLink,
    ImpactGroup,
    Invitee,
    RosterEntry,
    Stakeholder,
    Survey,
    TeamMember,
)
from engagements.operations.answers import takes_answers
from engagements.operations.concerns import tell_of_overdue_concerns
from engagements.operations.surveys import close_survey
from tenancy import audit
from tenancy.keys import NewKey, make_key
from tenancy.scope import current_tenant_id

LINK = "answer"
MOST_REMINDERS = 2
REMIND_AFTER = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody to be asked, and where we know them from."""

    email: str
    name: str = ""
    impact_group: ImpactGroup | None = None
    roster_entry: RosterEntry | None = None
    stakeholder: Stakeholder | None = None
    team_member: TeamMember | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """What became of a list of people: how many were added, and why others were not."""

    added: int
    already: int = 0
    without_address: int = 0
    opted_out: int = 0


class SurveyIsOver(ValueError):
    """The survey is closed or was discarded; nobody is asked any more."""


@transaction.atomic
def invite_people(*, survey: Survey, people: Iterable[Asked]) -> Invited:
    """Put people on the list, once each; of an open survey their mail is due at once.

    Whoever opted out of surveys is left alone. Raises SurveyIsOver.
    """
    held = Survey.objects.select_for_update(of=("self",)).get(pk=survey.pk)
    if held.state not in (Survey.State.DRAFT, Survey.State.OPEN):
        raise SurveyIsOver
    wanted = [(person.email.strip().lower(), person) for person in people]
    reachable = {email: person for email, person in wanted if _is_address(email)}
    there, opted_out = _known_addresses(held, set(reachable))
    due = Invitee.Due.INVITATION if held.is_open else Invitee.Due.NOTHING
    rows = [
        _invitee(held, email, person, due)
        for email, person in reachable.items()
        if email not in there | opted_out
    ]
    Invitee.objects.bulk_create(rows)
    held.invited += len(rows)
    held.save(update_fields=["invited"])
    survey.invited = held.invited
    if rows:
        _record("survey.people_invited", survey, len(rows))
    return Invited(
        added=len(rows),
        already=len(there),
        without_address=sum(not _is_address(email) for email, _person in wanted),
        opted_out=len(opted_out - there),
    )


def _known_addresses(survey: Survey, emails: set[str]) -> tuple[set[str], set[str]]:
    """Those on the list already, and those who said anywhere in the workspace not to be asked."""
    rows = Invitee.objects.annotate(address=Lower("email")).filter(address__in=emails)
    there = rows.filter(survey=survey).values_list("address", flat=True)
    opted_out = rows.filter(opted_out_at__isnull=False).values_list("address", flat=True)
    return set(there), set(opted_out)


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True


def _invitee(survey: Survey, email: str, person: Asked, due: str) -> Invitee:
    return Invitee(
        customer_id=survey.customer_id,
        survey=survey,
        email=email,
        name=person.name[:200],
        impact_group=person.impact_group,
        roster_entry=person.roster_entry,
        stakeholder=person.stakeholder,
        team_member=person.team_member,
        due=due,
    )


@transaction.atomic
def uninvite(*, invitee: Invitee) -> bool:
    """Take somebody off the list; not once a mail went out. Whether they were taken off."""
    gone, _rows = Invitee.objects.filter(pk=invitee.pk, sent_at=None, answered_at=None).delete()
    if not gone:
        return False
    AnswerLink.objects.filter(tenant_id=current_tenant_id(), invitee_id=invitee.pk).delete()
    Survey.objects.filter(pk=invitee.survey_id).update(invited=F("invited") - 1)
    _record("survey.person_uninvited", invitee.survey, 1)
    return True


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A mail to be written now, with its link at the only moment it can be read."""

    invitee: Invitee
    reminder: bool
    link: NewKey


def claim_survey_letter(*, invitee_id: UUID, now: datetime) -> DueLetter | None:
    """The mail that is due to somebody, marked as sent; None when none is or another has it.

    To be called in the transaction that sends it.
    """
    rows = Invitee.objects.select_for_update(skip_locked=True, of=("self",))
    invitee = rows.select_related("survey__owner").filter(_may_be_mailed(), pk=invitee_id).first()
    if invitee is None:
        return None
    reminder = invitee.due == Invitee.Due.REMINDER
    if reminder:
        invitee.reminders, invitee.reminded_at = invitee.reminders + 1, now
    else:
        invitee.sent_at = now
    invitee.due = Invitee.Due.NOTHING
    invitee.save(update_fields=["reminders", "reminded_at", "sent_at", "due"])
    new = make_key(LINK)
    AnswerLink.objects.create(
        tenant_id=current_tenant_id(),
        invitee_id=invitee.pk,
        prefix=new.prefix,
        secret_hash=new.secret_hash,
        made_at=now,
    )
    return DueLetter(invitee, reminder, new)


def _may_be_mailed() -> Q:
    return Q(
        survey__state=Survey.State.OPEN,
        due__in=[Invitee.Due.INVITATION, Invitee.Due.REMINDER],
        answered_at=None,
        opted_out_at=None,
        bounced_at=None,
    )


def waiting_letters() -> list[UUID]:
    """Ids of everybody in the workspace in force to whom a mail is due."""
    return list(Invitee.objects.filter(_may_be_mailed()).values_list("pk", flat=True))


@transaction.atomic
def note_bounce(*, invitee_id: UUID, now: datetime) -> None:
    """The address takes no mail; it is not tried again."""
    Invitee.objects.filter(pk=invitee_id).update(bounced_at=now, due=Invitee.Due.NOTHING)


@transaction.atomic
def make_reminders_due(*, now: datetime) -> int:
    """A reminder for whoever has not answered for a while, two at most. Returns how many."""
    silent = Invitee.objects.filter(
        survey__state=Survey.State.OPEN,
        due="",
        sent_at__lte=now - REMIND_AFTER,
        answered_at=None,
        opted_out_at=None,
        bounced_at=None,
        reminders__lt=MOST_REMINDERS,
    ).filter(Q(reminded_at=None) | Q(reminded_at__lte=now - REMIND_AFTER))
    return silent.update(due=Invitee.Due.REMINDER)


@transaction.atomic
def tend_feedback(*, business_date: date, now: datetime) -> None:
    """What the night does for feedback: close what is over, remind, tell of overdue concerns.

    A survey's last day is one at its customer, where it may still be under way.
    """
    over = Survey.objects.filter(state=Survey.State.OPEN, closes_date__lte=business_date)
    for survey in over.select_related("engagement__customer", "owner"):
        if not takes_answers(survey, today=_today_at(survey, now)):
            close_survey(survey=survey, now=now)
    make_reminders_due(now=now)
    tell_of_overdue_concerns(now=now)


def _today_at(survey: Survey, now: datetime) -> date:
    return now.astimezone(survey.engagement.customer.zone).date()


def _record(action: str, survey: Survey, number: int) -> None:
    audit.record(
        action=action,
        subject=survey,
        facts={"people": number},
        about_customer_id=survey.customer_id,
    )
