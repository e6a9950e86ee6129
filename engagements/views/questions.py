"""Questions to experts: asked, answered, closed."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import AnswerForm, QuestionForm
from engagements.models import ExpertQuestion
from engagements.views.finding import Found, find, record_export, show_form
from engagements.views.notes import is_own, require_own
from engagements.views.timeline import add_errors
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, page, tell
from tenancy.access import may, require
from tenancy.http import WorkspaceRequest


@form_view
def ask_question(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "ask_experts")
    found = find(engagement_id)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _asked(request, found, form):
        tell(request, _("Asked. You hear of the answer in your inbox."))
        return redirect("engagements:timeline", request.workspace.slug, engagement_id)
    return show_form(request, found, form, back="timeline", heading=_("Ask somebody who knows"))


def _asked(request: WorkspaceRequest, found: Found, form: QuestionForm) -> bool:
    try:
        operations.ask_question(
            engagement=found.row, fields=form.model_fields, by=person_of(request.user)
        )
    except ValidationError as error:
        add_errors(form, error, {})
        return False
    return True


def _held(question_id: UUID) -> ExpertQuestion:
    rows = queries.get_questions().select_for_update(of=("self",))
    return get_object_or_404(rows.select_related("by", "expert", "engagement"), pk=question_id)


@form_view
def question(request: WorkspaceRequest, question_id: UUID) -> HttpResponse:
    """The question with its answers, and the box for another one."""
    require(request.membership, "ask_experts")
    row = _held(question_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _answered(request, form, row):
        tell(request, _("Answered."))
        return redirect("engagements:question", request.workspace.slug, row.pk)
    found = find(row.engagement_id)
    context = {
        "header": found.header,
        "question": queries.get_question(row=row, today=found.today),
        "form": form,
        "is_own": is_own(request, row),
        "may_close": _may_close(request, row),
    }
    return page(request, "engagements/question.html", context)


def _answered(request: WorkspaceRequest, form: AnswerForm, row: ExpertQuestion) -> bool:
    text = form.cleaned_data["text"]
    try:
        operations.answer_question(question=row, text=text, by=person_of(request.user))
    except ValidationError as error:
        add_errors(form, error, {})
        return False
    return True


@form_view
def edit_question(request: WorkspaceRequest, question_id: UUID) -> HttpResponse:
    require(request.membership, "ask_experts")
    row = _held(question_id)
    require_own(request, row)
    form = QuestionForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid() and _changed(request, form, row):
        tell(request, taken_over_words(form) or _("Saved."))
        return redirect("engagements:question", request.workspace.slug, row.pk)
    found = find(row.engagement_id)
    return show_form(request, found, form, back="timeline", heading=_("Change the question"))


def _changed(request: WorkspaceRequest, form: QuestionForm, row: ExpertQuestion) -> bool:
    try:
        operations.change_question(
            question=row, fields=form.model_fields, by=person_of(request.user)
        )
    except ValidationError as error:
        add_errors(form, error, {})
        return False
    return True


def _may_close(request: WorkspaceRequest, row: ExpertQuestion) -> bool:
    return row.by_id == request.user.pk or may(request.membership, "write_log")


def _closable(request: WorkspaceRequest, question_id: UUID) -> ExpertQuestion:
    row = _held(question_id)
    if not _may_close(request, row):
        raise PermissionDenied(_("Only whoever asked this can close it."))
    return row


@require_POST
def close_question(request: WorkspaceRequest, question_id: UUID) -> HttpResponse:
    require(request.membership, "ask_experts")
    row = _closable(request, question_id)
    operations.close_question(question=row)
    undo = reverse("engagements:reopen_question", args=[request.workspace.slug, row.pk])
    tell(request, _("Closed."), undo=undo)
    return redirect("engagements:question", request.workspace.slug, row.pk)


@require_POST
def reopen_question(request: WorkspaceRequest, question_id: UUID) -> HttpResponse:
    require(request.membership, "ask_experts")
    row = _closable(request, question_id)
    operations.reopen_question(question=row)
    tell(request, _("Open again."))
    return redirect("engagements:question", request.workspace.slug, row.pk)


@require_GET
def export_questions(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_engagement")
    found = find(engagement_id)
    record_export("questions.exported", found)
    rows = queries.get_all_questions(engagement_id=engagement_id, today=found.today)
    name = f"{found.row.key}-questions-{found.today}.csv"
    return csv_file(exports.csv_of(queries.question_table(rows)), name)
