from usage.forms.recognition import DomainForm, ExclusionForm, GroupNameForm
from usage.forms.sending import RangeForm, SourceForm, UploadForm

__all__ = [
    "DomainForm",
    "ExclusionForm",
    "GroupNameForm",
    "RangeForm",
    "SourceForm",
    "UploadForm",
]
