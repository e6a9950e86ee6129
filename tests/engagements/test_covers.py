from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from adoption.imports import import_plan
from adoption.models import Plan
from adoption.operations import reschedule_plans
from engagements import operations, queries
from engagements.models import Cover, Customer, Engagement, HandOver, Risk, Task, TimelineEntry
from notifications.models import Notification
from notifications.operations import notify
from people.models import User
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import Cast, make_customer, make_engagement
from tests.pages import error_beside, statuses

NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
TODAY = NOW.date()


def give(cast: Cast, **changes: Any) -> HandOver:
    values: dict[str, Any] = {
        "from_user": cast.csm,
        "to_user": cast.manager,
        "customers": [cast.customer],
        "with_work": True,
        "note": "They pay late.",
        "by": cast.admin,
        "now": NOW,
    }
    with tenant_scope(cast.tenant.pk):
        return operations.hand_over(**values | changes)


def work(cast: Cast, owner: User, engagement: Engagement) -> tuple[Risk, Risk]:
    """An open risk and a closed one."""
    with tenant_scope(cast.tenant.pk):
        made = [
            operations.raise_risk(
                engagement=engagement,
                fields={"title": title, "probability": 1, "impact": 1, "owner": owner},
                by=owner,
            )
            for title in ("Open", "Closed")
        ]
        operations.change_risk(risk=made[1], fields={"state": "closed"}, by=owner, note="Over")
    return made[0], made[1]


def holders(cast: Cast, *rows: Any) -> list[Any]:
    found = []
    with tenant_scope(cast.tenant.pk):
        for row in rows:
            row.refresh_from_db()
            found.append(row.csm_id if hasattr(row, "csm_id") else row.owner_id)
    return found


def test_a_portfolio_goes_with_its_engagements_and_open_work_and_comes_back(cast: Cast) -> None:
    risk, closed = work(cast, cast.csm, cast.engagement)
    with tenant_scope(cast.tenant.pk):
        task = Task.objects.create(title="Call", owner=cast.csm, customer=cast.customer)
        elsewhere = Task.objects.create(title="Own", owner=cast.csm)
        concern = operations.raise_concern(
            engagement=cast.engagement,
            fields={"text": "Slow", "owner": cast.csm},
            by=cast.csm,
            now=NOW,
        )
    rows = (cast.customer, cast.engagement, risk, task, concern)
    made = give(cast)
    assert set(holders(cast, *rows)) == {cast.manager.pk}
    assert holders(cast, closed, elsewhere) == [cast.csm.pk, cast.csm.pk]
    with tenant_scope(cast.tenant.pk):
        risk.owner = cast.admin
        risk.save()
        operations.undo_hand_over(made=made, now=NOW)
        with pytest.raises(ValidationError, match="undone already"):
            operations.undo_hand_over(made=made, now=NOW)
    mine = cast.csm.pk
    assert holders(cast, *rows) == [mine, mine, cast.admin.pk, mine, mine]


def test_without_the_work_only_customers_and_engagements_go(cast: Cast) -> None:
    risk, _closed = work(cast, cast.csm, cast.engagement)
    give(cast, with_work=False)
    assert holders(cast, cast.customer, risk) == [cast.manager.pk, cast.csm.pk]


def test_both_are_told_and_each_timeline_says_so(cast: Cast) -> None:
    give(cast)
    with tenant_scope(cast.tenant.pk):
        told = dict(Notification.objects.values_list("user__email", "text"))
        entry = TimelineEntry.objects.get(engagement=cast.engagement, kind="csm.changed")
        log = AuditEntry.objects.filter(action="portfolio.handed_over")
        assert [row.facts["customers"] for row in log] == [1]
    assert told[cast.manager.email] == "1 customer of Csm is yours now. They pay late."
    assert told[cast.csm.email] == "1 customer of yours went to Manager."
    assert (entry.text, entry.by_id) == ("CSM: Manager, in place of Csm.", cast.admin.pk)


def test_only_customers_of_theirs_are_handed_over(cast: Cast) -> None:
    for changes, named in (
        ({"customers": [cast.second_customer]}, "customers"),
        ({"to_user": cast.csm}, "to_user"),
    ):
        with pytest.raises(ValidationError) as refusal:
            give(cast, **changes)
        assert list(refusal.value.message_dict) == [named]


