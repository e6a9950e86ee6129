"""Keys between tables of workspace data."""

from typing import Any

from django.db import models


class TenantForeignKey(models.ForeignKey[Any, Any]):
    """A key to another table of workspace data.

    The database holds it as a composite key with the workspace in it, made by
    `rls.ProtectTable`; Django's own single-column constraint would let a row of one workspace
    point at a row of another, since row security does not cover foreign-key checks.
    """

    def __init__(self, to: Any, on_delete: Any, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)
