"""Plans, their packages, links and changes over the API."""

from adoption.api import packages, plans, resources, talking, versions

router_entries = [
    *packages.router_entries,
    *versions.router_entries,
    *resources.router_entries,
    *talking.router_entries,
]
routes = [*plans.routes, *versions.routes]