def test_a_portfolio_is_handed_over_on_a_page_and_undone(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        stays = make_customer("stays", csm=cast.csm)
    path = cast.at("customers/hand-overs/new/")
    assert [one.name for one in csm.get(path).context["holders"]] == ["Csm"]
    page = csm.get(f"{path}?from={cast.csm.pk}")
    assert len(page.context["form"].portfolio) == 2
    posted = {"from": str(cast.csm.pk), "to_user": str(cast.manager.pk), "note": ""}
    refused = csm.post(path, posted)
    assert "required" in refused.content.decode()
    done = csm.post(path, posted | {"customers": [str(cast.customer.pk)]}, follow=True)
    assert "1 customer went from Csm to Manager." in done.content.decode()
    assert holders(cast, cast.customer, stays) == [cast.manager.pk, cast.csm.pk]
    (row,) = done.context["hand_overs"]
    csm.post(cast.at(f"customers/hand-overs/{row.id}/undo/"))
    assert holders(cast, cast.customer) == [cast.csm.pk]
    assert b"hand-over,Csm,Manager" in csm.get(cast.at("customers/hand-overs.csv")).content


def test_somebody_who_has_no_customers_has_no_portfolio(cast: Cast, csm: Client) -> None:
    for wanted in (cast.stranger.pk, cast.manager.pk, "nonsense"):
        assert csm.get(cast.at(f"customers/hand-overs/new/?from={wanted}")).status_code == 404


def cover(cast: Cast, **changes: Any) -> Cover:
    values: dict[str, Any] = {
        "person": cast.csm,
        "stand_in": cast.manager,
        "from_date": TODAY,
        "to_date": TODAY + timedelta(days=4),
        "note": "",
        "by": cast.csm,
    }
    with tenant_scope(cast.tenant.pk):
        return operations.arrange_cover(**values | changes)


def covered(cast: Cast, user: User, today: date) -> list[str]:
    with tenant_scope(cast.tenant.pk):
        found = queries.get_covered_by(user_id=user.pk, today=today)
    return [one.person_name for one in found.values()]


def test_a_cover_begins_and_ends_by_itself(cast: Cast) -> None:
    made = cover(cast)
    for days, names in ((-1, []), (0, ["Csm"]), (4, ["Csm"]), (5, [])):
        assert covered(cast, cast.manager, TODAY + timedelta(days=days)) == names
    with tenant_scope(cast.tenant.pk):
        operations.cancel_cover(cover=made, now=NOW)
    assert covered(cast, cast.manager, TODAY) == []
    with tenant_scope(cast.tenant.pk):
        operations.restore_cover(cover=made)
    assert covered(cast, cast.manager, TODAY) == ["Csm"]


def test_an_ended_cover_stays_ended_once_another_has_its_days(cast: Cast) -> None:
    made = cover(cast)
    with tenant_scope(cast.tenant.pk):
        operations.cancel_cover(cover=made, now=NOW)
    cover(cast)
    with tenant_scope(cast.tenant.pk):
        with pytest.raises(ValidationError, match="some of these days already"):
            operations.restore_cover(cover=made)
        made.refresh_from_db()
        assert made.cancelled_at == NOW


def test_days_are_those_of_the_workspace(cast: Cast) -> None:
    cover(cast)
    with tenant_scope(cast.tenant.pk):
        # 23:30 in London, where it is the day before still; half past midnight in Oslo.
        late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
        assert set(queries.get_stand_ins(user_ids=[cast.csm.pk], now=late)) == {cast.manager.pk}
        assert (
            set(queries.get_stand_ins(user_ids=[cast.csm.pk], now=late - timedelta(hours=1)))
            == set()
        )
        assert set(queries.get_stand_ins(user_ids=[cast.admin.pk], now=late)) == set()


def test_the_stand_in_hears_what_the_other_would_hear(cast: Cast) -> None:
    today = timezone.localdate()
    cover(cast, from_date=today - timedelta(days=1), to_date=today + timedelta(days=1))
    with tenant_scope(cast.tenant.pk):
        notify(recipients=[cast.csm], kind="plan.late", text="Late", url="/w/acme/", key="k")
        told = Notification.objects.filter(key="k").values_list("user_id", flat=True)
        assert set(told) == {cast.csm.pk, cast.manager.pk}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"to_date": TODAY - timedelta(days=1)}, "to_date"),
        (
            {"from_date": TODAY + timedelta(days=4), "to_date": TODAY + timedelta(days=9)},
            "from_date",
        ),
    ],
)
def test_a_cover_that_makes_no_sense_is_refused(
    cast: Cast, changes: dict[str, Any], named: str
) -> None:
    cover(cast)
    with pytest.raises(ValidationError) as refusal:
        cover(cast, **changes)
    assert list(refusal.value.message_dict) == [named]


