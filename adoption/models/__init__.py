from adoption.models.assessments import Assessment, AssessmentResult, ResultWay, Stage
from adoption.models.barriers import Barrier, BarrierGroup, Severity
from adoption.models.files import PlanFeed, StagedPlan
from adoption.models.packages import CheckItem, PackageComment, PlanChange
from adoption.models.plans import Dependency, LocalDateTimeField, Plan, WorkPackage
from adoption.models.progress import PlanProgress
from adoption.models.resources import Assignment, Resource
from adoption.models.versions import Baseline

__all__ = [
    "Assessment",
    "AssessmentResult",
    "Assignment",
    "Barrier",
    "BarrierGroup",
    "Baseline",
    "CheckItem",
    "Dependency",
    "LocalDateTimeField",
    "PackageComment",
    "Plan",
    "PlanChange",
    "PlanFeed",
    "PlanProgress",
    "Resource",
    "ResultWay",
    "Severity",
    "Stage",
    "StagedPlan",
    "WorkPackage",
]
