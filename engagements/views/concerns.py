"""Concerns: raised by hand, from an answer or from an interview, and followed to their end."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements import operations, queries
from engagements.forms.concerns import ConcernForm
from engagements.models import Answer, Concern
from engagements.views.finding import Found, back_to, find, show_form
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import form_view, tell
from tenancy.access import require
from tenancy.http import WorkspaceRequest

# A concern that waits longer than this is rarely remembered.
USUAL_DAYS, USUAL_HOUR = 7, 17
LONGEST_QUOTE = 400


@form_view
def raise_concern(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    return _raise(request, find(engagement_id), {})


@form_view
def raise_concern_from_answer(request: WorkspaceRequest, answer_id: UUID) -> HttpResponse:
    """Starts with the words of the answer; from then on each leads to the other."""
    require(request.membership, "edit_engagement")
    rows = Answer.objects.select_related("response__survey")
    answer = get_object_or_404(rows, pk=answer_id)
    survey = answer.response.survey
    initial = {"text": str(answer)[:LONGEST_QUOTE], "shared": survey.shared}
    return _raise(request, find(survey.engagement_id), initial, answer=answer)


@form_view
def raise_concern_from_interview(request: WorkspaceRequest, interview_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = get_object_or_404(queries.get_interviews(), pk=interview_id)
    return _raise(request, find(row.engagement_id), {}, interview=row)


def _raise(
    request: WorkspaceRequest, found: Found, initial: dict[str, Any], **source: Any
) -> HttpResponse:
    by, now = person_of(request.user), timezone.now()
    usual = {"due_at": _usual_due(now)} | initial
    concern = Concern(owner=by)
    form = ConcernForm(request.POST or None, engagement=found.row, initial=usual, instance=concern)
    if request.method == "POST" and form.is_valid():
        operations.raise_concern(
            engagement=found.row, fields=form.model_fields, by=by, now=now, **source
        )
        tell(request, _("The concern is on the list."))
        return back_to(request, "feedback", found.row.pk, "concerns")
    return show_form(request, found, form, back="feedback", heading=_("Raise a concern"))


def _usual_due(now: datetime) -> datetime:
    day = timezone.localtime(now) + timedelta(days=USUAL_DAYS)
    return day.replace(hour=USUAL_HOUR, minute=0, second=0, microsecond=0)


@form_view
def edit_concern(request: WorkspaceRequest, concern_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    held = Concern.objects.select_for_update(of=("self",))
    row = get_object_or_404(held.select_related("owner", "owner_at_customer"), pk=concern_id)
    found = find(row.engagement_id)
    form = ConcernForm(request.POST or None, instance=row, engagement=found.row)
    if request.method == "POST" and form.is_valid() and _changed(request, form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return back_to(request, "feedback", row.engagement_id, "concerns")
    return show_form(
        request,
        found,
        form,
        back="feedback",
        template="engagements/concern_form.html",
        heading=_("A concern"),
        concern=queries.get_concerns().get(pk=row.pk),
    )


def _changed(request: WorkspaceRequest, form: ConcernForm, row: Concern) -> bool:
    try:
        operations.change_concern(
            concern=row, fields=form.model_fields, by=person_of(request.user), now=timezone.now()
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True
