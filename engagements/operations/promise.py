"""Changes to what was promised: scope, quick wins, criteria of success, outcomes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import (
    CriterionVersion,
    Customer,
    Engagement,
    Outcome,
    QuickWin,
    ScopeService,
    SuccessCriterion,
)
from engagements.operations.notices import tell_of_agreement
from engagements.operations.saving import change, known, save
from engagements.operations.timeline import inside, put_on_timeline
from engagements.promise import Part
from engagements.queries.promise import wording_of
from people.models import User
from rendering.formats import current
from tenancy import audit

SERVICE_FIELDS = frozenset({"name", "monthly_volume", "stage"})
QUICK_WIN_FIELDS = frozenset({"result", "evidence", "reached_date", "earned"})
WORDING_FIELDS = frozenset(
    {
        "statement",
        "owner",
        "measured_by",
        "unit",
        "baseline",
        "baseline_note",
        "quality",
        "target",
        "deadline",
        "value",
    }
)
OUTCOME_FIELDS = frozenset(
    {"engagement", "kind", "decided_date", "yearly_amount", "currency", "reason"}
)


class IncompleteCriterion(ValueError):
    """A criterion without these parts could never be found met or not met."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        super().__init__(", ".join(parts))
        self.parts = parts


class AlreadyAgreed(ValueError):
    """What was agreed stays as it was agreed; another version follows it."""


@transaction.atomic
def add_service(*, engagement: Engagement, fields: Mapping[str, Any]) -> ScopeService:
    """A service in the scope. Raises ValidationError, keyed by field."""
    service = ScopeService(
        customer_id=engagement.customer_id,
        engagement=engagement,
        **known(fields, SERVICE_FIELDS),
    )
    save(service, named_by="name")
    _record("service.added", service, service.customer_id, known(fields, SERVICE_FIELDS))
    return service


@transaction.atomic
def change_service(*, service: ScopeService, fields: Mapping[str, Any]) -> ScopeService:
    """Raises ValidationError, keyed by field."""
    changed = change(service, known(fields, SERVICE_FIELDS), named_by="name")
    _record("service.changed", service, service.customer_id, changed)
    return service


@transaction.atomic
def remove_service(*, service: ScopeService) -> None:
    _record("service.removed", service, service.customer_id)
    service.delete()


@transaction.atomic
def record_quick_win(
    *, engagement: Engagement, fields: Mapping[str, Any], by: User | None
) -> QuickWin:
    """Raises ValidationError, keyed by field."""
    win = QuickWin(
        customer_id=engagement.customer_id,
        engagement=engagement,
        recorded_by=by,
        **known(fields, QUICK_WIN_FIELDS),
    )
    save(win, named_by="result")
    text = _("Quick win: %(result)s") % {"result": win.result}
    _put(engagement, "quick_win.recorded", text, by, win.reached_date)
    _record("quick_win.recorded", win, win.customer_id)
    return win


@transaction.atomic
def write_criterion(
    *, engagement: Engagement, fields: Mapping[str, Any], by: User | None
) -> CriterionVersion:
    """A criterion in its first wording, not agreed yet. Raises ValidationError, keyed by field."""
    criterion = SuccessCriterion.objects.create(
        customer_id=engagement.customer_id, engagement=engagement
    )
    version = CriterionVersion(
        customer_id=engagement.customer_id,
        criterion=criterion,
        number=1,
        written_by=by,
        **known(fields, WORDING_FIELDS),
    )
    save(version, named_by="statement")
    _record("criterion.written", version, version.customer_id)
    return version


@transaction.atomic
def reword_criterion(
    *, criterion: SuccessCriterion, fields: Mapping[str, Any], reason: str = "", by: User | None
) -> CriterionVersion:
    """Other words for a criterion: a draft changes in place, an agreed version gets a successor.

    Raises ValidationError, keyed by field, also when an agreed criterion changes without a reason.
    """
    newest = newest_version(criterion)
    wanted = known(fields, WORDING_FIELDS)
    changed = audit.changes(newest, wanted)
    if not changed:
        return newest
    if newest.is_agreed:
        newest = _successor(newest, reason, by)
    for name, value in wanted.items():
        setattr(newest, name, value)
    save(newest, named_by="statement")
    _record("criterion.reworded", newest, newest.customer_id, changed)
    return newest


def newest_version(criterion: SuccessCriterion) -> CriterionVersion:
    """The wording in force, held for this transaction."""
    return CriterionVersion.objects.select_for_update().filter(criterion=criterion)[:1].get()


