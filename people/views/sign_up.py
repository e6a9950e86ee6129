"""Opening a workspace of one's own."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from people import operations, queries, tasks
from people.forms import ShortNameForm, SignUpForm
from people.models import Registration
from people.views.links import let_in
from rendering.web import form_view
from tenancy import limits
from tenancy.http import address_of


@sensitive_post_parameters("password")
@never_cache
@form_view
def signup(request: HttpRequest) -> HttpResponse:
    """The same answer whether the address has an account or not; the mail tells its owner."""
    if not settings.SIGN_UP_OPEN:
        return render(request, "account/signup_closed.html")
    form = SignUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        limits.insist("sign_up_address", address_of(request) or "none")
        limits.insist("letter_account", form.cleaned_data["email"].lower())
        registration = operations.register(now=timezone.now(), **form.cleaned_data)
        tasks.post(registration)
        return redirect("link_sent")
    return render(request, "account/sign_up.html", {"form": form})


@never_cache
@require_safe
def suggest_short_name(request: HttpRequest) -> HttpResponse:
    """Whether a short name is free, or one made from a name; drawn beside the field."""
    limits.insist("short_name_address", address_of(request) or "none")
    typed = request.GET.get("slug", "").strip()
    wanted = typed or slugify(request.GET.get("workspace_name", ""))[:50].strip("-")
    form = ShortNameForm({"slug": wanted}) if wanted else None
    context = {"typed": bool(typed), "wanted": wanted, "error": _error_of(form)}
    return render(request, "account/_short_name.html", context)


def _error_of(form: ShortNameForm | None) -> str:
    if form is None or form.is_valid():
        return ""
    return " ".join(str(error) for error in form.errors["slug"])


@never_cache
@form_view
def finish_sign_up(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what will be opened, POST opens it and lets its administrator in."""
    registration = queries.get_letter(kind=Registration, text=token, name="registration")
    now = timezone.now()
    if registration is None or not registration.is_open(now):
        return render(request, "account/dead_link.html", {"again": "account_signup"}, status=410)
    form = ShortNameForm(request.POST or None, initial={"slug": registration.slug})
    if request.method == "POST" and form.is_valid():
        try:
            tenant, user = operations.open_workspace(
                registration=registration,
                slug=form.cleaned_data["slug"],
                now=now,
                address=address_of(request),
            )
        except operations.DeadLink:
            return render(request, "account/dead_link.html", status=410)
        except operations.ShortNameTaken:
            form.add_error("slug", _("Another workspace has this short name. Choose another."))
        else:
            return let_in(request, user, next_path=reverse("reviews:book", args=[tenant.slug]))
    taken = queries.is_short_name_taken(slug=registration.slug)
    context = {"registration": registration, "form": form, "taken": taken or form.errors}
    return render(request, "account/finish_sign_up.html", context)
