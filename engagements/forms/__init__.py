"""What people fill in about customers, engagements and what was promised."""

from engagements.forms.budgets import (
    BudgetLineForm,
    CostForm,
)
from engagements.forms.customers import CustomerForm, ImportForm
from engagements.forms.engagements import EngagementForm
from engagements.forms.fields import DateInput, time_zones
from engagements.forms.promise import (
    AgreeForm,
    CriterionForm,
    OutcomeForm,
    ProblemForm,
    QuickWinForm,
    ServiceForm,
    WithdrawForm,
)
from engagements.forms.risks import RiskForm
from engagements.forms.rosters import (
    AccessForm,
    ImpactGroupForm,
    NewEntryForm,
    OfferingForm,
    RosterEntryForm,
    StakeholderForm,
    TeamMemberForm,
)

__all__ = [
    "AccessForm",
    "AgreeForm",
    "BudgetLineForm",
    "CostForm",
    "CriterionForm",
    "CustomerForm",
    "DateInput",
    "EngagementForm",
    "ImpactGroupForm",
    "ImportForm",
    "NewEntryForm",
    "OfferingForm",
    "OutcomeForm",
    "ProblemForm",
    "QuickWinForm",
    "RiskForm",
    "RosterEntryForm",
    "ServiceForm",
    "StakeholderForm",
    "TeamMemberForm",
    "WithdrawForm",
    "time_zones",
]
