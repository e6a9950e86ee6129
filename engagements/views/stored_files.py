"""The files of an engagement and of a customer."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from engagements import exports, operations, queries
from engagements.forms import FilesForm, VersionForm
from engagements.imports.stored_files import NotTaken, Shelving, Taken, take_in, take_one
from engagements.models import Customer, Engagement, StoredFile
from engagements.queries.stored_files import SEEN_BY, SORTS
from engagements.tasks import have_checked
from engagements.views.finding import find, record_export
from people.queries import person_of
from rendering.downloads import download
from rendering.web import csv_file, form_view, is_undo, page, tell, undo_of
from tenancy.access import may, require
from tenancy.audit import record
from tenancy.http import WorkspaceRequest
from tenancy.scope import Realm


@form_view
def files(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    """The files of an engagement, and the form for more."""
    require(request.membership, "see_files")
    found = find(engagement_id)
    form, taken = FilesForm(may_choose=is_staff(request)), None
    if request.method == "POST":
        form, taken = receive(request, found.row.customer, found.row)
        if form.is_valid() and taken and not taken.refused:
            return redirect("engagements:files", request.workspace.slug, engagement_id)
    context = {"header": found.header, "form": form, "taken": taken}
    context |= _shelf(request, found.row.customer, found.row)
    return page(request, "engagements/files.html", context)


@form_view
def customer_files(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    """The files of a customer, those of all its engagements among them."""
    require(request.membership, "see_files")
    customer = get_object_or_404(Customer, pk=customer_id)
    form, taken = FilesForm(may_choose=is_staff(request)), None
    if request.method == "POST":
        form, taken = receive(request, customer, None)
        if form.is_valid() and taken and not taken.refused:
            return redirect("engagements:customer_files", request.workspace.slug, customer_id)
    context = {"customer": customer, "form": form, "taken": taken}
    return page(
        request, "engagements/customer_files.html", context | _shelf(request, customer, None)
    )


def is_staff(request: WorkspaceRequest) -> bool:
    return request.membership.realm is Realm.STAFF


def receive(
    request: WorkspaceRequest, customer: Customer, engagement: Engagement | None
) -> tuple[FilesForm, Taken | None]:
    """Keep what was sent. What the customer's side sends is visible to it."""
    require(request.membership, "add_files")
    form = FilesForm(request.POST, request.FILES, may_choose=is_staff(request))
    if not form.is_valid():
        return form, None
    shared = form.cleaned_data.get("shared", True)
    taken = take_in(
        files=form.cleaned_data["uploads"],
        shelving=_shelving(request, customer, engagement, shared=shared),
    )
    have_checked(files=taken.kept, today=timezone.localdate(), now=timezone.now())
    if taken.kept:
        words = ngettext("%(n)s file is kept.", "%(n)s files are kept.", len(taken.kept))
        tell(request, words % {"n": len(taken.kept)})
    return form, taken


def _shelving(
    request: WorkspaceRequest, customer: Customer, engagement: Engagement | None, *, shared: bool
) -> Shelving:
    by = person_of(request.user)
    return Shelving(customer, engagement, shared, by, timezone.now())


def _shelf(
    request: WorkspaceRequest, customer: Customer, engagement: Engagement | None
) -> dict[str, Any]:
    filters = filters_of(request)
    number = request.GET.get("page", "")
    shelf = queries.get_shelf(
        customer_id=customer.pk,
        engagement_id=engagement.pk if engagement else None,
        filters=filters,
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )
    person_id = request.membership.user_id
    return {
        "shelf": shelf,
        "rows": [(row, row.is_open_to(person_id)) for row in shelf.rows],
        "filters": filters,
        "query": _query(filters),
        "may_add": may(request.membership, "add_files"),
        "may_edit": may(request.membership, "edit_engagement"),
        "is_staff": is_staff(request),
        "room": queries.get_room(),
        "is_admin": may(request.membership, "manage_workspace"),
        "unscanned": any(row.scan == StoredFile.Scan.UNSCANNED for row in shelf.rows),
    }


