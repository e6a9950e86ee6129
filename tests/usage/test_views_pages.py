"""Pages of usage as people see them: figures, empty states, uploads, and who may what."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import plotly.graph_objects as go
import pytest
from django.test import Client

from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.usage.stage import make_event, make_source, receive
from usage import charts, queries
from usage.models import Source, SourceKey
from usage.operations import close_days

HEADER = "message_id,timestamp,customer_id,user_id,event,feature\n"
ROW = "m1,2026-01-01T10:00:00Z,acme,ann,Used,a\n"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAST = date(2026, 11, 20)


@pytest.fixture
def used(cast: Cast) -> Cast:
    with tenant_scope(cast.tenant.pk):
        events = [
            make_event(f"{user}{day}", user=user, at=f"2026-11-{day:02}T09:00Z")
            for user in ("ann", "bob")
            for day in range(1, 15)
        ]
        receive(make_source(), events, NOW)
        close_days(business_date=LAST, now=NOW)
    return cast


def tab(cast: Cast) -> str:
    return cast.at(f"engagements/{cast.engagement.pk}/usage/")


def test_the_usage_tab_shows_the_figures_of_the_newest_closed_day(used: Cast, csm: Client) -> None:
    response = csm.get(tab(used))
    assert response.context["story"].mau == 2
    page = response.content.decode()
    assert "2 people were active" in page or "held at 2" in page or "rose from" in page
    assert "usage-figure" in page


def test_page_csv_report_and_api_show_the_same_figures(used: Cast, csm: Client) -> None:
    asked = {"first": "2026-11-01", "last": "2026-11-20"}
    points = csm.get(tab(used), asked).context["series"].points
    shown = [(p.day.isoformat(), p.dau, p.wau, p.mau, p.events) for p in points]
    text = csm.get(tab(used).rstrip("/") + ".csv", asked).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    as_csv = [
        (r["day"], int(r["dau"]), int(r["wau"]), int(r["mau"]), int(r["events"])) for r in rows
    ]
    answer = csm.get(used.at(f"api/v1/customers/{used.customer.pk}/usage/"), asked).json()
    as_api = [(p["day"], p["dau"], p["wau"], p["mau"], p["events"]) for p in answer["points"]]
    assert shown == as_csv == as_api
    assert len(shown) == 20


def test_a_refresh_answers_with_the_fragment_alone(used: Cast, csm: Client) -> None:
    response = csm.get(tab(used), headers={"hx-request": "true"})
    assert response.content.decode().strip().startswith('<div id="usage"')
    assert "HX-Request" in response["Vary"]


def test_without_use_the_tab_says_what_to_do_first(cast: Cast, csm: Client, lead: Client) -> None:
    assert cast.at("usage/imports/") in csm.get(tab(cast)).content.decode()
    assert cast.at("usage/imports/") not in lead.get(tab(cast)).content.decode()


@pytest.mark.parametrize(
    "query", ["first=2026-11-20&last=2026-11-01", "first=rubbish", "first=0001-01-01", "last=9"]
)
def test_days_that_make_no_sense_show_the_usual_ones(used: Cast, csm: Client, query: str) -> None:
    assert csm.get(f"{tab(used)}?{query}").status_code == 200


def test_the_figure_is_valid_and_ends_where_days_are_closed(used: Cast) -> None:
    with tenant_scope(used.tenant.pk):
        series = queries.get_usage_series(
            customer_id=used.customer.pk, first=LAST - timedelta(days=30), last=date(2026, 11, 22)
        )
    figure = go.Figure(charts.trend(series, today=date(2026, 11, 22)))
    lines = {trace.name: trace for trace in figure.data}
    assert set(lines) == {"open", "dau", "wau", "mau"}
    assert lines["mau"].x[-1] == LAST.isoformat()
    assert list(lines["dau"].y[-20:]) == [2] * 14 + [0] * 6


def test_the_overview_lists_every_customer_with_its_use(used: Cast, csm: Client) -> None:
    page = csm.get(used.at("usage/")).content.decode()
    assert "Halden" in page
    assert "No event yet" in page


def test_the_customer_side_sees_its_own_customer_only(used: Cast, lead: Client) -> None:
    page = lead.get(used.at("usage/")).content.decode()
    assert "Halden" in page
    assert "Solberg" not in page


def test_only_doers_import_and_only_managers_see_sources(
    cast: Cast, executive: Client, lead: Client, csm: Client
) -> None:
    assert executive.get(cast.at("usage/imports/")).status_code == 403
    assert lead.get(cast.at("usage/imports/")).status_code == 403
    assert csm.get(cast.at("usage/sources/")).status_code == 403


def test_a_source_shows_its_key_once(cast: Cast) -> None:
    admin = cast.browser(cast.admin)
    made = admin.post(cast.at("usage/sources/"), {"name": "Web"})
    prefix = SourceKey.objects.get().prefix
    assert f"aiq_src_{prefix}_" in made.content.decode()
    again = admin.get(cast.at("usage/sources/")).content.decode()
    assert f"aiq_src_{prefix}…" in again
    assert f"aiq_src_{prefix}_" not in again


def test_two_keys_may_live_at_once_and_one_can_go(cast: Cast) -> None:
    admin = cast.browser(cast.admin)
    admin.post(cast.at("usage/sources/"), {"name": "Web"})
    with tenant_scope(cast.tenant.pk):
        source = Source.objects.get(name="Web")
    for _time in range(2):
        admin.post(cast.at(f"usage/sources/{source.pk}/keys/"))
    first, _second = SourceKey.objects.filter(revoked_at=None).order_by("created_at")
    admin.post(cast.at(f"usage/sources/{source.pk}/revoke/"), {"prefix": first.prefix})
    assert SourceKey.objects.filter(revoked_at=None).count() == 1


def test_a_name_is_taken_once(cast: Cast) -> None:
    admin = cast.browser(cast.admin)
    for _time in range(2):
        response = admin.post(cast.at("usage/sources/"), {"name": "Web"})
    assert "has this name already" in response.content.decode()
