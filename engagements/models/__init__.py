from engagements.models.answers import Answer, Concern, Interview, Response
from engagements.models.base import CustomerModel
from engagements.models.budgets import (
    BudgetLine,
    CostEntry,
)
from engagements.models.covers import Cover, HandOver
from engagements.models.custom_fields import CustomField
from engagements.models.customers import Customer, LicenceSeats, time_zone_names
from engagements.models.engagements import Engagement, Mode, Phase
from engagements.models.imports import ColumnMapping, ImportKind, StagedImport
from engagements.models.log import (
    ExpertAnswer,
    ExpertQuestion,
    Interaction,
    InteractionPerson,
    Note,
)
from engagements.models.merges import CustomerMerge, MergedRows
from engagements.models.people import (
    Attitude,
    EndUser,
    ImpactGroup,
    Influence,
    Offering,
    RosterEntry,
    Stakeholder,
    TeamMember,
)
from engagements.models.promise import (
    CriterionVersion,
    Outcome,
    QuickWin,
    ScopeService,
    SuccessCriterion,
)
from engagements.models.references import CustomerReference
from engagements.models.risks import Risk, RiskChange, Scale
from engagements.models.routes import RouteVolume, WorkRoute
from engagements.models.saved_views import DefaultView, SavedView
from engagements.models.stored_files import Attachment, FileSpace, StoredFile
from engagements.models.support import SupportContact
from engagements.models.surveys import AnswerLink, Invitee, Survey, SurveyQuestion
from engagements.models.tasks import Task
from engagements.models.timeline import TimelineEntry

__all__ = [
    "Answer",
    "AnswerLink",
    "Attachment",
    "Attitude",
    "BudgetLine",
    "ColumnMapping",
    "Concern",
    "CostEntry",
    "Cover",
    "CriterionVersion",
    "CustomField",
    "Customer",
    "CustomerMerge",
    "CustomerModel",
    "CustomerReference",
    "DefaultView",
    "EndUser",
    "Engagement",
    "ExpertAnswer",
    "ExpertQuestion",
    "FileSpace",
    "HandOver",
    "ImpactGroup",
    "ImportKind",
    "Influence",
    "Interaction",
    "InteractionPerson",
    "Interview",
    "Invitee",
    "LicenceSeats",
    "MergedRows",
    "Mode",
    "Note",
    "Offering",
    "Outcome",
    "Phase",
    "QuickWin",
    "Response",
    "Risk",
    "RiskChange",
    "RosterEntry",
    "RouteVolume",
    "SavedView",
    "Scale",
    "ScopeService",
    "StagedImport",
    "Stakeholder",
    "StoredFile",
    "SuccessCriterion",
    "SupportContact",
    "Survey",
    "SurveyQuestion",
    "Task",
    "TeamMember",
    "TimelineEntry",
    "WorkRoute",
    "time_zone_names",
]
