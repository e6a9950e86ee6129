"""The engagement an address names, and what its pages share."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from engagements import queries
from engagements.models import Engagement
from rendering.web import page
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@dataclass(frozen=True, slots=True)
class Found:
    """The engagement an address is about, with the day it is at its customer."""

    row: Engagement
    today: date

    @property
    def header(self) -> queries.EngagementHeader:
        next_action = queries.get_next_action(engagement=self.row)
        return queries.header_of(self.row, today=self.today, next_action=next_action)


def find(engagement_id: UUID, *, held: bool = False) -> Found:
    """`held` keeps the engagement from others until the request is over."""
    rows = queries.get_engagements()
    row = get_object_or_404(
        rows.select_for_update(of=("self",)) if held else rows, pk=engagement_id
    )
    return Found(row, timezone.localdate(timezone=row.customer.zone))


def show_form(
    request: WorkspaceRequest,
    found: Found,
    form: Any,
    *,
    back: str,
    heading: str,
    template: str = "engagements/fact_form.html",
    **more: Any,
) -> HttpResponse:
    """A form about the engagement; `back` is the page of it that the form belongs to."""
    context = {
        "header": found.header,
        "form": form,
        "heading": heading,
        "back": reverse(f"engagements:{back}", args=[request.workspace.slug, found.row.pk]),
        **more,
    }
    return page(request, template, context)


def back_to(
    request: WorkspaceRequest, name: str, engagement_id: UUID, part: str = ""
) -> HttpResponse:
    """To one of the engagement's pages, at the part that was changed."""
    answer = redirect(f"engagements:{name}", request.workspace.slug, engagement_id)
    answer["Location"] += f"#{part}" if part else ""
    return answer


def record_export(action: str, found: Found) -> None:
    record(action=action, subject=found.row, about_customer_id=found.row.customer_id)
