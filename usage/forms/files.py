"""What people say about a usage log: which file, and what its columns are."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from usage.adapters.files.layouts import (
    CONSTANTS_OF,
    DAILY,
    DAY_FIRST,
    EVENTS,
    ISO,
    LEFT_OUT,
    MILLISECONDS,
    MONTH_FIRST,
    OPTIONAL,
    SECONDS,
    UTF_8,
    WESTERN,
    Layout,
)
from usage.adapters.files.looking import Looked
from usage.models import Source

COLUMN = "column_"
LABELS: dict[str, dict[str, Any]] = {
    EVENTS: {
        "message_id": _("Id of the row"),
        "timestamp": _("Time"),
        "customer_id": _("Customer"),
        "user_id": _("User"),
        "event": _("What happened"),
        "feature": _("Feature"),
    },
    DAILY: {
        "day": _("Day"),
        "customer_id": _("Customer"),
        "feature": _("Feature"),
        "active_users": _("Active users"),
        "events": _("How often"),
    },
}
FORMATS = (
    (ISO, _("2026-03-31 09:30 (year first)")),
    (DAY_FIRST, _("31.03.2026 09:30 (day first)")),
    (MONTH_FIRST, _("03/31/2026 9:30 AM (month first)")),
    (SECONDS, _("Seconds since 1970")),
    (MILLISECONDS, _("Milliseconds since 1970")),
)
ENCODED = ((UTF_8, _("UTF-8")), (WESTERN, _("Western European (Windows-1252)")))


@cache
def zones() -> tuple[tuple[str, str], ...]:
    """Every time zone by its name."""
    return tuple((name, name.replace("_", " ")) for name in sorted(available_timezones()))


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Usage log"),
        help_text=_(
            "CSV, Excel (XLSX), Parquet or JSON lines with the column names in the first row; CSV"
            " and JSON lines also as .gz. Columns may be called as you like."
        ),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.gz,.txt,.tsv,.xlsx,.xlsm,.parquet,.jsonl,.ndjson,.json"}
        ),
    )

    source = forms.ModelChoiceField(
        queryset=Source.objects.filter(kind=Source.Kind.HTTP),
        required=False,
        label=_("Sent by"),
        empty_label=_("None of our sources"),
        help_text=_(
            "Of a source that sends by itself too, rows with the message ids it sent are recognised."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sources: Any = self.fields["source"]
        if not sources.queryset.exists():
            del self.fields["source"]

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            limit = settings.UPLOAD_LIMIT_BYTES // 1024**2
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Compress it as .csv.gz, or split it."),
                params={"limit": limit},
            )
        return file


class LayoutForm(forms.Form):
    """Each column of a file with a field of ours or none, and how the file writes times."""

    time_format = forms.ChoiceField(label=_("Days and times are written"), choices=FORMATS)
    time_zone = forms.ChoiceField(
        label=_("Times without a zone are those of"),
        required=False,
        help_text=_("Of an hour that comes twice in autumn, the first is meant."),
    )
    encoding = forms.ChoiceField(label=_("Letters are written in"), choices=ENCODED)
    keep_as = forms.CharField(
        label=_("Remember this as"),
        max_length=80,
        required=False,
        help_text=_("Such as “Weekly export”. The next file with these columns is read like it."),
    )

    def __init__(self, *args: Any, looked: Looked, layout: Layout, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looked, self.kind, self.sheet = looked, layout.kind, layout.sheet
        self.labels = LABELS[layout.kind]
        zone: Any = self.fields["time_zone"]
        zone.choices = [("", _("None: each time says its own")), *zones()]
        for name in ("time_format", "time_zone", "encoding"):
            self.fields[name].initial = getattr(layout, name)
        if layout.kind == DAILY:
            del self.fields["time_zone"]
        self._add_columns(layout)
        self._add_constants(layout)

    def _add_columns(self, layout: Layout) -> None:
        choices = [(LEFT_OUT, _("Leave out")), *self.labels.items()]
        self.columns = [(f"{COLUMN}{n}", name) for n, name in enumerate(self.looked.columns)]
        for field, name in self.columns:
            self.fields[field] = forms.ChoiceField(
                label=name or _("A column without a name"),
                choices=choices,
                initial=layout.field_of(name) or LEFT_OUT,
                disabled=name in self.looked.nested,
            )

    def _add_constants(self, layout: Layout) -> None:
        self.constants = [(f"all_{name}", name) for name in CONSTANTS_OF[layout.kind]]
        for field, name in self.constants:
            self.fields[field] = forms.CharField(
                label=self.labels[name],
                required=False,
                max_length=120,
                initial=layout.constants.get(name, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        taken: dict[str, str] = {
            name: str(_("every row")) for field, name in self.constants if cleaned.get(field)
        }
        for field, column in self.columns:
            ours = cleaned.get(field, LEFT_OUT)
            if ours in taken:
                words = _("“%(other)s” says %(field)s already.")
                named = {"other": taken[ours], "field": self.labels[ours]}
                self.add_error(field, forms.ValidationError(words, params=named))
            elif ours != LEFT_OUT:
                taken[ours] = column
        for name, label in self.labels.items():
            if name not in taken and name not in OPTIONAL:
                words = _("Say which column holds this: %(field)s.")
                self.add_error(None, forms.ValidationError(words, params={"field": label}))
        return cleaned

    @property
    def layout(self) -> Layout:
        """What was said, once it is valid."""
        said = self.cleaned_data
        return Layout(
            kind=self.kind,
            columns={name: said[field] for field, name in self.columns},
            constants={name: said[field] for field, name in self.constants if said[field]},
            time_format=said["time_format"],
            time_zone=said.get("time_zone", ""),
            encoding=said["encoding"],
            sheet=self.sheet,
        )
