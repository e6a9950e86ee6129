"""What numbers count by: the workspace's rules, and first value of an engagement."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.models import Engagement
from people.queries import person_of
from rendering.editing import SharedForm, taken_over_words
from rendering.web import form_view, page, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from usage import operations, queries
from usage.forms import FirstValueForm, RulesForm
from usage.models import FirstValueRule, UsageRules
from usage.views.asking import find_subject


@form_view
def edit_rules(request: WorkspaceRequest) -> HttpResponse:
    """The workspace's rules; a change holds from the next night on."""
    require(request.membership, "manage_sources")
    row = UsageRules.objects.select_for_update().first() or UsageRules()
    form = RulesForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_rules(fields=form.model_fields, by=person_of(request.user))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, taken_over_words(form) or _("Saved. The next night counts by them."))
            return redirect("usage:edit_rules", request.workspace.slug)
    context = {"form": form, "version": row.version, "since": row.created_at}
    return page(request, "usage/rules_form.html", context)


@form_view
def agree_first_value(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """What the engagement calls first value."""
    require(request.membership, "edit_engagement")
    engagement = get_object_or_404(Engagement.objects.select_for_update(), pk=engagement_id)
    row = FirstValueRule.objects.filter(engagement=engagement).first()
    form = FirstValueForm(
        request.POST or None,
        instance=row or FirstValueRule(),
        known=queries.get_feature_names(customer_id=engagement.customer_id),
    )
    if request.method == "POST" and form.is_valid():
        operations.agree_first_value(engagement=engagement, fields=form.model_fields)
        tell(request, _taken_over(form))
        return redirect("usage:first_value", request.workspace.slug, engagement.pk)
    context = find_subject(request, engagement_id=engagement_id).context("first_value") | {
        "form": form,
        "heading": _("What first value is"),
        "back": reverse("usage:first_value", args=[request.workspace.slug, engagement.pk]),
    }
    return page(request, "usage/first_value_form.html", context)


def _taken_over(form: SharedForm[FirstValueRule]) -> str:
    return taken_over_words(form) or _("Saved.")
