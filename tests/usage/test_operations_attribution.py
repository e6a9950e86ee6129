"""Whom events count for when they do not say, and people who turn out to be one."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from engagements.models import EndUser, RosterEntry
from tenancy.scope import tenant_scope
from tests import factories
from tests.factories import Cast
from tests.usage.stage import NOW, make_event, make_source, receive
from usage import operations
from usage.adapters.canonical import ROBOT
from usage.models import Alias, Belonging, Domain, Event, Quarantined, UserDay

DAY = date(2026, 11, 21)


@pytest.fixture
def scoped(cast: Cast):
    with tenant_scope(cast.tenant.pk):
        yield cast


def customers() -> list[str]:
    """Whom each event counts for, in order of time."""
    rows = Event.objects.order_by("occurred_at").values_list("customer__external_id", flat=True)
    return list(rows)


def say_group(message_id: str, group: str, at: str, user: str = "eve"):
    return make_event(message_id, user, at, kind="group", name="group", group_id=group)


def test_the_group_said_last_before_an_event_is_meant(scoped: Cast) -> None:
    source = make_source()
    receive(source, [say_group("g2", "solberg", "2026-11-10T10:00Z")])
    receive(source, [say_group("g1", "halden", "2026-11-03T10:00Z")])
    events = [make_event(f"m{day}", "eve", f"2026-11-{day}T12:00Z", group_id=None)
              for day in ("02", "05", "12")]  # fmt: skip
    assert receive(source, events).quarantined == 1
    assert customers() == ["halden", "solberg"]
    assert Quarantined.objects.get().item["message_id"] == "m02"


def test_saying_the_same_group_again_is_remembered_once(scoped: Cast) -> None:
    source = make_source()
    for number in range(3):
        receive(source, [say_group(f"g{number}", "halden", f"2026-11-0{number + 1}T10:00Z")])
    assert Belonging.objects.count() == 1


def test_nothing_without_a_group_counts_after_the_end_of_a_membership(scoped: Cast) -> None:
    source = make_source()
    receive(source, [say_group("g1", "halden", "2026-11-01T10:00Z")])
    receive(source, [say_group("g2", "solberg", "2026-11-05T10:00Z")])
    Belonging.objects.filter(customer=scoped.second_customer).update(
        until_at=datetime(2026, 11, 9, tzinfo=UTC)
    )
    receive(source, [make_event("m1", "eve", "2026-11-08T10:00Z", group_id=None)])
    receive(source, [make_event("m2", "eve", "2026-11-10T10:00Z", group_id=None)])
    assert customers() == ["solberg", "halden"]


def test_the_domain_of_an_address_says_whose_somebody_new_is(scoped: Cast) -> None:
    Domain.objects.create(customer=scoped.customer, name="halden.example")
    source = make_source()
    receive(
        source,
        [
            make_event("m1", "kim@Halden.example", group_id=None),
            make_event("m2", "u-7", group_id=None, email="lee@halden.example"),
            make_event("m3", "x@elsewhere.example", group_id=None),
        ],
    )
    assert customers() == ["halden", "halden"]
    assert Quarantined.objects.get().user_key == "x@elsewhere.example"


def active_days() -> list[tuple[str, date, int]]:
    rows = UserDay.objects.order_by("end_user__external_id", "day")
    return list(rows.values_list("end_user__external_id", "day", "events"))


def close() -> None:
    operations.join_people(now=NOW)
    operations.close_days(business_date=DAY, now=NOW)


def test_what_is_not_counted_yet_is_joined_too(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("a1", None, "2026-11-03T10:00Z", anonymous_id="anon")])
    receive(source, [make_event("i1", "ann", kind="identify", anonymous_id="anon")])
    close()
    assert active_days() == [("ann", date(2026, 11, 3), 1)]


def test_what_somebody_left_out_did_becomes_the_persons_too(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("a1", None, "2026-11-03T10:00Z", anonymous_id="anon")])
    operations.leave_out(kind="person", pattern="anon", reason="A test", by=scoped.admin)
    close()
    assert active_days() == []
    receive(source, [make_event("i1", "ann", kind="identify", anonymous_id="anon")])
    close()
    assert active_days() == [("ann", date(2026, 11, 3), 1)]


def test_a_device_that_two_people_share_stays_the_first_ones(scoped: Cast) -> None:
    source = make_source()
    for who in ("ann", "bob"):
        receive(source, [make_event(f"i-{who}", who, kind="identify", anonymous_id="tablet")])
    assert Alias.objects.get().person == "ann"


def test_a_chain_of_aliases_ends_at_one_person(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", "old", kind="identify", anonymous_id="anon")])
    receive(source, [make_event("m2", "new", kind="alias", previous_id="old")])
    receive(source, [make_event("m3", "old", kind="alias", previous_id="new")])
    assert dict(Alias.objects.values_list("said", "person")) == {"anon": "new", "old": "new"}


def test_somebody_on_a_roster_keeps_the_place_there(scoped: Cast) -> None:
    person = EndUser.objects.create(customer=scoped.customer, external_id="old")
    RosterEntry.objects.create(
        customer=scoped.customer, engagement=scoped.engagement, end_user=person
    )
    receive(make_source(), [make_event("m2", "new", kind="alias", previous_id="old")])
    assert operations.join_people(now=NOW) == 1
    assert RosterEntry.objects.get().end_user == person


def test_a_group_name_is_attached_to_a_customer_and_what_waited_comes_in(scoped: Cast) -> None:
    source = make_source()
    late = [make_event(f"m{n}", group_id="hld-eu") for n in range(3)]
    receive(source, [*late, make_event("other", group_id="unknown")])
    came = operations.attach_group(said="hld-eu", customer=scoped.customer, now=NOW)
    assert came == 3
    assert [row.group_key for row in Quarantined.objects.all()] == ["unknown"]
    outcome = receive(source, [*late, make_event("m9", group_id="hld-eu")])
    assert (outcome.new, outcome.repeated) == (1, 3)
    with pytest.raises(ValidationError):
        operations.attach_group(said="hld-eu", customer=scoped.second_customer, now=NOW)


def test_what_waited_comes_in_once_its_customer_or_person_is_known(scoped: Cast) -> None:
    source = make_source()
    receive(source, [make_event("m1", group_id="later"), make_event("m2", "zoe", group_id=None)])
    assert operations.replay_known(now=NOW) == 0
    factories.make_customer("later")
    receive(source, [say_group("g1", "halden", "2026-10-01T10:00Z", user="zoe")])
    assert operations.replay_known(now=NOW) == 2
    assert (Quarantined.objects.count(), sorted(customers())) == (0, ["halden", "later"])


def test_what_a_sender_calls_a_robot_is_not_kept(scoped: Cast) -> None:
    outcome = receive(make_source(), [make_event("m1", hints=frozenset({ROBOT}))])
    assert (outcome.new, outcome.left_out, Event.objects.count()) == (0, 1, 0)
