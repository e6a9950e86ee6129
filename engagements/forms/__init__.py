"""What people fill in about customers, engagements and what was promised."""

from engagements.forms.budgets import (
    BudgetLineForm,
    CostForm,
)
from engagements.forms.calendars import countries_named, week_in_words, weekdays
from engagements.forms.covers import CoverForm, HandOverForm
from engagements.forms.custom_fields import CustomFieldForm, OwnFieldsForm
from engagements.forms.customers import CustomerForm
from engagements.forms.engagements import EngagementForm
from engagements.forms.fields import DateInput, time_zones
from engagements.forms.imports import BringInForm, ColumnsForm, UploadForm
from engagements.forms.log import AnswerForm, InteractionForm, NoteForm, QuestionForm, QuickForm
from engagements.forms.promise import (
    AgreeForm,
    CriterionForm,
    OutcomeForm,
    ProblemForm,
    QuickWinForm,
    ServiceForm,
    WithdrawForm,
)
from engagements.forms.references import write_references
from engagements.forms.risks import RiskForm
from engagements.forms.rosters import (
    AccessForm,
    ImpactGroupForm,
    NewEntryForm,
    OfferingForm,
    RosterEntryForm,
    StakeholderForm,
    TeamMemberForm,
)
from engagements.forms.saved_views import SavedViewForm
from engagements.forms.stored_files import FilesForm, VersionForm
from engagements.forms.tasks import QuickTaskForm, SnoozeForm, TaskForm

__all__ = [
    "AccessForm",
    "AgreeForm",
    "AnswerForm",
    "BringInForm",
    "BudgetLineForm",
    "ColumnsForm",
    "CostForm",
    "CoverForm",
    "CriterionForm",
    "CustomFieldForm",
    "CustomerForm",
    "DateInput",
    "EngagementForm",
    "FilesForm",
    "HandOverForm",
    "ImpactGroupForm",
    "InteractionForm",
    "NewEntryForm",
    "NoteForm",
    "OfferingForm",
    "OutcomeForm",
    "OwnFieldsForm",
    "ProblemForm",
    "QuestionForm",
    "QuickForm",
    "QuickTaskForm",
    "QuickWinForm",
    "RiskForm",
    "RosterEntryForm",
    "SavedViewForm",
    "ServiceForm",
    "SnoozeForm",
    "StakeholderForm",
    "TaskForm",
    "TeamMemberForm",
    "UploadForm",
    "VersionForm",
    "WithdrawForm",
    "countries_named",
    "time_zones",
    "week_in_words",
    "weekdays",
    "write_references",
]
