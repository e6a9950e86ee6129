"""What routes and contacts with the help desk say: on the page, in the file, over the API and as
readings, always the same."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from engagements.models import RouteVolume, SupportContact, WorkRoute
from engagements.models.routes import Way
from engagements.operations import add_impact_group, put_on_roster
from engagements.operations.routes import NewVolume, add_route, delete_route, record_volumes
from engagements.operations.support import NewContact, record_contacts
from engagements.periods import Period, last_over
from metrics.definitions import (
    COACHED_SHARE,
    HOW_TO_TICKETS,
    NEW_ROUTE_SHARE,
    OLD_ROUTE_SHARE,
    Definition,
    Prior,
    get_definition,
    latest_definitions,
)
from metrics.models import Measure, Reading, ReadingChange
from metrics.operations import (
    agree_target,
    define_measure,
    record_reading,
    refresh_readings,
)
from metrics.queries import Place
from metrics.queries.acceptance import get_acceptance
from metrics.queries.routes import get_routes_view
from metrics.queries.support import get_contacts_by_day, get_support_view
from tenancy.scope import tenant_scope
from tests.engagements.test_api_facts import post, program_of
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW, grows
from tests.metrics.terms import make_terms

TODAY = LAST + timedelta(days=1)
WEEK = timedelta(days=7)
SUNDAYS = [last_over(Period.WEEK, TODAY) - WEEK * ago for ago in (2, 1, 0)]
NEW, MAIL = (29, 41, 69), (71, 59, 31)
# Of the last 40 days: who was coached, and for whom it was done.
CALLED = 40


def of(cast: Cast, rest: str) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/{rest}")


def count(cast: Cast, route: WorkRoute, amounts: tuple[int, ...]) -> None:
    days = SUNDAYS[-len(amounts) :]
    record_volumes(
        engagement=cast.engagement,
        items=[NewVolume(route, day, amount) for day, amount in zip(days, amounts, strict=True)],
        period=Period.WEEK,
        today=TODAY,
        by=cast.csm,
    )


def make_routes(cast: Cast) -> tuple[WorkRoute, WorkRoute]:
    with tenant_scope(cast.tenant.pk):
        new, mail = (
            add_route(engagement=cast.engagement, fields=fields, by=cast.csm)
            for fields in (
                {"name": "The app", "kind": "new"},
                {"name": "Mailbox", "kind": "email", "shut_off_date": TODAY - 2 * WEEK},
            )
        )
        count(cast, new, NEW)
        count(cast, mail, MAIL)
    return new, mail


def measured(cast: Cast, definition: Definition, place: Place | None = None) -> Measure:
    with tenant_scope(cast.tenant.pk):
        return define_measure(
            engagement=cast.engagement, definition=definition, now=NOW, place=place or Place()
        )


def night(cast: Cast) -> int:
    with tenant_scope(cast.tenant.pk):
        return refresh_readings(business_date=LAST, now=NOW).readings


def readings(cast: Cast, measure: Measure) -> dict[date, float]:
    with tenant_scope(cast.tenant.pk):
        return dict(Reading.objects.filter(measure=measure).values_list("day", "amount"))


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def call(cast: Cast, **fields: Any) -> None:
    """Two coached and one done for the caller on each of the last 40 days, then as fields say."""
    items = [
        NewContact(at, {"day": LAST - timedelta(days=ago), "outcome": outcome, "count": n} | fields)
        for at, (ago, outcome, n) in enumerate(
            (ago, outcome, n)
            for ago in range(CALLED)
            for outcome, n in (("coached", 2), ("did_for", 1), ("fault", 3))
        )
    ]
    with tenant_scope(cast.tenant.pk):
        record_contacts(
            engagement=cast.engagement, items=items, today=TODAY, by=cast.csm, way=Way.FILE
        )


# --- routes --------------------------------------------------------------------------------


def test_page_file_api_and_reading_say_the_same_share(used: Cast, csm: Client) -> None:
    make_routes(used)
    new, old = measured(used, NEW_ROUTE_SHARE), measured(used, OLD_ROUTE_SHARE)
    night(used)
    view = csm.get(of(used, "measures/routes/")).context
    shown = {period.day: share for period, share in view["rows"]}
    told = rows_of(csm, of(used, "measures/routes.csv"))
    api = csm.get(of(used, "route-shares/").replace("/engagements/", "/api/v1/engagements/")).json()
    expected = dict(zip(SUNDAYS, (29.0, 41.0, 69.0), strict=True))
    assert shown == expected == readings(used, new)
    assert {date.fromisoformat(r["period_until"]): float(r["share_percent"]) for r in told} == shown
    assert {date.fromisoformat(p["day"]): p["share_percent"] for p in api["periods"]} == shown
    assert readings(used, old) == {day: 100 - share for day, share in expected.items()}
    assert [row["state"] for row in api["others"]] == ["overdue"]
    assert api["others"][0]["share"] == pytest.approx(0.31)


def test_the_page_tells_the_story_and_names_its_reference(used: Cast, csm: Client) -> None:
    make_routes(used)
    measure = measured(used, NEW_ROUTE_SHARE)
    with tenant_scope(used.tenant.pk):
        terms = make_terms(prior=Prior(2.0, "the old portal"), amount=90.0, milestones=())
        agree_target(measure=measure, terms=terms, agreed_by=used.csm)
    page = text(csm.get(of(used, "measures/routes/")))
    assert "69 % of all requests took the new route" in page
    assert "Mailbox still takes 31 %" in page
    assert "was to be shut off on" in page
    assert "the old portal 2 %" in page
    assert "end of Mailbox" in page


def test_what_the_old_way_was_is_the_opposite_reference(used: Cast) -> None:
    measure = measured(used, OLD_ROUTE_SHARE)
    with tenant_scope(used.tenant.pk):
        terms = make_terms(
            prior=Prior(98.0, "the portal"),
            baseline=make_terms().baseline.__class__(88, FIRST),
            amount=20.0,
            milestones=(),
        )
        agree_target(measure=measure, terms=terms, agreed_by=used.csm)
        view = get_routes_view(engagement_id=used.engagement.pk, today=TODAY)
    assert view.prior == Prior(2.0, "the portal")


def test_a_second_night_finds_nothing_and_a_correction_keeps_what_stood_there(used: Cast) -> None:
    new, mail = make_routes(used)
    measure = measured(used, NEW_ROUTE_SHARE)
    assert night(used) == 0
    with tenant_scope(used.tenant.pk):
        count(used, mail, (31 + 38,))
    assert night(used) == 1
    assert readings(used, measure)[SUNDAYS[-1]] == 50
    with tenant_scope(used.tenant.pk):
        [change] = ReadingChange.objects.filter(measure=measure)
        assert (change.before, change.after, change.way) == (69, 50, "night")
        RouteVolume.objects.filter(route=new, day=SUNDAYS[-1]).delete()
    assert night(used) == 1
    assert set(readings(used, measure)) == set(SUNDAYS[:-1])


def test_a_route_nobody_counted_leaves_no_share_and_no_reading(used: Cast, csm: Client) -> None:
    _new, mail = make_routes(used)
    measure = measured(used, NEW_ROUTE_SHARE)
    with tenant_scope(used.tenant.pk):
        RouteVolume.objects.filter(route=mail, day=SUNDAYS[-1]).delete()
    night(used)
    assert set(readings(used, measure)) == set(SUNDAYS[:-1])
    assert "Not counted in the last period: Mailbox." in text(csm.get(of(used, "measures/routes/")))
    last = rows_of(csm, of(used, "measures/routes.csv"))[-1]
    assert (last["share_percent"], last["not_counted"]) == ("", "Mailbox")


def test_a_register_without_the_new_route_says_nothing_of_it(used: Cast, csm: Client) -> None:
    new, _mail = make_routes(used)
    measure = measured(used, OLD_ROUTE_SHARE)
    with tenant_scope(used.tenant.pk):
        delete_route(route=new, now=NOW)
    night(used)
    assert readings(used, measure) == {}
    page = text(csm.get(of(used, "measures/routes/")))
    assert "The new software itself is not counted yet." in page


def test_an_empty_register_leaves_what_was_read_by_hand(used: Cast, csm: Client) -> None:
    measure = measured(used, NEW_ROUTE_SHARE)
    with tenant_scope(used.tenant.pk):
        record_reading(
            measure=measure, day=LAST, amount=12, now=NOW, today=TODAY, recorded_by=used.csm
        )
    assert night(used) == 0
    assert readings(used, measure) == {LAST: 12}
    assert "Nothing is counted yet" in text(csm.get(of(used, "measures/routes/")))


def test_a_measure_counted_by_hand_stays_so(used: Cast) -> None:
    make_routes(used)
    measure = measured(used, get_definition("new_route_share", 1))
    night(used)
    assert readings(used, measure) == {}


def test_a_new_measure_begins_with_what_the_register_holds(used: Cast) -> None:
    make_routes(used)
    assert set(readings(used, measured(used, NEW_ROUTE_SHARE))) == set(SUNDAYS)


# --- contacts with the help desk -----------------------------------------------------------


def test_page_file_api_and_readings_say_the_same_of_contacts(used: Cast, csm: Client) -> None:
    call(used)
    asked, coached = measured(used, HOW_TO_TICKETS), measured(used, COACHED_SHARE)
    night(used)
    per_hundred = 100 * 28 * 3 / grows(83)
    view = csm.get(of(used, "measures/support/")).context["view"]
    last = rows_of(csm, of(used, "measures/support.csv"))[-1]
    path = of(used, "support-trend/").replace("/engagements/", "/api/v1/engagements/")
    point = csm.get(path).json()["points"][-1]
    assert view.last.day == LAST == date.fromisoformat(last["day"])
    assert view.last.per_hundred == pytest.approx(per_hundred)
    assert float(last["how_to_per_100"]) == point["how_to_per_100"] == view.last.per_hundred
    assert readings(used, asked)[LAST] == view.last.per_hundred
    assert float(last["coached_percent"]) == point["coached_percent"] == pytest.approx(66.666667)
    assert readings(used, coached)[LAST] == point["coached_percent"]
    assert (last["coached"], last["did_for"], last["other"]) == ("56", "28", "84")
    weekly = {one.day: one.per_hundred for one in view.points}
    assert weekly.items() <= readings(used, asked).items()


def test_every_closed_day_has_a_reading_from_the_first_whole_window_on(used: Cast) -> None:
    call(used)
    measure = measured(used, COACHED_SHARE)
    assert len(readings(used, measure)) == CALLED - 27
    assert night(used) == 0
    with tenant_scope(used.tenant.pk):
        SupportContact.objects.filter(day=LAST).delete()
    assert night(used) == 1
    assert LAST not in readings(used, measure)


def test_contacts_of_today_wait_for_the_day_to_close(used: Cast) -> None:
    call(used)
    item = NewContact(0, {"day": TODAY, "outcome": "did_for", "count": 50})
    with tenant_scope(used.tenant.pk):
        record_contacts(
            engagement=used.engagement, items=[item], today=TODAY, by=used.csm, way=Way.API
        )
        view = get_support_view(
            engagement_id=used.engagement.pk, customer_id=used.customer.pk, today=TODAY
        )
    assert view.last is not None and view.last.day == LAST
    assert max(readings(used, measured(used, COACHED_SHARE))) == LAST


def test_a_group_has_its_own_coached_share(used: Cast) -> None:
    with tenant_scope(used.tenant.pk):
        crews = add_impact_group(engagement=used.engagement, fields={"name": "Crews", "size": 4})
    call(used, impact_group=crews)
    item = NewContact(0, {"day": LAST, "outcome": "did_for", "count": 60})
    with tenant_scope(used.tenant.pk):
        record_contacts(
            engagement=used.engagement, items=[item], today=TODAY, by=used.csm, way=Way.FILE
        )
    place = Place(Measure.About.GROUP, str(crews.pk), "Crews")
    assert readings(used, measured(used, COACHED_SHARE, place))[LAST] == pytest.approx(66.666667)
    assert readings(used, measured(used, COACHED_SHARE))[LAST] < 50
    assert readings(used, measured(used, HOW_TO_TICKETS, place)) == {}


def test_fewer_than_five_classed_contacts_are_no_share(used: Cast, csm: Client) -> None:
    items = [
        NewContact(at, {"day": LAST - timedelta(days=ago), "outcome": "coached"})
        for at, ago in enumerate((0, 5, 40))
    ]
    with tenant_scope(used.tenant.pk):
        record_contacts(
            engagement=used.engagement, items=items, today=TODAY, by=used.csm, way=Way.FILE
        )
    assert readings(used, measured(used, COACHED_SHARE)) == {}
    page = text(csm.get(of(used, "measures/support/")))
    assert "2 of 2 callers were walked through" in page and "too few" in page


def test_before_28_days_and_without_contacts_the_page_says_so(used: Cast, csm: Client) -> None:
    page = text(csm.get(of(used, "measures/support/")))
    assert "No contact is on record" in page
    item = NewContact(0, {"day": LAST, "outcome": "coached", "ticket": "T-1"})
    with tenant_scope(used.tenant.pk):
        record_contacts(
            engagement=used.engagement, items=[item], today=TODAY, by=used.csm, way=Way.API
        )
        none = get_contacts_by_day(
            engagement_id=used.engagement.pk, customer_id=used.customer.pk, last=LAST
        )
    assert none == ()
    assert "The first figure comes after 28 days" in text(csm.get(of(used, "measures/support/")))


# --- available, used, liked ----------------------------------------------------------------


def test_acceptance_stands_beside_availability(used: Cast, csm: Client) -> None:
    with tenant_scope(used.tenant.pk):
        for number, since in enumerate((FIRST, FIRST, FIRST, None)):
            put_on_roster(
                engagement=used.engagement,
                external_id=f"p{number}",
                fields={"access_since": since},
            )
        found = get_acceptance(
            engagement_id=used.engagement.pk, customer_id=used.customer.pk, today=TODAY, now=NOW
        )
    assert (found.available.share, found.available.people) == (0.75, 4)
    assert found.used is not None
    assert (found.used.users, found.used.day) == (grows(83), LAST)
    assert found.liked is None
    page = text(csm.get(of(used, "measures/routes/")))
    assert "3 of 4 on the roster have access" in page
    assert "no survey with enough answers" in page
    path = of(used, "acceptance/").replace("/engagements/", "/api/v1/engagements/")
    said = csm.get(path).json()
    assert (said["available"]["share"], said["used"]["users"]) == (0.75, grows(83))
    assert said["liked"] is None


# --- the system itself ---------------------------------------------------------------------


@pytest.fixture
def program(used: Cast) -> Client:
    return program_of(used, "measures:write")


@pytest.fixture
def system(used: Cast) -> Cast:
    """Halden's engagement measures how the system does."""
    known = {item.key: item for item in latest_definitions()}
    for key in ("uptime", "response_time_p95", "failed_share"):
        measured(used, known[key])
    return used


