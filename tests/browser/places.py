"""Addresses of the demo, found through the API."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

WORKSPACE = "/w/northwind"


@dataclass(frozen=True)
class Places:
    """Where the demo's engagements and their measures are, by the engagement's key."""

    engagements: dict[str, dict[str, Any]]
    measures: dict[str, str]

    def customer(self, key: str, rest: str = "") -> str:
        return f"{WORKSPACE}/customers/{self.engagements[key]['customer']}/{rest}"

    def engagement(self, key: str, rest: str = "") -> str:
        return f"{WORKSPACE}/engagements/{self.engagements[key]['id']}/{rest}"

    def measure(self, key: str, rest: str = "") -> str:
        return f"{WORKSPACE}/measures/{self.measures[key]}/{rest}"


def find_places(page: Page) -> Places:
    engagements = _all(page, "engagements")
    keys = {row["id"]: row["key"] for row in engagements}
    return Places(
        engagements={row["key"]: row for row in engagements},
        # Of each engagement the one it was measured by first.
        measures={keys[row["engagement"]]: row["id"] for row in reversed(_all(page, "measures"))},
    )


def _all(page: Page, what: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    address = f"{WORKSPACE}/api/v1/{what}/"
    while address:
        answer = page.request.get(address)
        assert answer.ok, answer.text()
        content = answer.json()
        rows += content["results"]
        address = content["next"]
    return rows