def filters_of(request: WorkspaceRequest) -> queries.FileFilters:
    """What the address asks for; what makes no sense there asks for nothing."""
    asked = request.GET
    kind, seen_by, sort = (asked.get(name, "") for name in ("kind", "seen_by", "sort"))
    try:
        uploader = str(UUID(asked.get("uploader", "")))
    except ValueError:
        uploader = ""
    return queries.FileFilters(
        kind=kind if kind in StoredFile.Kind.values else "",
        seen_by=seen_by if seen_by in SEEN_BY else "",
        uploader=uploader,
        sort=sort if sort in SORTS else "newest",
    )


def _query(filters: queries.FileFilters) -> str:
    said = {"kind": filters.kind, "seen_by": filters.seen_by, "uploader": filters.uploader}
    if filters.sort != "newest":
        said["sort"] = filters.sort
    return urlencode({name: value for name, value in said.items() if value})


@require_GET
def export_files(request: WorkspaceRequest, engagement_id: UUID) -> HttpResponse:
    require(request.membership, "see_files")
    found = find(engagement_id)
    record_export("files.exported", found)
    rows = queries.get_every_file(
        customer_id=found.row.customer_id,
        engagement_id=engagement_id,
        filters=filters_of(request),
    )
    return csv_file(exports.files_csv(rows), f"{found.row.key}-files-{found.today}.csv")


@require_GET
def export_customer_files(request: WorkspaceRequest, customer_id: UUID) -> HttpResponse:
    require(request.membership, "see_files")
    customer = get_object_or_404(Customer, pk=customer_id)
    record(action="files.exported", subject=customer, about_customer_id=customer.pk)
    rows = queries.get_every_file(customer_id=customer.pk, filters=filters_of(request))
    name = f"{request.workspace.slug}-files-{timezone.localdate(timezone=customer.zone)}.csv"
    return csv_file(exports.files_csv(rows), name)


def _file(file_id: UUID, *, gone: bool = False) -> StoredFile:
    """One that is there, held from others; with `gone` also one that can still be had back."""
    rows = _files().select_for_update(of=("self",))
    return get_object_or_404(rows if gone else rows.filter(deleted_at=None), pk=file_id)


def _files() -> QuerySet[StoredFile]:
    return StoredFile.objects.select_related("customer", "engagement", "uploaded_by")


@require_GET
def file(request: WorkspaceRequest, file_id: UUID) -> HttpResponse:
    """One file: what it is, its versions, what it belongs to."""
    require(request.membership, "see_files")
    row = get_object_or_404(_files(), pk=file_id, deleted_at=None)
    return _file_page(request, row, None)


def _file_page(
    request: WorkspaceRequest, row: StoredFile, form: VersionForm | None
) -> HttpResponse:
    view = queries.get_file(file=row)
    context = {
        "file": view.row,
        "view": view,
        "versions": [(one, one.is_open_to(request.membership.user_id)) for one in view.versions],
        "is_open": view.row.is_open_to(request.membership.user_id),
        "customer": row.customer,
        "engagement": row.engagement,
        "form": form or VersionForm(initial={"shared": row.shared}, may_choose=is_staff(request)),
        "may_add": may(request.membership, "add_files"),
        "may_edit": may(request.membership, "edit_engagement"),
        "may_delete": _may_delete(request, row),
        "is_staff": is_staff(request),
    }
    return page(request, "engagements/file.html", context)


