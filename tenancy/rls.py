"""Row security: the policies, the composite keys and the migration operation that makes both.

The texts below are what the catalogue test compares every table and partition with.
"""

from abc import ABC, abstractmethod
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

TENANT_IN_FORCE = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
CUSTOMER_IN_FORCE = "(SELECT nullif(current_setting('app.customer_id', true), '')::uuid)"
STAFF_IN_FORCE = "(SELECT current_setting('app.realm', true)) = 'staff'"


class PrivilegedRole(RuntimeError):
    """The app was given a database role that row security does not bind."""


def refuse_privileged_role(connection: Any, **_kwargs: Any) -> None:
    """Refuse to work over the app's connection as a role that policies do not bind."""
    if connection.alias != "default":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        name, *privileges = cursor.fetchone()
    if any(privileges):
        connection.close()
        raise PrivilegedRole(
            f"The database role {name} can see past row security. "
            "DATABASE_URL must name the app role, which is neither superuser nor BYPASSRLS."
        )


def enabling(table: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    ]


def tenant_policy(table: str) -> str:
    """The one permissive policy: a row is there for its own workspace only."""
    rule = f"tenant_id = {TENANT_IN_FORCE}"
    return f'CREATE POLICY tenant_isolation ON "{table}" USING ({rule}) WITH CHECK ({rule})'


def customer_policy(table: str, column: str = "customer_id") -> str:
    """The restrictive policy: members on the customer's side reach their own customer only."""
    rule = f"{STAFF_IN_FORCE} OR {column} = {CUSTOMER_IN_FORCE}"
    return (
        f'CREATE POLICY customer_isolation ON "{table}" AS RESTRICTIVE'
        f" USING ({rule}) WITH CHECK ({rule})"
    )


def staff_policy(table: str) -> str:
    """The restrictive policy of a table that says nothing to the customer's side."""
    return (
        f'CREATE POLICY staff_only ON "{table}" AS RESTRICTIVE'
        f" USING ({STAFF_IN_FORCE}) WITH CHECK ({STAFF_IN_FORCE})"
    )


def shared_policy(table: str) -> str:
    """The restrictive policy of a table that says of each row whether the customer may see it."""
    rule = f"{STAFF_IN_FORCE} OR shared"
    return (
        f'CREATE POLICY shared_rows ON "{table}" AS RESTRICTIVE USING ({rule}) WITH CHECK ({rule})'
    )


def policies(table: str, customer_column: str | None) -> list[str]:
    """Everything that guards one table or one partition."""
    guarding = [*enabling(table), tenant_policy(table)]
    if customer_column:
        guarding.append(customer_policy(table, customer_column))
    return guarding


def customer_column_of(model: type[models.Model]) -> str | None:
    """The column that says which customer a row belongs to, if the table holds customers' data."""
    columns = {field.column for field in model._meta.concrete_fields}
    return "customer_id" if "customer_id" in columns else None


def composite_keys(model: type[models.Model]) -> list[str]:
    """The keys that hold workspace, customer and row together, as ALTER TABLE statements."""
    table = model._meta.db_table
    keys = [
        f'ALTER TABLE "{table}" DROP CONSTRAINT "{table}_pkey"',
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_pkey" PRIMARY KEY (tenant_id, id)',
    ]
    if _belongs_to_customer(model):
        keys.append(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_customer_key"'
            " UNIQUE (tenant_id, customer_id, id)"
        )
    return keys + [_foreign_key(model, field) for field in _tenant_keys(model)]


def _tenant_keys(model: type[models.Model]) -> list[Any]:
    # `db_constraint=False` marks a TenantForeignKey also in a migration's frozen state.
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and not getattr(field, "db_constraint", True)
    ]


def _belongs_to_customer(model: type[models.Model]) -> bool:
    return any(
        field.column == "customer_id" and not field.null for field in model._meta.concrete_fields
    )


def _foreign_key(model: type[models.Model], field: Any) -> str:
    table, target = model._meta.db_table, field.remote_field.model
    shared = ["tenant_id"]
    if (
        field.column != "customer_id"
        and _belongs_to_customer(model)
        and _belongs_to_customer(target)
    ):
        shared.append("customer_id")
    here, there = ", ".join([*shared, field.column]), ", ".join([*shared, "id"])
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column}_fk"'
        f' FOREIGN KEY ({here}) REFERENCES "{target._meta.db_table}" ({there})'
        " DEFERRABLE INITIALLY DEFERRED"
    )


class _TableOperation(Operation, ABC):
    """Something done to the table of one model; the models themselves do not change."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.model_name], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django keeps its single id, and knows of no policies."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        model = to_state.apps.get_model(app_label, self.model_name)
        for statement in self.done_to(model):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        model = from_state.apps.get_model(app_label, self.model_name)
        for statement in self.undone_to(model):
            schema_editor.execute(statement)

    @abstractmethod
    def done_to(self, model: type[models.Model]) -> list[str]:
        """The statements that do it."""

    def undone_to(self, model: type[models.Model]) -> list[str]:
        """Nothing, where what was done goes with the table or column it was done to."""
        return []


class ProtectTable(_TableOperation):
    """Put a freshly created table of workspace data under row security and composite keys.

    Stands in the same migration as the `CreateModel` it follows, after every table it points at.
    `customer_column` is for the one table whose rows are the customers themselves.
    """

    def __init__(self, model_name: str, customer_column: str | None = None) -> None:
        super().__init__(model_name)
        self.customer_column = customer_column

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.model_name, self.customer_column], {})

    def done_to(self, model: type[models.Model]) -> list[str]:
        column = self.customer_column or customer_column_of(model)
        return [*composite_keys(model), *policies(model._meta.db_table, column)]

    def describe(self) -> str:
        return f"Protect {self.model_name} with row security and composite keys"


class KeepToStaff(_TableOperation):
    """Close a protected table to members on the customer's side."""

    def done_to(self, model: type[models.Model]) -> list[str]:
        return [staff_policy(model._meta.db_table)]

    def undone_to(self, model: type[models.Model]) -> list[str]:
        return [f'DROP POLICY staff_only ON "{model._meta.db_table}"']

    def describe(self) -> str:
        return f"Keep {self.model_name} to staff"


class ShareByRow(_TableOperation):
    """Close those rows of a protected table to the customer's side that are not `shared`."""

    def done_to(self, model: type[models.Model]) -> list[str]:
        return [shared_policy(model._meta.db_table)]

    def undone_to(self, model: type[models.Model]) -> list[str]:
        return [f'DROP POLICY shared_rows ON "{model._meta.db_table}"']

    def describe(self) -> str:
        return f"Show the customer's side what of {self.model_name} is shared"


class AddTenantKey(_TableOperation):
    """The composite foreign key of a TenantForeignKey that was added to a protected table."""

    def __init__(self, model_name: str, field_name: str) -> None:
        super().__init__(model_name)
        self.field_name = field_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.model_name, self.field_name], {})

    def done_to(self, model: type[models.Model]) -> list[str]:
        return [_foreign_key(model, model._meta.get_field(self.field_name))]

    def describe(self) -> str:
        return f"Hold {self.model_name}.{self.field_name} inside its workspace"
