from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from engagements import operations, queries
from engagements.models import CriterionVersion, SuccessCriterion
from engagements.promise import Part
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast

AGREED = date(2026, 6, 10)


@pytest.fixture
def inside(cast: Cast) -> Iterator[Cast]:
    with tenant_scope(cast.tenant.pk):
        yield cast


def words(cast: Cast, **changes: Any) -> dict[str, Any]:
    owner = operations.name_stakeholder(customer=cast.customer, name="Jonas Eide")
    return {
        "statement": "Field crews close their work orders on the phone",
        "owner": owner,
        "measured_by": "Closed orders in the system, weekly",
        "quality": "Closed the same day, with a photo",
        "unit": "%",
        "target": Decimal(80),
        "deadline": date(2026, 12, 18),
    } | changes


def write(cast: Cast, **changes: Any) -> SuccessCriterion:
    version = operations.write_criterion(
        engagement=cast.engagement, fields=words(cast, **changes), by=cast.csm
    )
    return version.criterion


def agree(cast: Cast, criterion: SuccessCriterion) -> CriterionVersion:
    return operations.agree_criterion(
        criterion=criterion, agreed_date=AGREED, for_customer="Jonas Eide", by=cast.csm
    )


def versions(criterion: SuccessCriterion) -> list[tuple[int, str, date | None]]:
    rows = CriterionVersion.objects.filter(criterion=criterion).order_by("number")
    return [(row.number, row.statement, row.agreed_date) for row in rows]


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("seq").values_list("action", flat=True))


def test_a_draft_changes_in_place(inside: Cast) -> None:
    criterion = write(inside)
    operations.reword_criterion(criterion=criterion, fields={"statement": "Better"}, by=inside.csm)
    assert versions(criterion) == [(1, "Better", None)]


def test_what_is_agreed_never_changes_a_successor_follows_it(inside: Cast) -> None:
    criterion = write(inside)
    agree(inside, criterion)
    operations.reword_criterion(
        criterion=criterion, fields={"target": Decimal(70)}, reason="Two depots left", by=inside.csm
    )
    first, second = CriterionVersion.objects.filter(criterion=criterion).order_by("number")
    assert (first.target, first.agreed_date) == (80, AGREED)
    assert (second.target, second.agreed_date) == (70, None)
    assert (second.change_reason, second.quality) == ("Two depots left", first.quality)


def test_an_agreed_criterion_needs_a_reason_to_change(inside: Cast) -> None:
    criterion = write(inside)
    agree(inside, criterion)
    with pytest.raises(ValidationError) as refusal:
        operations.reword_criterion(
            criterion=criterion, fields={"target": Decimal(70)}, by=inside.csm
        )
    assert list(refusal.value.message_dict) == ["change_reason"]
    assert len(versions(criterion)) == 1


def test_saving_the_same_words_makes_no_version(inside: Cast) -> None:
    criterion = write(inside)
    agree(inside, criterion)
    operations.reword_criterion(criterion=criterion, fields=words(inside), by=inside.csm)
    assert len(versions(criterion)) == 1


def test_a_criterion_is_not_agreed_while_a_needed_part_is_missing(inside: Cast) -> None:
    criterion = write(inside, deadline=None, quality="")
    with pytest.raises(operations.IncompleteCriterion) as refusal:
        agree(inside, criterion)
    assert refusal.value.parts == (Part.QUALITY, Part.DEADLINE)
    assert versions(criterion)[0][2] is None


def test_nothing_is_agreed_twice(inside: Cast) -> None:
    criterion = write(inside)
    agree(inside, criterion)
    with pytest.raises(operations.AlreadyAgreed):
        agree(inside, criterion)


def test_a_withdrawn_criterion_stays_on_record_and_may_come_back(inside: Cast) -> None:
    criterion = write(inside)
    with pytest.raises(ValidationError):
        operations.withdraw_criterion(criterion=criterion, because=" ", now=timezone.now())
    operations.withdraw_criterion(criterion=criterion, because="Merged", now=timezone.now())
    promise = queries.get_promise(engagement=inside.engagement)
    assert (len(promise.criteria), promise.withdrawn[0].withdrawn_because) == (0, "Merged")
    operations.restore_criterion(criterion=criterion)
    assert len(queries.get_promise(engagement=inside.engagement).criteria) == 1


def test_the_value_of_what_is_agreed_counts_and_of_nothing_else(inside: Cast) -> None:
    for value, agreed in ((Decimal("100.10"), True), (Decimal("50"), False), (None, True)):
        criterion = write(inside, value=value)
        if agreed:
            agree(inside, criterion)
    assert queries.get_promise(engagement=inside.engagement).agreed_value == Decimal("100.10")


@pytest.mark.parametrize(
    ("changes", "state"),
    [({}, "ready"), ({"target": None}, "incomplete"), ({"baseline": None, "value": None}, "ready")],
)
def test_the_state_of_a_draft(inside: Cast, changes: dict[str, Any], state: str) -> None:
    write(inside, **changes)
    (view,) = queries.get_promise(engagement=inside.engagement).criteria
    assert view.state == state


def test_an_agreed_wording_that_changed_is_told_apart(inside: Cast) -> None:
    criterion = write(inside)
    agree(inside, criterion)
    assert queries.get_promise(engagement=inside.engagement).criteria[0].state == "agreed"
    operations.reword_criterion(
        criterion=criterion, fields={"target": Decimal(70)}, reason="Fewer sites", by=None
    )
    (view,) = queries.get_promise(engagement=inside.engagement).criteria
    assert (view.state, len(view.history)) == ("changed", 1)


def test_a_service_stands_in_the_scope_once(inside: Cast) -> None:
    fields = {"name": "Access requests", "monthly_volume": 900, "stage": 1}
    operations.add_service(engagement=inside.engagement, fields=fields)
    with pytest.raises(ValidationError) as refusal:
        operations.add_service(
            engagement=inside.engagement, fields=fields | {"name": "access REQUESTS"}
        )
    assert refusal.value.message_dict == {"name": ["This service is in the scope already."]}


def test_every_change_is_in_the_audit_log(inside: Cast) -> None:
    before = len(actions())
    criterion = write(inside)
    agree(inside, criterion)
    operations.record_outcome(
        customer=inside.customer,
        fields={
            "kind": "renewal",
            "decided_date": AGREED,
            "yearly_amount": Decimal(120000),
            "currency": "NOK",
            "reason": "They use it every day",
        },
        by=inside.csm,
    )
    named = [action for action in actions()[before:] if action != "stakeholder.named"]
    assert named == ["criterion.written", "criterion.agreed", "outcome.recorded"]


def test_an_owner_of_another_customer_is_refused(inside: Cast) -> None:
    stranger = operations.name_stakeholder(customer=inside.second_customer, name="Somebody else")
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        write(inside, owner=stranger)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
