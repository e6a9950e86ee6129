import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from engagements.models import RouteVolume, TimelineEntry, WorkRoute
from engagements.next_action import Kind
from engagements.operations import forget_deleted, name_stakeholder
from engagements.operations import routes as operations
from engagements.operations.routes import Counted, NewVolume
from engagements.periods import Period, last_day, last_over
from engagements.queries import get_next_action
from engagements.queries.routes import RouteRegister, get_route_register
from tenancy.scope import tenant_scope
from tests.factories import TODAY, Cast
from tests.pages import assert_same_queries, error_beside

SUNDAY = date(2026, 11, 15)
ROUTE = {"name": "Mailbox orders@", "kind": "email", "shut_off_date": "2026-11-10", "note": ""}


def at(cast: Cast, rest: str = "routes/") -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def make_route(cast: Cast, **fields: Any) -> WorkRoute:
    values = {"name": "Mailbox", "kind": "email"} | fields
    with tenant_scope(cast.tenant.pk):
        return operations.add_route(engagement=cast.engagement, fields=values, by=cast.csm)


def count(cast: Cast, *items: NewVolume, period: Period = Period.WEEK) -> Counted:
    with tenant_scope(cast.tenant.pk):
        return operations.record_volumes(
            engagement=cast.engagement, items=items, period=period, today=TODAY, by=cast.csm
        )


def register(cast: Cast, today: date = TODAY) -> RouteRegister:
    with tenant_scope(cast.tenant.pk):
        return get_route_register(engagement_id=cast.engagement.pk, today=today)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def send(client: Client, cast: Cast, lines: str) -> Any:
    file = SimpleUploadedFile("volumes.csv", lines.encode())
    return client.post(at(cast, "routes/file/"), {"file": file}, follow=True)


