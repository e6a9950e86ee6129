"""One figure of a measure, wherever somebody meets it."""

import csv
import html
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from metrics.definitions import ACTIVE_USERS, NEW_ROUTE_SHARE, SEATS_USED, Baseline, Milestone
from metrics.definitions.of_use import DAILY_SHARE, EVENTS
from metrics.models import Alert, Measure
from metrics.operations import (
    agree_target,
    define_measure,
    judge_engagements,
    record_reading,
    write_definition,
)
from metrics.queries import card_of
from rendering.translation import translated
from tenancy.scope import tenant_scope
from tests.factories import Cast
from tests.metrics.conftest import FIRST, LAST, NOW
from tests.metrics.terms import make_terms

MISSED = Milestone("Most of it", 5000.0, LAST - timedelta(days=20))
ROWS = re.compile(r'<li class="crit">(.*?)</li>', re.S)
OWN = {
    "label": "Calls that were answered",
    "unit": "calls",
    "counting": "Calls of the week, from the switchboard.",
    "source": "hand",
    "decimals": 1,
}


@pytest.fixture
def furnished(used: Cast) -> Cast:
    """Halden measures what usage counts and what people count; each is behind its milestone."""
    with tenant_scope(used.tenant.pk):
        own = write_definition(fields=OWN, by=used.admin).value
        for definition in (ACTIVE_USERS, SEATS_USED, DAILY_SHARE, EVENTS, NEW_ROUTE_SHARE, own):
            made = define_measure(engagement=used.engagement, definition=definition, now=NOW)
            goal = 99.0 if definition.highest else 9000.0
            step = MISSED.amount if not definition.highest else 98.0
            terms = make_terms(
                baseline=Baseline(1, FIRST, "first day"),
                amount=goal,
                milestones=(Milestone("Most of it", step, MISSED.day),),
            )
            agree_target(measure=made, terms=terms, agreed_by=used.csm)
            if definition.source != "usage":
                for back, amount in ((9, 12.5), (2, 37.5)):
                    record_reading(
                        measure=made,
                        day=LAST - timedelta(days=back),
                        amount=amount,
                        now=NOW,
                        today=LAST + timedelta(days=1),
                        recorded_by=used.csm,
                    )
        judge_engagements(business_date=LAST, now=NOW)
    return used


def number_in(text: str) -> float:
    """The first number of a text: `1 204`, `62.5 %` or `93 people`."""
    found = re.search(r"\d[\d\s\u202f,]*(?:\.\d+)?", text)
    assert found is not None, text
    return float(re.sub(r"[\s\u202f,]", "", found[0]))


def table(browser: Client, address: str) -> list[dict[str, str]]:
    text = browser.get(address).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def drawn(page: str) -> float:
    found = re.search(r'<template id="measure_figure">(.*?)</template>', page)
    assert found is not None
    lines: list[dict[str, Any]] = json.loads(html.unescape(found[1]))["data"]
    return float(next(line for line in lines if line.get("name") == "actual")["y"][-1])


def listed(page: str, measure: Measure) -> float:
    row = next(row for row in ROWS.findall(page) if str(measure.pk) in row)
    shown = re.search(r'<b class="num">(.*?)</b>', row)
    assert shown is not None
    return number_in(html.unescape(shown[1]))


def told(cast: Cast, browser: Client, measure: Measure) -> dict[str, float]:
    """The figure of one measure by the place it stands in, as exactly as that place says it."""
    base = f"engagements/{cast.engagement.pk}"
    page = browser.get(cast.at(f"measures/{measure.pk}/"))
    api = browser.get(cast.at(f"api/v1/measures/{measure.pk}/")).json()
    readings = browser.get(cast.at(f"api/v1/measures/{measure.pk}/readings/")).json()
    lines = table(browser, cast.at(f"{base}/measures.csv"))
    health = browser.get(cast.at(f"{base}/health/")).context["view"]
    return {
        "chart": drawn(page.content.decode()),
        "list": next(float(one["amount"]) for one in lines if one["measure"] == str(measure.pk)),
        "file": float(table(browser, cast.at(f"measures/{measure.pk}/readings.csv"))[-1]["amount"]),
        "api": api["latest"]["amount"],
        "readings": readings[-1]["amount"],
        "health": next(part.amount for part in health.parts if part.id == measure.pk),
    }


def said(cast: Cast, browser: Client, measure: Measure) -> dict[str, float]:
    """The same where it is said for reading, rounded to what the measure can have."""
    page = browser.get(cast.at(f"measures/{measure.pk}/"))
    cards = browser.get(cast.at(f"engagements/{cast.engagement.pk}/measures/")).content.decode()
    overview = browser.get(cast.at(f"engagements/{cast.engagement.pk}/"))
    shown = overview.context["overview"].measures
    card = card_of(next(one for one in shown if one.id == measure.pk))
    assert card.value is not None
    return {
        "tile": number_in(page.context["tiles"][0].figure),
        "table": number_in(page.context["rows"][0].amount),
        "card": listed(cards, measure),
        "overview": card.value,
    }


def test_the_same_figure_everywhere(furnished: Cast, csm: Client) -> None:
    with tenant_scope(furnished.tenant.pk):
        measures = list(Measure.objects.select_related("own_definition"))
        rows = Alert.objects.filter(kind=Alert.Kind.MILESTONE_MISSED)
        alerts = {row.measure_id: translated(row.reason) for row in rows}
    assert len(measures) == 6
    assert len(alerts) == 6
    for measure in measures:
        exact = told(furnished, csm, measure)
        [figure] = {round(amount, 9) for amount in exact.values()}
        rounded = said(furnished, csm, measure)
        rounded["alert"] = number_in(alerts[measure.pk].rpartition("stands at ")[2])
        for place, amount in rounded.items():
            assert amount == pytest.approx(figure, abs=0.0501), (measure.definition_key, place)
