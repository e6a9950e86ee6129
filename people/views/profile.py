"""One's own account."""

from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from people import operations, queries
from people.forms import NameForm
from people.proof import sensitive
from rendering.web import form_view, page, tell
from tenancy.http import address_of
from tenancy.queries import get_memberships


@login_required
@form_view
def profile(request: HttpRequest) -> HttpResponse:
    person = queries.person_of(request.user)
    if person is None:
        return redirect("account_login")
    form = NameForm(request.POST or None, initial={"name": person.name})
    if request.method == "POST" and form.is_valid():
        operations.rename_user(user=person, name=form.cleaned_data["name"])
        tell(request, _("Your name is kept."))
        return redirect("profile")
    context = {
        "form": form,
        "memberships": get_memberships(user_id=person.pk),
        "has_second_factor": queries.has_second_factor(user_id=person.pk),
    }
    return page(request, "account/profile.html", context)


@login_required
@sensitive
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign one of one's own sessions out."""
    session = get_object_or_404(UserSession, pk=session_id, user_id=request.user.pk)
    person = queries.person_of(request.user)
    if person is not None:
        operations.end_sessions(user=person, sessions=[session], address=address_of(request))
        tell(request, _("That session is signed out."))
    return redirect("usersessions_list")