def sent(program: Client, cast: Cast, *items: tuple[str, date, Any], reason: str = "") -> Any:
    body = [{"measure": key, "day": day.isoformat(), "amount": n} for key, day, n in items]
    path = f"engagements/{cast.engagement.pk}/readings"
    return post(program, path, readings=body, reason=reason)


def test_a_day_of_the_system_comes_in_with_one_call(
    system: Cast, program: Client, csm: Client
) -> None:
    day = (("uptime", LAST, 99.93), ("response_time_p95", LAST, 412), ("failed_share", LAST, 0.4))
    assert sent(program, system, *day).json() == {"new": 3, "corrected": 0, "same": 0}
    assert sent(program, system, *day).json() == {"new": 0, "corrected": 0, "same": 3}
    again = sent(program, system, ("Time the system was up", LAST, 98), reason="Counted anew")
    assert again.json()["corrected"] == 1
    with tenant_scope(system.tenant.pk):
        assert set(Reading.objects.values_list("way", flat=True)) == {"api"}
        assert ReadingChange.objects.get().reason == "Counted anew"
    context = csm.get(of(system, "measures/support/")).context["performance"]
    assert {line.key: line.amount for line in context.lines} == {
        "uptime": 98,
        "response_time_p95": 412,
        "failed_share": 0.4,
    }
    assert context.use.day == LAST


