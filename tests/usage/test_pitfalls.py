"""The ways use is commonly counted wrong, each with the test that it is not so here.

Those of measures, agreements and scores belong to the tests of `metrics`.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from engagements.models import Customer, EndUser
from engagements.operations import set_seats
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.usage.stage import NOW, make_event, make_source, receive
from tests.usage.test_closing import night, recounted, stored
from tests.usage.test_operations_attribution import active_days
from usage import operations, queries
from usage.models import DailyUse, Event, PastClock
from usage.operations import set_rules

LAST = date(2026, 11, 20)


@pytest.fixture
def scoped(cast: Cast):
    with tenant_scope(cast.tenant.pk):
        yield cast


def close() -> None:
    """The night, with ids that turned out to be one person joined before."""
    operations.join_people(now=NOW)
    operations.close_days(business_date=LAST, now=NOW)


def test_pitfall_1_a_day_is_that_of_the_zone_it_was_lived_in_also_after_a_move(
    scoped: Cast,
) -> None:
    """At 23:30 in Oslo it is the next day in Auckland and still the morning's in Honolulu."""
    source = make_source()
    Customer.objects.filter(pk=scoped.customer.pk).update(time_zone="Europe/Oslo")
    receive(source, [make_event("m1", at="2026-11-04T22:30Z")])
    night("2026-11-10")
    before = stored()
    Customer.objects.filter(pk=scoped.customer.pk).update(time_zone="Pacific/Auckland")
    receive(source, [make_event("m2", at="2026-11-12T22:30Z")])
    # Late, and from before the move: it lies on the day it had there and then.
    receive(source, [make_event("m3", user="bob", at="2026-11-05T22:30Z")])
    night("2026-11-20")
    after = {day.day: values[3] for (_key, day), values in stored().items() if values[3]}
    assert after == {4: 1, 5: 1, 13: 1}
    assert before["halden", date(2026, 11, 4)] == stored()["halden", date(2026, 11, 4)]
    (past,) = PastClock.objects.all()
    assert (past.time_zone, past.until_day) == ("Europe/Oslo", date(2026, 11, 10))
    assert past.until_at == datetime(2026, 11, 10, 23, tzinfo=UTC)


def test_pitfall_2_a_window_holds_different_people_and_is_no_sum_of_days(scoped: Cast) -> None:
    events = [
        make_event(f"{who}-{day}", user=who, at=f"2026-11-{day:02}T10:00Z")
        for who in ("ann", "bob")
        for day in range(9, 21)
    ]
    receive(make_source(), [*events, make_event("eve", user="eve", at="2026-11-16T10:00Z")])
    night("2026-11-20")
    dau, wau, mau, sent = stored()["halden", date(2026, 11, 20)]
    assert (dau, wau, mau, sent) == (2, 3, 3, 2)
    days = [values[0] for (_key, day), values in stored().items() if day > date(2026, 11, 13)]
    assert sum(days) == 15


def test_pitfall_3_the_figure_is_the_last_point_of_its_line_and_its_list(scoped: Cast) -> None:
    receive(make_source(), [make_event(who, user=who) for who in ("ann", "bob")])
    close()
    span = {"customer_id": scoped.customer.pk, "first": LAST - timedelta(days=30), "last": LAST}
    series = queries.get_usage_series(**span)
    asked = queries.Asked(LAST, LAST)
    subject = queries.get_subject(customer=scoped.customer)
    adoption = queries.get_adoption(subject=subject, asked=asked)
    listed = queries.get_active_people(customer_id=scoped.customer.pk, day=LAST)
    assert series.last_closed is not None
    assert [
        series.points[-1].mau,
        series.last_closed.mau,
        queries.get_adoption_days(**span)[-1].users,
        len(adoption.active),
        len(listed),
    ] == [2] * 5


def test_pitfall_4_the_list_of_people_is_as_long_as_the_count(scoped: Cast) -> None:
    events = [
        make_event("m1", user="ann", at="2026-10-23T12:00Z"),
        make_event("m2", user="ann", at="2026-11-20T12:00Z"),
        make_event("m3", user="bob", at="2026-10-24T12:00Z"),
        make_event("m4", user="eve", at="2026-10-23T12:00Z"),
    ]
    receive(make_source(), events)
    close()
    series = queries.get_usage_series(customer_id=scoped.customer.pk, first=LAST, last=LAST)
    people = queries.get_active_people(customer_id=scoped.customer.pk, day=LAST)
    assert len(people) == series.points[0].mau == 2
    assert [(p.label, p.active_days, p.last_day) for p in people] == [
        ("ann", 1, LAST),
        ("bob", 1, date(2026, 10, 24)),
    ]


