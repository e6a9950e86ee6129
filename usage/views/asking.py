"""Whose use an address asks about, narrowed to what, and how the pages of it hang together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagements.models import Customer, Engagement
from engagements.queries import (
    EngagementHeader,
    get_engagements,
    get_next_action,
    header_of,
)
from tenancy.access import may
from tenancy.http import WorkspaceRequest
from usage import queries
from usage.forms import AskedForm
from usage.numbers.rules import Rules
from usage.queries import Adoption, Asked, ClosedDays, Subject

RANGES = (28, 90, 180, 365)
SECTIONS = (
    ("usage", _("Active users")),
    ("licences", _("Licences")),
    ("first_value", _("First value")),
    ("habit", _("Habit")),
    ("features", _("Features")),
    ("cohorts", _("Cohorts")),
    ("first_weeks", _("First weeks")),
    ("people", _("People")),
)
OF_ENGAGEMENTS = frozenset({"first_weeks"})


@dataclass(frozen=True, slots=True)
class Found:
    """A subject with what is asked about it. `asked` is None while no day is closed."""

    request: WorkspaceRequest
    subject: Subject
    today: date
    closed: ClosedDays | None
    rules: Rules
    asked: Asked | None
    usual: Asked | None

    @property
    def customer(self) -> Customer:
        return self.subject.customer

    @property
    def row(self) -> Customer | Engagement:
        return self.subject.engagement or self.subject.customer

    def url(self, name: str, *more: Any) -> str:
        """One of the subject's pages."""
        slug = self.request.workspace.slug
        if self.subject.engagement is None:
            own = "whole_usage" if name == "usage" else name
            return reverse(f"usage:customer_{own}", args=[slug, self.customer.pk, *more])
        return reverse(f"usage:{name}", args=[slug, self.subject.engagement.pk, *more])

    @property
    def kept(self) -> str:
        """What the other pages keep of what is asked here, as a part of their addresses."""
        if self.asked is None or self.usual is None:
            return ""
        said: dict[str, object] = {}
        if self.asked.first != self.usual.first:
            said["first"] = self.asked.first.isoformat()
        if self.asked.last != self.usual.last:
            said["last"] = self.asked.last.isoformat()
        if self.asked.group_id:
            said["group"] = self.asked.group_id
        if self.asked.with_weekends != self.usual.with_weekends:
            said["weekends"] = "on" if self.asked.with_weekends else "off"
        return urlencode(said)

    def adoption(self, since: date | None) -> Adoption:
        """Its numbers; there must be a closed day."""
        assert self.asked is not None  # noqa: S101 (asked by pages with a closed day only)
        return queries.get_adoption(
            subject=self.subject, asked=self.asked, since=since, rules=self.rules
        )

    def context(self, section: str) -> dict[str, Any]:
        """What every page of use shows around its figures."""
        return {
            "header": self._header(),
            "customer": self.customer,
            "section": section,
            "sections": [
                (name, label, self.url(name))
                for name, label in SECTIONS
                if self.subject.engagement or name not in OF_ENGAGEMENTS
            ],
            "people_url": self.url("people"),
            "events_url": self.url("events"),
            "csv_url": self.url("csv"),
            "may_import": may(self.request.membership, "import_usage"),
            "may_edit": may(self.request.membership, "edit_engagement"),
            **self._narrowing(),
        }

    def _header(self) -> EngagementHeader | None:
        row = self.subject.engagement
        if row is None:
            return None
        return header_of(row, today=self.today, next_action=get_next_action(engagement=row))

    def _narrowing(self) -> dict[str, Any]:
        """What the form above the figures offers, and what it stands at."""
        ranges = self._ranges()
        starts = [start for _days, start in ranges]
        return {
            "asked": self.asked,
            "kept": self.kept,
            "groups": [(group.id, group.name) for group in self.subject.groups],
            "ranges": ranges,
            "is_usual_range": self.asked is None or self.asked.first in starts,
            "last_asked": self._last_asked,
        }

    @property
    def _last_asked(self) -> date | None:
        """The day the figures are of, where it is not the newest closed one."""
        if self.asked is None or self.closed is None or self.asked.last == self.closed.last:
            return None
        return self.asked.last

    def _ranges(self) -> list[tuple[int, date]]:
        last = self.asked.last if self.asked else self.today
        return [(days, last - timedelta(days=days - 1)) for days in RANGES]


def find_subject(
    request: WorkspaceRequest, *, engagement_id: UUID | None = None, customer_id: UUID | None = None
) -> Found:
    """By the engagement an address names, or the customer. Raises Http404."""
    subject = _subject(request, engagement_id, customer_id)
    closed = queries.get_closed_days(customer_id=subject.customer.pk)
    rules = queries.get_rules()
    asked = usual = None
    if closed is not None:
        ids = {group.id for group in subject.groups}
        weekends = rules.with_weekends
        asked = AskedForm(request.GET).asked(closed=closed, groups=ids, with_weekends=weekends)
        usual = AskedForm({}).asked(closed=closed, groups=ids, with_weekends=weekends)
    today = timezone.localdate(timezone=subject.customer.zone)
    return Found(request, subject, today, closed, rules, asked, usual)


def _subject(
    request: WorkspaceRequest, engagement_id: UUID | None, customer_id: UUID | None
) -> Subject:
    workspace = request.workspace
    if engagement_id is None:
        customer = get_object_or_404(Customer, pk=customer_id)
        return queries.get_subject(customer=customer, workspace=workspace)
    row = get_object_or_404(get_engagements(), pk=engagement_id)
    return queries.get_subject(customer=row.customer, engagement=row, workspace=workspace)
