from usage.forms.asking import STANDINGS, AskedForm, PeopleForm
from usage.forms.files import LayoutForm, UploadForm
from usage.forms.recognition import DomainForm, ExclusionForm, GroupNameForm
from usage.forms.rules import FirstValueForm, RulesForm
from usage.forms.sending import RangeForm
from usage.forms.sources import PersonForm, RetentionForm, SourceForm, SourceSettingsForm

__all__ = [
    "STANDINGS",
    "AskedForm",
    "DomainForm",
    "ExclusionForm",
    "FirstValueForm",
    "GroupNameForm",
    "LayoutForm",
    "PeopleForm",
    "PersonForm",
    "RangeForm",
    "RetentionForm",
    "RulesForm",
    "SourceForm",
    "SourceSettingsForm",
    "UploadForm",
]