def test_nobody_stands_in_who_is_away_too(cast: Cast) -> None:
    cover(cast)
    for changes in ({"stand_in": cast.csm}, {"person": cast.admin, "stand_in": cast.csm}):
        with pytest.raises(ValidationError) as refusal:
            cover(cast, **changes)
        assert list(refusal.value.message_dict) == ["stand_in"]


def test_the_book_of_the_stand_in_has_the_others_customers(cast: Cast, csm: Client) -> None:
    with tenant_scope(cast.tenant.pk):
        make_customer("own", csm=cast.manager)
    today = timezone.localdate()
    path = cast.at(f"?csm={cast.manager.pk}")
    assert [row.name for row in csm.get(path).context["book"].rows] == ["Own"]
    cover(cast, from_date=today - timedelta(days=1), to_date=today + timedelta(days=3))
    page = csm.get(path)
    rows = {row.name: row.covered for row in page.context["book"].rows}
    assert set(rows) == {"Own", "Halden"}
    assert (rows["Own"], rows["Halden"].person_name) == (None, "Csm")
    assert "yours until" in page.content.decode()
    manager = cast.browser(cast.manager)
    listed = manager.get(cast.at("customers/?csm=me")).context["list"].rows
    assert [row.name for row in listed] == ["Halden", "Own"]


def test_a_cover_is_arranged_on_a_page_and_ended(cast: Cast, csm: Client) -> None:
    today = timezone.localdate(timezone=ZoneInfo(cast.tenant.time_zone))
    posted = {
        "person": str(cast.csm.pk),
        "stand_in": str(cast.manager.pk),
        "from_date": str(today),
        "to_date": str(today - timedelta(days=1)),
    }
    path = cast.at("customers/covers/new/")
    assert "before the first" in error_beside(csm.post(path, posted), "to_date")
    done = csm.post(path, posted | {"to_date": str(today)}, follow=True)
    (row,) = done.context["covers"]
    assert (row.stand_in_name, row.state) == ("Manager", "now")
    csm.post(cast.at(f"customers/covers/{row.id}/cancel/"))
    page = csm.get(cast.at("customers/hand-overs/"))
    assert [one.state for one in page.context["past_covers"]] == ["cancelled"]


def test_hand_overs_are_for_those_who_look_after_customers(cast: Cast, csm: Client) -> None:
    made, arranged = give(cast), cover(cast, person=cast.admin, stand_in=cast.manager)
    names = ("executive", "lead", "stranger")
    browsers = {name: cast.browser(getattr(cast, name)) for name in names}
    for path in ("customers/hand-overs/", "customers/hand-overs/new/", "customers/covers/new/"):
        assert statuses(browsers, "get", cast.at(path)) == dict(
            zip(names, (403, 403, 404), strict=True)
        )
    for path in (
        f"customers/hand-overs/{made.pk}/undo/",
        f"customers/covers/{arranged.pk}/cancel/",
    ):
        found = statuses(browsers, "post", cast.at(path))
        assert found == dict(zip(names, (403, 403, 404), strict=True))
    with tenant_scope(cast.tenant.pk):
        assert Customer.objects.get(pk=cast.customer.pk).csm_id == cast.manager.pk


def test_the_night_leaves_an_archived_engagement_alone(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        other = make_engagement(cast.customer, "HALDEN-2")
        for engagement in (cast.engagement, other):
            import_plan(
                engagement=engagement,
                source=BytesIO(b"id,name,duration\n1,Step,5d\n"),
                file_name="plan.csv",
                imported_by=None,
                now=NOW,
            )
        Plan.objects.update(follows_today=True)
        assert reschedule_plans(business_date=TODAY, now=NOW) == 2
        operations.archive_engagement(engagement=other, now=NOW)
        assert reschedule_plans(business_date=TODAY + timedelta(days=1), now=NOW) == 1
