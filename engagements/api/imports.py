"""Files of customers and rosters over the API: uploaded, checked, brought in."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from engagements import imports, operations, queries
from engagements.forms import ColumnsForm
from engagements.models import ImportKind, StagedImport
from engagements.serializers.imports import (
    BringInSerializer,
    ImportResultSerializer,
    ImportUploadSerializer,
    StagedImportSerializer,
)
from rendering.spreadsheets import LARGEST_TABLE_BYTES, Book, UnreadableTable, read_book
from rendering.translation import said_by
from tenancy.access import opens
from tenancy.models import ApiKey
from tenancy.rest.permissions import allows
from tenancy.rest.resources import Changed, Listed, Removed


class ImportViewSet(Listed, Changed, Removed):
    """Files on their way in. A new one is under `upload/`; its columns are guessed and can be named
    in `mapping`. `check/` says what it would do, `bring-in/` does it. A file nobody brings in is
    gone after a day. A roster wants a key that may change people as well.
    """

    one, many = _("a file to bring in"), _("files to bring in")
    permission_classes = [allows(area="customers", read="edit_engagement", write="edit_engagement")]
    serializer_class = StagedImportSerializer
    lookup_url_kwarg = "staged_id"
    filterset_fields = ["kind", "engagement"]
    queryset = StagedImport.objects.none()

    def get_queryset(self) -> QuerySet[StagedImport]:
        rows = queries.get_staged_imports()
        return rows if self._may_bring(ImportKind.ROSTER) else rows.exclude(kind=ImportKind.ROSTER)

    def _may_bring(self, kind: str) -> bool:
        """As each kind's rows one by one."""
        if isinstance(self.request.auth, ApiKey):
            area = "people" if kind == ImportKind.ROSTER else "customers"
            return opens(self.request.auth.scopes, area, to_write=True)
        return self.allows("edit_engagement" if kind == ImportKind.ROSTER else "edit_customers")

    def change(self, row: StagedImport, fields: dict[str, Any]) -> None:
        if fields.get("sheet", row.sheet) != row.sheet:
            operations.choose_sheet(staged=row, book=_sheet_of(row, fields["sheet"]))
        if "mapping" in fields:
            operations.map_columns(staged=row, mapping=_checked_mapping(row, fields["mapping"]))

    def remove(self, row: StagedImport) -> None:
        operations.discard_import(staged=row)

    @extend_schema(
        request={"multipart/form-data": ImportUploadSerializer},
        responses={201: StagedImportSerializer},
        summary=_("Upload a file to bring in"),
    )
    @action(detail=False, methods=["post"], parser_classes=[MultiPartParser])
    def upload(self, request: Request) -> Response:
        fields = self.checked(ImportUploadSerializer)
        self._insist_on_place(fields)
        # A byte more than may be: enough to be refused, however much there is.
        content = fields["file"].read(LARGEST_TABLE_BYTES + 1)
        row = operations.stage_import(
            kind=fields["kind"],
            engagement=fields.get("engagement"),
            file_name=fields["file"].name,
            content=content,
            book=_book(content),
            by=self.by,
        )
        operations.map_columns(staged=row, mapping=_likely_mapping(row))
        return Response(self.shown(row.pk), status=status.HTTP_201_CREATED)

    def _insist_on_place(self, fields: dict[str, Any]) -> None:
        if not self._may_bring(fields["kind"]):
            raise PermissionDenied(gettext("This needs to be allowed to change people."))
        is_roster = fields["kind"] == ImportKind.ROSTER
        if is_roster and "engagement" not in fields:
            raise ValidationError({"engagement": gettext("Say whose roster it is.")})
        if not is_roster and "engagement" in fields:
            words = gettext("A file of customers names its engagements itself.")
            raise ValidationError({"engagement": words})

    @extend_schema(responses=ImportResultSerializer, summary=_("What a file would do"))
    @action(detail=True, methods=["get"])
    def check(self, request: Request, **_ids: Any) -> Response:
        """Nothing is kept of it."""
        return Response(ImportResultSerializer(_run(self.get_object(), keep=False)).data)

    @extend_schema(
        request=BringInSerializer, responses=ImportResultSerializer, summary=_("Bring a file in")
    )
    @action(detail=True, methods=["post"], url_path="bring-in")
    def bring_in(self, request: Request, **_ids: Any) -> Response:
        """All of it or nothing, or with `good_rows_only` what is good. A file that is in is gone."""
        row, asked = self.get_object(), self.checked(BringInSerializer)
        result = _run(row, keep=True, good_rows_only=asked["good_rows_only"])
        if not result.saved:
            raise ValidationError({"file": _refusal(result.bad_rows)})
        if not result.errors:
            operations.discard_import(staged=row)
        return Response(ImportResultSerializer(result).data)


def _refusal(rows: int) -> str:
    words = ngettext(
        "One row needs another look; nothing was brought in.",
        "%(n)s rows need another look; nothing was brought in.",
        rows,
    )
    return words % {"n": rows}


def _run(row: StagedImport, *, keep: bool, good_rows_only: bool = False) -> imports.ImportResult:
    if not row.is_mapped:
        raise ValidationError({"mapping": gettext("Say first what the columns are.")})
    try:
        return imports.bring_in(
            row, today=timezone.localdate(), keep=keep, good_rows_only=good_rows_only
        )
    except UnreadableTable as error:
        raise ValidationError({"mapping": said_by(error)}) from error


def _book(content: bytes, *, sheet: int = 0) -> Book:
    try:
        return read_book(content, sheet=sheet)
    except UnreadableTable as error:
        raise ValidationError({"sheet" if sheet else "file": said_by(error)}) from error


def _sheet_of(row: StagedImport, sheet: int) -> Book:
    if row.content is None or sheet >= len(row.sheets):
        raise ValidationError({"sheet": gettext("There is no such sheet.")})
    return _book(bytes(row.content), sheet=sheet)


def _likely_mapping(row: StagedImport) -> dict[str, str]:
    """As the page begins; nothing where no column tells rows apart."""
    ours = imports.columns_for(row.kind, row.columns)
    kept = imports.fitting(queries.get_mappings(kind=row.kind), row)
    likely = dict(imports.likely_mapping(row, ours, kept=kept))
    return likely if _columns_form(row, likely).is_valid() else {}


def _columns_form(row: StagedImport, mapping: dict[str, str]) -> ColumnsForm:
    """The page's form, filled in with a mapping."""
    ours = imports.columns_for(row.kind, row.columns)
    blank = ColumnsForm(found=row.columns, ours=ours, mapping={})
    sent = {field: mapping.get(name, "") for field, name in blank.found}
    return ColumnsForm(sent, found=row.columns, ours=ours, mapping={})


def _checked_mapping(row: StagedImport, mapping: dict[str, str]) -> dict[str, str]:
    unknown = sorted(set(mapping) - set(row.columns))
    if unknown:
        words = gettext("There is no column “%(name)s” in the file.")
        raise ValidationError({"mapping": words % {"name": unknown[0]}})
    form = _columns_form(row, mapping)
    if not form.is_valid():
        raise ValidationError({"mapping": [e for found in form.errors.values() for e in found]})
    return form.mapping


router_entries = [("imports", ImportViewSet, "import")]
