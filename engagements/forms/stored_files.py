"""What people fill in about files."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

ACCEPTED = (
    ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.png,.jpg,.jpeg,.gif,.webp,.txt,.md,.log,.json,.csv,.tsv"
)
MOST_AT_ONCE = 20


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once; cleans to the list of them. What each is, is looked at when it is
    taken in, so that one bad file costs no other."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, list | tuple) else [data]
        if len(files) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Send at most %(n)s files at a time."), params={"n": MOST_AT_ONCE}
            )
        if not any(files):
            return super().clean(None, initial)
        return [file for file in files if file]


class FilesForm(forms.Form):
    """New files; without `may_choose` they are always visible to the customer."""

    uploads = ManyFilesField(
        label=_("New files"), widget=ManyFilesInput(attrs={"multiple": True, "accept": ACCEPTED})
    )
    shared = forms.BooleanField(label=_("The customer may see them"), required=False)

    def __init__(self, *args: Any, may_choose: bool, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["uploads"].required = needed
        self.fields["uploads"].help_text = _(
            "PDF, Office, pictures, text or CSV, up to %(mb)s MB each. Pick several, or drop them here."
        ) % {"mb": settings.FILE_LIMIT_BYTES // 1024**2}
        if not may_choose:
            del self.fields["shared"]


class VersionForm(forms.Form):
    """The next version of a file."""

    file = forms.FileField(
        label=_("New version"), widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED})
    )
    shared = forms.BooleanField(label=_("The customer may see it"), required=False)

    def __init__(self, *args: Any, may_choose: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("The versions before it stay as they are.")
        if not may_choose:
            del self.fields["shared"]
