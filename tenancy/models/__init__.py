from tenancy.models.base import TenantManager, TenantModel, new_id
from tenancy.models.jobs import JobRun
from tenancy.models.workspace import ApiKey, Membership, Role, Tenant

__all__ = [
    "ApiKey",
    "JobRun",
    "Membership",
    "Role",
    "Tenant",
    "TenantManager",
    "TenantModel",
    "new_id",
]
