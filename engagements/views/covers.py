"""Handing a portfolio over, and cover during leave."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from engagements import exports, operations, queries
from engagements.forms import CoverForm, HandOverForm
from engagements.models import Cover, HandOver
from people.models import User
from people.queries import get_staff, person_of
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest


@require_GET
def hand_overs(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    covers = queries.get_covers(today=timezone.localdate())
    context = {
        "covers": [row for row in covers if row.state in ("now", "ahead")],
        "past_covers": [row for row in covers if row.state in ("over", "cancelled")],
        "hand_overs": queries.get_hand_overs(),
        "holders": queries.get_holders(),
    }
    return page(request, "engagements/hand_overs.html", context)


@require_GET
def export_hand_overs(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    record(action="portfolios.exported")
    today = timezone.localdate()
    content = exports.hand_overs_csv(queries.get_hand_overs(), queries.get_covers(today=today))
    return csv_file(content, f"{request.workspace.slug}-hand-overs-{today}.csv")


@form_view
def hand_over(request: WorkspaceRequest) -> HttpResponse:
    """The portfolio of the person in `from`, all of it or what is ticked."""
    require(request.membership, "edit_customers")
    holder = _holder(request)
    portfolio = queries.get_portfolio(user_id=holder.pk) if holder else []
    form = HandOverForm(request.POST or None, portfolio=portfolio)
    if request.method == "POST" and holder and form.is_valid():
        made = _hand_over(request, form, holder)
        if made is not None:
            return _done(request, made)
    context = {"form": form, "holder": holder, "holders": queries.get_holders()}
    return page(request, "engagements/hand_over_form.html", context)


def _holder(request: WorkspaceRequest) -> User | None:
    """Whose portfolio it is; whoever has customers, also somebody who left the workspace."""
    wanted = (request.POST or request.GET).get("from", "")
    if not wanted:
        return None
    if wanted not in {str(holder.id) for holder in queries.get_holders()}:
        raise Http404
    return User.objects.get(pk=UUID(wanted))


def _hand_over(request: WorkspaceRequest, form: HandOverForm, holder: User) -> HandOver | None:
    try:
        return operations.hand_over(
            from_user=holder,
            to_user=form.cleaned_data["to_user"],
            customers=form.chosen,
            with_work=form.cleaned_data["with_work"],
            note=form.cleaned_data["note"],
            by=person_of(request.user),
            now=timezone.now(),
        )
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _done(request: WorkspaceRequest, made: HandOver) -> HttpResponse:
    count = len(made.moved["customer"])
    words = ngettext(
        "%(n)s customer went from %(before)s to %(after)s.",
        "%(n)s customers went from %(before)s to %(after)s.",
        count,
    )
    undo = reverse("engagements:undo_hand_over", args=[request.workspace.slug, made.pk])
    said = words % {"n": count, "before": made.from_user, "after": made.to_user}
    tell(request, said, undo=undo)
    return redirect("engagements:hand_overs", request.workspace.slug)


@require_POST
def undo_hand_over(request: WorkspaceRequest, hand_over_id: UUID) -> HttpResponse:
    require(request.membership, "edit_customers")
    made = get_object_or_404(HandOver, pk=hand_over_id)
    try:
        operations.undo_hand_over(made=made, now=timezone.now())
    except ValidationError as error:
        tell(request, error.messages[0])
    else:
        tell(request, _("%(name)s has these customers again.") % {"name": made.from_user})
    return redirect("engagements:hand_overs", request.workspace.slug)


@form_view
def arrange_cover(request: WorkspaceRequest) -> HttpResponse:
    require(request.membership, "edit_customers")
    today = timezone.localdate()
    away = {person.pk for person in get_staff(tenant_id=request.workspace.pk)}
    user_id = request.membership.user_id
    initial = {"from_date": today, "person": user_id if user_id in away else None}
    form = CoverForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cover = operations.arrange_cover(**form.cleaned_data, by=person_of(request.user))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            words = _("%(name)s stands in, and is told.") % {"name": cover.stand_in}
            tell(request, words, undo=_cancel_url(request, cover))
            return redirect("engagements:hand_overs", request.workspace.slug)
    return page(request, "engagements/cover_form.html", {"form": form})


def _cancel_url(request: WorkspaceRequest, cover: Cover) -> str:
    return reverse("engagements:cancel_cover", args=[request.workspace.slug, cover.pk])


@require_POST
def cancel_cover(request: WorkspaceRequest, cover_id: UUID) -> HttpResponse:
    """Ends a cover; asked to undo, it lets the cover stand again."""
    require(request.membership, "edit_customers")
    cover = get_object_or_404(Cover.objects.select_for_update(), pk=cover_id)
    if is_undo(request):
        try:
            operations.restore_cover(cover=cover)
            tell(request, _("The cover stands again."))
        except ValidationError as error:
            tell(request, error.messages[0])
    else:
        operations.cancel_cover(cover=cover, now=timezone.now())
        words = _("%(name)s stands in no longer.") % {"name": cover.stand_in}
        tell(request, words, undo=undo_of(request))
    return redirect("engagements:hand_overs", request.workspace.slug)
