"""Who hears that a plan ends too late, and how often."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engagements import operations
from engagements.models import Customer, Engagement, Risk
from notifications.models import Notification
from people.models import User
from tenancy.audit import Actor, acting
from tenancy.models import ActorKind
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast, make_engagement

NOW = datetime(2026, 11, 18, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Iterator[None]:
    with tenant_scope(cast.tenant.pk):
        yield


def forecast(cast: Cast, finish: date, **fields: Any) -> None:
    Engagement.objects.filter(pk=cast.engagement.pk).update(**fields)
    operations.note_forecast(engagement_id=cast.engagement.pk, finish_date=finish, now=NOW)


def tell() -> int:
    return operations.tell_of_late_plans(business_date=TODAY, now=NOW)


def test_the_csm_hears_once_for_each_agreed_sign_off(cast: Cast) -> None:
    forecast(cast, date(2027, 1, 14))
    assert [tell(), tell()] == [1, 0]
    row = Notification.objects.get()
    assert row.user == cast.csm
    assert row.customer_id == cast.customer.pk
    assert row.text == (
        "Halden: the plan now ends on 14 Jan 2027; sign-off was agreed for 18 Dec 2026."
    )
    assert row.url == f"/w/acme/engagements/{cast.engagement.pk}/plan/"
    # Still later is no news; a new agreement that is missed again is.
    forecast(cast, date(2027, 1, 20))
    assert tell() == 0
    forecast(cast, date(2027, 1, 20), sign_off_date=date(2027, 1, 15))
    assert tell() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"sign_off_date": date(2027, 1, 14)},
        {"sign_off_date": None},
        {"csm": None},
        {"phase": "signed_off"},
        {"phase": "sell"},
        {"sign_off_date": date(2026, 11, 1), "hypercare_end_date": None},
    ],
)
def test_where_nothing_is_late_or_nobody_is_to_hear_nobody_does(
    cast: Cast, fields: dict[str, Any]
) -> None:
    forecast(cast, date(2027, 1, 14), **fields)
    assert tell() == 0


def test_an_archived_customer_is_quiet(cast: Cast) -> None:
    operations.archive_customer(customer=cast.customer, now=NOW)
    forecast(cast, date(2027, 1, 14))
    assert tell() == 0


TOMORROW = TODAY + timedelta(days=1)
RISK = {"title": "No signal", "probability": 4, "impact": 4}


def tell_of_dates(day: date = TODAY) -> int:
    return operations.tell_of_dates(business_date=day, now=NOW)


def texts(user: User) -> list[str]:
    return [row.text for row in Notification.objects.filter(user=user).order_by("pk")]


def by(user: User) -> Any:
    """Something that this person does."""
    return acting(Actor(ActorKind.PERSON, str(user), user.pk))


def quiet(cast: Cast) -> None:
    """Without the dates that the cast's engagement has."""
    Engagement.objects.update(sign_off_date=None)
    Customer.objects.update(renewal_date=None)


def test_a_sign_off_is_told_of_once_when_it_is_near(cast: Cast) -> None:
    near = cast.engagement.sign_off_date
    assert near is not None
    assert tell_of_dates(near - timedelta(days=16)) == 0
    assert tell_of_dates(near - timedelta(days=15)) == 1
    assert tell_of_dates(near - timedelta(days=14)) == 0
    assert texts(cast.csm) == ["Halden: sign-off is agreed for 18 Dec 2026."]
    Engagement.objects.filter(pk=cast.engagement.pk).update(sign_off_date=near + timedelta(days=3))
    assert tell_of_dates(near - timedelta(days=5)) == 1


@pytest.mark.parametrize(
    ("ahead", "told"),
    [(91, []), (90, [90]), (31, [31]), (30, [30]), (0, [0]), (-1, [])],
)
def test_a_renewal_is_told_of_when_it_is_near(cast: Cast, ahead: int, told: list[int]) -> None:
    quiet(cast)
    renewal = TOMORROW + timedelta(days=ahead)
    Customer.objects.filter(pk=cast.customer.pk).update(renewal_date=renewal)
    assert tell_of_dates() == len(told)
    assert all(f"in {days} day" in text for days, text in zip(told, texts(cast.csm), strict=True))