def test_what_a_system_cannot_do_is_refused_by_row(system: Cast, program: Client) -> None:
    answer = sent(
        program,
        system,
        ("uptime", LAST, 100.5),
        ("uptime", LAST - WEEK, -1),
        ("response_time_p95", LAST, -5),
        ("failed_share", TODAY, 1),
        ("latency", LAST, 4),
        ("failed_share", LAST, 0.2),
        ("failed_share", LAST, 0.3),
    )
    assert answer.status_code == 400
    errors = answer.json()["errors"]
    assert "100.5 cannot occur: at least 0 and at most 100." in errors["readings.0"][0]
    assert "-1 cannot occur" in errors["readings.1"][0]
    assert "-5 cannot occur: at least 0." in errors["readings.2"][0]
    assert "not over yet" in errors["readings.3"][0]
    assert "No measure of this engagement is called “latency”" in errors["readings.4"][0]
    assert "same day" in errors["readings.6"][0]
    assert "readings.5" not in errors
    with tenant_scope(system.tenant.pk):
        assert not Reading.objects.exists()


def test_the_same_comes_in_by_file_and_goes_out_again(system: Cast, csm: Client) -> None:
    path = of(system, "measures/readings/")
    lines = f"measure,day,amount\nuptime,{LAST},99.5\nresponse_time_p95,{LAST},400\n"
    page = csm.post(path, {"file": SimpleUploadedFile("r.csv", lines.encode())})
    csm.post(path, {"readings": page.context["bring_in"].initial["readings"], "reason": ""})
    rows = rows_of(csm, of(system, "measures/performance.csv"))
    last = {row["measure"]: row["amount"] for row in rows if row["day"] == LAST.isoformat()}
    assert (last["uptime"], last["response_time_p95"]) == ("99.5", "400")
    assert "active_people" in last
    wrong = f"measure,day,amount\nuptime,{LAST},101\nresponse_time_p95,{LAST},-1\n"
    refused = text(csm.post(path, {"file": SimpleUploadedFile("r.csv", wrong.encode())}))
    assert "101 cannot occur" in refused and "-1 cannot occur" in refused


