"""Plans, their packages, links and changes over the API."""

from adoption.api import learning, packages, plans, resources, talking, versions

router_entries = [
    *packages.router_entries,
    *versions.router_entries,
    *resources.router_entries,
    *talking.router_entries,
    *learning.router_entries,
]
routes = [*plans.routes, *versions.routes]
