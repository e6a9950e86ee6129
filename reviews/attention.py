"""PURE what about a customer needs somebody today, in words.

The reasons are tried in the order of how much they cost when they are missed; the first that
holds is the one a row of the book gives. A fall is only called one with enough people behind it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FEW_PEOPLE = 5
FALL_THAT_HURTS = 0.20
FALL_TO_WATCH = 0.08
RISE_WORTH_SAYING = 0.10
SILENT_AFTER_DAYS = 14
PATIENCE_AFTER_GO_LIVE_DAYS = 7
LATE_THAT_HURTS_DAYS = 10


class Band(StrEnum):
    """How soon somebody should look."""

    ACT = "act"
    WATCH = "watch"
    GOOD = "good"


class Step(StrEnum):
    """The one thing to do next; the page knows its words and its address."""

    START_ENGAGEMENT = "start_engagement"
    MAKE_PLAN = "make_plan"
    AGREE_TARGET = "agree_target"
    CONNECT_USAGE = "connect_usage"
    SEE_USAGE = "see_usage"
    SEE_PLAN = "see_plan"
    SEE_ENGAGEMENT = "see_engagement"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a customer on a closed day. Days are the customer's own."""

    as_of: date
    phase: str | None
    go_live_date: date | None
    sign_off_date: date | None
    forecast_finish_date: date | None
    has_plan: bool
    has_target: bool
    active_now: int
    active_before: int
    lowest_recent: int
    last_active_date: date | None


@dataclass(frozen=True, slots=True)
class Attention:
    band: Band
    headline: str
    numbers: Mapping[str, object]
    step: Step


def attention_of(facts: Facts) -> Attention:
    """The most pressing reason to look at a customer, and the next step."""
    for reason in REASONS:
        found = reason(facts)
        if found is not None:
            return found
    return Attention(Band.GOOD, "steady", {"now": facts.active_now}, Step.SEE_ENGAGEMENT)


def _nothing_sold(facts: Facts) -> Attention | None:
    if facts.phase is None:
        return Attention(Band.WATCH, "no_engagement", {}, Step.START_ENGAGEMENT)
    return None


def _never_used(facts: Facts) -> Attention | None:
    if facts.last_active_date is not None or facts.go_live_date is None:
        return None
    days = (facts.as_of - facts.go_live_date).days
    if days < PATIENCE_AFTER_GO_LIVE_DAYS:
        return None
    return Attention(Band.ACT, "never_used", {"days": days}, Step.CONNECT_USAGE)


def _silent(facts: Facts) -> Attention | None:
    if facts.last_active_date is None:
        return None
    days = (facts.as_of - facts.last_active_date).days
    if days < SILENT_AFTER_DAYS:
        return None
    numbers = {"since": facts.last_active_date, "days": days}
    return Attention(Band.ACT, "silent", numbers, Step.SEE_USAGE)


def _falling(facts: Facts) -> Attention | None:
    share = change(facts)
    if share is None or share > -FALL_TO_WATCH:
        return None
    band = Band.ACT if share <= -FALL_THAT_HURTS else Band.WATCH
    return Attention(band, "falling", _movement(facts, share), Step.SEE_USAGE)


def _late(facts: Facts) -> Attention | None:
    if facts.forecast_finish_date is None or facts.sign_off_date is None:
        return None
    days = (facts.forecast_finish_date - facts.sign_off_date).days
    if days <= 0:
        return None
    band = Band.ACT if days >= LATE_THAT_HURTS_DAYS else Band.WATCH
    numbers = {"days": days, "finish": facts.forecast_finish_date}
    return Attention(band, "late", numbers, Step.SEE_PLAN)


def _unplanned(facts: Facts) -> Attention | None:
    if facts.phase in ("implement", "adopt") and not facts.has_plan:
        return Attention(Band.WATCH, "no_plan", {}, Step.MAKE_PLAN)
    return None


def _unmeasured(facts: Facts) -> Attention | None:
    if facts.phase == "adopt" and not facts.has_target:
        return Attention(Band.WATCH, "no_target", {}, Step.AGREE_TARGET)
    return None


def _recovering(facts: Facts) -> Attention | None:
    share = change(facts)
    if share is None or share < RISE_WORTH_SAYING:
        return None
    numbers = _movement(facts, share) | {"lowest": facts.lowest_recent}
    return Attention(Band.GOOD, "rising", numbers, Step.SEE_ENGAGEMENT)


def _not_live(facts: Facts) -> Attention | None:
    if facts.last_active_date is not None:
        return None
    numbers = {"go_live": facts.go_live_date}
    return Attention(Band.GOOD, "not_live", numbers, Step.SEE_ENGAGEMENT)


REASONS = (
    _nothing_sold,
    _never_used,
    _silent,
    _falling,
    _late,
    _unplanned,
    _unmeasured,
    _recovering,
    _not_live,
)


def change(facts: Facts) -> float | None:
    """Relative change of active users against four weeks before; None where too few to say."""
    if facts.active_before < FEW_PEOPLE:
        return None
    return (facts.active_now - facts.active_before) / facts.active_before


def _movement(facts: Facts, share: float) -> dict[str, object]:
    return {
        "percent": abs(round(share * 100)),
        "before": facts.active_before,
        "now": facts.active_now,
    }
