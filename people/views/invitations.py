"""Coming in by an invitation."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from people import operations, queries
from people.forms import NewPersonForm
from people.models import Invitation, User
from people.views.links import let_in
from rendering.web import form_view
from tenancy.models import Role


@sensitive_post_parameters("password")
@never_cache
@form_view
def follow_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What is offered, and by POST its acceptance."""
    invitation = queries.get_letter(kind=Invitation, text=token, name="invitation")
    if invitation is None or not invitation.is_open(timezone.now()):
        return _over(request, invitation)
    person = queries.person_of(request.user)
    if person is not None:
        return _for_somebody_here(request, invitation, person)
    if User.objects.filter(email__iexact=invitation.email).exists():
        sign_in = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
        by_link = f"{reverse('ask_for_link')}?{urlencode({'next': request.path})}"
        return _shown(request, invitation, sign_in=sign_in, by_link=by_link)
    return _for_somebody_new(request, invitation)


def _for_somebody_here(request: HttpRequest, invitation: Invitation, person: User) -> HttpResponse:
    if person.email.lower() != invitation.email.lower():
        return _shown(request, invitation, other=person)
    if request.method != "POST":
        return _shown(request, invitation, joins=True)
    try:
        operations.accept_invitation(invitation=invitation, user=person, now=timezone.now())
    except operations.DeadLink:
        return _over(request, invitation)
    return redirect("reviews:book", invitation.tenant.slug)


def _for_somebody_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    initial = {"name": invitation.name}
    form = NewPersonForm(request.POST or None, email=invitation.email, initial=initial)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, invitation, form=form)
    try:
        user = operations.admit(
            invitation=invitation,
            name=form.cleaned_data["name"],
            password=form.cleaned_data["password"] or None,
            now=timezone.now(),
        )
    except operations.DeadLink:
        return _over(request, invitation)
    return let_in(request, user, next_path=reverse("reviews:book", args=[invitation.tenant.slug]))


def _shown(request: HttpRequest, invitation: Invitation, **context: object) -> HttpResponse:
    about = {"invitation": invitation, "role": Role(invitation.role).label}
    return render(request, "account/invitation.html", about | context)


def _over(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    """What became of it; a link nobody made learns nothing."""
    if invitation is not None:
        invitation.refresh_from_db()
    context = {"state": invitation.state if invitation else "unknown", "invitation": invitation}
    return render(request, "account/dead_invitation.html", context, status=410)