def test_pitfall_5_an_event_of_the_open_day_is_counted_once_the_day_is_over(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", at="2026-11-20T10:00Z")])
    night("2026-11-19", now="2026-11-20T11:00Z")
    assert stored() == {}
    receive(source, [make_event("m2", at="2026-11-20T12:00Z")])
    night("2026-11-20", now="2026-11-21T11:00Z")
    assert stored() == {("halden", date(2026, 11, 20)): (1, 1, 1, 2)}


def test_pitfall_7_adoption_of_a_day_has_the_seats_of_that_day(scoped: Cast) -> None:
    events = [make_event(f"m{day}", at=f"2026-11-{day:02}T10:00Z") for day in range(1, 15)]
    receive(make_source(), events)
    set_seats(customer=scoped.customer, seats=4, from_date=date(2026, 11, 1))
    set_seats(customer=scoped.customer, seats=8, from_date=date(2026, 11, 18))
    close()
    days = queries.get_adoption_days(
        customer_id=scoped.customer.pk, first=date(2026, 11, 17), last=LAST
    )
    assert [one.utilisation for one in days] == [1 / 4, 1 / 8, 1 / 8, 1 / 8]
    assert {(one.depth, one.sustain, one.adoption) for one in days} == {(1.0, 1.0, 1.0)}
    assert days[0].day == date(2026, 11, 17)


def test_pitfall_8_other_rules_compute_every_closed_day_again_and_say_so(scoped: Cast) -> None:
    events = [make_event(f"m{day}", at=f"2026-11-{day:02}T10:00Z") for day in range(2, 8)]
    receive(make_source(), events)
    night("2026-11-20")
    row = DailyUse.objects.get(day=date(2026, 11, 7))
    assert (row.deep, row.features_adopted, row.rules_version) == (0, 0, 0)
    set_rules(fields={"deep_days": 6, "adopted_weeks": 1, "window": 14}, by=scoped.admin)
    assert DailyUse.objects.filter(rules_version=0).count() == 19
    night("2026-11-20")
    row = DailyUse.objects.get(day=date(2026, 11, 7))
    assert (row.deep, row.features_adopted, row.adopters, row.rules_version) == (1, 1, 1, 1)
    assert DailyUse.objects.filter(rules_version=1).count() == 19
    assert stored()["halden", date(2026, 11, 20)][2] == 1
    assert DailyUse.objects.get(day=date(2026, 11, 20)).deep == 0


def test_pitfall_9_somebody_joined_later_is_one_person_on_the_days_before_too(scoped: Cast) -> None:
    source = make_source()
    for number, day in enumerate(("03", "04")):
        at = f"2026-11-{day}T10:00Z"
        receive(source, [make_event(f"a{number}", None, at, anonymous_id="anon")])
    receive(source, [make_event("k1", "ann", "2026-11-04T12:00Z")])
    close()
    assert DailyUse.objects.get(day=date(2026, 11, 4)).dau == 2
    said = make_event("i1", "ann", "2026-11-05T10:00Z", kind="identify", anonymous_id="anon")
    receive(source, [said])
    # Later ones are theirs at once.
    receive(source, [make_event("a9", None, "2026-11-06T10:00Z", anonymous_id="anon")])
    close()
    assert active_days() == [
        ("ann", date(2026, 11, 3), 1),
        ("ann", date(2026, 11, 4), 2),
        ("ann", date(2026, 11, 6), 1),
    ]
    assert DailyUse.objects.get(day=date(2026, 11, 4)).dau == 1
    assert not EndUser.objects.filter(external_id="anon").exists()
    assert operations.join_people(now=NOW) == 0


def test_pitfall_10_a_late_event_changes_the_days_its_window_reaches_and_no_others(
    scoped: Cast,
) -> None:
    source = make_source()
    receive(source, [make_event("m1", at="2026-08-01T10:00Z")])
    night("2026-11-20")
    receive(source, [make_event("m2", user="bob", at="2026-09-01T10:00Z")])
    assert night("2026-11-20").days == 28
    assert stored() == recounted(date(2026, 11, 20))


def test_pitfall_13_people_left_out_are_kept_and_not_counted_until_they_are_again(
    scoped: Cast,
) -> None:
    source = make_source()
    receive(source, [make_event("m1", "ann"), make_event("m2", "Tester@vendor.example")])
    receive(source, [make_event("m3", "bot-1")])
    close()
    assert len(active_days()) == 3
    made = [
        operations.leave_out(kind=kind, pattern=pattern, reason="Ours", by=scoped.admin)
        for kind, pattern in (("domain", "@Vendor.example"), ("person", "bot-1"))
    ]
    close()
    assert [who for who, _day, _events in active_days()] == ["ann"]
    assert Event.objects.count() == 3
    operations.count_again(exclusion=made[1])
    close()
    assert [who for who, _day, _events in active_days()] == ["ann", "bot-1"]
    with pytest.raises(ValidationError):
        operations.leave_out(kind="domain", pattern="vendor.example", reason="x", by=scoped.admin)


def test_pitfall_15_an_hour_that_happens_twice_stays_on_its_day(scoped: Cast) -> None:
    """Newfoundland put its clocks back at one minute past midnight: 00:00:30, then 23:01 again."""
    Customer.objects.filter(pk=scoped.customer.pk).update(time_zone="America/St_Johns")
    moments = ["2010-11-07T02:30:30Z", "2010-11-07T02:31:00Z", "2010-11-07T03:29:59Z"]
    receive(make_source(), [make_event(f"m{n}", at=at) for n, at in enumerate(moments)])
    night("2010-11-08")
    found = {day: values[3] for (_key, day), values in stored().items()}
    assert found == {date(2010, 11, 6): 2, date(2010, 11, 7): 1, date(2010, 11, 8): 0}