# --- who may ------------------------------------------------------------------------------

PAGES = (
    *("measures/routes/", "measures/routes.csv", "measures/support/", "measures/support.csv"),
    "measures/performance.csv",
)
CALLS = ("route-shares", "support-trend", "acceptance")


def test_everybody_of_the_engagement_sees_what_registers_say(used: Cast) -> None:
    for user in (used.csm, used.executive, used.lead, used.member):
        browser = used.browser(user)
        for rest in PAGES:
            assert browser.get(of(used, rest)).status_code == 200, rest
        for name in CALLS:
            path = used.at(f"api/v1/engagements/{used.engagement.pk}/{name}/")
            assert browser.get(path).status_code == 200, name
    path = used.at(f"api/v1/engagements/{used.engagement.pk}/readings/")
    for user in (used.executive, used.lead, used.member):
        assert used.browser(user).post(path, {}).status_code == 403


def test_what_is_elsewhere_is_not_there(used: Cast) -> None:
    foreign, second = used.other_engagement.pk, used.second_engagement.pk
    for user, other in ((used.csm, foreign), (used.lead, second), (used.stranger, foreign)):
        browser = used.browser(user)
        for rest in PAGES:
            assert browser.get(used.at(f"engagements/{other}/{rest}")).status_code == 404, rest
        for name in CALLS:
            path = used.at(f"api/v1/engagements/{other}/{name}/")
            assert browser.get(path).status_code == 404, name
    program = program_of(used, "measures:write")
    body = [{"measure": "uptime", "day": LAST.isoformat(), "amount": 99}]
    assert post(program, f"engagements/{foreign}/readings", readings=body).status_code == 404
    assert (
        post(
            program_of(used, "measures:read"),
            f"engagements/{used.engagement.pk}/readings",
            readings=body,
        ).status_code
        == 403
    )
