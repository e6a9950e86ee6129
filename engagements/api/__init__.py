"""Customers, engagements and the facts about them over the API."""

from engagements.api import customers

router_entries = [*customers.router_entries]