def test_a_renewal_is_told_of_at_ninety_and_at_thirty_days(cast: Cast) -> None:
    quiet(cast)
    renewal = TODAY + timedelta(days=100)
    Customer.objects.filter(pk=cast.customer.pk).update(renewal_date=renewal)
    days = [TODAY + timedelta(days=number) for number in range(120)]
    told = [(renewal - day).days - 1 for day in days if tell_of_dates(day)]
    assert told == [90, 30]


def test_an_overdue_mitigation_is_its_owners(cast: Cast) -> None:
    quiet(cast)
    fields = RISK | {"owner": cast.manager, "mitigation_due_date": TODAY}
    risk = operations.raise_risk(engagement=cast.engagement, fields=fields, by=cast.csm)
    assert tell_of_dates(TODAY - timedelta(days=1)) == 0
    assert [tell_of_dates(), tell_of_dates()] == [1, 0]
    assert texts(cast.manager) == ["Halden: the mitigation of “No signal” was due on 18 Nov 2026."]
    # Another owner hears of it too, and a later day is news again.
    Risk.objects.filter(pk=risk.pk).update(owner=cast.admin)
    assert tell_of_dates() == 1
    Risk.objects.filter(pk=risk.pk).update(state=Risk.State.MITIGATED, owner=cast.csm)
    assert tell_of_dates() == 0


def test_what_is_archived_is_quiet_about_its_dates(cast: Cast) -> None:
    near = cast.engagement.sign_off_date
    assert near is not None
    operations.archive_customer(customer=cast.customer, now=NOW)
    assert tell_of_dates(near - timedelta(days=5)) == 0


def test_whoever_is_given_a_risk_hears_of_it(cast: Cast) -> None:
    with by(cast.csm):
        mine = RISK | {"owner": cast.csm}
        risk = operations.raise_risk(engagement=cast.engagement, fields=mine, by=cast.csm)
        assert texts(cast.csm) == []
        operations.change_risk(risk=risk, fields=RISK | {"owner": cast.manager}, by=cast.csm)
        # Another change of it is no news.
        risk.title = "Still no signal"
        operations.change_risk(risk=risk, fields={"title": "Still no signal"}, by=cast.csm)
    assert texts(cast.manager) == ["Csm gave you a risk of Halden: No signal"]


def test_whoever_is_made_csm_hears_of_it_each_time(cast: Cast) -> None:
    with by(cast.admin):
        for person in (cast.manager, cast.csm, cast.manager, cast.admin):
            operations.change_engagement(engagement=cast.engagement, fields={"csm": person})
        make_engagement(cast.customer, "NEW-1", csm=cast.manager)
    assert len(texts(cast.manager)) == 3
    assert texts(cast.csm) == ["Admin made you the CSM of Halden: Halden roll-out"]
    assert texts(cast.admin) == []


def test_an_agreement_is_told_to_both_sides(cast: Cast) -> None:
    fields = {
        "statement": "People use it",
        "owner": operations.name_stakeholder(customer=cast.customer, name="Eva"),
        "quality": "Every day",
        "measured_by": "Counted",
        "unit": "people",
        "baseline": 1,
        "target": 9,
        "deadline": date(2027, 1, 1),
    }
    version = operations.write_criterion(engagement=cast.engagement, fields=fields, by=cast.admin)
    with by(cast.admin):
        operations.agree_criterion(
            criterion=version.criterion, agreed_date=TODAY, for_customer="Eva", by=cast.admin
        )
    said = ["Halden: a success criterion is agreed: People use it"]
    assert texts(cast.csm) == texts(cast.lead) == said
    assert texts(cast.member) == []
