from engagements.models.base import CustomerModel
from engagements.models.budgets import (
    BudgetLine,
    CostEntry,
)
from engagements.models.customers import Customer, LicenceSeats, time_zone_names
from engagements.models.engagements import Engagement, Mode, Phase
from engagements.models.people import (
    Attitude,
    EndUser,
    ImpactGroup,
    Influence,
    Offering,
    RosterEntry,
    Stakeholder,
    TeamMember,
)
from engagements.models.promise import (
    CriterionVersion,
    Outcome,
    QuickWin,
    ScopeService,
    SuccessCriterion,
)
from engagements.models.risks import Risk, RiskChange, Scale

__all__ = [
    "Attitude",
    "BudgetLine",
    "CostEntry",
    "CriterionVersion",
    "Customer",
    "CustomerModel",
    "EndUser",
    "Engagement",
    "ImpactGroup",
    "Influence",
    "LicenceSeats",
    "Mode",
    "Offering",
    "Outcome",
    "Phase",
    "QuickWin",
    "Risk",
    "RiskChange",
    "RosterEntry",
    "Scale",
    "ScopeService",
    "Stakeholder",
    "SuccessCriterion",
    "TeamMember",
    "time_zone_names",
]
