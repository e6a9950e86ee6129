"""Foresight and growth, as tables."""

from metrics.exports.tables import plain
from metrics.queries import (
    Foresight,
    GrowthView,
)
from rendering.spreadsheets import write_table

GROWTH = (
    *("csm", "customer", "from", "until", "adoption_then", "adoption_now", "difference"),
    *("seats_then", "why_not", "since"),
)


def growth_csv(view: GrowthView) -> bytes:
    """Each customer under its CSM; shares of one, weighed together by the seats then."""
    return write_table(
        GROWTH,
        (
            [
                line.csm_name,
                one.name,
                one.since,
                one.until or "",
                _share(one.account.then),
                _share(one.account.now),
                _share(one.difference),
                plain(one.account.seats),
                one.left_out or "",
                view.since,
            ]
            for line in view.lines
            for one in line.customers
        ),
    )


FORESIGHT = (
    *("customer", "decided", "decision", "yearly_amount", "currency", "figure", "days_before"),
    *("looked_at", "amount", "band", "missed"),
)


def foresight_csv(found: Foresight) -> bytes:
    """Every decision with what the figure had said of its customer."""
    return write_table(
        FORESIGHT,
        (
            [
                one.customer_name,
                one.decided_date,
                one.case.decision,
                one.yearly_amount,
                one.currency,
                found.signal,
                found.test.days,
                one.asked_date,
                _share(one.case.amount),
                one.band.key if one.band else "",
                "yes" if one.is_missed else "",
            ]
            for one in found.cases
        ),
    )


def _share(number: float | None) -> object:
    return "" if number is None else round(number, 6)
