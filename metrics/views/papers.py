"""Decision papers: written by us, decided at the customer, held against what came of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from adoption.queries import get_version_names
from metrics import exports, operations, queries
from metrics.forms.papers import (
    AnswerForm,
    AskForm,
    DecisionForm,
    EffectsForm,
    OptionForm,
    PaperForm,
)
from metrics.models import DecisionPaper, PaperOption, PaperQuestion
from metrics.queries import PaperView
from metrics.views.finding import FoundEngagement, find_engagement
from people.queries import person_of
from rendering.editing import taken_over_words
from rendering.web import csv_file, form_view, is_undo, page, pdf_file, tell, undo_of
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Found:
    row: DecisionPaper
    today: date

    @property
    def view(self) -> PaperView:
        return queries.get_paper_view(paper=self.row, today=self.today)

    @property
    def engagement(self) -> FoundEngagement:
        return FoundEngagement(self.row.engagement, self.today)


def find(paper_id: UUID, *, held: bool = False) -> Found:
    """`held` keeps the paper from others until the request is over."""
    rows = queries.get_papers()
    row = get_object_or_404(rows.select_for_update(of=("self",)) if held else rows, pk=paper_id)
    return Found(row, timezone.localdate(timezone=row.customer.zone))


def back(request: WorkspaceRequest, paper_id: UUID, part: str = "") -> HttpResponse:
    answer = redirect("metrics:paper", request.workspace.slug, paper_id)
    answer["Location"] += f"#{part}" if part else ""
    return answer


@require_GET
def papers(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_papers")
    found = find_engagement(engagement_id)
    rows = queries.get_papers(engagement_id=found.row.pk)
    listed = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "header": found.header,
        "listed": listed,
        "rows": [queries.paper_row(row, found.today) for row in listed],
        "may_write": may(request.membership, "write_papers"),
    }
    return page(request, "metrics/papers.html", context)


@require_GET
def export_papers(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_papers")
    found = find_engagement(engagement_id)
    rows = queries.get_papers(engagement_id=found.row.pk)
    record(action="papers.exported", subject=found.row, about_customer_id=found.row.customer_id)
    content = exports.papers_csv([queries.paper_row(row, found.today) for row in rows])
    return csv_file(content, f"{found.row.key}-decisions-{found.today}.csv")


@form_view
def write_paper(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "write_papers")
    found = find_engagement(engagement_id)
    form = PaperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = person_of(request.user)
        row = operations.write_paper(engagement=found.row, fields=form.model_fields, by=by)
        tell(request, _("The draft is kept. Give it an option to decide on."))
        return back(request, row.pk)
    return _form(request, found, form, heading=_("Ask for a decision"))


@require_GET
def paper(request: WorkspaceRequest, paper_id: UUID) -> HttpResponse:
    require(request.membership, "see_papers")
    found = find(paper_id)
    view = found.view
    context = {
        "header": found.engagement.header,
        "paper": found.row,
        "view": view,
        "told": queries.told(view, today=found.today),
        "today": found.today,
        "may_write": may(request.membership, "write_papers"),
        "may_decide": may(request.membership, "decide_papers"),
        "may_take_back": may(request.membership, "decide_papers")
        and not operations.why_not_taken_back(
            found.row, by=person_of(request.user), now=timezone.now()
        ),
        "ask": AskForm(),
    }
    return page(request, "metrics/paper.html", context)


@form_view
def edit_paper(request: WorkspaceRequest, paper_id: UUID) -> HttpResponse:
    require(request.membership, "write_papers")
    found = find(paper_id, held=True)
    form = PaperForm(request.POST or None, instance=found.row)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_paper(paper=found.row, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, taken_over_words(form) or _("Saved."))
            return back(request, paper_id)
    return _form(request, found.engagement, form, heading=found.row.question, paper=found.row)


@form_view
def write_option(request: WorkspaceRequest, paper_id: UUID) -> HttpResponse:
    require(request.membership, "write_papers")
    found = find(paper_id, held=True)
    form = _option_form(request, found.row, PaperOption())
    if request.method == "POST" and form.is_valid():
        try:
            operations.write_option(paper=found.row, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("The option is on the paper."))
            return back(request, paper_id, "options")
    return _form(request, found.engagement, form, heading=_("Add an option"), paper=found.row)


def _option_form(request: WorkspaceRequest, row: DecisionPaper, option: PaperOption) -> OptionForm:
    names = get_version_names(engagement_id=row.engagement_id)
    return OptionForm(
        request.POST or None,
        instance=option,
        what_ifs=() if names is None else names.what_ifs,
        currency=row.engagement.currency,
    )


def _find_option(paper_option_id: UUID) -> PaperOption:
    rows = PaperOption.objects.select_related("paper__engagement", "paper__customer")
    return get_object_or_404(rows.select_for_update(of=("self",)), pk=paper_option_id)


@form_view
def edit_option(request: WorkspaceRequest, paper_option_id: UUID) -> HttpResponse:
    require(request.membership, "write_papers")
    option = _find_option(paper_option_id)
    found = find(option.paper_id)
    form = _option_form(request, found.row, option)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_option(option=option, fields=form.model_fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, taken_over_words(form) or _("Saved."))
            return back(request, option.paper_id, "options")
    return _form(request, found.engagement, form, heading=option.name, paper=found.row)


@form_view
def edit_effects(request: WorkspaceRequest, paper_option_id: UUID) -> HttpResponse:
    """What an option does to the measures, and which targets come with it."""
    require(request.membership, "write_papers")
    option = _find_option(paper_option_id)
    found = find(option.paper_id)
    measures = queries.get_aimed(engagement_id=found.row.engagement_id, today=found.today)
    form = EffectsForm(request.POST or None, measures=measures, changes=option.changes)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_effects(option=option, changes=form.changes)
        except ValidationError as error:
            form.refuse(error)
        else:
            tell(request, _("Saved."))
            return back(request, option.paper_id, "options")
    return _form(
        request,
        found.engagement,
        form,
        heading=_("Measures with “%(option)s”") % {"option": option.name},
        paper=found.row,
        template="metrics/effects_form.html",
        today=found.today,
    )


@require_POST
def drop_option(request: WorkspaceRequest, paper_option_id: UUID) -> HttpResponse:
    require(request.membership, "write_papers")
    option = _find_option(paper_option_id)
    try:
        if is_undo(request):
            operations.restore_option(option=option)
            tell(request, _("The option is back."))
        else:
            operations.drop_option(option=option, now=timezone.now())
            tell(request, _("The option is off the paper."), undo=undo_of(request))
    except ValidationError as error:
        tell(request, " ".join(error.messages))
    return back(request, option.paper_id, "options")


@require_POST
def send_paper(request: WorkspaceRequest, paper_id: UUID) -> HttpResponse:
    require(request.membership, "write_papers")
    found = find(paper_id, held=True)
    by = person_of(request.user)
    try:
        if is_undo(request):
            operations.take_back_paper(paper=found.row)
            tell(request, _("It is a draft again."))
        else:
            now, value = timezone.now(), found.view.value
            operations.send_paper(paper=found.row, value=value, by=by, now=now)
            tell(request, _("It is sent to whoever leads at the customer."), undo=undo_of(request))
    except ValidationError as error:
        tell(request, " ".join(error.messages))
    return back(request, paper_id)


@form_view
def decide_paper(request: WorkspaceRequest, paper_id: UUID) -> HttpResponse:
    """Undone, it is taken back by whoever recorded it, with all that was done for it."""
    require(request.membership, "decide_papers")
    found = find(paper_id, held=True)
    if request.method == "POST" and is_undo(request):
        return _take_back(request, found)
    view = found.view
    form = DecisionForm(
        request.POST or None,
        options=[(one.id, one.value.name) for one in view.options],
        currency=view.currency,
        initial={"outcome": "approved", "decided_by": _who(request)},
    )
    if request.method == "POST" and form.is_valid() and _decide(request, found, view, form):
        words = _("The decision is kept, and what it needs is done.")
        tell(request, words, undo=undo_of(request))
        return back(request, paper_id)
    return _form(
        request,
        found.engagement,
        form,
        heading=_("Record the decision"),
        paper=found.row,
        told=queries.told(view, today=found.today),
        template="metrics/decision_form.html",
    )


def _take_back(request: WorkspaceRequest, found: Found) -> HttpResponse:
    by = person_of(request.user)
    try:
        operations.take_back_decision(paper=found.row, by=by, now=timezone.now())
    except ValidationError as error:
        tell(request, _("It stands. %(why)s") % {"why": " ".join(error.messages)})
    else:
        tell(request, _("The decision is taken back, with what was done for it."))
    return back(request, found.row.pk)


def _who(request: WorkspaceRequest) -> str:
    """Whoever decides at the customer writes for themselves; one of us for somebody there."""
    person = person_of(request.user)
    at_customer = request.membership.customer_id is not None
    return str(person) if person is not None and at_customer else ""


def _decide(request: WorkspaceRequest, found: Found, view: PaperView, form: DecisionForm) -> bool:
    try:
        operations.decide_paper(
            paper=found.row,
            value=view.value,
            decision=form.decision,
            by=person_of(request.user),
            now=timezone.now(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_GET
def paper_pdf(request: WorkspaceRequest, paper_id: UUID) -> HttpResponse:
    """The paper as it is shown, to print and to send on."""
    require(request.membership, "see_papers")
    found = find(paper_id)
    record(action="paper.exported", subject=found.row, about_customer_id=found.row.customer_id)
    content = exports.paper_pdf(found.row, found.view, today=found.today)
    return pdf_file(content, f"{found.row.engagement.key}-decision-{found.today}.pdf")


@form_view
def ask_paper(request: WorkspaceRequest, paper_id: UUID) -> HttpResponse:
    require(request.membership, "see_papers")
    found = find(paper_id)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by, text = person_of(request.user), form.cleaned_data["text"]
        try:
            operations.ask_paper(paper=found.row, text=text, by=by, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            tell(request, _("The question is asked."))
            return back(request, paper_id, "questions")
    return _form(request, found.engagement, form, heading=_("Ask a question"), paper=found.row)


@form_view
def answer_paper(request: WorkspaceRequest, paper_question_id: UUID) -> HttpResponse:
    require(request.membership, "write_papers")
    rows = PaperQuestion.objects.select_related("paper__engagement__csm")
    question = get_object_or_404(rows.select_for_update(of=("self",)), pk=paper_question_id)
    found = find(question.paper_id)
    form = AnswerForm(request.POST or None, initial={"reply": question.answer})
    if request.method == "POST" and form.is_valid():
        by, text = person_of(request.user), form.cleaned_data["reply"]
        operations.answer_paper(question=question, text=text, by=by, now=timezone.now())
        tell(request, _("The answer is with the question."))
        return back(request, question.paper_id, "questions")
    return _form(request, found.engagement, form, heading=question.text, paper=found.row)


def _form(
    request: WorkspaceRequest,
    found: FoundEngagement,
    form: Any,
    *,
    heading: str,
    paper: DecisionPaper | None = None,
    template: str = "metrics/paper_form.html",
    **more: Any,
) -> HttpResponse:
    context = {"header": found.header, "form": form, "heading": heading, "paper": paper, **more}
    return page(request, template, context)
