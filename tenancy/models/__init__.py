from tenancy.models.answers import StoredAnswer
from tenancy.models.audit import ActorKind, AuditEntry, AuditHead
from tenancy.models.base import TenantManager, TenantModel, new_id
from tenancy.models.jobs import JobRun
from tenancy.models.limits import CountedTry
from tenancy.models.workspace import ApiKey, Membership, Role, SecondFactorRule, Tenant

__all__ = [
    "ActorKind",
    "ApiKey",
    "AuditEntry",
    "AuditHead",
    "CountedTry",
    "JobRun",
    "Membership",
    "Role",
    "SecondFactorRule",
    "StoredAnswer",
    "Tenant",
    "TenantManager",
    "TenantModel",
    "new_id",
]
