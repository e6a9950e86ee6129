"""Workspaces with a day to close: python -m tests.soak.nights COUNT FOLDER."""

import csv
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django

CUSTOMERS = 3
USERS = 12
DAYS = 45


def furnish(count: int, folder: Path) -> None:
    """So many workspaces in UTC, each with plans, a measure and use up to yesterday evening."""
    from tenancy.scope import tenant_scope
    from tests import factories
    from tests.world import LAST_DAY, NOW, Side
    from usage import operations as usage

    @dataclass(frozen=True)
    class Busy(Side):
        """Much used. What the coming night closes arrives when earlier days are closed already."""

        def _use(self, folder: Path) -> None:
            self._take_in(folder, range(1, DAYS))

        def come_late(self, folder: Path) -> None:
            """Yesterday's events, and some of a day long closed."""
            self._take_in(folder, (0, 10))

        def _take_in(self, folder: Path, ago: Iterable[int]) -> None:
            path = folder / "use.csv"
            with path.open("w", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(
                    ["message_id", "timestamp", "customer_id", "user_id", "event", "feature"]
                )
                writer.writerows(self._rows(ago))
            usage.import_usage_file(
                tenant_id=self.tenant.pk,
                path=path,
                mapping={},
                now=NOW,
                report=lambda outcome, percent: None,
                note=lambda errors: None,
            )

        def _rows(self, days_ago: Iterable[int]) -> list[list[str]]:
            key = self.customer.external_id
            return [
                [f"{key}-{ago}-{user}", f"{day}T10:00:00Z", key, f"{key}-{user}", "Used", "a"]
                for ago in days_ago
                for day in [LAST_DAY + timedelta(days=1 - ago)]
                for user in range(USERS if ago != 10 else 2 * USERS)
                if (user + ago) % (1 + user % 4) == 0
            ]

    for number in range(count):
        tenant = factories.make_tenant(f"night-{number}", time_zone="UTC")
        agreed_by = factories.make_user(f"night-{number}")
        for place in range(CUSTOMERS):
            word = f"n{number}c{place}"
            with tenant_scope(tenant.pk):
                customer = factories.make_customer(word, time_zone="UTC")
                engagement = factories.make_engagement(customer, word.upper())
            side = Busy(word, tenant, customer, engagement, agreed_by)
            side.fill(folder)
            side.come_late(folder)


if __name__ == "__main__":
    django.setup()
    furnish(int(sys.argv[1]), Path(sys.argv[2]))
