"""Interviews, written down as answers to the questions of a survey."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from engagements import operations, queries
from engagements.forms.surveys import InterviewForm
from engagements.models import Survey
from engagements.views.finding import back_to, find, show_form
from engagements.views.surveys import find_survey
from people.queries import person_of
from rendering.web import form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest


@form_view
def record_interview(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    found = find(row.engagement_id)
    form = InterviewForm(
        request.POST or None,
        questions=queries.get_survey_questions(survey_id=row.pk),
        engagement=found.row,
        today=found.today,
        initial={"day": found.today},
    )
    if request.method == "POST" and form.is_valid() and _recorded(request, form, row):
        tell(request, _("The interview is on record."))
        return back_to(request, "feedback", row.engagement_id, "interviews")
    return show_form(
        request,
        found,
        form,
        back="feedback",
        template="engagements/interview_form.html",
        heading=_("Record an interview"),
        survey=row,
    )


def _recorded(request: WorkspaceRequest, form: InterviewForm, row: Survey) -> bool:
    try:
        operations.record_interview(
            survey=row,
            fields=form.about,
            given=form.given,
            impact_group=form.cleaned_data["impact_group"],
            by=person_of(request.user),
            now=timezone.now(),
        )
    except ValidationError as error:
        form.refuse(error)
    except operations.AnonymousSurvey:
        form.add_error(None, _("This survey is anonymous, so an interview cannot be part of it."))
    except operations.SurveyNotOpen:
        form.add_error(None, _("Open the survey first."))
    return form.is_valid()


@require_GET
def interview(request: WorkspaceRequest, interview_id: UUID) -> HttpResponse:
    """What one person said, question by question, with the notes; those are for our side."""
    require(request.membership, "see_customers")
    row = get_object_or_404(queries.get_interviews(), pk=interview_id)
    answers = {
        answer.question_id: answer
        for answer in row.response.answers.prefetch_related("concerns").all()
    }
    questions = queries.get_survey_questions(survey_id=row.response.survey_id)
    context = {
        "header": find(row.engagement_id).header,
        "interview": row,
        "said": [(question, answers.get(question.pk)) for question in questions],
        "concerns": row.concerns.all(),
        "may_edit": may(request.membership, "edit_engagement"),
    }
    return page(request, "engagements/interview.html", context)
