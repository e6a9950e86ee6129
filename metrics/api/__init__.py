"""Measures and decisions over the API."""

from metrics.api import measures, papers

router_entries = [*measures.router_entries, *papers.router_entries]
