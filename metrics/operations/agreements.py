"""What both sides agree about a measure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.operations.timeline import inside, put_on_timeline
from metrics import definitions
from metrics.definitions import Baseline, Definition, Prior, Target
from metrics.models import Agreement, Measure, Milestone
from metrics.operations.defining import record_measure
from metrics.operations.standings import note_again
from notifications.operations import notify
from people.models import User
from rendering.formats import current
from rendering.sentences import sentence
from rendering.translation import translated
from tenancy.audit import changes
from tenancy.models import Role, Tenant
from tenancy.scope import current_tenant_id

# What the audit log says of an agreement.
AGREED = ("baseline_amount", "baseline_date", "quality", "amount", "deadline", "for_customer")


class IllFormedTarget(ValueError):
    """A target without its parts, or one that contradicts itself; `faults` says how, in words."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(self.faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What both sides agree about a measure. `amount` and `deadline` may still be missing."""

    baseline: Baseline
    quality: str
    amount: float | None
    deadline: date | None
    milestones: tuple[definitions.Milestone, ...] = ()
    agreed_date: date
    for_customer: str
    prior: Prior | None = None


@transaction.atomic
def agree_target(*, measure: Measure, terms: Terms, agreed_by: User | None) -> Agreement:
    """Record what both sides agreed; it is in force from now on, earlier agreements stay.

    Raises IllFormedTarget, naming each part that is missing or contradicts another.
    """
    target = _well_formed(measure.definition, terms)
    before = Agreement.objects.filter(measure=measure).order_by("agreed_date", "id").last()
    agreement = Agreement.objects.create(
        customer_id=measure.customer_id,
        measure=measure,
        baseline_amount=terms.baseline.amount,
        baseline_date=terms.baseline.day,
        baseline_note=terms.baseline.note,
        prior_amount=terms.prior.amount if terms.prior else None,
        prior_note=terms.prior.note if terms.prior else "",
        quality=target.quality,
        amount=target.amount,
        deadline=target.deadline,
        agreed_date=terms.agreed_date,
        for_customer=terms.for_customer,
        for_vendor=agreed_by,
    )
    Milestone.objects.bulk_create(_milestone_rows(agreement, terms.milestones))
    note_again(measure=measure)
    _put(agreement, "target.agreed", _said(agreement), agreement.for_vendor, agreement.agreed_date)
    _ask_the_lead(agreement)
    agreed = {name: getattr(agreement, name) for name in AGREED}
    record_measure("target.agreed", measure, changes(before, agreed) if before else agreed)
    return agreement


def terms_of(row: Agreement) -> Terms:
    """What was agreed, as it would be agreed again."""
    prior = None
    if row.prior_amount is not None:
        prior = Prior(row.prior_amount, row.prior_note)
    return Terms(
        baseline=row.baseline,
        quality=row.quality,
        amount=row.amount,
        deadline=row.deadline,
        milestones=tuple(
            definitions.Milestone(one.name, one.amount, one.due_date, definitions.Step(one.kind))
            for one in row.milestones.all()
        ),
        agreed_date=row.agreed_date,
        for_customer=row.for_customer,
        prior=prior,
    )


def _said(agreement: Agreement) -> str:
    words = {
        "measure": translated(agreement.measure.definition.label),
        "amount": current().number(agreement.amount),
        "quality": agreement.quality,
        "day": current().day_and_year(agreement.deadline),
    }
    return _("Target agreed for %(measure)s: %(amount)s %(quality)s by %(day)s") % words


def _put(agreement: Agreement, kind: str, text: str, by: User | None, on: date | None) -> None:
    put_on_timeline(
        engagement=agreement.measure.engagement,
        kind=kind,
        text=text,
        url=inside("metrics:measure", agreement.measure_id),
        by=by,
        on=on,
        shared=True,
    )


def _ask_the_lead(agreement: Agreement) -> None:
    """Who leads at the customer hears that a target waits for their own word."""
    here = Q(memberships__tenant_id=current_tenant_id())
    theirs = Q(memberships__role=Role.LEAD, memberships__customer_id=agreement.customer_id)
    _tell(agreement, User.objects.filter(here & theirs), "target.agreed", _said(agreement))


def _tell(agreement: Agreement, people: Iterable[User], kind: str, text: str) -> None:
    slug = Tenant.objects.only("slug").get(pk=current_tenant_id()).slug
    notify(
        recipients=people,
        kind=kind,
        text=text,
        url=reverse("metrics:measure", args=[slug, agreement.measure_id]),
        key=f"{kind}:{agreement.pk}",
        customer_id=agreement.customer_id,
    )


def _well_formed(definition: Definition, terms: Terms) -> Target:
    """The target of the terms. Raises IllFormedTarget."""
    missing = definitions.missing_parts(
        quality=terms.quality, amount=terms.amount, deadline=terms.deadline
    )
    if missing or terms.amount is None or terms.deadline is None:
        raise IllFormedTarget(
            [sentence("The target does not say %(part)s.", part=part) for part in missing]
        )
    target = Target(terms.quality.strip(), terms.amount, terms.deadline)
    faults = definitions.contradictions(definition, terms.baseline, target, terms.milestones)
    if terms.baseline.day > terms.agreed_date:
        faults += (sentence("The baseline is dated after the agreement."),)
    if terms.prior is not None and not definitions.is_plausible(terms.prior.amount):
        faults += (sentence("An amount is too large to be meant."),)
    if faults:
        raise IllFormedTarget(faults)
    return target


def _milestone_rows(
    agreement: Agreement, milestones: Iterable[definitions.Milestone]
) -> list[Milestone]:
    return [
        Milestone(
            customer_id=agreement.customer_id,
            agreement=agreement,
            kind=milestone.step,
            name=milestone.name,
            amount=milestone.amount,
            due_date=milestone.day,
        )
        for milestone in milestones
    ]


@transaction.atomic
def confirm_agreement(*, agreement: Agreement, by: User, now: datetime) -> Agreement:
    """The customer's own lead says that this is what was agreed; said twice, the first word stays.

    Raises ValidationError where something else was agreed since.
    """
    row = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement.pk)
    newest = Agreement.objects.filter(measure=row.measure_id).order_by("agreed_date", "id").last()
    if newest is None or newest.pk != row.pk:
        raise ValidationError(_("This was agreed anew meanwhile. Look at what holds now."))
    if row.confirmed_at is not None:
        return row
    row.confirmed_by, row.confirmed_at = by, now
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    words = {"who": by, "measure": translated(row.measure.definition.label)}
    text = _("%(who)s confirmed the target of %(measure)s") % words
    _put(row, "target.confirmed", text, by, None)
    ours = row.measure.engagement.csm
    _tell(row, [ours] if ours else [], "target.confirmed", text)
    record_measure("target.confirmed", row.measure, {"agreed_date": row.agreed_date})
    return row
