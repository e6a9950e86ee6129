"""Reads of usage, as values that page, table, CSV, API and command share."""

from usage.queries.intake import (
    SourceFacts,
    get_imports,
    get_quarantined,
    get_row_faults,
    get_source_by_key,
    get_sources,
)
from usage.queries.overview import CustomerUse, UseSummary, get_customer_uses, get_use_summaries
from usage.queries.recognition import get_every_quarantined, get_recognition, get_waiting
from usage.queries.series import (
    ActivePerson,
    ReportRow,
    UnusableRange,
    UsagePoint,
    UsageSeries,
    UsageStory,
    get_active_people,
    get_day_range,
    get_usage_report,
    get_usage_series,
    refuse_unusable,
    story_of,
)

__all__ = [
    "ActivePerson",
    "CustomerUse",
    "ReportRow",
    "SourceFacts",
    "UnusableRange",
    "UsagePoint",
    "UsageSeries",
    "UsageStory",
    "UseSummary",
    "get_active_people",
    "get_customer_uses",
    "get_day_range",
    "get_every_quarantined",
    "get_imports",
    "get_quarantined",
    "get_recognition",
    "get_row_faults",
    "get_source_by_key",
    "get_sources",
    "get_usage_report",
    "get_usage_series",
    "get_use_summaries",
    "get_waiting",
    "refuse_unusable",
    "story_of",
]