def _successor(agreed: CriterionVersion, reason: str, by: User | None) -> CriterionVersion:
    if not reason.strip():
        raise ValidationError(
            {"change_reason": _("This was agreed. Say why it changes; the customer will ask.")}
        )
    return CriterionVersion(
        customer_id=agreed.customer_id,
        criterion_id=agreed.criterion_id,
        number=agreed.number + 1,
        change_reason=reason.strip(),
        written_by=by,
        **{name: getattr(agreed, name) for name in WORDING_FIELDS},
    )


@transaction.atomic
def agree_criterion(
    *, criterion: SuccessCriterion, agreed_date: date, for_customer: str, by: User | None
) -> CriterionVersion:
    """Record that both sides agree to the wording in force; from now on it does not change.

    Raises IncompleteCriterion, naming the missing parts, and AlreadyAgreed.
    """
    version = newest_version(criterion)
    if version.is_agreed:
        raise AlreadyAgreed
    missing = wording_of(version).in_the_way
    if missing:
        raise IncompleteCriterion(missing)
    version.agreed_date, version.agreed_for_customer = agreed_date, for_customer.strip()
    version.agreed_for_vendor = by
    save(version, named_by="statement")
    words = {"statement": version.statement, "who": version.agreed_for_customer}
    text = _("Success criterion agreed with %(who)s: %(statement)s") % words
    _put(criterion.engagement, "criterion.agreed", text, by, agreed_date)
    tell_of_agreement(criterion.engagement, version.statement, version.pk)
    facts = {"agreed_date": agreed_date, "for_customer": version.agreed_for_customer}
    _record("criterion.agreed", version, version.customer_id, facts)
    return version


@transaction.atomic
def withdraw_criterion(*, criterion: SuccessCriterion, because: str, now: datetime) -> None:
    """The criterion no longer counts; it stays on record with the reason.

    Raises ValidationError without a reason.
    """
    if not because.strip():
        raise ValidationError({"because": _("Say why it no longer counts.")})
    if criterion.withdrawn_at is not None:
        return
    criterion.withdrawn_at, criterion.withdrawn_because = now, because.strip()
    criterion.save(update_fields=["withdrawn_at", "withdrawn_because"])
    named = newest_version(criterion)
    words = {"statement": named.statement, "because": because.strip()}
    text = _("This success criterion no longer counts: %(statement)s (%(because)s)") % words
    _put(criterion.engagement, "criterion.withdrawn", text)
    _record("criterion.withdrawn", named, criterion.customer_id, {"because": because.strip()})


@transaction.atomic
def restore_criterion(*, criterion: SuccessCriterion) -> None:
    if criterion.withdrawn_at is None:
        return
    criterion.withdrawn_at, criterion.withdrawn_because = None, ""
    criterion.save(update_fields=["withdrawn_at", "withdrawn_because"])
    named = newest_version(criterion)
    text = _("This success criterion counts again: %(statement)s") % {"statement": named.statement}
    _put(criterion.engagement, "criterion.restored", text)
    _record("criterion.restored", named, criterion.customer_id)


@transaction.atomic
def record_outcome(*, customer: Customer, fields: Mapping[str, Any], by: User | None) -> Outcome:
    """What the customer decided at the end of a term. Raises ValidationError, keyed by field."""
    outcome = Outcome(customer=customer, recorded_by=by, **known(fields, OUTCOME_FIELDS))
    save(outcome, named_by="kind")
    if outcome.engagement is not None:
        _put_outcome(outcome, by)
    _record("outcome.recorded", outcome, customer.pk, {"kind": outcome.kind})
    return outcome


def _put_outcome(outcome: Outcome, by: User | None) -> None:
    amount = current().money(float(outcome.yearly_amount), outcome.currency)
    words = {"what": outcome.get_kind_display(), "amount": amount, "reason": outcome.reason}
    put_on_timeline(
        engagement=outcome.engagement,
        kind="outcome.recorded",
        text=_("%(what)s, %(amount)s a year: %(reason)s") % words,
        url=inside("engagements:customer", outcome.customer_id),
        by=by,
        on=outcome.decided_date,
    )


def _put(
    engagement: Engagement, kind: str, text: str, by: User | None = None, on: date | None = None
) -> None:
    """On the timeline, for both sides: both read what was promised."""
    url = inside("engagements:promise", engagement.pk)
    put_on_timeline(engagement=engagement, kind=kind, text=text, url=url, by=by, on=on, shared=True)


def _record(
    action: str, row: Any, customer_id: Any, facts: Mapping[str, Any] | None = None
) -> None:
    audit.record(action=action, subject=row, facts=facts, about_customer_id=customer_id)
