"""Customers, engagements and the facts about them over the API."""

from engagements.api import (
    budgets,
    criteria,
    customers,
    feedback,
    imports,
    log,
    people,
    portfolio,
    promise,
    risks,
    stored_files,
    support,
    tasks,
    teams,
    views,
    work_routes,
)

router_entries = [
    *customers.router_entries,
    *promise.router_entries,
    *criteria.router_entries,
    *people.router_entries,
    *teams.router_entries,
    *budgets.router_entries,
    *risks.router_entries,
    *work_routes.router_entries,
    *support.router_entries,
    *log.router_entries,
    *tasks.router_entries,
    *stored_files.router_entries,
    *feedback.router_entries,
    *portfolio.router_entries,
    *views.router_entries,
    *imports.router_entries,
]
routes = [*teams.routes]
