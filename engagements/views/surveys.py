"""Making a survey: its questions, who is asked, and sending it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from engagements import operations, queries
from engagements.forms.surveys import AnswerForm, QuestionForm, RecipientsForm, SurveyForm
from engagements.models import Invitee, Survey, SurveyQuestion
from engagements.models.surveys import INSTRUMENTS
from engagements.operations import Invited, NotADraft
from engagements.operations.instruments import standard_questions
from engagements.surveys import Instrument
from engagements.tasks import ask_for_survey_mail
from engagements.views.finding import Found, back_to, find, show_form
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import form_view, is_undo, page, tell, undo_of
from tenancy.access import require
from tenancy.http import WorkspaceRequest
from tenancy.tasks import publish

USUAL_MOMENTS = {
    Instrument.SENTIMENT: Survey.Moment.GO_LIVE,
    Instrument.TEAM: Survey.Moment.TRANSITION,
    Instrument.NPS: Survey.Moment.QUARTER,
    Instrument.CSAT: Survey.Moment.QUARTER,
}


@form_view
def make_survey(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    found = find(engagement_id)
    chosen = request.GET.get("instrument", "")
    if chosen not in list(Instrument):
        return page(request, "engagements/instruments.html", _offered(found))
    form = SurveyForm(request.POST or None, instrument=chosen, initial=_usual(chosen, found))
    if request.method == "POST" and form.is_valid():
        fields = form.model_fields | {"instrument": chosen}
        by = person_of(request.user)
        survey = operations.draft_survey(engagement=found.row, fields=fields, by=by)
        tell(request, _("The draft is made. Look at its questions, then choose who is asked."))
        return redirect("engagements:survey", request.workspace.slug, survey.pk)
    return show_form(request, found, form, back="feedback", heading=_label(chosen))


def _offered(found: Found) -> dict[str, Any]:
    offered = [
        {"key": key, "label": label, "questions": standard_questions(Instrument(key))}
        for key, label in INSTRUMENTS
    ]
    return {"header": found.header, "instruments": offered}


def _label(instrument: str) -> str:
    return str(dict(INSTRUMENTS)[instrument])


def _usual(chosen: str, found: Found) -> dict[str, Any]:
    """A title and a moment to start from."""
    titles = {
        Instrument.TEAM: _("%(name)s: are we ready to hand over?"),
        Instrument.SENTIMENT: _("%(name)s: how is it going?"),
        Instrument.FREE: "",
    }
    usual = _("%(name)s: your experience so far")
    instrument = Instrument(chosen)
    return {
        "title": titles.get(instrument, usual).replace("%(name)s", found.row.name),
        "moment": USUAL_MOMENTS.get(instrument, Survey.Moment.OTHER),
    }


def find_survey(survey_id: UUID, *, held: bool = False) -> Survey:
    rows = Survey.objects.select_related("engagement", "owner")
    return get_object_or_404(rows.select_for_update(of=("self",)) if held else rows, pk=survey_id)


@require_GET
def survey(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    """The workshop of a draft; once people were asked, its results are the page to be on."""
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    if row.state not in (Survey.State.DRAFT, Survey.State.DISCARDED):
        return redirect("engagements:results", request.workspace.slug, row.pk)
    context = {
        "header": find(row.engagement_id).header,
        "survey": row,
        "questions": queries.get_survey_questions(survey_id=row.pk),
        "invitees": queries.get_invitees(survey_id=row.pk),
    }
    return page(request, "engagements/survey.html", context)


@form_view
def edit_survey(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id, held=True)
    form = SurveyForm(request.POST or None, instance=row, instrument=row.instrument)
    if request.method == "POST" and form.is_valid():
        operations.change_survey(survey=row, fields=form.model_fields)
        tell(request, taken_over_words(form) or _("Saved."))
        return _to_survey(request, row)
    return _show(request, row, form, row.title)


def _show(request: WorkspaceRequest, row: Survey, form: Any, heading: str) -> HttpResponse:
    """A form of the survey, with the way back to it."""
    context = {
        "header": find(row.engagement_id).header,
        "form": form,
        "heading": heading,
        "back": reverse("engagements:survey", args=[request.workspace.slug, row.pk]),
    }
    return page(request, "engagements/fact_form.html", context)


def _to_survey(request: WorkspaceRequest, row: Survey, part: str = "") -> HttpResponse:
    answer = redirect("engagements:survey", request.workspace.slug, row.pk)
    answer["Location"] += f"#{part}" if part else ""
    return answer


@form_view
def add_survey_question(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    form = QuestionForm(request.POST or None)
    fields = form.model_fields if request.method == "POST" and form.is_valid() else None
    if fields is not None and _kept(
        form, lambda: operations.add_survey_question(survey=row, fields=fields)
    ):
        tell(request, _("The question is at the end."))
        return _to_survey(request, row, "questions")
    return _show(request, row, form, _("Add a question"))


@form_view
def edit_survey_question(request: WorkspaceRequest, survey_question_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _question(survey_question_id, held=True)
    form = QuestionForm(request.POST or None, instance=row)
    fields = form.model_fields if request.method == "POST" and form.is_valid() else None
    if fields is not None and _kept(
        form, lambda: operations.change_survey_question(question=row, fields=fields)
    ):
        tell(request, taken_over_words(form) or _("Saved."))
        return _to_survey(request, row.survey, "questions")
    return _show(request, row.survey, form, row.text)


def _question(survey_question_id: UUID, *, held: bool = False) -> SurveyQuestion:
    rows = SurveyQuestion.objects.select_related("survey__engagement")
    return get_object_or_404(
        rows.select_for_update(of=("self",)) if held else rows, pk=survey_question_id
    )


def _kept(form: Any, keep: Callable[[], object]) -> bool:
    try:
        keep()
    except ValidationError as error:
        form.add_error(None, error)
        return False
    except NotADraft:
        form.add_error(None, _not_a_draft())
        return False
    return True


def _not_a_draft() -> str:
    return _("People have seen this survey, so its questions stay as they were asked.")


@require_POST
def move_survey_question(request: WorkspaceRequest, survey_question_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = _question(survey_question_id)
    try:
        operations.move_survey_question(question=row, up=request.POST.get("to") == "up")
    except NotADraft:
        tell(request, _not_a_draft())
    return _to_survey(request, row.survey, "questions")


@require_POST
def remove_survey_question(request: WorkspaceRequest, survey_question_id: UUID) -> HttpResponse:
    """Asked to undo, it brings a removed question back."""
    require(request.membership, "edit_engagement")
    row = _question(survey_question_id)
    try:
        if is_undo(request):
            operations.restore_survey_question(question=row)
            tell(request, _("The question is back."))
        else:
            operations.remove_survey_question(question=row, now=timezone.now())
            tell(request, _("The question is removed."), undo=undo_of(request))
    except (NotADraft, ValidationError) as refusal:
        tell(request, _not_a_draft() if isinstance(refusal, NotADraft) else refusal.messages[0])
    return _to_survey(request, row.survey, "questions")


@require_GET
def preview_survey(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    """As those who are asked see it; nothing can be sent."""
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    form = AnswerForm(questions=queries.get_survey_questions(survey_id=row.pk))
    context = {"survey": row, "form": form, "workspace_name": request.workspace.name}
    return page(request, "engagements/preview.html", context | {"preview": True})


@form_view
def choose_recipients(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    form = RecipientsForm(request.POST or None, engagement=row.engagement)
    if request.method == "POST" and form.is_valid():
        try:
            invited = operations.invite_people(survey=row, people=form.people)
        except operations.SurveyIsOver:
            form.add_error(None, _("The survey is over; nobody is asked any more."))
        else:
            tell(request, _what_became(invited))
            _send_due(request)
            return _to_survey(request, row, "people")
    return _show(request, row, form, _("Who is asked?"))


def _what_became(invited: Invited) -> str:
    parts = [
        (invited.added, ngettext("One person added", "%(n)s people added", invited.added)),
        (invited.already, ngettext("one was there", "%(n)s were there", invited.already)),
        (
            invited.without_address,
            ngettext("one has no address", "%(n)s have no address", invited.without_address),
        ),
        (
            invited.opted_out,
            ngettext(
                "one does not want to be asked",
                "%(n)s do not want to be asked",
                invited.opted_out,
            ),
        ),
    ]
    said = [words % {"n": number} for number, words in parts if number]
    return f"{', '.join(said)}." if said else _("Nobody was chosen.")


def _send_due(request: WorkspaceRequest) -> None:
    run = ask_for_survey_mail(today=timezone.localdate(), now=timezone.now())
    if run is not None:
        publish(run)


@require_POST
def remove_invitee(request: WorkspaceRequest, invitee_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    rows = Invitee.objects.select_related("survey__engagement")
    row = get_object_or_404(rows, pk=invitee_id)
    gone = operations.uninvite(invitee=row)
    words = _("%(who)s is not asked.") if gone else _("%(who)s has the mail already.")
    tell(request, words % {"who": row})
    return _to_survey(request, row.survey, "people")


@require_POST
def open_survey(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    try:
        operations.open_survey(survey=row, now=timezone.now())
    except operations.NothingToAsk:
        tell(request, _("There is no question yet."))
    except NotADraft:
        tell(request, _("It was sent already."))
    else:
        _send_due(request)
        tell(request, _("The survey is open; the mail is on its way."))
    return _to_survey(request, row)


@require_POST
def close_survey(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    """Asked to undo, it opens a closed one again."""
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    if is_undo(request):
        today = find(row.engagement_id).today
        if operations.reopen_survey(survey=row, today=today):
            _send_due(request)
        tell(request, _("The survey is open again."))
    elif operations.close_survey(survey=row, now=timezone.now()):
        tell(request, _("The survey is closed."), undo=undo_of(request))
    return _to_survey(request, row)


@require_POST
def discard_survey(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    """Asked to undo, it brings a discarded draft back."""
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    if is_undo(request):
        operations.restore_survey(survey=row)
        tell(request, _("The draft is back."))
        return _to_survey(request, row)
    try:
        operations.discard_survey(survey=row)
        tell(request, _("The draft is discarded."), undo=undo_of(request))
    except NotADraft:
        tell(request, _("It was sent already. Close it instead."))
    return back_to(request, "feedback", row.engagement_id)


@require_POST
def repeat_survey(request: WorkspaceRequest, survey_id: UUID) -> HttpResponse:
    require(request.membership, "edit_engagement")
    row = find_survey(survey_id)
    again = operations.repeat_survey(survey=row, by=person_of(request.user))
    tell(request, _("The next wave is a draft with the same questions. Choose who is asked."))
    return _to_survey(request, again)
