"""Measures, tests, registers, reports and decisions over the API."""

from metrics.api import learning, measures, papers, portfolio, registers, reports

router_entries = [
    *measures.router_entries,
    *learning.router_entries,
    *papers.router_entries,
]
routes = [*registers.routes, *reports.routes, *portfolio.routes]