@pytest.mark.parametrize(
    ("period", "day", "last"),
    [
        (Period.WEEK, date(2026, 11, 16), date(2026, 11, 22)),
        (Period.WEEK, date(2026, 11, 22), date(2026, 11, 22)),
        (Period.MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (Period.MONTH, date(2028, 2, 29), date(2028, 2, 29)),
        (Period.MONTH, date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_a_period_is_named_by_its_last_day(period: Period, day: date, last: date) -> None:
    assert last_day(period, day) == last


def test_the_newest_period_that_is_over_lies_before_today() -> None:
    assert last_over(Period.WEEK, date(2026, 11, 22)) == SUNDAY
    assert last_over(Period.WEEK, date(2026, 11, 16)) == SUNDAY
    assert last_over(Period.MONTH, date(2026, 11, 1)) == date(2026, 10, 31)


def test_a_route_that_is_open_after_its_day_is_overdue_and_next(cast: Cast) -> None:
    route = make_route(cast, shut_off_date=TODAY - timedelta(days=1))
    assert [row.name for row in register(cast).overdue] == ["Mailbox"]
    assert register(cast, TODAY - timedelta(days=1)).overdue == ()
    with tenant_scope(cast.tenant.pk):
        found = get_next_action(engagement=cast.engagement)
        assert found is not None
        assert (found.kind, found.text, found.id) == (Kind.SHUT_OFF, "Mailbox", route.pk)
        assert found.is_overdue(TODAY)
        operations.shut_route(route=route, day=TODAY, by=cast.csm)
        later = get_next_action(engagement=cast.engagement)
        assert later is None or later.kind is not Kind.SHUT_OFF
    assert register(cast).overdue == ()


def test_a_route_that_the_customer_owns_waits_for_them(cast: Cast) -> None:
    with tenant_scope(cast.tenant.pk):
        owner = name_stakeholder(customer=cast.customer, name="Jonas Eide")
    make_route(cast, shut_off_date=TODAY, owner_at_customer=owner)
    with tenant_scope(cast.tenant.pk):
        found = get_next_action(engagement=cast.engagement)
    assert found is not None and found.theirs


def test_a_second_volume_of_a_period_replaces_the_first(cast: Cast) -> None:
    route = make_route(cast)
    monday = SUNDAY - timedelta(days=6)
    assert count(cast, NewVolume(route, monday, 40)) == Counted(1, 0, 0)
    assert count(cast, NewVolume(route, SUNDAY, 40)) == Counted(0, 0, 1)
    assert count(cast, NewVolume(route, SUNDAY, 41)) == Counted(0, 1, 0)
    assert register(cast).rows[0].volumes == ((SUNDAY, 41),)
    assert count(cast, NewVolume(route, SUNDAY, None)) == Counted(0, 0, 0, removed=1)
    assert register(cast).rows[0].volumes == ()


@pytest.mark.parametrize(
    ("period", "day", "amount", "field"),
    [
        (Period.WEEK, TODAY, 4, "day"),
        (Period.MONTH, date(2026, 11, 2), 4, "day"),
        (Period.WEEK, date(1980, 1, 1), 4, "day"),
        (Period.WEEK, SUNDAY, -1, "amount"),
    ],
)
def test_a_volume_that_cannot_be_is_refused(
    cast: Cast, period: Period, day: date, amount: int, field: str
) -> None:
    route = make_route(cast)
    with pytest.raises(ValidationError) as refused:
        count(cast, NewVolume(route, day, amount), period=period)
    assert field in refused.value.error_dict


def test_all_routes_of_an_engagement_are_counted_by_one_period(cast: Cast) -> None:
    mail, phone = make_route(cast), make_route(cast, name="Phone", kind="phone")
    count(cast, NewVolume(mail, SUNDAY, 4))
    with pytest.raises(ValidationError, match="counted by week"):
        count(cast, NewVolume(phone, date(2026, 10, 5), 4), period=Period.MONTH)


def test_a_route_is_added_counted_shut_and_opened_again(cast: Cast, csm: Client) -> None:
    page = text(csm.post(at(cast, "routes/new/"), ROUTE, follow=True))
    assert "The route is in the register." in page
    assert "One route was to be shut off and is still open." in page
    row = register(cast).rows[0]
    sent = {"day": "2026-11-12", "period": "week", f"route_{row.id}": "31"}
    page = text(csm.post(at(cast, "routes/volumes/"), sent, follow=True))
    assert "One figure is in." in page and ">31<" in page
    shown = csm.get(at(cast, "routes/volumes/?day=2026-11-15")).context["form"]
    assert shown.fields[f"route_{row.id}"].initial == 31
    answer = csm.post(cast.at(f"routes/{row.id}/shut/"), follow=True)
    assert "Mailbox orders@ is shut off." in text(answer)
    assert register(cast, timezone.localdate()).rows[0].shut_date == timezone.localdate()
    [undo] = [message.extra_tags for message in answer.context["messages"]]
    assert undo == cast.at(f"routes/{row.id}/reopen/")
    csm.post(undo)
    assert register(cast).rows[0].shut_date is None
    with tenant_scope(cast.tenant.pk):
        kinds = set(TimelineEntry.objects.values_list("kind", flat=True))
    assert {"route.added", "route.shut", "route.reopened"} <= kinds


def test_a_route_taken_out_is_left_out_of_every_figure_until_it_is_back(
    cast: Cast, csm: Client
) -> None:
    route = make_route(cast, shut_off_date=TODAY)
    count(cast, NewVolume(route, SUNDAY, 9))
    answer = csm.post(cast.at(f"routes/{route.pk}/delete/"), follow=True)
    [undo] = [message.extra_tags for message in answer.context["messages"]]
    assert register(cast).rows == ()
    assert csm.get(cast.at(f"routes/{route.pk}/")).status_code == 404
    with tenant_scope(cast.tenant.pk):
        assert getattr(get_next_action(engagement=cast.engagement), "kind", "") != Kind.SHUT_OFF
    csm.post(undo)
    assert register(cast).rows[0].volumes == ((SUNDAY, 9),)


def test_a_route_taken_out_is_gone_after_a_month(cast: Cast) -> None:
    route, now = make_route(cast), timezone.now()
    with tenant_scope(cast.tenant.pk):
        operations.delete_route(route=route, now=now)
        assert forget_deleted(business_date=TODAY, now=now + timedelta(days=29)) == 0
        assert forget_deleted(business_date=TODAY, now=now + timedelta(days=31)) == 1


def test_its_name_may_be_taken_when_it_is_to_come_back(cast: Cast, csm: Client) -> None:
    route = make_route(cast)
    csm.post(cast.at(f"routes/{route.pk}/delete/"))
    make_route(cast)
    answer = csm.post(cast.at(f"routes/{route.pk}/restore/"), follow=True)
    assert "Another route has this name already." in text(answer)
    assert len(register(cast).rows) == 1


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"name": ""}, "name", "required"),
        ({"name": "the APP"}, "name", "Another route has this name"),
        ({"kind": "pigeon"}, "kind", "valid choice"),
        ({"kind": "new"}, "shut_off_date", "not shut off"),
        ({"shut_date": "2099-01-01"}, "shut_date", "still to come"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    cast: Cast, csm: Client, change: dict[str, str], field: str, words: str
) -> None:
    make_route(cast, name="The app", kind="new")
    assert words in error_beside(csm.post(at(cast, "routes/new/"), ROUTE | change), field)
    assert len(register(cast).rows) == 1


def test_volumes_of_an_open_period_are_refused_on_the_page(cast: Cast, csm: Client) -> None:
    route = make_route(cast)
    sent = {"day": timezone.localdate().isoformat(), "period": "week", f"route_{route.pk}": "3"}
    assert "not over yet" in error_beside(csm.post(at(cast, "routes/volumes/"), sent), "day")
    assert register(cast).rows[0].volumes == ()


def test_a_file_comes_in_whole_and_a_second_time_says_nothing_new(cast: Cast, csm: Client) -> None:
    make_route(cast)
    lines = "route,day,amount,period\nmailbox,2026-09-12,40,month\nMailbox,2026-10-03,30,month\n"
    assert "2 figures are in." in text(send(csm, cast, lines))
    assert "Nothing was new." in text(send(csm, cast, lines))
    found = register(cast)
    assert found.period is Period.MONTH
    assert found.rows[0].volumes == ((date(2026, 9, 30), 40), (date(2026, 10, 31), 30))
    with tenant_scope(cast.tenant.pk):
        assert TimelineEntry.objects.filter(kind="route.counted").count() == 1
        assert set(RouteVolume.objects.values_list("way", flat=True)) == {"file"}


def test_a_bad_row_keeps_the_file_out_and_is_named(cast: Cast, csm: Client) -> None:
    count(cast, NewVolume(make_route(cast), SUNDAY, 4))
    lines = [
        "Mailbox,2026-11-02,40,week",
        "Mailbox,2026-11-08,41,",
        "Fax,2026-11-08,1,",
        "Mailbox,yesterday,1,",
        "Mailbox,2026-10-08,many,",
        "Mailbox,,5,",
        "Mailbox,2026-10-01,5,month",
        f"Mailbox,{timezone.localdate()},5,",
    ]
    page = text(send(csm, cast, "route,day,amount,period\n" + "\n".join(lines) + "\n"))
    for words in (
        "7 rows cannot come in, so nothing did.",
        "A row above counts this route in the same period.",
        "There is no route “Fax” here. Use one of: Mailbox.",
        "“yesterday” is no date.",
        "“many” is no whole number.",
        "Every row needs a day.",
        "are all counted by one period",
        "This week is not over yet.",
    ):
        assert words in page, words
    assert register(cast).rows[0].volumes == ((SUNDAY, 4),)


@pytest.mark.parametrize("lines", ["route,day\nx,y\n", "route,day,amount,colour\n", "", "\0"])
def test_a_file_that_is_none_is_refused_beside_the_field(
    cast: Cast, csm: Client, lines: str
) -> None:
    assert error_beside(send(csm, cast, lines), "file")


def test_the_csv_holds_every_period(cast: Cast, csm: Client) -> None:
    route = make_route(cast, shut_off_date=date(2026, 11, 1))
    make_route(cast, name="App", kind="new")
    count(cast, NewVolume(route, SUNDAY, 9), NewVolume(route, date(2026, 11, 8), 12))
    rows = rows_of(csm.get(at(cast, "routes.csv")))
    assert [(row["route"], row["day"], row["amount"]) for row in rows] == [
        ("App", "", ""),
        ("Mailbox", "2026-11-08", "12"),
        ("Mailbox", "2026-11-15", "9"),
    ]
    assert (rows[1]["overdue"], rows[1]["period"]) == ("yes", "week")


def test_everybody_sees_routes_and_who_works_on_it_changes_them(cast: Cast) -> None:
    route = make_route(cast)
    for user in (cast.executive, cast.lead, cast.member):
        browser = cast.browser(user)
        assert browser.get(at(cast)).status_code == 200
        assert "Add a route" not in text(browser.get(at(cast)))
        assert browser.post(cast.at(f"routes/{route.pk}/shut/")).status_code == 403
        for rest in ("routes/new/", "routes/volumes/", "routes/file/"):
            assert browser.get(at(cast, rest)).status_code == 403
    assert cast.browser(cast.stranger).get(at(cast)).status_code == 404
    foreign = cast.at(f"engagements/{cast.other_engagement.pk}/routes/")
    assert cast.browser(cast.csm).get(foreign).status_code == 404
    second = cast.at(f"engagements/{cast.second_engagement.pk}/routes/")
    assert cast.browser(cast.lead).get(second).status_code == 404


def test_the_page_costs_the_same_for_many_routes(cast: Cast, csm: Client) -> None:
    count(cast, NewVolume(make_route(cast, owner=cast.csm), SUNDAY, 3))

    def grow() -> None:
        for number in range(4):
            route = make_route(cast, name=f"Route {number}", owner=cast.manager)
            count(cast, NewVolume(route, SUNDAY, number))

    assert_same_queries(csm, at(cast), grow)


def test_an_emptied_field_takes_its_volume_away_and_other_periods_keep_theirs(
    cast: Cast, csm: Client
) -> None:
    mail, phone = make_route(cast), make_route(cast, name="Phone", kind="phone")
    count(cast, NewVolume(mail, SUNDAY, 4), NewVolume(phone, SUNDAY, 5))
    field = f"route_{mail.pk}"
    # Without figures on the page an empty field says nothing.
    csm.post(at(cast, "routes/volumes/"), {"day": "2026-11-15", f"route_{phone.pk}": "6"})
    opened = at(cast, "routes/volumes/?day=2026-11-15")
    moved = csm.post(opened, {"day": "2026-11-05", field: "4"})
    assert "figures of another period" in error_beside(moved, "day")
    assert [row.volumes for row in register(cast).rows] == [((SUNDAY, 4),), ((SUNDAY, 6),)]
    csm.post(opened, {"day": "2026-11-12", field: "4", f"route_{phone.pk}": ""})
    assert [row.volumes for row in register(cast).rows] == [((SUNDAY, 4),), ()]
