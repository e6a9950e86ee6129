from usage.models.days import (
    DailyUse,
    DroppedEvents,
    FeatureUserDay,
    PastClock,
    Touch,
    UsageState,
    UserDay,
    UserSpan,
)
from usage.models.events import Event, Quarantined, Receipt
from usage.models.identity import Alias, Belonging, Domain, Exclusion, GroupName, NameChange
from usage.models.imports import DailyCount, FileKind, FileLayout, RowFault, UsageImport
from usage.models.keeping import Erasure, IntakeHour, Retention, SpentReceipts
from usage.models.rules import FirstValueRule, UsageRules
from usage.models.sources import Source, SourceKey

__all__ = [
    "Alias",
    "Belonging",
    "DailyCount",
    "DailyUse",
    "Domain",
    "DroppedEvents",
    "Erasure",
    "Event",
    "Exclusion",
    "FeatureUserDay",
    "FileKind",
    "FileLayout",
    "FirstValueRule",
    "GroupName",
    "IntakeHour",
    "NameChange",
    "PastClock",
    "Quarantined",
    "Receipt",
    "Retention",
    "RowFault",
    "Source",
    "SourceKey",
    "SpentReceipts",
    "Touch",
    "UsageImport",
    "UsageRules",
    "UsageState",
    "UserDay",
    "UserSpan",
]
