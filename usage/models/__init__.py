from usage.models.days import DailyUse, Touch, UsageState, UserDay
from usage.models.events import Event, Quarantined, Receipt
from usage.models.identity import Alias, Belonging, Domain, Exclusion, GroupName
from usage.models.imports import RowFault, UsageImport
from usage.models.sources import Source, SourceKey

__all__ = [
    "Alias",
    "Belonging",
    "DailyUse",
    "Domain",
    "Event",
    "Exclusion",
    "GroupName",
    "Quarantined",
    "Receipt",
    "RowFault",
    "Source",
    "SourceKey",
    "Touch",
    "UsageImport",
    "UsageState",
    "UserDay",
]
