"""How somebody wants to hear of things: chosen in their account, or by one click in a mail."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from notifications import operations, queries
from notifications.forms import ChoiceForm
from notifications.letters import AT_ONCE, DIGEST, read_stop
from people.models import User
from people.queries import person_of
from rendering.web import form_view, page, tell

STOPPING = {DIGEST: operations.stop_digest, AT_ONCE: operations.stop_mail_at_once}


@login_required
@form_view
def notification_settings(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    if person is None:
        return redirect("account_login")
    form = ChoiceForm(request.POST or None, choice=queries.get_choice(user_id=person.pk))
    if request.method == "POST" and form.is_valid():
        operations.choose_mail(user=person, fields=form.fields_chosen)
        tell(request, _("Saved. It holds from the next mail on."))
        return redirect("notification_settings")
    return page(request, "account/notifications.html", {"form": form})


@csrf_exempt
@never_cache
@form_view
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """One click in a mail (RFC 8058), without signing in: the signed link says who asks.

    GET shows a button, since mail scanners follow links; mail programs send the POST themselves,
    from no page of ours, so it carries no token but the link.
    """
    asked = read_stop(token)
    person = User.objects.filter(pk=asked[1]).first() if asked else None
    if asked is None or person is None or asked[0] not in STOPPING:
        return render(request, "account/dead_stop.html", status=410)
    if request.method == "POST":
        STOPPING[asked[0]](user=person)
    context = {"stopped": request.method == "POST", "is_digest": asked[0] == DIGEST}
    return render(request, "account/stop_mail.html", context)
