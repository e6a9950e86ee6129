"""Signing in by a link, and showing by one who is there. GET shows, POST acts: mail scanners
follow links, and people press buttons."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from people import operations, queries
from people.forms import EmailForm, ask_by_mail
from people.models import MailedLink, Purpose, User
from rendering.web import form_view


def inner_path(request: HttpRequest, path: str) -> str:
    """The path when it stays on this site, else nothing."""
    return path if url_has_allowed_host_and_scheme(path, {request.get_host()}) else ""


@never_cache
@form_view
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """The same answer, after the same work, whether anybody has the address or not."""
    form = EmailForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    next_path = inner_path(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "POST" and form.is_valid():
        ask_by_mail(request, form.cleaned_data["email"], Purpose.SIGN_IN, next_path)
        return redirect("link_sent")
    return render(request, "account/ask_for_link.html", {"form": form, "next": next_path})


@never_cache
@require_safe
def link_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "account/link_sent.html")


@login_required
@never_cache
@form_view
def prove_by_link(request: HttpRequest) -> HttpResponse:
    """For somebody who has neither a password nor a second factor at hand."""
    user = queries.person_of(request.user)
    methods = get_adapter(request).get_reauthentication_methods(user)
    next_path = inner_path(request, request.POST.get("next") or request.GET.get("next", ""))
    if user is None or request.path not in [method["url"] for method in methods]:
        return redirect(methods[0]["url"])
    if request.method == "POST":
        ask_by_mail(request, user.email, Purpose.PROVE, next_path)
        return redirect("link_sent")
    return render(request, "account/prove_by_link.html", {"next": next_path})


@never_cache
@form_view
def follow_link(request: HttpRequest, token: str) -> HttpResponse:
    link = queries.get_letter(kind=MailedLink, text=token, name="link")
    now = timezone.now()
    if link is None or link.user is None or not link.is_open(now):
        return render(request, "account/dead_link.html", status=410)
    if link.purpose == Purpose.PROVE and request.user != link.user:
        return render(request, "account/other_browser.html", {"link": link}, status=403)
    if request.method != "POST":
        return render(request, "account/follow_link.html", {"link": link})
    try:
        operations.use_letter(letter=link, now=now)
    except operations.DeadLink:
        return render(request, "account/dead_link.html", status=410)
    return _proved(request, link) if link.purpose == Purpose.PROVE else _let_in_by(request, link)


def _proved(request: HttpRequest, link: MailedLink) -> HttpResponse:
    record_authentication(request, link.user, method="link", reauthenticated=True)
    return redirect(inner_path(request, link.next_path) or "home")


def _let_in_by(request: HttpRequest, link: MailedLink) -> HttpResponse:
    return let_in(request, link.user, next_path=inner_path(request, link.next_path))


def let_in(request: HttpRequest, user: User | None, *, next_path: str) -> HttpResponse:
    """Through allauth's way in, where a second factor is asked for."""
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, user, method="link")
    response: HttpResponse = perform_login(request, user, redirect_url=next_path or None)
    return response
