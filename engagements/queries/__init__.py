"""Reads of customers, engagements and what was promised, as values that pages and API share."""

from engagements.queries.budgets import (
    Budget,
    BudgetRow,
    get_budget,
    get_budget_lines,
)
from engagements.queries.customers import (
    CUSTOMER_COLUMNS,
    get_customer_names,
    get_customers,
    get_export_rows,
    get_seats,
    get_seats_history,
    get_stakeholders,
    get_usual_zone,
)
from engagements.queries.engagements import (
    EngagementHeader,
    Step,
    get_engagement_header,
    get_engagements,
    header_of,
    steps_of,
)
from engagements.queries.promise import (
    CriterionView,
    Promise,
    get_promise,
    names_of,
)
from engagements.queries.risks import Register, RiskRow, get_register, get_risks
from engagements.queries.rosters import (
    ROSTER_COLUMNS,
    GroupRow,
    PeopleView,
    Readiness,
    TeamView,
    get_groups,
    get_people,
    get_roster,
    get_roster_entries,
)

__all__ = [
    "CUSTOMER_COLUMNS",
    "ROSTER_COLUMNS",
    "Budget",
    "BudgetRow",
    "CriterionView",
    "EngagementHeader",
    "GroupRow",
    "PeopleView",
    "Promise",
    "Readiness",
    "Register",
    "RiskRow",
    "Step",
    "TeamView",
    "get_budget",
    "get_budget_lines",
    "get_customer_names",
    "get_customers",
    "get_engagement_header",
    "get_engagements",
    "get_export_rows",
    "get_groups",
    "get_people",
    "get_promise",
    "get_register",
    "get_risks",
    "get_roster",
    "get_roster_entries",
    "get_seats",
    "get_seats_history",
    "get_stakeholders",
    "get_usual_zone",
    "header_of",
    "names_of",
    "steps_of",
]
