"""Answering a survey by a link from a mail, without signing in.

The link is the whole authority: nothing here looks at a cookie, so there is none another site
could make use of, and no token against that. The browser is told to pass the link on to nobody,
and for that reason names no origin either, without which such a token could not be checked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from engagements import operations, queries
from engagements.forms.surveys import AnswerForm
from engagements.models import AnswerLink, Invitee
from rendering.formats import using
from rendering.web import form_view
from tenancy import limits
from tenancy.audit import Actor, acting
from tenancy.http import address_of
from tenancy.models import ActorKind, Tenant
from tenancy.scope import tenant_scope


@csrf_exempt
@never_cache
@form_view
def answer(request: HttpRequest, token: str) -> HttpResponse:
    link = _link(request, token)
    if link is None:
        return _dead(request)
    with _inside(link) as tenant:
        invitee = _invitee(link)
        if invitee is None:
            return _dead(request)
        with acting(Actor(ActorKind.PERSON, str(invitee))):
            return _private(_answered(request, invitee, tenant, token))


def _answered(request: HttpRequest, invitee: Invitee, tenant: Tenant, token: str) -> HttpResponse:
    """The questions, or what stands in the way of answering them."""
    survey, now = invitee.survey, timezone.now()
    today = timezone.localdate(timezone=survey.engagement.customer.zone)
    context = {"survey": survey, "invitee": invitee, "workspace_name": tenant.name, "token": token}
    if invitee.answered_at is not None:
        return _over(request, context, "answered")
    if not operations.takes_answers(survey, today=today):
        return _over(request, context, "closed")
    questions = queries.get_survey_questions(survey_id=survey.pk)
    form = AnswerForm(request.POST if request.method == "POST" else None, questions=questions)
    if request.method == "POST" and form.is_valid():
        limits.insist("survey_answer", str(invitee.pk))
        try:
            operations.take_answer(invitee=invitee, given=form.given, today=today, now=now)
        except ValidationError as error:
            form.refuse(error)
        except operations.AlreadyAnswered:
            invitee.refresh_from_db()
            return _over(request, context, "answered")
        except operations.SurveyNotOpen:
            return _over(request, context, "closed")
        else:
            return _over(request, context, "thanks", status=200)
    return render(request, "engagements/answer.html", context | {"form": form})


def _over(
    request: HttpRequest, context: dict[str, Any], state: str, status: int = 410
) -> HttpResponse:
    return render(request, "engagements/answered.html", context | {"state": state}, status=status)


@csrf_exempt
@never_cache
@form_view
def stop_asking(request: HttpRequest, token: str) -> HttpResponse:
    """No more mail about surveys: by the button here, or by that of a mail program."""
    link = _link(request, token)
    if link is None:
        return _dead(request)
    with _inside(link) as tenant:
        invitee = _invitee(link)
        if invitee is None:
            return _dead(request)
        with acting(Actor(ActorKind.PERSON, str(invitee))):
            if request.method == "POST" and request.POST.get("ask") == "again":
                operations.opt_in(invitee=invitee)
            elif request.method == "POST":
                operations.opt_out(invitee=invitee, now=timezone.now())
        invitee.refresh_from_db()
        context = {"invitee": invitee, "workspace_name": tenant.name, "token": token}
        return _private(render(request, "engagements/stop_asking.html", context))


def _link(request: HttpRequest, token: str) -> AnswerLink | None:
    """Raises TooManyTries for whoever guesses."""
    link = queries.get_answer_link(text=token)
    if link is None:
        limits.insist("wrong_answer_link", address_of(request) or "none")
    return link


@contextmanager
def _inside(link: AnswerLink) -> Iterator[Tenant]:
    """The workspace the link belongs to, in its formats and its time zone."""
    tenant = link.tenant
    with tenant_scope(tenant.pk), using(tenant.locale), timezone.override(tenant.time_zone):
        yield tenant


def _invitee(link: AnswerLink) -> Invitee | None:
    rows = Invitee.objects.select_related("survey__engagement__customer", "impact_group")
    return rows.filter(pk=link.invitee_id).first()


def _dead(request: HttpRequest) -> HttpResponse:
    """A link nobody made learns nothing."""
    return _private(render(request, "engagements/answered.html", {"state": "dead"}, status=410))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it is told to no other site and kept by no search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
