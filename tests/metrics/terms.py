"""Agreements for tests, dated around the recorded use."""

from datetime import timedelta
from typing import Any

from metrics.definitions import Baseline, Milestone
from metrics.operations import Terms
from tests.metrics.conftest import FIRST, LAST

DEADLINE = LAST + timedelta(days=30)


def make_terms(**fields: Any) -> Terms:
    values: dict[str, Any] = {
        "baseline": Baseline(10, FIRST, "first day"),
        "quality": "people who open their orders",
        "amount": 150.0,
        "deadline": DEADLINE,
        "milestones": (
            Milestone("First groups", 40, FIRST + timedelta(days=40)),
            Milestone("All groups", 120, LAST + timedelta(days=10)),
        ),
        "agreed_date": LAST,
        "for_customer": "Jonas Eide",
    }
    return Terms(**{**values, **fields})
