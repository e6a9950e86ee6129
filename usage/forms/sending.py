"""What people fill in about usage: a file, a source, a stretch of days."""

from __future__ import annotations

import re
from datetime import date

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from usage.adapters.headers import FIELDS, LEFT_OUT
from usage.models import Source
from usage.queries import UnusableRange, refuse_unusable

ORIGIN = re.compile(r"https?://[\w.-]+(:\d{1,5})?")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Usage log"),
        help_text=_("CSV with a heading row, plain or .csv.gz."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.gz,.txt,.tsv"}),
    )
    mapping = forms.CharField(
        label=_("Columns called otherwise"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "account=customer_id"}),
        help_text=_("One a line: column=field. A column you do not need: column=-."),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.UPLOAD_LIMIT_BYTES:
            limit = settings.UPLOAD_LIMIT_BYTES // 1024**2
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. Compress it as .csv.gz, or split it."),
                params={"limit": limit},
            )
        return file

    def clean_mapping(self) -> dict[str, str]:
        lines = [line.strip() for line in self.cleaned_data["mapping"].splitlines()]
        return dict(self._pair(line) for line in lines if line)

    def _pair(self, line: str) -> tuple[str, str]:
        column, equals, field = (part.strip() for part in line.partition("="))
        if not (column and equals) or field not in (*FIELDS, LEFT_OUT):
            raise forms.ValidationError(
                _("“%(line)s” names no field. The fields are %(fields)s."),
                params={"line": line, "fields": ", ".join(FIELDS)},
            )
        return column, field


class SourceForm(forms.ModelForm[Source]):
    class Meta:
        model = Source
        fields = ["name", "creates_customers", "group_types", "allowed_origins"]
        help_texts = {
            "creates_customers": _(
                "Otherwise events of groups we do not know are put aside until the customer exists."
            )
        }

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if Source.objects.filter(name=name).exists():
            raise forms.ValidationError(_("Another source has this name already."))
        return name

    def clean_allowed_origins(self) -> list[str]:
        """Scheme and host only, which is what a browser says of itself."""
        origins: list[str] = [text.rstrip("/") for text in self.cleaned_data["allowed_origins"]]
        for origin in origins:
            if not ORIGIN.fullmatch(origin):
                raise forms.ValidationError(
                    _("“%(text)s” is no web address such as https://app.example.com."),
                    params={"text": origin[:80]},
                )
        return origins


class RangeForm(forms.Form):
    """Which days to show; nothing given means what the page shows by itself."""

    first = forms.DateField(required=False)
    last = forms.DateField(required=False)

    def days(self, *, first: date, last: date) -> tuple[date, date]:
        """The days asked for, or these where none or unusable ones were."""
        if not self.is_valid():
            return first, last
        asked_last = self.cleaned_data["last"] or last
        asked_first = self.cleaned_data["first"] or min(first, asked_last)
        try:
            refuse_unusable(asked_first, asked_last)
        except UnusableRange:
            return first, last
        return asked_first, asked_last
