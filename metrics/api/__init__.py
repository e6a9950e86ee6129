"""Measures, tests, registers, reports and decisions over the API."""

from metrics.api import learning, measures, registers, reports

router_entries = [*measures.router_entries, *learning.router_entries]
routes = [*registers.routes, *reports.routes]
