"""Triggers that note when a name may stand for somebody else than before."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

# A new customer's external id matters only where a group name could have meant it until now. New
# end users matter to nobody: what was not known was not remembered.
NOTE = """
CREATE FUNCTION usage_note_name_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    workspace uuid := nullif(current_setting('app.tenant_id', true), '')::uuid;
BEGIN
    IF TG_TABLE_NAME = 'engagements_customer' AND TG_OP = 'INSERT'
        AND NOT EXISTS (SELECT FROM usage_groupname WHERE tenant_id = workspace) THEN
        RETURN NULL;
    END IF;
    INSERT INTO usage_namechange (tenant_id) SELECT workspace WHERE workspace IS NOT NULL;
    RETURN NULL;
END $$;
"""
NOTED = {
    "engagements_customer": "INSERT OR UPDATE OR DELETE",
    "engagements_enduser": "UPDATE OR DELETE",
    "usage_groupname": "INSERT OR UPDATE OR DELETE",
    "usage_alias": "INSERT OR UPDATE OR DELETE",
}
TRIGGERS = "".join(
    f"CREATE TRIGGER note_name_change AFTER {what} ON {table}"
    " FOR EACH STATEMENT EXECUTE FUNCTION usage_note_name_change();\n"
    for table, what in NOTED.items()
)
FORGET = "".join(f"DROP TRIGGER note_name_change ON {table};\n" for table in NOTED)


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0008_files"),
        ("tenancy", "0006_stored_answers"),
        ("usage", "0008_files"),
    ]

    operations = [
        migrations.CreateModel(
            name="NameChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "changed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["tenant", "-id"], name="name_changes_of_tenant")],
            },
        ),
        migrations.RunSQL(NOTE + TRIGGERS, FORGET + "DROP FUNCTION usage_note_name_change();"),
    ]