@require_POST
def add_file_version(request: WorkspaceRequest, file_id: UUID) -> HttpResponse:
    require(request.membership, "add_files")
    row = _file(file_id)
    form = VersionForm(request.POST, request.FILES, may_choose=is_staff(request))
    if not form.is_valid():
        return _file_page(request, row, form)
    shared = form.cleaned_data.get("shared", True)
    shelving = _shelving(request, row.customer, row.engagement, shared=shared)
    try:
        made = take_one(file=form.cleaned_data["file"], shelving=shelving, follows=row)
    except NotTaken as refusal:
        form.add_error("file", str(refusal))
        return _file_page(request, row, form)
    have_checked(files=[made], today=timezone.localdate(), now=timezone.now())
    tell(request, _("Version %(n)s is kept.") % {"n": made.version})
    return redirect("engagements:file", request.workspace.slug, made.pk)


@require_safe
def download_file(request: WorkspaceRequest, file_id: UUID) -> HttpResponseBase:
    """The bytes. Whoever brought a file may have it back before it is checked, others wait."""
    require(request.membership, "see_files")
    row = get_object_or_404(_files(), pk=file_id, deleted_at=None)
    shown = queries.file_row(row)
    if not shown.is_open_to(request.membership.user_id):
        messages.info(request, shown.scan_label)
        return redirect("engagements:file", request.workspace.slug, row.pk)
    try:
        source = operations.open_bytes(row.stored_as)
    except FileNotFoundError as error:
        raise Http404 from error
    if "Range" not in request.headers and request.method == "GET":
        record(action="file.downloaded", subject=row, about_customer_id=row.customer_id)
    return download(
        request,
        source,
        name=row.name,
        content_type=row.content_type,
        size=row.size_bytes,
        sha256=row.sha256,
    )


@require_GET
def file_thumbnail(request: WorkspaceRequest, file_id: UUID) -> HttpResponse:
    """A small PNG that we drew ourselves."""
    require(request.membership, "see_files")
    row = get_object_or_404(StoredFile, pk=file_id, deleted_at=None, has_thumbnail=True)
    try:
        with operations.open_bytes(operations.thumbnail_of(row.stored_as)) as source:
            content = source.read()
    except FileNotFoundError as error:
        raise Http404 from error
    return HttpResponse(content, content_type="image/png")


@require_POST
def share_file(request: WorkspaceRequest, file_id: UUID) -> HttpResponse:
    """Show a file to the customer's side with `shared=yes`, hide it with anything else."""
    require(request.membership, "edit_engagement")
    row = _file(file_id)
    before, asked = row.shared, request.POST.get("shared", request.GET.get("shared", ""))
    operations.share_file(file=row, shared=asked == "yes")
    words = (
        _("The customer now sees “%(name)s”.")
        if row.shared
        else _("The customer no longer sees “%(name)s”.")
    )
    undo = f"{request.path}?shared={'yes' if before else 'no'}"
    tell(request, words % {"name": row.name}, undo=undo if row.shared != before else "")
    return _back(request, row)


@require_POST
def delete_file(request: WorkspaceRequest, file_id: UUID) -> HttpResponse:
    """Delete a file with all its versions; asked to undo, it brings it back."""
    require(request.membership, "add_files")
    row = _file(file_id, gone=True)
    if not _may_delete(request, row):
        raise PermissionDenied(_("Only whoever brought a file, and our side, may delete it."))
    if is_undo(request):
        operations.restore_file(file=row)
        tell(request, _("“%(name)s” is back.") % {"name": row.name})
        return _back(request, row)
    if row.deleted_at is None:
        operations.delete_file(file=row, now=timezone.now())
    tell(request, _("“%(name)s” is deleted.") % {"name": row.name}, undo=undo_of(request))
    return _back(request, row)


def _may_delete(request: WorkspaceRequest, row: StoredFile) -> bool:
    own = row.uploaded_by_id == request.membership.user_id
    return may(request.membership, "edit_engagement") or (
        own and may(request.membership, "add_files")
    )


def _back(request: WorkspaceRequest, row: StoredFile) -> HttpResponse:
    if row.engagement_id:
        return redirect("engagements:files", request.workspace.slug, row.engagement_id)
    return redirect("engagements:customer_files", request.workspace.slug, row.customer_id)
